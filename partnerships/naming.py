"""Readable names: the registers shout in capitals, a page should not."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils.text import slugify

SMALL_WORDS = {"and", "of", "the", "for", "in", "on", "at", "to", "with", "upon", "by", "le"}
ALWAYS_CAPITALS = {
    "NHS", "ICB", "ICP", "ICS", "PCN", "CCG", "GP", "UK", "NE", "NW", "SE", "SW", "CIC", "LMC", "LEP", "VCSE", "PCT",
}  # fmt: skip


def readable_name(name: str) -> str:
    """A register's name in capitals turned into title case; a name that has small letters is left as it is.

    >>> readable_name("SOMERSET NHS FOUNDATION TRUST")
    'Somerset NHS Foundation Trust'
    """
    if name != name.upper():
        return name
    words = name.split(" ")
    return " ".join(_readable_word(word, first=position == 0) for position, word in enumerate(words))


def _readable_word(word: str, *, first: bool) -> str:
    bare = word.strip("(),.")
    if bare in ALWAYS_CAPITALS or any(character.isdigit() for character in bare):
        return word
    if bare.lower() in SMALL_WORDS and not first:
        return word.lower()
    # a letter after an apostrophe stays small ("King's"), one after a hyphen does not ("Stoke-on-Trent")
    return re.sub(r"[A-Z][A-Z']*", lambda part: _capitalise(part.group()), word).replace("-On-", "-on-")


def _capitalise(word: str) -> str:
    return word if word in ALWAYS_CAPITALS else word[0] + word[1:].lower()


def same_name(one: str, other: str) -> bool:
    """Two registers' spellings of one name: capitals and spacing do not make a renaming."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def short_slug(name: str, *, longest: int = 60) -> str:
    """A readable address for a partnership, cut at a word."""
    slug = slugify(readable_name(name)) or "partnership"
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rsplit("-", 1)[0][:longest]


def free_code(name: str, taken: Collection[str], *, longest: int) -> str:
    """A short code for something named, that none of ``taken`` is: a name may change later, its code stays."""
    wanted = slugify(name)[:longest].strip("-") or "item"
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted[: longest - len(str(number)) - 1]}-{number}"
    return code
