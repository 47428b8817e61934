"""What a closed round shows: overall, the three groups, the eight, their parts, the statements; and what stays hidden.

Nothing under the answers needed is shown, and nothing from which a hidden thing could be worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from diagnostics.counting import groups_by_round
from diagnostics.distribution import Distribution, distribution, spread_over
from diagnostics.instrument import Instrument
from diagnostics.instrument.agreement import Agreement, in_words, r_star_wg, r_wg_j, variance_over, words_of
from diagnostics.instrument.bands import Banding, banding
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.breakdown import Breakdown, break_down
from diagnostics.instrument.change import ends_are_apart
from diagnostics.instrument.definition import Characteristic, Item, Topic
from diagnostics.instrument.scoring import Answers, Estimate, Groups, Summary, spread_of
from diagnostics.instrument.shown import summarise_shown, what_counts
from diagnostics.models import Answer, Round
from diagnostics.organisations import OrganisationTable, by_organisation
from diagnostics.reading import sent_in

__all__ = ["OVERALL", "ItemLine", "Line", "RoundResults", "results_of"]


@dataclass(frozen=True)
class ItemLine:
    """One statement, with how its answers spread and what people who disagreed wrote.

    Where each organisation counts once, so it does in all of these.
    """

    item: Item
    estimate: Estimate
    dont_know: float
    distribution: Distribution
    agreement: Agreement | None
    reasons: Sequence[str]

    @property
    def anybody_disagreed(self) -> bool:
        return self.distribution.share_who_disagreed > 0

    @property
    def who_disagreed(self) -> str:
        """As a number of those with a view, or as a share where no number of people is shown."""
        spread = self.distribution
        if spread.disagreed is None:
            return f"{spread.share_who_disagreed:.0%}"
        return f"{spread.disagreed} of {spread.views}"


@dataclass(frozen=True)
class Line:
    """One scale of the survey. ``estimate`` is None where too few had a view, and the rest is then empty as well.

    ``hidden`` is how many statements have too few views; they count nowhere. ``atoms`` has none for a characteristic of
    a single one, which says the same. ``distribution`` and ``dont_know`` are of all answers to its statements that are
    shown, and so follow from what these show.
    """

    code: str
    name: str
    estimate: Estimate | None
    banding: Banding | None
    agreement: Agreement | None = None
    distribution: Distribution | None = None
    dont_know: float | None = None
    # r*wg(j) and rwg(j) over the statements.
    agreed: float | None = None
    agreed_on_items: float | None = None
    atoms: Sequence[Line] = ()
    items: Sequence[ItemLine] = ()
    hidden: int = 0


@dataclass(frozen=True)
class OrganisationsCounted:
    """Which organisations a mean counts, by name: in surveys alone whose people were told that these are shown.

    ``own`` count once each and ``together`` once more as one: the ``few`` have a statement on which fewer people have a
    view than a result takes, and the one that ``joined`` keeps these from being seen alone. Nobody answered for
    ``silent``.
    """

    own: Sequence[str]
    few: Sequence[str]
    joined: Sequence[str]
    silent: Sequence[str]

    @property
    def together(self) -> Sequence[str]:
        return by_letter([*self.few, *self.joined])

    @property
    def number(self) -> int:
        return len(self.own) + bool(self.together)


@dataclass(frozen=True)
class RoundResults:
    instrument: Instrument
    invited: int
    answered: int
    needed: int
    overall: Line
    groups: Sequence[Line]
    characteristics: Sequence[Line]
    topics: Sequence[Line]
    # Of all answers to the statements that are shown; None where none is.
    dont_know: float | None
    # Cut by where people work; None where nothing may be broken down.
    by_place: Breakdown | None
    # By name, in a survey that names organisations.
    by_organisation: OrganisationTable | None
    # Where each organisation counts once; else each person does, also where too few answered for that.
    counts: OrganisationsCounted | None = None

    @property
    def over_organisations(self) -> bool:
        return self.counts is not None

    @property
    def scales(self) -> list[Line]:
        """Everything above the statements, from the top, each characteristic with its parts after it."""
        eight = [one for line in self.characteristics for one in (line, *line.atoms)]
        return [self.overall, *self.groups, *eight]

    @property
    def columns_of_spread(self) -> int:
        return len(self.instrument.scale) + 1

    @property
    def reasons_shown(self) -> int:
        """How many of the texts that people wrote in can be read here."""
        return sum(len(item.reasons) for line in (*self.characteristics, *self.topics) for item in line.items)

    @property
    def from_the_lowest(self) -> list[Line]:
        """The characteristics that can be shown, lowest mean first."""
        return sorted((line for line in self.characteristics if line.estimate), key=_mean)

    @property
    def lowest_stand_out(self) -> bool:
        """Whether the lowest is clearly below the highest, by more than chance would do to any two of the eight."""
        return ends_are_apart([line.estimate for line in self.from_the_lowest if line.estimate])


def results_of(round_: Round) -> RoundResults | None:
    """The results of a closed round; None while it is open, and where too few answered. Six queries at most."""
    if round_.state != "closed":
        return None
    sent = sent_in([round_])
    people = sent.get(round_.pk, [])
    if len(people) < round_.answers_needed:
        return None
    invited = round_.invitations.count()
    instrument, answers = round_.instrument, [one.answers for one in people]
    groups = groups_by_round([round_], sent).get(round_.pk)
    made = summarise_shown(instrument, answers, invited, fewest=round_.answers_needed, groups=groups)
    counted = what_counts(instrument, answers, fewest=round_.answers_needed)
    lines = _Lines(instrument, counted, made, answers, groups, _reasons(round_, counted))
    table = by_organisation(
        round_,
        [(one.works_for, one.answers) for one in people],
        counted,
        {*made.characteristics, *([OVERALL] if made.overall else [])},
    )
    return RoundResults(
        instrument=instrument,
        invited=made.invited,
        answered=made.answered,
        needed=round_.answers_needed,
        overall=lines.plain(OVERALL, "Overall", made.overall, counted.items_on_the_eight),
        groups=[
            lines.plain(one.code, one.name, made.groups.get(one.code), counted.items_of_group(one.code))
            for one in instrument.groups
        ],
        characteristics=[lines.characteristic(one) for one in instrument.characteristics],
        topics=[lines.topic(one) for one in instrument.topics],
        dont_know=made.dont_know,
        # Over people, so not beside means over organisations.
        by_place=None
        if groups
        else break_down(
            [(one.place, one.answers) for one in people],
            counted,
            invited=invited,
            fewest=round_.answers_needed,
            fewest_in_all=round_.breakdown_needed,
        ),
        counts=_counted(groups, table.silent if table else []) if groups else None,
        by_organisation=table,
    )


def _counted(groups: Groups, silent: Sequence[str]) -> OrganisationsCounted:
    few = groups.others - groups.joined
    return OrganisationsCounted(by_letter(groups.own), by_letter(few), by_letter(groups.joined), silent)


def by_letter(names: Iterable[str]) -> list[str]:
    return sorted(names, key=str.casefold)


@dataclass(frozen=True)
class _Lines:
    """What every line needs: where the names, the numbers and the reasons come from, and which statements count."""

    instrument: Instrument
    counted: Instrument
    summary: Summary
    answers: Sequence[Answers]
    groups: Groups | None
    reasons: Mapping[str, Sequence[str]]

    def plain(self, code: str, name: str, found: Estimate | None, codes: Sequence[str]) -> Line:
        """A line over the items of these codes, all of which count, with its own numbers only; all None where too few
        had a view.
        """
        if found is None:
            return Line(code, name, None, None)
        bands = banding(found, self.instrument.bands)
        spread = spread_of(codes, self.answers, self.groups)
        return Line(
            code,
            name,
            found,
            bands,
            agreement=self._agreement(codes),
            distribution=spread_over(self.instrument, spread) if spread else None,
            dont_know=spread.dont_know if spread else None,
            # Worked out from the mean over people.
            agreed=None if self.groups else r_star_wg(list(self._views(codes).values())),
        )

    def characteristic(self, one: Characteristic) -> Line:
        codes = self.counted.items_of(one.code)
        line = self.plain(one.code, one.name, self.summary.characteristics.get(one.code), codes)
        return self._in_full(line, codes, len(self.instrument.items_of(one.code)), self._atoms(one.code))

    def topic(self, one: Topic) -> Line:
        codes = self.counted.items_of_topic(one.code)
        line = self.plain(one.code, one.name, self.summary.topics.get(one.code), codes)
        return self._in_full(line, codes, len(self.instrument.items_of_topic(one.code)), [])

    def _atoms(self, characteristic: str) -> list[Line]:
        atoms = [one for one in self.instrument.atoms if one.characteristic == characteristic]
        made = [
            self.plain(one.code, one.name, self.summary.atoms.get(one.code), self.counted.items_of_atom(one.code))
            for one in atoms
        ]
        return [line for line in made if line.estimate] if len(made) > 1 else []

    def _in_full(self, line: Line, codes: Sequence[str], asked: int, atoms: Sequence[Line]) -> Line:
        if line.estimate is None:
            return line
        return replace(
            line,
            agreed_on_items=None if self.groups else r_wg_j(list(self._views(codes).values())),
            atoms=atoms,
            items=[self._item(code) for code in codes],
            hidden=asked - len(codes),
        )

    def _views(self, codes: Sequence[str]) -> dict[str, list[float]]:
        return {code: [float(one[code] or 0) for one in self.answers if one.get(code)] for code in codes}

    def _agreement(self, codes: Sequence[str]) -> Agreement | None:
        """Over people's views, or over each group's as much as another's: that follows from the shares shown."""
        if self.groups is None:
            return in_words(list(self._views(codes).values()))
        places = self.groups.among(len(self.answers))
        views = [
            [[float(value) for place in some if (value := self.answers[place].get(code))] for some in places]
            for code in codes
        ]
        return words_of([one for groups in views if (one := variance_over(groups)) is not None])

    def _item(self, code: str) -> ItemLine:
        summary = self.summary.items[code]
        spread = spread_of([code], self.answers, self.groups)
        if summary.estimate is None or spread is None:
            raise ValueError(f"{code} is shown and nobody has a view on it.")
        return ItemLine(
            self.instrument.item_by_code[code],
            summary.estimate,
            spread.dont_know,
            spread_over(self.instrument, spread) if self.groups else distribution(self.instrument, summary.counts),
            self._agreement([code]),
            self.reasons.get(code, []),
        )


def _reasons(round_: Round, counted: Instrument) -> dict[str, list[str]]:
    """What people wrote beside the items that count, in the random order of the rows' keys; nothing where fewer wrote
    there than it takes to show a result: the words of one are known by how they write.
    """
    written: dict[str, list[str]] = defaultdict(list)
    writers = set()
    rows = Answer.objects.filter(
        response__round=round_, response__submitted_on__isnull=False, item__in=counted.item_by_code
    )
    for item, reason, writer in rows.exclude(reason="").order_by("pk").values_list("item", "reason", "response"):
        written[item].append(reason)
        writers.add(writer)
    return written if len(writers) >= round_.answers_needed else {}


def _mean(line: Line) -> float:
    return line.estimate.mean if line.estimate else 0.0
