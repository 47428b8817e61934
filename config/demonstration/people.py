"""Invented people for the demonstration's surveys. No name here belongs to anybody we know of."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.invitees import Invitee

FIRST_NAMES = (
    "Abena", "Alun", "Amira", "Bridget", "Calum", "Chidi", "Delphine", "Edwin", "Fatima", "Gwen", "Harpreet", "Idris",
    "Jasmine", "Keith", "Leena", "Morag", "Nadia", "Owen", "Pavel", "Rhiannon", "Samira", "Tobias", "Umar",
)  # fmt: skip
FAMILY_NAMES = (
    "Akande", "Bracken", "Chowdhury", "Dunmore", "Eastwell", "Farrow", "Goldrick", "Hartnell", "Iqbal", "Jessop",
    "Kowalczyk", "Lovelock", "Mistry", "Nightingall", "Oduya", "Penhale", "Quayle", "Rushworth", "Sandhu", "Thistle",
    "Underhay",
)  # fmt: skip
ROLES = ("Nurse", "Service manager", "Therapist", "General manager", "Director", "Doctor", "Head of service")


def invitees(count: int, *, employers: Sequence[str], after: int) -> list[Invitee]:
    """So many different people from these organisations in turn; ``after`` shifts the names from survey to survey."""
    return [_invitee(after + number, employers[number % len(employers)], number) for number in range(count)]


def _invitee(number: int, employer: str, place: int) -> Invitee:
    # The lists' lengths share no factor, so that a full name comes back only after 483 people.
    first, family = FIRST_NAMES[number % len(FIRST_NAMES)], FAMILY_NAMES[number % len(FAMILY_NAMES)]
    email = f"{first}.{family}@fernshire.example".lower()
    return Invitee(f"{first} {family}", email, employer, ROLES[place % len(ROLES)])
