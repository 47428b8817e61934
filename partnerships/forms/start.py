"""Ticking partnerships that the registers show, and finding primary care networks among those near."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest

from design.messages import PlainMessages
from partnerships.models import Partnership
from partnerships.register_choices import Choice, RegisterChoices, matching

SHOWN_AT_FIRST = 20
BETWEEN_KEYS = "."  # in the page's address, which has to stay short


class NearFilter(PlainMessages, forms.Form):
    """Which of the networks near are shown."""

    find = forms.CharField(required=False, max_length=100, label="Name or postcode")
    board = forms.ChoiceField(required=False, label="Integrated care board")

    def __init__(self, *args: Any, boards: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].choices = [("", "All of your boards"), *boards.items()]  # type: ignore[attr-defined]
        for bound in self.fields.values():
            bound.widget.attrs["optional"] = "unsaid"


class StartForm:
    """One load of the page: what is ticked, which networks are shown, and what is wrong.

    What is ticked stays ticked while networks are looked for: in the form itself, and without JavaScript in the
    address the page is sent on to. On the first load everything the organisation is a member of is ticked.
    """

    def __init__(self, request: HttpRequest, choices: RegisterChoices) -> None:
        self.choices = choices
        data = request.POST if request.method == "POST" else request.GET
        self.filter = NearFilter(data, boards=choices.boards)
        self.filter.is_valid()
        self.shows_all = data.get("look", "") == "all"
        self.free = {one.key: one for one in (*choices.memberships, *choices.near) if not one.is_held}
        self.sent = self._sent(request)
        self.ticked = [key for key in self.sent if key in self.free]
        self.errors: list[dict[str, str]] = []

    def _sent(self, request: HttpRequest) -> list[str]:
        if request.method == "POST":
            return request.POST.getlist("partnership")
        if "ticked" in request.GET:
            return request.GET["ticked"].split(BETWEEN_KEYS)
        return [one.key for one in self.choices.memberships if not one.is_held]

    @property
    def chosen(self) -> list[Partnership]:
        return [self.free[key].partnership for key in self.ticked]

    def is_valid(self) -> bool:
        """Whether something is ticked, all of it still offered; partnerships added meanwhile need no second adding."""
        offered = {one.key for one in (*self.choices.memberships, *self.choices.near)}
        if not self.sent:
            self.add_error("Tick at least one partnership.")
        elif not offered.issuperset(self.sent):
            self.add_error("Some of the partnerships you ticked are no longer offered. Check the list, then try again.")
        return not self.errors

    def add_error(self, text: str) -> None:
        self.errors.append({"text": text, "target": "offered"})

    @cached_property
    def found(self) -> list[Choice]:
        """All networks near that the filter lets through."""
        chosen = self.filter.cleaned_data
        return matching(self.choices.near, chosen.get("find", ""), chosen.get("board", ""))

    @cached_property
    def shown(self) -> list[Choice]:
        """As many of them as fit on the page at first, or all."""
        return self.found if self.shows_all else self.found[:SHOWN_AT_FIRST]

    @cached_property
    def out_of_sight(self) -> list[Choice]:
        """Networks that are ticked but not shown otherwise."""
        hidden = set(self.ticked) - {one.key for one in self.shown}
        return [one for one in self.choices.near if one.key in hidden]

    def query(self) -> str:
        """The page's address as it stands, for a browser without JavaScript."""
        filled = {name: value for name, value in self.filter.cleaned_data.items() if value}
        look = {"look": "all"} if self.shows_all else {}
        return urlencode({**filled, **look, "ticked": BETWEEN_KEYS.join(self.ticked)})
