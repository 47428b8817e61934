"""What the demonstration's respondents answered, drawn with a fixed seed so that every machine shows the same results.

Published surveys of partnerships spread little between partnerships and much between people (Valentijn 2015: standard
deviation 0.26 to 0.39 on a four-point scale between partnerships; the Dutch PSAT 0.65 to 0.90 between people on one
item). So the data give each partnership three means that differ modestly, a person leans one way on everything, and
each item adds noise of its own. Values in, values out: no database.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from config.demonstration.reading import Health
from diagnostics.instrument import BY_US, Instrument, Item, instrument
from diagnostics.instrument.definition import LEAST, MOST

SEED = 2023
BETWEEN_CHARACTERISTICS = 0.18
BETWEEN_PEOPLE = 0.35
WITHIN_PERSON = 0.65
DOES_NOT_KNOW = 0.05
EXPLAINS_A_LOW_ANSWER = 0.25
ABOUT_US = frozenset(instrument(BY_US).item_by_code)
FRONT_LINE, LEADS, BOARD = "front_line", "lead", "board"
# Four in ten at the front line, four lead a service, two sit at a board.
PLACES = (FRONT_LINE, LEADS, FRONT_LINE, LEADS, BOARD)

REASONS: Mapping[str, tuple[str, ...]] = {  # by atom
    "shared-purpose": ("We have six aims and I could name two.", "Each of us would say something else."),
    "realistic-goals": ("The goals changed twice this year.", "A fine plan with nobody to carry it out."),
    "undistracted": ("Half of each meeting is spent on returns.", "New items arrive faster than old ones leave."),
    "committed": ("Two partners stop coming in winter.", "When money is short, everybody goes home."),
    "empowered": ("We agree in the room and then check with our own boards.", "I have to ask for the smallest thing."),
    "trust-generosity": ("People are polite and careful.", "There is history here that nobody mentions."),
    "spanning-leaders": ("Our leaders meet, but only one another.", "It all goes through one busy person."),
    "ways-to-connect": ("I would not know whom to ring.", "Nothing happens between meetings."),
    "measure-learn": ("We count what we did, not what changed.", "I have never seen a result."),
    "enabling-governance": ("Three groups see each paper.", "It took five months to agree a job description."),
    "skills-to-work": ("Nobody has time to run it properly.", "We could do with help to chair it."),
}
REASONS_ABOUT_US: Mapping[str, tuple[str, ...]] = {  # the same where partners, or its own people, speak of it
    "shared-purpose": ("It depends on who comes to the meeting.", "The money comes first, and then the purpose."),
    "realistic-goals": ("We were promised beds that did not come.", "The dates slip every quarter."),
    "undistracted": ("Last winter it all turned to the emergency department.", "New asks arrive each month."),
    "committed": ("Fine in summer, gone in January.", "Two actions are open since spring."),
    "empowered": ("Every answer has to go back to a committee.", "They come to listen, not to agree."),
    "trust-generosity": ("We hear of changes when they have happened.", "Help comes when it suits."),
    "spanning-leaders": ("The hospital is the whole world there.", "We met the chief executive once."),
    "ways-to-connect": ("The switchboard is the only way in.", "Names change and nobody says so."),
    "measure-learn": ("We send our figures and get none back.", "The same survey, and nothing changed."),
    "enabling-governance": ("Three forms for one nurse to work with us.", "A decision takes four months."),
    "skills-to-work": ("Nobody there has worked outside a hospital.", "We could all do with help to run it."),
}


@dataclass(frozen=True)
class DrawnAnswer:
    """``value`` is 1 to 5, or None for "don't know"."""

    value: int | None
    reason: str


@dataclass(frozen=True)
class Respondent:
    """One respondent's place and answers by item code."""

    place: str
    answers: Mapping[str, DrawnAnswer]


def draw(instrument: Instrument, health: Health, *, respondents: int, name: str) -> list[Respondent]:
    """The answers of so many people. The same ``name`` always gives the same answers."""
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 - invented answers, no secret  # nosec B311
    means = _means(instrument, health, chance)
    return [
        _respondent(instrument, health, means, PLACES[number % len(PLACES)], chance) for number in range(respondents)
    ]


def _means(instrument: Instrument, health: Health, chance: random.Random) -> dict[str, float]:
    """The mean of every item: its characteristic's, or for the topics beside the eight the mean of all."""
    of_group = {"strategy": health.strategy, "culture": health.culture, "structure": health.structure}
    of_characteristic = {
        one.code: of_group[one.group] + chance.gauss(0, BETWEEN_CHARACTERISTICS) for one in instrument.characteristics
    }
    overall = sum(of_characteristic.values()) / len(of_characteristic)
    means = {item.code: overall + chance.gauss(0, BETWEEN_CHARACTERISTICS) for item in instrument.items if item.topic}
    for characteristic, mean in of_characteristic.items():
        means |= dict.fromkeys(instrument.items_of(characteristic), mean)
    return means


def _respondent(
    instrument: Instrument, health: Health, means: Mapping[str, float], place: str, chance: random.Random
) -> Respondent:
    leaning = chance.gauss(0, BETWEEN_PEOPLE) + (health.front_line if place == FRONT_LINE else 0)
    answers = {}
    for item in instrument.items:
        value = _value(means[item.code] + leaning, chance)
        low = value in instrument.low_values and chance.random() < EXPLAINS_A_LOW_ANSWER
        answers[item.code] = DrawnAnswer(value, _reason(item, chance) if low else "")
    return Respondent(place, answers)


def _value(mean: float, chance: random.Random) -> int | None:
    if chance.random() < DOES_NOT_KNOW:
        return None
    return max(LEAST, min(MOST, round(chance.gauss(mean, WITHIN_PERSON))))


def _reason(item: Item, chance: random.Random) -> str:
    reasons = REASONS_ABOUT_US if item.code in ABOUT_US else REASONS
    return chance.choice(reasons[item.atom]) if item.atom else ""
