"""Draw the state machines of the code: ``.venv/bin/python docs/states.py`` writes ``docs/states.md``.

A test holds the page to the code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().with_suffix(".md")
ROOT = FILE.parents[1]

HEAD = """# States

Drawn from the code by `.venv/bin/python docs/states.py`; a test holds both to each other. Where no arrow leaves a
state, nothing follows.
"""


@dataclass(frozen=True)
class Machine:
    """What goes through the states, in which of them it begins, and which may follow which."""

    title: str
    words: Mapping[Any, str]
    begins: Iterable[Any]
    follows: Mapping[Any, Iterable[Any]]

    def drawn(self) -> str:
        in_order = list(self.words)
        lines = [f"  {_name(state)}: {words}" for state, words in self.words.items()]
        lines += [f"  [*] --> {_name(state)}" for state in sorted(self.begins, key=in_order.index)]
        lines += [
            f"  {_name(before)} --> {_name(after)}"
            for before in self.words
            for after in sorted(self.follows.get(before, ()), key=in_order.index)
        ]
        return "\n".join([f"## {self.title}", "", "```mermaid", "stateDiagram-v2", *lines, "```"])


def _name(state: Any) -> str:
    return str(getattr(state, "value", state))


def machines() -> list[Machine]:
    """Those of every app, from the tables that its actions read."""
    from decisions.models import kind_noes, letters, meetings, plan, practices, promises
    from decisions.models.decisions import FOLLOWS, Outcome
    from diagnostics.models import rounds
    from partnerships.models import differences, participations
    from scoring.models import runs

    def of(title: str, states: Any, begins: Any, follows: Mapping[Any, Iterable[Any]]) -> Machine:
        return Machine(title, {state: state.label for state in states}, begins, follows)

    taking_part, asked, scored = participations.ParticipationState, rounds.RoundState, runs.RunState
    promised = promises.PromiseState
    planned, practised = plan.PlanState, practices.PracticeState
    held, heard, handed = meetings.MeetingState, kind_noes.Heard, kind_noes.ItemState
    differing = differences.DifferenceState
    return [
        of("A partnership in the portfolio", taking_part, [taking_part.DRAFT], participations.TRANSITIONS),
        of("A difference between partners", differing, list(differing), differences.TRANSITIONS),
        of("A survey", asked, [asked.DRAFT], rounds.TRANSITIONS),
        of("A scoring", scored, [scored.QUEUED], runs.TRANSITIONS),
        of("What is decided about a partnership", Outcome, FOLLOWS[None], FOLLOWS),
        of("A meeting that decides", held, [held.UNDER_WAY], meetings.TRANSITIONS),
        of("A kind no, by what the partner has heard of it", heard, [heard.NOTHING], kind_noes.HEARD_TRANSITIONS),
        of("A thing on the list of what to hand over", handed, [handed.OPEN], kind_noes.ITEM_TRANSITIONS),
        of("A promise", promised, [promised.OPEN], promises.TRANSITIONS),
        of("An action of the plan", planned, [planned.PLANNED], plan.TRANSITIONS),
        of("A practice to remove", practised, [practised.PROPOSED], practices.TRANSITIONS),
        of("A letter to a partner", letters.LetterState, [letters.LetterState.DRAFT], letters.TRANSITIONS),
    ]


def page() -> str:
    return "\n\n".join([HEAD.rstrip(), *(machine.drawn() for machine in machines())]) + "\n"


if __name__ == "__main__":
    import django

    sys.path.insert(0, str(ROOT))
    # The settings ask for them; nothing is opened.
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "unused",
        "SURVEY_KEYS": "/unused",
        "DATABASE_URL": "postgresql://localhost/unused",
        "REDIS_URL": "redis://localhost",
    }.items():
        os.environ.setdefault(name, value)
    django.setup()
    FILE.write_text(page())
