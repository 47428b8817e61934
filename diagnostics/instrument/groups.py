"""Each organisation counts once in a mean, however many people answered for it, and none can be read out of it.

An organisation counts of its own only where on every statement shown as many of its people have a view as a result
takes, and where as many answered in all as it takes to break a result down. The others are one group together, which on
each statement is nobody or enough, else the one of which fewest were asked joins it: whom a survey asks stays much the
same from one to the next, and who has a view on a statement does not. That is the rule by which a part is shown
(``breakdown``), since whoever knows how many answered for each can work groups out: two means of one statement, over
people and over groups, are two equations. What a group said to a statement may therefore be known, and of a part of one
no more than its views on a characteristic together, where those are shown with its name (``breakdown.by_name``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagnostics.instrument.breakdown import FEWEST_TO_BREAK_DOWN, parts_of_their_own
from diagnostics.instrument.definition import Instrument
from diagnostics.instrument.scoring import OTHERS, Answers, Groups
from diagnostics.instrument.shown import what_counts


def groups_of(
    people: Sequence[tuple[str, Answers]],
    instrument: Instrument,
    *,
    invited: Mapping[str, int],
    fewest: int,
    fewest_in_all: int = FEWEST_TO_BREAK_DOWN,
) -> Groups | None:
    """The groups that count once each, from the organisation each person answered for and how many were ``invited`` of
    each; None where there would be fewer than two of enough people: then people count.

    ``fewest_in_all`` raises the eleven and never lowers it.
    """
    if len(people) < max(FEWEST_TO_BREAK_DOWN, fewest_in_all, fewest):
        return None
    counted = what_counts(instrument, [answers for _, answers in people], fewest=fewest)
    by_name: dict[str, list[Answers]] = {}
    for name, answers in people:
        by_name.setdefault(name, []).append(answers)
    asked_of = {name: max(invited.get(name, 0), len(answers)) for name, answers in by_name.items()}
    found_own = parts_of_their_own(by_name, [item.code for item in counted.items], fewest=fewest, size=asked_of)
    own = found_own.own
    group = {name: name if name in own else OTHERS for name in by_name}
    of = [group[name] for name, _ in people]
    # Those whom an organisation for which nobody answered had asked may count with any group: that everybody was heard
    # is said of none then.
    silent = sum(number for name, number in invited.items() if name not in by_name)
    asked = dict.fromkeys(of, silent)
    for name, its in group.items():
        asked[its] += asked_of[name]
    found = set(of)
    # Others who have a view on nothing that is shown count nowhere; with them there is no mean to take.
    if len(found) < 2 or any(_has_no_view(one, people, of, counted) for one in found):
        return None
    return Groups(of, asked, frozenset(by_name.keys() - own), found_own.joined)


def _has_no_view(group: str, people: Sequence[tuple[str, Answers]], of: Sequence[str], counted: Instrument) -> bool:
    """Whether nobody of a group has a view on some statement shown."""
    its = [answers for (_, answers), one in zip(people, of, strict=True) if one == group]
    return any(all(answers.get(item.code) is None for answers in its) for item in counted.items)
