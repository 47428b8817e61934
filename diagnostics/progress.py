"""Where a respondent is in their survey: pages done, the page to come back to, and what was passed by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from diagnostics.instrument import Instrument, Item, Page
from diagnostics.links import Respondent
from diagnostics.models import Answer, Response, Round


@dataclass(frozen=True)
class AnswersSoFar:
    """Read when they are asked for: a page that is saved and left needs none of them."""

    instrument: Instrument
    response_key: str

    @classmethod
    def of(cls, respondent: Respondent, round_: Round) -> AnswersSoFar:
        return cls(round_.instrument, respondent.response_key)

    @cached_property
    def response(self) -> Response | None:
        return Response.objects.filter(key=self.response_key).order_by("pk").first()

    @cached_property
    def given(self) -> Mapping[str, Answer]:
        """By item code."""
        answers = Answer.objects.filter(response=self.response_key).order_by()
        return {answer.item: answer for answer in answers}

    @property
    def has_begun(self) -> bool:
        return bool(self.given) or (self.response is not None and bool(self.response.place))

    @property
    def pages(self) -> int:
        """Every page that asks something: where they work, then the instrument's."""
        return len(self.instrument.pages) + 1

    def number_of(self, page: Page) -> int:
        return self.instrument.pages.index(page) + 2

    def missing_on(self, page: Page) -> list[Item]:
        return [self.instrument.item_by_code[code] for code in page.items if code not in self.given]

    @property
    def missing(self) -> int:
        return sum(len(self.missing_on(page)) for page in self.instrument.pages)

    def following(self, page: Page) -> Page | None:
        place = self.instrument.pages.index(page) + 1
        return self.instrument.pages[place] if place < len(self.instrument.pages) else None

    def before(self, page: Page) -> Page | None:
        place = self.instrument.pages.index(page)
        return self.instrument.pages[place - 1] if place else None

    def address_to_come_back_to(self, handle: str) -> str:
        """Where somebody who has begun goes on: where they work, the page they were on, or the check."""
        if self.response is None or not self.response.place:
            return reverse("diagnostics:place", args=[handle])
        page = self.page_to_come_back_to()
        if page is None:
            return reverse("diagnostics:check", args=[handle])
        return reverse("diagnostics:questions", args=[handle, page.code])

    def page_to_come_back_to(self) -> Page | None:
        """The last page with an answer, or the one after it where nothing is missing there; None after the last."""
        begun = [page for page in self.instrument.pages if any(code in self.given for code in page.items)]
        if not begun:
            return self.instrument.pages[0]
        return begun[-1] if self.missing_on(begun[-1]) else self.following(begun[-1])
