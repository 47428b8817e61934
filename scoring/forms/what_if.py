"""The levers as boxes. Whatever stands in a box as the run found it is no lever; whatever differs is one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from design.messages import PlainMessages
from partnerships.numbers import plain_number
from scoring.forms.tipping_point import MOST_POINTS
from scoring.lever_words import mean_shares, mean_way_shares
from scoring.models import Run, WhatIf
from scoring.what_if import Attention, Days, Duty, Held, Lever, NoTippingPoint, Weights

Json = Mapping[str, Any]
MOST_DAYS = 100_000
HOLD, OBLIGE, LIFT = "hold:", "duty:", "no duty"


class WhatIfForm(PlainMessages, forms.Form):
    """Levers on the inputs of one run; ``levers`` fills the boxes with those of a what-if."""

    def __init__(self, *args: Any, run: Run, levers: Iterable[Lever] = (), **kwargs: Any) -> None:
        self.run, self.document = run, run.frozen_inputs()
        self.answers = run.assumptions["tipping_point"]
        self.as_scored = self._as_scored()
        super().__init__(*args, initial={**self.as_scored, **self._pulled(levers)}, **kwargs)
        self.fields["base"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=str(run.pk))
        for pool in self.document["pools"]:
            self.fields[f"days-{pool['id']}"] = _days(pool)
        for objective in self.document["objectives"]:
            self.fields[f"weight-{objective['id']}"] = _weight(objective)
        for way in self.document.get("ways", ()):
            self.fields[f"way-{way['id']}"] = _weight(way)
        if self.has_tipping_point:
            self.fields |= _attention()
        for one in self.document["partnerships"]:
            self.fields[f"partnership-{one['id']}"] = forms.ChoiceField(
                label=one["name"],
                required=False,
                choices=self._choices(one),
                error_messages={"invalid_choice": f"Choose from the list what to try with {one['name']}."},
                widget=_optional(forms.Select()),
            )
        self.speak_plainly()

    @property
    def has_tipping_point(self) -> bool:
        return "load" in self.document

    def days(self) -> Iterator[forms.BoundField]:
        return (self[f"days-{pool['id']}"] for pool in self.document["pools"])

    def weights(self) -> Iterator[forms.BoundField]:
        return (self[f"weight-{objective['id']}"] for objective in self.document["objectives"])

    def ways(self) -> Iterator[forms.BoundField]:
        return (self[f"way-{way['id']}"] for way in self.document.get("ways", ()))

    def partnerships(self) -> Iterator[forms.BoundField]:
        ordered = sorted(self.document["partnerships"], key=lambda one: (one["name"].casefold(), one["id"]))
        return (self[f"partnership-{one['id']}"] for one in ordered)

    @property
    def opens_weights(self) -> bool:
        return self._differs(box for box in self.fields if box.startswith("weight-"))

    @property
    def opens_ways(self) -> bool:
        return self._differs(box for box in self.fields if box.startswith("way-"))

    @property
    def opens_attention(self) -> bool:
        return self._differs(box for box in ("hurts_from", "adds_nothing_at", "off") if box in self.fields)

    @property
    def opens_partnerships(self) -> bool:
        return self._differs(box for box in self.fields if box.startswith("partnership-"))

    def _differs(self, boxes: Iterable[str]) -> bool:
        """Whether something in these boxes is not as it was scored, so that their part of the page stands open."""
        return any(
            bool(self[box].errors) or str(self[box].value() or "") != str(self.as_scored.get(box) or "")
            for box in boxes
        )

    def _as_scored(self) -> dict[str, Any]:
        """What stands in each box when no lever is pulled."""
        boxes: dict[str, Any] = {"hurts_from": self.answers["hurts_from"], "off": False}
        boxes["adds_nothing_at"] = self.answers["adds_nothing_at"]
        boxes |= {f"days-{pool['id']}": _plain(pool["days"]) for pool in self.document["pools"]}
        boxes |= {f"weight-{one}": f"{100 * share:.0f}" for one, share in mean_shares(self.document).items()}
        boxes |= {f"way-{one}": f"{100 * share:.0f}" for one, share in mean_way_shares(self.document).items()}
        return boxes

    def _pulled(self, levers: Iterable[Lever]) -> dict[str, Any]:
        boxes: dict[str, Any] = {}
        for lever in levers:
            if isinstance(lever, Days):
                boxes[f"days-{lever.pool}"] = _plain(lever.days)
            elif isinstance(lever, Weights):
                boxes |= {f"weight-{objective}": _plain(points) for objective, points in lever.points}
                boxes |= {f"way-{way}": _plain(points) for way, points in lever.ways}
            elif isinstance(lever, Attention):
                boxes |= {"hurts_from": lever.hurts_from, "adds_nothing_at": lever.adds_nothing_at}
            elif isinstance(lever, NoTippingPoint):
                boxes["off"] = True
            elif isinstance(lever, Held):
                boxes[f"partnership-{lever.partnership}"] = f"{HOLD}{lever.level}"
            else:
                boxes[f"partnership-{lever.partnership}"] = LIFT if lever.level is None else f"{OBLIGE}{lever.level}"
        return boxes

    def _choices(self, one: Json) -> list[tuple[str, str]]:
        """Hold it at a level, the highest first; lift its duty; or put it under another."""
        names = {level["id"]: level["label"] for level in self.document["levels"]}
        levels = [option["level"] for option in one["options"]]
        duty = one.get("at_least")
        choices = [("", f"As scored, with its duty: at least “{names[duty]}”" if duty else "As scored")]
        choices += [(f"{HOLD}{level}", f"Hold at “{names[level]}”") for level in reversed(levels)]
        if duty:
            choices.append((LIFT, "Lift its duty"))
        choices += [
            (f"{OBLIGE}{level}", f"Make it a duty: at least “{names[level]}”") for level in levels[1:] if level != duty
        ]
        return choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind, noun in (("weight-", "objective"), ("way-", "way")):
            boxes = [box for box in self.fields if box.startswith(kind)]
            right = boxes and not any(box in self.errors for box in boxes)
            if right and not any(cleaned.get(box) for box in boxes):
                self.add_error(boxes[0], f"Give at least one {noun} more than 0 points.")
        start, end = cleaned.get("hurts_from"), cleaned.get("adds_nothing_at")
        if not cleaned.get("off") and start is not None and end is not None and end <= start:
            self.add_error("adds_nothing_at", f"Enter more than {start} points: it comes after the point before.")
        if not self.errors and not self.levers():
            self.add_error(None, "Change at least one thing, then see what happens.")
        return cleaned

    def levers(self) -> list[Lever]:
        """What was changed, from a form without errors in the boxes."""
        return [*self._days_levers(), *self._weights_lever(), *self._attention_lever(), *self._partnership_levers()]

    def _changed(self, box: str) -> bool:
        return _plain(self.cleaned_data[box]) != _plain(self.as_scored[box])

    def _days_levers(self) -> Iterator[Lever]:
        for pool in self.document["pools"]:
            if self._changed(box := f"days-{pool['id']}"):
                yield Days(pool["id"], float(self.cleaned_data[box]))

    def _weights_lever(self) -> Iterator[Lever]:
        points = self._points_on(self.document["objectives"], "weight")
        ways = self._points_on(self.document.get("ways", ()), "way")
        if points or ways:
            yield Weights(points, ways)

    def _points_on(self, criteria: Iterable[Json], kind: str) -> tuple[tuple[str, float], ...]:
        """All points of a list in which something was changed; else none."""
        boxes = {one["id"]: f"{kind}-{one['id']}" for one in criteria}
        if not any(self._changed(box) for box in boxes.values()):
            return ()
        return tuple((one, float(self.cleaned_data[box])) for one, box in boxes.items())

    def _attention_lever(self) -> Iterator[Lever]:
        if not self.has_tipping_point:
            return
        if self.cleaned_data["off"]:
            yield NoTippingPoint()
        elif self._changed("hurts_from") or self._changed("adds_nothing_at"):
            yield Attention(self.cleaned_data["hurts_from"], self.cleaned_data["adds_nothing_at"])

    def _partnership_levers(self) -> Iterator[Lever]:
        for one in self.document["partnerships"]:
            chosen = self.cleaned_data[f"partnership-{one['id']}"]
            if chosen == LIFT:
                yield Duty(one["id"], None)
            elif chosen.startswith(OBLIGE):
                yield Duty(one["id"], chosen.removeprefix(OBLIGE))
            elif chosen:
                yield Held(one["id"], chosen.removeprefix(HOLD))


class SaveForm(PlainMessages, forms.Form):
    """The name under which a what-if is kept."""

    name = forms.CharField(
        label="Name",
        help_text="For example: one more executive.",
        max_length=80,
        error_messages={"required": "Enter a name, so that you find it again."},
    )

    def clean_name(self) -> str:
        """A name of characters that nobody sees would be a link that nobody finds."""
        name = str(self.cleaned_data["name"])
        if all(character.isspace() or unicodedata.category(character).startswith("C") for character in name):
            raise forms.ValidationError("Enter a name that can be read, so that you find it again.")
        return name


class CompareForm(PlainMessages, forms.Form):
    """Two of the saved what-ifs."""

    def __init__(self, *args: Any, what_ifs: Iterable[WhatIf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in what_ifs}
        choices = [("", "Choose one"), *((key, one.name) for key, one in self.known.items())]
        self.fields["one"] = forms.ChoiceField(label="First what-if", choices=choices)
        self.fields["other"] = forms.ChoiceField(label="Second what-if", choices=choices)
        self.speak_plainly()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("one") and cleaned.get("one") == cleaned.get("other"):
            self.add_error("other", "Choose two different what-ifs.")
        return cleaned

    def chosen(self) -> tuple[WhatIf, WhatIf]:
        return self.known[self.cleaned_data["one"]], self.known[self.cleaned_data["other"]]


class AdoptForm(PlainMessages, forms.Form):
    """What adopting still needs: where each new duty is written. ``version`` names what the page showed."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, duties: Mapping[str, str], version: str, **kwargs: Any) -> None:
        """``duties`` are the names of the partnerships that come under a duty, by their ids."""
        super().__init__(*args, initial={"version": version}, **kwargs)
        self.duties = duties
        for identifier, name in duties.items():
            self.fields[f"source-{identifier}"] = forms.CharField(
                label=f"Where the duty for {name} is written",
                help_text="For example: Health and Care Act 2022, section 26.",
                max_length=250,
            )
        self.speak_plainly()

    def show_again(self) -> None:
        """Keep what was typed; the page now shows what is stored, and the next press goes through with that."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("version")] = self.initial["version"]
        self.data = typed
        self.add_error(
            None, "Somebody changed this meanwhile. Below is what would change now: check it, then adopt again."
        )

    def boxes(self) -> Iterator[forms.BoundField]:
        return (self[f"source-{identifier}"] for identifier in self.duties)

    def sources(self) -> dict[str, str]:
        return {identifier: self.cleaned_data[f"source-{identifier}"] for identifier in self.duties}


def _days(pool: Json) -> forms.DecimalField:
    reserve = _plain(100 * pool.get("reserve", 0))
    return forms.DecimalField(
        label=f"{pool['label']} days a quarter",
        help_text=f"Scored with {_plain(pool['days'])}, of which {reserve}% are kept in reserve{_adjusted(pool)}.",
        min_value=0,
        max_value=MOST_DAYS,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 5, "suffix": "days"}),
    )


def _adjusted(pool: Json) -> str:
    """What is set aside and freed besides, which stays as it is whatever days are tried."""
    words = {"set_aside": "set aside", "freed": "freed"}
    return "".join(f"; besides, {_plain(pool[key])} are {said}" for key, said in words.items() if pool.get(key))


def _weight(criterion: Json) -> forms.DecimalField:
    wrong = f"Enter points from 0 to 100 for {criterion['label']}; 0 is of no importance."
    beyond = wrong.replace("%", "%%")  # Django fills the limit into what it says of one that is passed
    return forms.DecimalField(
        label=criterion["label"],
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 4, "suffix": "points"}),
        error_messages={"required": wrong, "invalid": wrong, "min_value": beyond, "max_value": beyond},
    )


def _attention() -> dict[str, forms.Field]:
    number = {"width": 4, "inputmode": "numeric", "suffix": "points"}
    return {
        "hurts_from": forms.IntegerField(
            label="Points at which one more starts to hurt the others",
            min_value=0,
            max_value=MOST_POINTS,
            widget=forms.NumberInput(attrs=number),
        ),
        "adds_nothing_at": forms.IntegerField(
            label="Points at which one more adds nothing",
            min_value=1,
            max_value=MOST_POINTS,
            widget=forms.NumberInput(attrs=number),
        ),
        "off": forms.BooleanField(label="Switch the tipping point off: attention costs nothing", required=False),
    }


def _optional(widget: forms.Widget) -> forms.Widget:
    widget.attrs["optional"] = "unsaid"
    return widget


def _plain(value: Any) -> str:
    """One text for one number, however it came: typed, stored or counted."""
    return plain_number(Decimal(str(round(float(value), 6) + 0.0)))  # and none for minus nothing
