"""Which decisions say no, and what a letter about one has to say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from decisions.letter_fields import FIELDS, NOBODY_IN_PARTICULAR, WRITTEN_IN_THE_LETTER, filled
from decisions.letter_words import letter_words
from decisions.models import (
    Decision,
    KindNo,
    KindOfLetter,
    KindOfNo,
    Letter,
    LetterState,
    LetterTemplate,
    Promise,
    ToldOf,
)
from decisions.models.kind_noes import HEARD_TRANSITIONS, Heard
from decisions.notice import is_short_notice
from partnerships.models import EngagementLevel, Organisation, Participation, Person

# Of a pack, what goes into the letter: not the harm that was considered.
OF_THE_PACK = ("reason", "continues", "who_else", "what_would_change", "stay_in_touch")

IN_GOOD_TIME = "We would rather tell you so early and plainly."
SHORT_NOTICE = "This comes at short notice, and we are sorry for that."

# Letters of a pack with whom they are from and for, the newest first.
_LETTERS = Letter.objects.select_related("asked_by", "recipient", "follows")
LETTERS, OF_A_PACK = Prefetch("kind_no__letters", _LETTERS), Prefetch("letters", _LETTERS)


def kind_of_no(decision: Decision) -> KindOfNo | None:
    """Whether it declines what one took no part in, leaves, or takes a smaller part than before; None for any other
    decision.

    Before means the level that it replaced, or while it has not taken effect today's. Three queries.
    """
    places = _places(decision.organisation)
    if not _is_no(decision, places):
        return None
    if places[decision.level_code] > 0:
        return KindOfNo.STEP_DOWN
    return KindOfNo.LEAVE if _took_part(decision, places) else KindOfNo.DECLINE


def says_no(decision: Decision, places: Mapping[str, int] | None = None) -> bool:
    """Whether it has a pack, or should have one. ``places`` where they are known already."""
    return kind_no_of(decision) is not None or _is_no(decision, places or _places(decision.organisation))


def _places(organisation: Organisation) -> dict[str, int]:
    return {one.code: one.position for one in organisation.engagement_levels.all()}


def _is_no(decision: Decision, places: Mapping[str, int]) -> bool:
    decided = places.get(decision.level_code)
    if decision.is_undone or decided is None:
        return False
    before = places.get(_level_before(decision))
    return decided == 0 or (before is not None and decided < before) or _says_again(decision, decided, places)


def _took_part(decision: Decision, places: Mapping[str, int]) -> bool:
    """Whether one took part when this was decided, or when the same was decided before and only put right since."""
    if places.get(_level_before(decision), 0) > 0:
        return True
    earlier = decision.participation.decisions.filter(pk__lt=decision.pk).select_related("taken_effect").order_by("-pk")
    for one in earlier:
        if one.is_undone or places.get(one.level_code) != 0:
            return False
        if places.get(_level_before(one), 0) > 0:
            return True
    return False


def _says_again(decision: Decision, decided: int, places: Mapping[str, int]) -> bool:
    """Whether the decision before had a pack, and this one decides no more: as where only its reason or its day is put
    right. One query more at most.
    """
    before = decision.in_place_of
    if before is None or decided > places.get(before.level_code, -1):
        return False
    return kind_no_of(before) is not None


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
            "kind_no",
            "supersedes__kind_no",
            "supersedes__stands_again__kind_no",
        )
        .prefetch_related(LETTERS)
    )
    found: Decision | None = rows.first()
    return found


def kind_no_of(decision: Decision) -> KindNo | None:
    return getattr(decision, "kind_no", None)


def letter_of(kind_no: KindNo | None) -> Letter | None:
    """The last letter of a pack: what others say follows on what was sent before."""
    return next(iter(kind_no.letters.all()), None) if kind_no is not None else None


@dataclass(frozen=True)
class ToBeSaid:
    """What there is to write to a partner about now: ``decision`` is the one whose pack it goes into, and ``kind`` what
    a letter says in which nobody has written yet, or else the last one.
    """

    decision: Decision
    pack: KindNo | None
    kind: KindOfLetter
    letter: Letter | None
    says_no: bool
    told_on: datetime.date | None = None

    @property
    def earlier(self) -> list[Letter]:
        """Those of the pack that left before this one, the newest first."""
        return [one for one in self.pack.letters.all() if one != self.letter] if self.pack else []


def to_be_said(participation: Participation) -> ToBeSaid | None:
    """The no that counts, or where a partner holds one that counts no more, that it does not; None otherwise."""
    decision = last_decision(participation)
    if decision is not None and says_no(decision):
        pack = kind_no_of(decision)
        letter = letter_of(pack)
        kind = letter.kind if letter else pack.kind if pack else kind_of_no(decision)
        return ToBeSaid(decision, pack, KindOfLetter(str(kind)), letter, says_no=True)
    packs = packs_of(participation)
    if not packs:
        return None
    told = told_no(packs)
    letter = letter_of(packs[0])
    if letter is not None and letter.says_no_in(packs[0].letters.all()):
        letter = None
    if told is None and letter is None:
        return None
    kind = KindOfLetter(letter.kind) if letter else KindOfLetter.CHANGED
    return ToBeSaid(packs[0].decision, packs[0], kind, letter, says_no=False, told_on=told.on if told else None)


def said_in(letter: Letter) -> ToBeSaid:
    """What a letter says, whatever is to be said now, with its pack as it stands. Three queries."""
    pack = KindNo.objects.get(pk=letter.kind_no_id)
    decision = (
        Decision.objects.with_look_again().select_related("organisation", "participation").get(pk=pack.decision_id)
    )
    says_no = letter.says_no_in(pack.letters.all())
    return ToBeSaid(decision, pack, KindOfLetter(letter.kind), letter, says_no=says_no)


@dataclass(frozen=True)
class ToldNo:
    """That a partner was told no with this pack on that day, and has not been told what has changed since."""

    pack: KindNo
    on: datetime.date


def packs_of(participation: Participation) -> list[KindNo]:
    """With what was written and told, the newest first. Four queries."""
    rows = participation.kind_noes.select_related("decision__organisation", "decision__participation__partnership")
    return list(rows.prefetch_related(OF_A_PACK, "tellings", "replies"))


def told_no(packs: Iterable[KindNo]) -> ToldNo | None:
    """Of the packs about one partnership, the newest first; whether what counts now is a no is asked elsewhere."""
    for pack in packs:
        heard = heard_with(pack)
        if not HEARD_TRANSITIONS[heard]:
            return None
        if heard is Heard.NO:
            days = [one.told_on for one in pack.tellings.all()]
            days += [timezone.localdate(one.sent_at) for one in _sent(pack) if one.sent_at is not None]
            return ToldNo(pack, max(days))
    return None


def heard_with(pack: KindNo) -> Heard:
    """What the partner has heard with this pack; its letters and tellings are known."""
    sent, tellings = _sent(pack), list(pack.tellings.all())
    if any(one.told_of == ToldOf.CHANGED for one in tellings) or any(one.kind == KindOfLetter.CHANGED for one in sent):
        return Heard.CHANGED
    return Heard.NO if sent or tellings else Heard.NOTHING


def _sent(pack: KindNo) -> list[Letter]:
    return [one for one in pack.letters.all() if one.state == LetterState.SENT and one.sent_at is not None]


def told_no_in(organisation: Organisation) -> list[ToldNo]:
    """Every partner who holds a no of ours that counts no more, by the name of the partnership. Six queries, however
    many there are.
    """
    rows = organisation.kind_noes.select_related("decision", "participation__partnership", "participation__level")
    by_participation: dict[int, list[KindNo]] = {}
    for pack in rows.prefetch_related(OF_A_PACK, "tellings"):
        by_participation.setdefault(pack.participation_id, []).append(pack)
    holding = {pk: told for pk, packs in by_participation.items() if (told := told_no(packs)) is not None}
    if not holding:
        return []
    places = _places(organisation)
    before = ("supersedes__kind_no", "supersedes__stands_again__kind_no")
    known = ("taken_effect", "kind_no", "participation__level", *before)
    for one in organisation.decisions.all().current().filter(participation__in=holding).select_related(*known):
        if says_no(one, places):
            del holding[one.participation_id]
    return sorted(
        holding.values(), key=lambda one: (one.pack.participation.partnership.display_name.casefold(), one.pack.pk)
    )


def template_of(organisation: Organisation, kind: KindOfLetter) -> tuple[str, str]:
    """Subject and text: the organisation's own, or those that come with the service.

    One's own words for declining are those for leaving too, until there are own ones for that: both were one letter.
    """
    own = {one.kind: one for one in LetterTemplate.objects.filter(organisation=organisation)}
    found = own.get(kind)
    if found is None and kind == KindOfLetter.LEAVE:
        found = own.get(KindOfLetter.DECLINE)
    return (found.subject, found.body) if found else letter_words(kind)


def first_words(
    said: ToBeSaid, *, name: str, signatory: Person, kind: KindOfLetter | None = None, after: Letter | None = None
) -> tuple[str, str]:
    """What a letter says before anybody has written in it: one of this ``kind``, or as it stands. ``after`` is the one
    that it follows. Raises ValidationError where a template names a field that there is not.
    """
    participation = said.decision.participation
    counts = said.decision if said.says_no else last_decision(participation)
    after = after or (said.letter.follows if said.letter else None)
    subject, body = template_of(said.decision.organisation, kind or said.kind)
    values = dict.fromkeys(FIELDS, "") | {
        "name": name or NOBODY_IN_PARTICULAR,
        "partnership": participation.partnership.display_name,
        "organisation": said.decision.organisation.display_name,
        **(words_of(counts) if counts else {}),
        "told_on": f"{said.told_on:%-d %B %Y}" if said.told_on else "",
        "sent_on": f"{timezone.localdate(after.sent_at):%-d %B %Y}" if after and after.sent_at else "",
        "signatory": str(signatory),
        "promises": promises_in_words(promises_with(said.decision)),
        **{one: f"{{{one}}}" for one in WRITTEN_IN_THE_LETTER},
        **({field: getattr(said.pack, field, "") for field in OF_THE_PACK} if said.says_no else {}),
    }
    return " ".join(filled(subject, values).split())[:200], filled(body, values)


def words_of(decision: Decision) -> dict[str, str]:
    """What a letter says of a decision; it has been found with the day to look again."""
    return {
        "level": decision.level_name,
        "from_date": f"{decision.applies_from:%-d %B %Y}",
        "notice": SHORT_NOTICE if is_short_notice(decision.applies_from, timezone.localdate()) else IN_GOOD_TIME,
        "review_date": f"{decision.look_again_on:%-d %B %Y}",
    }


def promises_with(decision: Decision) -> list[Promise]:
    """What is promised to the partners in this partnership and still open, due soonest first, whichever decision it
    came with; not what was promised to others.
    """
    return list(decision.participation.promises.open().filter(to_others=False).for_list())


def promises_in_words(promises: Iterable[Promise]) -> str:
    """Each in a line of its own, with who sees to it and by when; empty where there is none."""
    return "\n".join(f"- {' '.join(one.what.split())} ({one.owner}, by {one.due_on:%-d %B %Y})" for one in promises)
