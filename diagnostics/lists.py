"""One list of people for several partnerships: each line names the partnership first, then a person."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from diagnostics.invitees import Invitee, LineError, is_heading, read_parts
from diagnostics.models import Round
from partnerships.models import Organisation, Participation

Row = tuple[int, Sequence[str]]


@dataclass
class ReadLists:
    lists: dict[Participation, list[Invitee]] = field(default_factory=dict)
    errors: list[LineError] = field(default_factory=list)


class Known:
    """The partnerships of an organisation by their names, however these are spaced, and which of them can be asked."""

    def __init__(self, organisation: Organisation) -> None:
        self.by_name: dict[str, list[Participation]] = {}
        for one in organisation.participations.live().select_related("partnership"):
            self.by_name.setdefault(_plain(one.partnership.display_name), []).append(one)
        current = Round.objects.about_partnerships().current().filter(organisation=organisation)
        self.under_way = set(current.values_list("participation", flat=True))

    def find(self, cells: Sequence[str]) -> tuple[Participation, int]:
        """The partnership that a line begins with, and how many cells its name takes: it may have commas in it.

        Raises ValidationError where it is none of theirs, or cannot be asked now.
        """
        for many in range(1, len(cells) + 1):
            found = self.by_name.get(_plain(" ".join(cells[:many])), [])
            if len(found) > 1:
                raise ValidationError(
                    f"You have {len(found)} partnerships of the name “{cells[0].strip()}”. Start their surveys one by "
                    "one."
                )
            if found and found[0].pk in self.under_way:
                raise ValidationError(
                    f"“{found[0].partnership.display_name}” has a survey under way. Close that one first, or take this "
                    "line out."
                )
            if found:
                return found[0], many
        raise ValidationError(
            f"“{cells[0].strip()}” is none of your partnerships. Begin the line with a name as it stands in your "
            "portfolio."
        )


def _plain(name: str) -> str:
    """Letters and digits alone: a name is the same with or without its commas, and however it is spaced."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def rows_of_text(pasted: str) -> list[Row]:
    """Lines as numbered cells, as a spreadsheet pastes them or a CSV file has them; blank lines are left out."""
    return [(number, _cells(line)) for number, line in enumerate(pasted.splitlines(), start=1) if line.strip()]


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return line.split("\t")
    delimiter = ";" if line.count(";") > line.count(",") else ","
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [""])
    except csv.Error:  # a cell that is far too long
        return line.split(delimiter)


def read_lists(rows: Iterable[Row], known: Known) -> ReadLists:
    """Each partnership's people, with an error for each line that cannot be used."""
    read = ReadLists()
    seen: dict[tuple[int, str], int] = {}
    for number, cells in rows:
        if is_heading(number, " ".join(cells)):
            continue
        try:
            participation, many = known.find(cells)
            invitee = read_parts(cells[many:])
            first = seen.setdefault((participation.pk, invitee.email), number)
            if first != number:
                name = participation.partnership.display_name
                raise ValidationError(f"{invitee.email} is already on line {first} for {name}. Remove one of them.")
        except ValidationError as problem:
            read.errors.append(LineError(number, problem.messages[0]))
            continue
        read.lists.setdefault(participation, []).append(invitee)
    return read
