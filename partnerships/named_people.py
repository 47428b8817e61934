"""Names of people inside what somebody wrote: "Priya Nambiar, director of strategy"."""

from __future__ import annotations

import re


def _as_words(name: str) -> str:
    return r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)"


def is_named(text: str, name: str) -> bool:
    """Whether a text names somebody, in whole words and whatever the capitals.

    >>> is_named("Priya Nambiar, director of strategy", "priya nambiar"), is_named("Joanna Lee", "Anna Lee")
    (True, False)
    """
    return bool(name.split()) and re.search(_as_words(name), text, re.IGNORECASE) is not None


def with_name_replaced(text: str, name: str, by: str) -> str:
    """The text with somebody else named; a title after the name was the first one's, and goes with it.

    >>> with_name_replaced("Priya Nambiar, director of strategy", "Priya Nambiar", "Tomos Hale")
    'Tomos Hale'
    >>> with_name_replaced("Siobhan Reilly and Priya Nambiar", "Priya Nambiar", "Tomos Hale")
    'Siobhan Reilly and Tomos Hale'
    """
    if re.fullmatch(rf"\s*{_as_words(name)}\s*([,(–-].*)?", text, re.IGNORECASE | re.DOTALL):
        return by
    return re.sub(_as_words(name), lambda _: by, text, flags=re.IGNORECASE)
