"""Which decisions say no, and what a letter about one has to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from decisions.letter_fields import FIELDS, filled
from decisions.letter_words import letter_words
from decisions.models import Decision, KindNo, KindOfNo, Letter, LetterTemplate, Promise
from partnerships.models import EngagementLevel, Organisation, Participation, Person

# Of a pack, what goes into the letter: not the harm that was considered.
OF_THE_PACK = ("continues", "who_else", "what_would_change", "stay_in_touch")


def kind_of_no(decision: Decision) -> KindOfNo | None:
    """Whether it takes no part from now on, or a smaller one than before; None for any other decision.

    Before means the level that it replaced, or while it has not taken effect today's. Two queries.
    """
    if decision.is_undone:
        return None
    places = {one.code: one.position for one in decision.organisation.engagement_levels.all()}
    decided = places.get(decision.level_code)
    if decided is None:
        return None
    if decided == 0:
        return KindOfNo.DECLINE
    before = places.get(_level_before(decision))
    if (before is not None and decided < before) or _says_again(decision, decided, places):
        return KindOfNo.STEP_DOWN
    return None


def says_no(decision: Decision) -> bool:
    """Whether it has a pack, or should have one."""
    return kind_no_of(decision) is not None or kind_of_no(decision) is not None


def _says_again(decision: Decision, decided: int, places: Mapping[str, int]) -> bool:
    """Whether the decision before had a pack, and this one decides no more: as where only its reason or its day is put
    right. One query more at most.
    """
    before = decision.supersedes
    if before is None or before.is_undone or decided > places.get(before.level_code, -1):
        return False
    return KindNo.objects.filter(decision=before).exists()


def _level_before(decision: Decision) -> str:
    taken = getattr(decision, "taken_effect", None)
    if taken is not None:
        return str(taken.level_before)
    level: EngagementLevel | None = decision.participation.level
    return level.code if level else ""


def last_decision(participation: Participation) -> Decision | None:
    """The decision that counts, with what its pages need."""
    rows = (
        participation.decisions.all()
        .current()
        .with_look_again()
        .select_related(
            "organisation",
            "participation__level",
            "participation__partnership",
            "taken_effect",
            "kind_no__letter",
            "supersedes",
        )
    )
    found: Decision | None = rows.first()
    return found


def kind_no_of(decision: Decision) -> KindNo | None:
    return getattr(decision, "kind_no", None)


def letter_of(kind_no: KindNo | None) -> Letter | None:
    return getattr(kind_no, "letter", None)


def template_of(organisation: Organisation, kind: KindOfNo) -> tuple[str, str]:
    """Subject and text: the organisation's own, or those that come with the service."""
    own = LetterTemplate.objects.filter(organisation=organisation, kind=kind).first()
    return (own.subject, own.body) if own else letter_words(kind)


def first_words(decision: Decision, *, name: str, signatory: Person) -> tuple[str, str]:
    """What the letter says before anybody has written in it. Raises ValidationError where a template names a field
    that there is not.
    """
    kind_no = kind_no_of(decision)
    kind = KindOfNo(kind_no.kind) if kind_no else kind_of_no(decision)
    if kind is None:
        return "", ""
    subject, body = template_of(decision.organisation, kind)
    values = dict.fromkeys(FIELDS, "") | {
        "name": name or "colleague",
        "partnership": decision.participation.partnership.display_name,
        "organisation": decision.organisation.display_name,
        "level": decision.level_name,
        "from_date": f"{decision.applies_from:%-d %B %Y}",
        "review_date": f"{decision.look_again_on:%-d %B %Y}",
        "signatory": str(signatory),
        "promises": promises_in_words(promises_with(decision)),
        **{field: getattr(kind_no, field, "") for field in OF_THE_PACK},
    }
    return " ".join(filled(subject, values).split())[:200], filled(body, values)


def promises_with(decision: Decision) -> list[Promise]:
    """What is promised in this partnership and still open, due soonest first; to the partner, whichever decision it
    came with.
    """
    return list(decision.participation.promises.open().for_list())


def promises_in_words(promises: Iterable[Promise]) -> str:
    """Each in a line of its own, with who sees to it and by when; empty where there is none."""
    return "\n".join(f"- {' '.join(one.what.split())} ({one.owner}, by {one.due_on:%-d %B %Y})" for one in promises)
