"""What a letter was filled from, and what of that has changed since without the letter saying so.

A letter keeps the facts that its words were written from (``Letter.filled_from``), as words. What is compared is those
with today's: a fact that changed is a fault only where the letter does not say the new words, so that nobody is asked
about a sentence that was put right by hand. What a letter never spoke of, its template does not name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing

from decisions.letter_fields import fields_of, says
from decisions.models import KindOfNo, Letter
from decisions.saying_no import OF_THE_PACK, ToBeSaid, last_decision, promises_with, said_in, template_of, words_of

# What stands beside a letter as "What continues" and so on, by the field of a template.
NAMES = {
    "level": "the level",
    "from_date": "the day from which it holds",
    "notice": "whether they hear of it early",
    "review_date": "the day on which you look again",
    "reason": "why",
    "continues": "what continues",
    "who_else": "who else might help",
    "what_would_change": "what would change your mind",
    "stay_in_touch": "how you stay in touch",
}
PROMISE = "promise-"
_SALT = "decisions.letter_facts"


@dataclass(frozen=True)
class Changed:
    """One fact, in the words of then and of now; ``now`` is empty where it is no more."""

    name: str
    before: str
    now: str

    @property
    def in_words(self) -> str:
        if not self.now:
            return f"{self.name} is not said any more: “{self.before}”"
        return f"{self.name}: “{self.now}”" + (f", and it was “{self.before}”" if self.before else "")


def facts_of(said: ToBeSaid) -> dict[str, str]:
    """What a letter about it would be filled from now: the fields' words, and each open promise in parts."""
    counts = said.decision if said.says_no else last_decision(said.decision.participation)
    facts = words_of(counts) if counts else {}
    facts |= {name: getattr(said.pack, name, "") for name in OF_THE_PACK} if said.says_no else {}
    for one in promises_with(said.decision):
        parts = [" ".join(one.what.split()), str(one.owner), f"{one.due_on:%-d %B %Y}"]
        facts[f"{PROMISE}{one.pk}"] = json.dumps(parts, ensure_ascii=False)
    return {name: words for name, words in facts.items() if words}


def changed_since(letter: Letter) -> list[Changed]:
    """What the letter was filled from and is otherwise now, and is not said in it. Of a letter that nobody filled,
    nothing.
    """
    if not letter.filled_from:
        return []
    said = said_in(letter)
    now, before = facts_of(said), letter.filled_from
    template = " ".join(template_of(letter.organisation, said.kind))
    found = [_changed(letter, name, before.get(name, ""), now.get(name, "")) for name in sorted({*now, *before})]
    spoken = fields_of(template)
    return [one for name, one in found if one is not None and _spoken_of(letter, name, one, spoken)]


def _changed(letter: Letter, name: str, before: str, now: str) -> tuple[str, Changed | None]:
    if before == now:
        return name, None
    text = f"{letter.subject}\n{letter.body}"
    if name.startswith(PROMISE):
        return name, _promise_changed(text, before, now)
    if says(text, now) or (not now and not says(text, before)):
        return name, None
    return name, Changed(NAMES.get(name, name), before, now)


def _promise_changed(text: str, before: str, now: str) -> Changed | None:
    """A promise is told where what of it has changed is told: what, who sees to it, and the day."""
    was, is_now = _parts(before), _parts(now)
    if not is_now:
        return Changed("a promise", _promised(was), "") if was and says(text, was[0]) else None
    differs = [new for new, old in zip(is_now, was or [""] * len(is_now), strict=True) if new != old]
    if all(says(text, one) for one in differs):
        return None
    return Changed("a promise", _promised(was) if was else "", _promised(is_now))


def _parts(fact: str) -> list[str]:
    return [str(one) for one in json.loads(fact)] if fact else []


def _promised(parts: list[str]) -> str:
    return f"{parts[0]} ({parts[1]}, by {parts[2]})"


def _spoken_of(letter: Letter, name: str, one: Changed, spoken: frozenset[str]) -> bool:
    """Whether the letter speaks of it: its template names it, or it says the words of then."""
    field = "promises" if name.startswith(PROMISE) else name
    if field in spoken:
        return True
    return bool(one.before) and not name.startswith(PROMISE) and says(letter.body, one.before)


def sealed(facts: Mapping[str, str]) -> str:
    """The facts for a page to carry along, so that what was changed while it was open is noticed."""
    return signing.dumps(dict(facts), salt=_SALT, compress=True)


def opened(seal: str) -> dict[str, str] | None:
    """What a page carried along; None where it carried nothing of ours."""
    try:
        found: Any = signing.loads(seal, salt=_SALT)
    except signing.BadSignature:
        return None
    return {str(name): str(words) for name, words in found.items()}


def in_a_sentence(changed: list[Changed]) -> str:
    """What has changed since the letter was written, as a sentence; empty where nothing has."""
    if not changed:
        return ""
    what = "; ".join(one.in_words for one in changed)
    return f"Since the letter was written this has changed, and it does not say so: {what}."


def to_be_asked(letter: Letter) -> list[Changed]:
    """The same of a draft, without what it is asked about anyway: why."""
    asked = "why" if letter.kind in KindOfNo.values else ""
    return [one for one in changed_since(letter) if one.name != asked]
