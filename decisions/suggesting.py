"""What to work on next: the weakest characteristics where a rise would be worth most, each with its reason.

A run says what the whole portfolio would gain if one partnership were readier (``scoring.readiness_gain``), and how
much each characteristic counts; that partnership's last survey says how low each is. So for each it is known what a
rise to what is attainable would be worth: the lowest comes first only where it also has the largest effect. Readiness
is made of all eight, so no single one makes the whole difference, and the sentence says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import fmean
from urllib.parse import urlencode

from decisions.models import Characteristic, PlanAction
from diagnostics.across import AcrossPartnerships, Row
from scoring.engine.advice import ATTAINABLE_READINESS, LEAST_GAIN
from scoring.engine.wording import SMALL
from scoring.findings import Findings
from scoring.readiness_gain import ReadinessGain, gain_of_rise, readiness_gains
from scoring.words import count_of, in_sentence, number

MOST = 8
EACH = 3  # in one partnership: more at a time is no focus
LEAST_READINESS = 0.2  # where a run does not say
LEAST_RISE = 1e-6
FEWEST_SURVEYED = 3  # partnerships, before one characteristic is called the weakest across them


@dataclass(frozen=True)
class AcrossAll:
    """One characteristic over all partnerships that have a result on it: the mean of their means, the lowest of them
    and how many actions are open about it; in so many of them each organisation counts once and not each person.
    """

    code: str
    name: str
    mean: float
    partnerships: int
    lowest: str
    lowest_mean: float
    open_actions: int
    over_organisations: int

    @property
    def counted(self) -> str:
        """Whom the surveys behind the mean count, where it is not each person in all of them. The eight are in order
        all the same: the surveys that one of them rests on count alike in the others.
        """
        if not self.over_organisations:
            return ""
        if self.over_organisations == self.partnerships:
            return "each organisation counts once in its partnership"
        return f"each organisation counts once in {self.over_organisations} of them, each person in the others"


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
            by_organisation = sum(row.over_organisations for row, _ in rows)
            found.append(
                AcrossAll(one.code, one.name, average, len(rows), lowest.name, mean, number_open, by_organisation)
            )
    return sorted(found, key=lambda one: one.mean)


def suggestions(
    across: AcrossPartnerships, findings: Findings | None, actions: Sequence[PlanAction]
) -> list[Suggestion]:
    """Those first that would bring a partnership in at a higher level, then those worth most, then what comes second in
    each, then one for the whole organisation; nothing that the plan has already.
    """
    planned = {
        (action.participation.partnership.slug if action.participation else "", action.characteristic)
        for action in actions
        if action.is_open
    }
    rows = {row.round.participation.partnership.slug: row for row in across.rows if row.cells}
    gains = [] if findings is None else [one for one in readiness_gains(findings) if one.id in rows]
    gains.sort(key=lambda one: one.level is None)  # else by value, as they come
    by_partnership = [_for_partnership(rows[one.id], one, findings) for one in gains if findings is not None]
    made = [one for turn in zip_longest(*by_partnership) for one in turn if one is not None]
    everywhere = _everywhere(across_all(across, actions))
    kept = [one for one in made if (one.slug, one.characteristic) not in planned][:MOST]
    return [*kept, *(one for one in everywhere if ("", one.characteristic) not in planned)]


def _for_partnership(row: Row, gain: ReadinessGain, findings: Findings) -> list[Suggestion]:
    """What holds its readiness down most, the largest effect on value first: more than one, as far as more helps."""
    rises = _rises(row, findings)
    in_order = sorted(rises, key=lambda code: (-rises[code], code))[:EACH]
    found, together, worth = [], 0.0, 0.0
    for place, code in enumerate(in_order):
        alone = gain_of_rise(findings, gain.id, rises[code])
        together += rises[code]
        with_those_before = gain_of_rise(findings, gain.id, together)
        adds = with_those_before is not None and with_those_before.gain > worth + LEAST_GAIN
        if place and not adds and worth:
            break
        worth = with_those_before.gain if with_those_before is not None else worth
        found.append(_suggestion(row, gain, findings, code, alone, with_those_before if place else None))
    return found


def _rises(row: Row, findings: Findings) -> dict[str, float]:
    """By characteristic, how much readiness rises where it alone rises to what is attainable; without those there."""
    rule = findings.document.get("readiness", {})
    least = rule.get("p_min", LEAST_READINESS)
    weights: Mapping[str, float] = rule.get("weights", {})
    mean = 1 + 4 * (ATTAINABLE_READINESS - least) / (1 - least)
    rises = {
        code: (1 - least) * weights.get(code, 1 / len(Characteristic)) * (mean - cell.estimate.mean) / 4
        for code, cell in row.cells.items()
    }
    return {code: rise for code, rise in rises.items() if rise > LEAST_RISE}


def _suggestion(
    row: Row,
    gain: ReadinessGain,
    findings: Findings,
    code: str,
    alone: ReadinessGain | None,
    with_those_before: ReadinessGain | None,
) -> Suggestion:
    estimate = row.cells[code].estimate
    name = str(Characteristic(code).label)
    lowest = min(one.estimate.mean for one in row.cells.values())
    is_lowest = estimate.mean <= lowest + SMALL
    advice = findings.advice_for(gain.id)
    place = "is the lowest of the eight here" if is_lowest else "holds readiness here down, too"
    if not is_lowest and with_those_before is None:
        place = "holds readiness here down most, more than lower ones that count for less"
    each = ", each organisation counting once" if row.over_organisations else ""
    seen = f"as {count_of(estimate.people, 'person', 'people')} see it{each}"
    reason = (
        f"“{name}” {place}: {estimate.mean:.1f} on 1 to 5 ({estimate.low:.1f} to {estimate.high:.1f}), {seen}. "
        f"{_worth(alone, with_those_before)} Were readiness to rise from {gain.now:.0%} to an attainable "
        f"{gain.to:.0%}, by all eight, your portfolio would gain {number(gain.gain)} points of value a quarter"
        f"{_turn(gain, findings)}"
    )
    return Suggestion(
        characteristic=code,
        slug=gain.id,
        heading=f"{row.name}: {name}",
        reason=reason,
        how_sure="" if advice is None else advice.how_sure,
    )


def _worth(alone: ReadinessGain | None, with_those_before: ReadinessGain | None) -> str:
    """What it is worth that this one rises to what is attainable."""
    if alone is None:
        said = "On its own, a rise to what is attainable adds nothing that the numbers can tell."
    else:
        said = (
            f"Were it alone to rise to what is attainable, readiness would be about {alone.to:.0%}, worth "
            f"{number(alone.gain)} points a quarter."
        )
    if with_those_before is None:
        return said
    return f"{said} With those named before it, {number(with_those_before.gain)}."


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
    counted = f" ({weakest.counted})" if weakest.counted else ""
    reason = (
        f"“{weakest.name}” is the lowest across the {weakest.partnerships} partnerships with results on it: "
        f"{weakest.mean:.1f} on 1 to 5 on average{counted}. What lowers it in many of them may lie with us."
    )
    return [Suggestion(weakest.code, "", f"The whole organisation: {weakest.name}", reason, "")]
