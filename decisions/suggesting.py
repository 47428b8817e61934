"""What to work on next: the weakest characteristics where a rise would be worth most, each with its reason.

A run says what the whole portfolio would gain if one partnership were as ready as is attainable
(``scoring.readiness_gain``); that partnership's last survey says which characteristic holds it down most. Readiness is
made of all eight, so no single one makes the whole difference, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from urllib.parse import urlencode

from decisions.models import Characteristic, PlanAction
from diagnostics.across import AcrossPartnerships, Row
from scoring.findings import Findings
from scoring.readiness_gain import ReadinessGain, readiness_gains
from scoring.words import count_of, in_sentence, number

MOST = 5
FEWEST_SURVEYED = 3  # partnerships, before one characteristic is called the weakest across them


@dataclass(frozen=True)
class AcrossAll:
    """One characteristic over all partnerships that have a result on it: the mean of their means, the lowest of them
    and how many actions are open about it.
    """

    code: str
    name: str
    mean: float
    partnerships: int
    lowest: str
    lowest_mean: float
    open_actions: int


@dataclass(frozen=True)
class Suggestion:
    """Work on a characteristic, in a partnership (by its slug) or everywhere ("")."""

    characteristic: str
    slug: str
    heading: str
    reason: str
    how_sure: str

    @property
    def query(self) -> str:
        """Fills the form that adds the action."""
        return urlencode({"partnership": self.slug, "characteristic": self.characteristic})


def across_all(across: AcrossPartnerships, actions: Sequence[PlanAction]) -> list[AcrossAll]:
    """The weakest first; without those of which nothing may be shown."""
    found = []
    for one in across.characteristics:
        rows = [(row, row.cells[one.code].estimate.mean) for row in across.rows if one.code in row.cells]
        if rows:
            lowest, mean = min(rows, key=lambda pair: (pair[1], pair[0].name))
            number_open = sum(action.is_open and action.characteristic == one.code for action in actions)
            average = fmean(value for _, value in rows)
            found.append(AcrossAll(one.code, one.name, average, len(rows), lowest.name, mean, number_open))
    return sorted(found, key=lambda one: one.mean)


def suggestions(
    across: AcrossPartnerships, findings: Findings | None, actions: Sequence[PlanAction]
) -> list[Suggestion]:
    """Those first that would bring a partnership in at a higher level, then those worth most, then one for the whole
    organisation; nothing that the plan has already.
    """
    planned = {
        (action.participation.partnership.slug if action.participation else "", action.characteristic)
        for action in actions
        if action.is_open
    }
    rows = {row.round.participation.partnership.slug: row for row in across.rows if row.cells}
    gains = [] if findings is None else [one for one in readiness_gains(findings) if one.id in rows]
    gains.sort(key=lambda one: one.level is None)  # else by value, as they come
    made = [_for_partnership(rows[one.id], one, findings) for one in gains if findings is not None]
    everywhere = _everywhere(across_all(across, actions))
    kept = [one for one in made if (one.slug, one.characteristic) not in planned][:MOST]
    return [*kept, *(one for one in everywhere if ("", one.characteristic) not in planned)]


def _for_partnership(row: Row, gain: ReadinessGain, findings: Findings) -> Suggestion:
    code = min(row.cells, key=lambda one: (row.cells[one].estimate.mean, one))
    estimate = row.cells[code].estimate
    name = str(Characteristic(code).label)
    advice = findings.advice_for(gain.id)
    worth = f"{number(gain.gain)} points of value a quarter"
    reason = (
        f"“{name}” is the lowest of the eight here: {estimate.mean:.1f} on 1 to 5 ({estimate.low:.1f} to "
        f"{estimate.high:.1f}), as {count_of(estimate.people, 'person', 'people')} see it. Were readiness to rise from "
        f"{gain.now:.0%} to an attainable {gain.to:.0%}, your portfolio would gain {worth}"
    )
    return Suggestion(
        characteristic=code,
        slug=gain.id,
        heading=f"{row.name}: {name}",
        reason=f"{reason}{_turn(gain, findings)} Readiness is made of all eight, so this one is a beginning.",
        how_sure="" if advice is None else advice.how_sure,
    )


def _turn(gain: ReadinessGain, findings: Findings) -> str:
    if gain.level is None or gain.turns_at is None:
        return " at the level that is best now."
    names: Mapping[str, str] = {level["id"]: level["label"] for level in findings.document["levels"]}
    level = in_sentence(names[gain.level])
    return f", and from {gain.turns_at:.0%} on it would be best at “{level}”, above what is best now."


def _everywhere(found: Collection[AcrossAll]) -> list[Suggestion]:
    weakest = next((one for one in found if one.partnerships >= FEWEST_SURVEYED), None)
    if weakest is None:
        return []
    reason = (
        f"“{weakest.name}” is the lowest across the {weakest.partnerships} partnerships with results on it: "
        f"{weakest.mean:.1f} on 1 to 5 on average. What lowers it in many of them may lie with us."
    )
    return [Suggestion(weakest.code, "", f"The whole organisation: {weakest.name}", reason, "")]
