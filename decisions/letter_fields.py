"""What a template of a letter may have in braces, and a letter made of it. Scores are never among it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from django.core.exceptions import ValidationError

FIELDS: dict[str, str] = {
    "name": "whom the letter is for",
    "partnership": "the partnership’s name",
    "organisation": "your organisation’s name",
    "level": "the level that was decided",
    "from_date": "the day from which it holds",
    "notice": "a sentence that you tell them early, or where you do not, that you are sorry for it",
    "review_date": "the day on which you look again",
    "reason": "why, in the words that you wrote for the partner",
    "continues": "what continues",
    "promises": "what was promised, by whom and by when",
    "who_else": "who else might help",
    "what_would_change": "what would change your mind",
    "stay_in_touch": "how you stay in touch",
    "told_on": "the day on which they were told no",
    "sent_on": "the day of the letter that this one follows",
    "correction": "what was wrong and what is right, which you write in the letter",
    "what_changed": "what has changed, which you write in the letter",
    "signatory": "who signs",
}
# Texts that may be empty; a paragraph that speaks of nothing else is then left out.
MAY_BE_EMPTY = frozenset(
    {
        "reason",
        "level",
        "from_date",
        "review_date",
        "continues",
        "promises",
        "who_else",
        "what_would_change",
        "stay_in_touch",
    }
)
# What only whoever writes the letter can say: it stays open until they do, and a letter does not leave so.
WRITTEN_IN_THE_LETTER = ("correction", "what_changed")

# How a letter greets while nobody has said whom it is for.
NOBODY_IN_PARTICULAR = "colleague"

IN_BRACES = re.compile(r"\{([^{}\n]{0,60})\}")
OF_SCORES = re.compile(
    r"\b(?:scor(?:e|es|ed|ing)|rank(?:ed|ing|ings|s)|rat(?:ed|ing|ings)|\d{1,3} points)\b", re.IGNORECASE
)


def check_template(text: str) -> None:
    """Raises ValidationError naming each field that there is none of, and those that there are."""
    unknown = [one for one in dict.fromkeys(IN_BRACES.findall(text)) if one not in FIELDS]
    if unknown:
        raise ValidationError([_no_such_field(one) for one in unknown])
    left = IN_BRACES.sub("", text)
    if "{" in left or "}" in left:
        raise ValidationError("A bracket { or } stands alone. Close it around the name of a field, or take it out.")


def _no_such_field(name: str) -> str:
    known = ", ".join(f"{{{one}}}" for one in FIELDS)
    if OF_SCORES.search(name.replace("_", " ")):
        return f"There is no field {{{name}}}: a letter to a partner never tells scores. You can use {known}."
    close = get_close_matches(name.strip().lower(), FIELDS, n=1)
    meant = f" Did you mean {{{close[0]}}}?" if close else ""
    return f"There is no field {{{name}}}.{meant} You can use {known}."


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with each field's words in it. What is in braces in those words stays as it is.

    A paragraph whose fields may all be empty, and are, is left out. Raises ValidationError for an unknown field.
    """
    check_template(template)
    paragraphs = template.replace("\r\n", "\n").split("\n\n")
    kept = [one for one in paragraphs if not _says_nothing(one, values)]
    return "\n\n".join(IN_BRACES.sub(lambda found: values.get(found[1], ""), one) for one in kept).strip()


def _says_nothing(paragraph: str, values: Mapping[str, str]) -> bool:
    names = [name for name in IN_BRACES.findall(paragraph) if name in MAY_BE_EMPTY]
    return bool(names) and not any(values.get(name, "").strip() for name in names)


def fields_of(template: str) -> frozenset[str]:
    """The fields that a template speaks of."""
    return frozenset(IN_BRACES.findall(template)) & FIELDS.keys()


def greeted(body: str, template: str, *, before: Iterable[str], name: str) -> str:
    """The letter with its greeting to ``name``, where it still greets as the template does: nobody, or whom it was for
    ``before``. A greeting that somebody wrote stays.
    """
    lines = body.split("\n")
    for greeting in (one.strip() for one in template.splitlines() if IN_BRACES.findall(one) == ["name"]):
        for old in (greeting.replace("{name}", one) for one in (*before, NOBODY_IN_PARTICULAR)):
            if old in lines:
                lines[lines.index(old)] = greeting.replace("{name}", name or NOBODY_IN_PARTICULAR)
                return "\n".join(lines)
    return body


def greets_another(body: str, name: str) -> str:
    """The line that the letter opens with, where it has nothing of the name of whom it is for; else empty."""
    opens = next((one.strip() for one in body.splitlines() if one.strip()), "")
    words = {one.casefold() for one in re.findall(r"[^\W\d_]{2,}", name)}
    greets = {one.casefold() for one in re.findall(r"[^\W\d_]{2,}", opens)}
    return opens if words and opens and not words & greets else ""


def left_open(text: str) -> list[str]:
    """What still stands in braces in a letter that is to leave."""
    return [f"{{{one}}}" for one in dict.fromkeys(IN_BRACES.findall(text))]


def says(text: str, words: str) -> bool:
    """Whether the text has these words, however its lines are broken; no words are said by none."""
    return bool(words.strip()) and " ".join(words.split()) in " ".join(text.split())


def sounds_like_scores(text: str) -> list[str]:
    """Words that a partner might read as a score of them, as they stand; to think about, and not refused."""
    return list(dict.fromkeys(found[0] for found in OF_SCORES.finditer(text)))
