"""Rounds: one partnership asked once, from a day to a day, about itself or about how good a partner we are in it."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.functional import cached_property

from diagnostics.instrument import Instrument
from diagnostics.instrument.naming import naming
from diagnostics.models.instrument_versions import document_of_round, instrument_of, loaded
from diagnostics.models.subjects import Subject
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded

# Respondents are promised that nothing shows under this many answers; settings may raise it and never lower it.
LEAST_THRESHOLD = 5
# And that nothing is broken down under this many.
LEAST_BREAKDOWN_THRESHOLD = 11


class RoundState(models.TextChoices):
    DRAFT = "draft", "Being prepared"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class RoundMode(models.TextChoices):
    """What is read of an answer besides what it says; fixed by the first answer, as its respondent was told.

    Anonymous answers carry no organisation at all: who was asked is known with their employer, so that where few of one
    answered it would say whose the answers are.
    """

    ANONYMOUS = "anonymous", "Together, without names"
    NAMED = "named", "By organisation, with its name"


class MeanOver(models.TextChoices):
    """Whose views a mean counts; fixed as the survey opens. Only one of the two is ever shown for a survey: both at
    once tell of what few people said (docs/adr/0038).
    """

    PEOPLE = "people", "People: each counts once"
    ORGANISATIONS = "organisations", "Organisations: each counts once"


# From which state to which, said once; the actions read it. A closed one opens again only while it shows no results.
TRANSITIONS: dict[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFT: frozenset({RoundState.OPEN}),
    RoundState.OPEN: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset({RoundState.OPEN}),
}


class SentBefore(Func):
    """How many had sent their answers in to a survey before a day, rounded down to whole groups of as many as it takes
    to show anything; null where nobody had. A function of the database, which alone sees answers to an open survey.
    """

    function = "diagnostics_sent_before"
    output_field = models.IntegerField()


class RoundQuerySet(models.QuerySet["Round"]):
    def current(self) -> RoundQuerySet:
        """Being prepared or open: a partnership has at most one about each subject."""
        return self.filter(state__in=(RoundState.DRAFT, RoundState.OPEN))

    def about_partnerships(self) -> RoundQuerySet:
        """Those that say how well a partnership works: whatever speaks of its health reads these alone."""
        return self.filter(subject=Subject.PARTNERSHIP)

    def about_us(self) -> RoundQuerySet:
        """Those that say how good a partner the organisation is."""
        return self.exclude(subject=Subject.PARTNERSHIP)

    def closed(self) -> RoundQuerySet:
        return self.filter(state=RoundState.CLOSED)

    def due_to_open(self, day: datetime.date) -> RoundQuerySet:
        """Being prepared, and to open by itself on this day or before."""
        return self.filter(state=RoundState.DRAFT, opens_by_itself_on__lte=day)

    def with_progress(self) -> RoundQuerySet:
        """Adds ``invited``, and ``answered``: of a closed one how many sent their answers in, before that how many are
        known to have: those who are marked (``diagnostics.completion``), or who had by yesterday in whole groups.
        """
        marked = _rows_of("diagnostics.Invitation", completed=True)
        by_yesterday = SentBefore(F("pk"), Value(timezone.localdate()), Value(settings.SURVEY_THRESHOLD))
        counts = {
            "invited": _rows_of("diagnostics.Invitation"),
            "answered": Coalesce(F("sent_in"), Greatest(marked, by_yesterday)),
        }
        return self.annotate(**counts)

    def held_open(self, pk: int) -> Round | None:
        """The round, kept as it is until this transaction ends, so that it cannot close under an answer being saved.

        A shared lock: any number of respondents hold it at once, and only closing waits for them.
        """
        rows = self.raw("SELECT * FROM diagnostics_round WHERE id = %s FOR SHARE", [pk])
        return next(iter(rows), None)

    def held_open_for(self, link_hash: str) -> Round | None:
        """The same for the round that somebody's link leads to."""
        rows = self.raw(
            "SELECT asked.* FROM diagnostics_round AS asked JOIN diagnostics_invitation AS invited "
            "ON invited.round_id = asked.id WHERE invited.link_hash = %s FOR SHARE OF asked",
            [link_hash],
        )
        return next(iter(rows), None)

    def for_list(self) -> RoundQuerySet:
        """Current ones first, then the newest, with their progress."""
        return (
            self.select_related("participation__partnership")
            .with_progress()
            .order_by(F("closed_at").desc(nulls_first=True), "-created_at", "-pk")
        )

    def with_enough_answers(self) -> RoundQuerySet:
        """Closed rounds in which as many answered as it takes to show anything."""
        needed = Greatest(F("threshold"), settings.SURVEY_THRESHOLD)
        return self.closed().with_progress().alias(needed=needed).filter(sent_in__gte=F("needed"))

    def latest_with_enough_answers(self) -> RoundQuerySet:
        """The last of each partnership about itself that shows results."""
        rounds = (
            self.about_partnerships()
            .with_enough_answers()
            .with_questions()
            .order_by("participation_id", "-closed_at", "-pk")
        )
        return rounds.distinct("participation_id")

    def with_questions(self) -> RoundQuerySet:
        """Adds what ``instrument`` needs, where many rounds are read at once."""
        added = {"own_document": document_of_round()}
        return self.annotate(**added)

    def before(self, later: Round) -> RoundQuerySet:
        """Those with results of the same partnership and subject that closed before ``later`` did, last one first."""
        of_the_same = self.filter(
            participation=later.participation_id, subject=later.subject, closed_at__lt=later.closed_at
        )
        return of_the_same.select_related("organisation").with_enough_answers().order_by("-closed_at", "-pk")


def _rows_of(model: str, **conditions: Any) -> Coalesce:
    """How many rows of ``model`` a round has: a subquery each, since joins of both would multiply."""
    rows = apps.get_model(model)._default_manager.filter(round=OuterRef("pk"), **conditions)
    counted = rows.order_by().values("round").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted), 0)


# Who opened and closed it and when, which each line says itself.
ROUND_SAYS_ITSELF = (
    "created_at",
    "created_by",
    "opened_at",
    "opened_by",
    "opening_set_by",
    "opened_again_on",
    "closed_at",
    "closed_by",
    "sent_in",
)


@recorded("survey", added="started", partnership="participation", leave_out=ROUND_SAYS_ITSELF)
class Round(OwnedModel):
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_rounds"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="survey_rounds")
    subject = models.CharField(
        "what it asks about", max_length=11, choices=Subject.choices, default=Subject.PARTNERSHIP
    )
    instrument_version = models.CharField(max_length=60)
    state = models.CharField(max_length=6, choices=RoundState.choices, default=RoundState.DRAFT)
    mode = models.CharField(max_length=9, choices=RoundMode.choices, default=RoundMode.ANONYMOUS)
    threshold = models.PositiveSmallIntegerField(
        default=LEAST_THRESHOLD, help_text="The answers it takes before anything is shown, as respondents were told."
    )
    breakdown_threshold = models.PositiveSmallIntegerField(
        default=LEAST_BREAKDOWN_THRESHOLD, help_text="The answers it takes before anything is broken down."
    )
    mean_over = models.CharField(max_length=13, choices=MeanOver.choices, default=MeanOver.PEOPLE)
    opens_on = models.DateField(null=True, blank=True)
    opens_by_itself_on = models.DateField(
        "day on which it opens by itself",
        null=True,
        blank=True,
        help_text="Kept once it has; empty where somebody opens it.",
    )
    opening_set_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closes_on = models.DateField(help_text="The last day on which people can answer.")
    remind_halfway = models.BooleanField(default=False)
    remind_before_last_day = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_again_on = models.DateField(
        null=True,
        blank=True,
        help_text="Where it had closed with too few answers, which were deleted: everybody is asked anew.",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # Nobody where it closed because its last day had passed.
    closed_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # Counted by the database as it closes the round, also where it then deletes what was too little to show anything;
    # no update of ours can change it.
    sent_in = models.PositiveIntegerField(null=True, blank=True, editable=False)

    # There only where the query says ``with_progress``.
    invited: int
    answered: int
    # There only where the query says ``with_questions``, and where they are the organisation's own.
    own_document: Any = None

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="round_one_current",
                fields=["participation", "subject"],
                condition=Q(state__in=("draft", "open")),
                violation_error_message="This partnership already has a survey under way. Close that one first.",
            ),
            models.CheckConstraint(
                name="round_subject_is_known",
                condition=Q(subject__in=Subject.values),
                violation_error_message="Choose what the survey asks about.",
            ),
            models.CheckConstraint(
                name="round_opened_by_and_at",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True, opens_on__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False, opens_on__isnull=False),
            ),
            models.CheckConstraint(
                name="round_closed_by_only_where_closed",
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="round_state_says_what_happened",
                condition=Q(state=RoundState.DRAFT, opened_at__isnull=True, closed_at__isnull=True)
                | Q(state=RoundState.OPEN, opened_at__isnull=False, closed_at__isnull=True)
                | Q(state=RoundState.CLOSED, opened_at__isnull=False, closed_at__isnull=False),
                violation_error_message="A survey is being prepared, open or closed, in that order.",
            ),
            models.CheckConstraint(
                name="round_sent_in_is_counted_on_closing",
                condition=Q(state=RoundState.CLOSED, sent_in__isnull=False)
                | (~Q(state=RoundState.CLOSED) & Q(sent_in__isnull=True)),
            ),
            models.CheckConstraint(
                name="round_threshold_at_least_five",
                condition=Q(threshold__gte=LEAST_THRESHOLD),
                violation_error_message="Nothing is shown under five answers: enter 5 or more.",
            ),
            models.CheckConstraint(
                name="round_breakdown_threshold_at_least_eleven",
                condition=Q(breakdown_threshold__gte=LEAST_BREAKDOWN_THRESHOLD),
                violation_error_message="Nothing is broken down under eleven answers: enter 11 or more.",
            ),
            models.CheckConstraint(
                name="round_mean_over_is_known",
                condition=Q(mean_over__in=MeanOver.values),
                violation_error_message="Choose whether each person counts once, or each organisation.",
            ),
            models.CheckConstraint(
                name="round_counts_organisations_only_with_names",
                condition=Q(mean_over=MeanOver.PEOPLE) | Q(mode=RoundMode.NAMED),
                violation_error_message=(
                    "Answers without names carry no organisation, so each person counts once. Have answers read by "
                    "organisation, or count people."
                ),
            ),
            models.CheckConstraint(
                name="round_about_us_counts_people",
                condition=Q(mean_over=MeanOver.PEOPLE) | Q(subject=Subject.PARTNERSHIP),
                violation_error_message="How good a partner we are is a mean over people.",
            ),
            models.CheckConstraint(
                name="round_closes_after_it_opens",
                condition=Q(opens_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                violation_error_message="The last day to answer is before the first. Enter a later day.",
            ),
            models.CheckConstraint(
                name="round_opening_day_and_who_set_it",
                condition=Q(opens_by_itself_on__isnull=True, opening_set_by__isnull=True)
                | Q(opens_by_itself_on__isnull=False, opening_set_by__isnull=False),
                violation_error_message="A day on which a survey opens by itself is kept with who set it.",
            ),
            models.CheckConstraint(
                name="round_opens_by_itself_by_its_last_day",
                condition=Q(opens_by_itself_on__isnull=True) | Q(closes_on__gte=F("opens_by_itself_on")),
                violation_error_message=(
                    "The day on which the survey opens by itself is after its last day to answer. Enter an earlier day."
                ),
            ),
            models.CheckConstraint(
                name="round_opens_by_itself_on_its_day_or_later",
                condition=Q(opens_by_itself_on__isnull=True)
                | Q(opens_on__isnull=True)
                | Q(opens_on__gte=F("opens_by_itself_on")),
                violation_error_message="A survey that opens by itself does so on its day, or later.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} {self.created_at:%-d %B %Y}"

    @cached_property
    def instrument(self) -> Instrument:
        """The questions it asks, which stay those it was started with."""
        if self.own_document is not None:
            made = loaded(self.own_document)
        else:
            made = instrument_of(self.organisation_id, self.instrument_version)
        return naming(made, self.organisation.display_name) if self.subject == Subject.BY_PARTNERS else made

    @property
    def others_to_tell(self) -> list[str]:
        """Who answers for the partnership in the organisation, besides whoever opened the survey."""
        opener = str(self.opened_by).casefold()
        named = dict.fromkeys((self.participation.lead.strip(), self.participation.sponsor.strip()))
        return [name for name in named if name and name.casefold() != opener]

    @property
    def is_about_us(self) -> bool:
        return self.subject != Subject.PARTNERSHIP

    @property
    def answers_needed(self) -> int:
        """Answers before anything is shown: what people were told, or more where the setting has since been raised."""
        setting: int = settings.SURVEY_THRESHOLD
        return max(self.threshold, setting)

    @property
    def breakdown_needed(self) -> int:
        """Answers before anything is broken down: as many as when it opened, or more where the setting has been raised
        since.
        """
        setting: int = settings.SURVEY_BREAKDOWN_THRESHOLD
        return max(self.breakdown_threshold, setting)

    @property
    def counts_organisations(self) -> bool:
        """Whether each organisation was to count once; where too few answered for that, people do."""
        return self.mean_over == MeanOver.ORGANISATIONS

    @property
    def shows_results(self) -> bool:
        """Whether it is closed with enough answers."""
        return self.sent_in is not None and self.sent_in >= self.answers_needed

    @property
    def names_organisations(self) -> bool:
        return self.mode == RoundMode.NAMED

    def may_become(self, state: RoundState) -> bool:
        return state in TRANSITIONS[RoundState(self.state)]

    def takes_answers_on(self, day: datetime.date) -> bool:
        return self.state == RoundState.OPEN and day <= self.closes_on

    def is_past_its_last_day(self, day: datetime.date) -> bool:
        return self.state == RoundState.OPEN and day > self.closes_on
