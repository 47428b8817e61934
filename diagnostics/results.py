"""What a closed round shows: overall, the three groups, the eight, then items; and what stays hidden, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.instrument import Instrument
from diagnostics.instrument.scoring import Estimate, ItemSummary, Summary, summarise
from diagnostics.models import Answer, Round
from diagnostics.readiness import answers_in

# How many characteristics to name as the place to start.
TO_WORK_ON = 2


@dataclass(frozen=True)
class ItemLine:
    text: str
    summary: ItemSummary
    reasons: Sequence[str]


@dataclass(frozen=True)
class Line:
    """One scale of the survey; ``estimate`` is None where too few had a view, and ``items`` is then empty as well.

    ``items`` is empty too where any one of them has too few views: it could be worked out from the others.
    """

    name: str
    estimate: Estimate | None
    items: Sequence[ItemLine]


@dataclass(frozen=True)
class RoundResults:
    invited: int
    answered: int
    needed: int
    overall: Estimate | None
    groups: Sequence[Line]
    characteristics: Sequence[Line]
    topics: Sequence[Line]
    dont_know: float

    @property
    def reasons_shown(self) -> int:
        """How many of the texts that people wrote in can be read here."""
        return sum(len(item.reasons) for line in (*self.characteristics, *self.topics) for item in line.items)

    @property
    def lowest(self) -> list[Line]:
        """The characteristics with the lowest means, lowest first: where to look first."""
        shown = [line for line in self.characteristics if line.estimate]
        return sorted(shown, key=_mean)[:TO_WORK_ON]

    @property
    def lowest_stand_out(self) -> bool:
        """Whether the lowest is clearly below the highest: their intervals do not meet."""
        shown = sorted((line for line in self.characteristics if line.estimate), key=_mean)
        ends = [line.estimate for line in (shown[0], shown[-1])] if shown else []
        return len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[0].high < ends[1].low


def results_of(round_: Round) -> RoundResults | None:
    """The results of a closed round; None while it is open, and where too few answered. Three queries at most."""
    if round_.state != "closed":
        return None
    answers = answers_in([round_]).get(round_.pk, [])
    if len(answers) < round_.answers_needed:
        return None
    invited = round_.invitations.count()
    made = summarise(round_.instrument, answers, invited)
    lines = _Lines(round_.instrument, made, round_.answers_needed, _reasons(round_))
    return RoundResults(
        invited=made.invited,
        answered=made.answered,
        needed=round_.answers_needed,
        overall=lines.shown(made.overall),
        groups=[Line(group.name, lines.shown(made.groups.get(group.code)), []) for group in round_.instrument.groups],
        characteristics=[
            lines.line(one.name, made.characteristics.get(one.code), round_.instrument.items_of(one.code))
            for one in round_.instrument.characteristics
        ],
        topics=[
            lines.line(topic.name, made.topics.get(topic.code), round_.instrument.items_of_topic(topic.code))
            for topic in round_.instrument.topics
        ],
        dont_know=made.dont_know,
    )


@dataclass(frozen=True)
class _Lines:
    """What every line needs: where the names, the numbers and the reasons come from, and the fewest people shown."""

    instrument: Instrument
    summary: Summary
    needed: int
    reasons: dict[str, list[str]]

    def shown(self, estimate: Estimate | None) -> Estimate | None:
        return estimate if estimate is not None and estimate.people >= self.needed else None

    def line(self, name: str, estimate: Estimate | None, codes: Sequence[str]) -> Line:
        summaries = [self.summary.items[code] for code in codes]
        every_item_shows = all(self.shown(one.estimate) for one in summaries)
        if self.shown(estimate) is None or not every_item_shows:
            return Line(name, self.shown(estimate), [])
        items = [
            ItemLine(self.instrument.item_by_code[code].text, summary, self.reasons.get(code, []))
            for code, summary in zip(codes, summaries, strict=True)
        ]
        return Line(name, estimate, items)


def _reasons(round_: Round) -> dict[str, list[str]]:
    """What people wrote, by item, in the random order of the rows' keys."""
    written: dict[str, list[str]] = defaultdict(list)
    rows = Answer.objects.filter(response__round=round_, response__submitted_on__isnull=False).exclude(reason="")
    for item, reason in rows.order_by("pk").values_list("item", "reason"):
        written[item].append(reason)
    return written


def _mean(line: Line) -> float:
    return line.estimate.mean if line.estimate else 0.0
