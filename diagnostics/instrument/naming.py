"""Questions that name the organisation they are about: its name is put in where they are asked and read.

In the file a place holds it, so that the questions are the same for everybody and their words are nobody's data.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.instrument.definition import Instrument

PLACE = "{organisation}"


def naming(made: Instrument, organisation: str) -> Instrument:
    """The same questions with the organisation's name in them."""
    items = tuple(replace(item, text=item.text.replace(PLACE, organisation)) for item in made.items)
    return replace(made, title=made.title.replace(PLACE, organisation), items=items)


def unnamed(text: str, organisation: str) -> str:
    """What somebody wrote with the organisation's name in it, with the place of a name instead."""
    return re.sub(rf"(?<!\w){re.escape(organisation)}(?!\w)", PLACE, text)


def unnaming(made: Instrument, organisation: str) -> Instrument:
    """The same questions for whatever name it has."""
    items = tuple(replace(item, text=unnamed(item.text, organisation)) for item in made.items)
    return replace(made, title=unnamed(made.title, organisation), items=items)
