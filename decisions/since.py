"""What has changed since a decision: the recommendation then and now, and what has happened on the way.

It is worked out from what is stored: the run that the decision rests on, the run that is shown now, surveys that closed
since with enough answers, and promises that were closed. A partnership that was declined, or has ended, has it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from decisions.models import Decision, PromiseState
from diagnostics.models import Round, Subject
from diagnostics.results import results_of
from partnerships.models import Participation, ParticipationState
from scoring.advice import Advice
from scoring.changes import changes_of_one
from scoring.findings import Findings
from scoring.models import Run
from scoring.words import count_of, exact, in_sentence, listing, number

NOT_SCORED = "Not scored now"
ENDED = "Its part has ended"
ASKED = {
    Subject.PARTNERSHIP: "A survey of how well it works",
    Subject.BY_PARTNERS: "A survey of partners about us",
    Subject.BY_US: "A survey of our own people about us",
}


@dataclass(frozen=True)
class Beside:
    """One fact as it stood at the decision, and as it stands now."""

    fact: str
    then: str
    now: str

    @property
    def has_changed(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True)
class Since:
    """``news`` are sentences about what has happened, ``reason_now`` why the recommendation now says what it says."""

    facts: tuple[Beside, ...]
    news: tuple[str, ...]
    reason_now: str

    @property
    def sentence(self) -> str:
        """The sentence that matters."""
        moved = [in_sentence(one.fact) for one in self.facts if one.has_changed]
        if moved:
            return f"What has changed since: {listing(moved)}."
        return "What was decided on stands as it stood." if not self.news else "The recommendation stands as it stood."

    @property
    def in_text(self) -> str:
        """For the record of a review, a line each."""
        changed = (f"{one.fact}: {one.then} → {one.now}" for one in self.facts if one.has_changed)
        return "\n".join([*changed, *self.news])


def since(decision: Decision, participation: Participation, shown: Run | None) -> Since:
    """``shown`` is the run that is shown now, if there is one. The number of queries grows with surveys alone."""
    slug = participation.partnership.slug
    before = Findings.of(decision.run)
    after = Findings.of(shown) if shown is not None else None
    then = before.advice_for(decision.participation.partnership.slug)  # another record, where that was merged into it
    now = after.advice_for(slug) if after is not None else None
    facts = [
        Beside("Recommended", _recommended_then(decision), _recommended(now)),
        Beside("How sure", decision.get_recommended_confidence_display(), now.confidence.label if now else NOT_SCORED),
        Beside("Level", decision.level_name, _level(participation)),
        *_at_the_level(decision, then, now, before),
    ]
    news = [*_inputs(before, after, slug), *_of_state(decision, participation)]
    news += [*_surveys(decision, participation), *_promises(decision, participation)]
    return Since(tuple(facts), tuple(news), now.reason if now else "")


def _recommended_then(decision: Decision) -> str:
    return f"{decision.recommended_name} ({decision.get_recommended_label_display()})"


def _recommended(advice: Advice | None) -> str:
    return NOT_SCORED if advice is None else f"{advice.recommended.name} ({advice.label.label})"


def _level(participation: Participation) -> str:
    if participation.state == ParticipationState.ENDED:
        return ENDED
    return participation.level.name if participation.level else "No level"


def _at_the_level(decision: Decision, then: Advice | None, now: Advice | None, before: Findings) -> Iterator[Beside]:
    """Days and value at the level that was decided, and readiness."""
    pools = {pool["id"]: in_sentence(pool["label"]) for pool in before.document["pools"]}

    def days(advice: Advice | None) -> str:
        level = next((one for one in advice.levels if one.code == decision.level_code), None) if advice else None
        if level is None:
            return NOT_SCORED
        asked = [f"{exact(amount)} {pools.get(pool, pool)}" for pool, amount in level.days.items() if amount]
        return listing(asked) if asked else "None"

    def value(advice: Advice | None) -> str:
        level = next((one for one in advice.levels if one.code == decision.level_code), None) if advice else None
        return NOT_SCORED if level is None else number(level.value)

    def readiness(advice: Advice | None) -> str:
        if advice is None:
            return NOT_SCORED
        return "Not surveyed" if advice.readiness is None else f"{100 * advice.readiness:.0f}%"

    yield Beside("Days a quarter at the level decided", days(then), days(now))
    yield Beside("Points of value at the level decided", value(then), value(now))
    yield Beside("Readiness", readiness(then), readiness(now))


def _inputs(before: Findings, after: Findings | None, slug: str) -> list[str]:
    return [] if after is None else changes_of_one(before.document, after.document, slug)


def _of_state(decision: Decision, participation: Participation) -> list[str]:
    changes = participation.state_changes.filter(changed_at__gt=decision.recorded_at).order_by("pk")
    return [
        f"It went from {change.get_was_display().lower()} to {change.get_became_display().lower()} on "
        f"{timezone.localdate(change.changed_at):%-d %B %Y}."
        for change in changes
    ]


def _surveys(decision: Decision, participation: Participation) -> list[str]:
    """Each survey that closed since, with its overall mean where that may be shown."""
    rounds = participation.survey_rounds.closed().filter(closed_at__gt=decision.recorded_at)
    return [_survey(one) for one in rounds.for_list().with_questions().select_related("organisation")]


def _survey(found: Round) -> str:
    day = timezone.localdate(found.closed_at)
    said = f"{ASKED[Subject(found.subject)]} closed on {day:%-d %B %Y}"
    results = results_of(found) if found.shows_results else None
    overall = results.overall.estimate if results else None
    if overall is None:
        return f"{said}, with too few answers to show."
    return f"{said}: {overall.mean:.1f} of 5 overall."


def _promises(decision: Decision, participation: Participation) -> list[str]:
    rows = list(participation.promises.all())
    today = timezone.localdate()
    told = [
        (f"{'was' if count == 1 else 'were'} {PromiseState(state).label.lower()}", count)
        for state in (PromiseState.KEPT, PromiseState.NOT_KEPT, PromiseState.WITHDRAWN)
        if (count := sum(one.state == state and one.was_closed_since(decision.decided_on) for one in rows))
    ]
    late = sum(one.is_overdue_on(today) for one in rows)
    told += [("is overdue" if late == 1 else "are overdue", late)] if late else []
    return [f"{count_of(count, 'promise')} {words}." for words, count in told]
