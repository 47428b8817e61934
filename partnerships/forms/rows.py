"""A short list that people edit in place: reword a row, add one at the end, tick one to remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.db import models

from partnerships.forms.versioned import VersionedForm

MakeField = Callable[[], forms.Field]
NEW = "new"


class RowsForm(VersionedForm):
    """``columns`` names each fact of a row with a maker of its field; the first is the row's name.

    ``read`` turns a stored fact into what stands in its box, ``write`` turns it back.
    """

    columns: Mapping[str, MakeField]
    noun = "row"
    a_row = "a row"

    def __init__(
        self, *args: Any, rows: list[Any], version: str, removable: frozenset[int], adds: bool = True, **kwargs: Any
    ) -> None:
        self.rows, self.removable, self.adds = rows, removable, adds
        super().__init__(*args, initial={**self._initial(), "version": version}, **kwargs)
        for row in rows:
            for column, make in self.columns.items():
                self.fields[_box(row.pk, column)] = _labelled(make(), str(row))
            if row.pk in removable:
                self.fields[_box(row.pk, "remove")] = forms.BooleanField(label=f"Remove {row}", required=False)
        if adds:
            for column, make in self.columns.items():
                field = _labelled(make(), f"new {self.noun}")
                field.required = False
                self.fields[_box(NEW, column)] = field
        self.speak_plainly()

    def _initial(self) -> dict[str, Any]:
        return {_box(row.pk, column): self.read(row, column) for row in self.rows for column in self.columns}

    def read(self, row: models.Model, column: str) -> Any:
        return getattr(row, column)

    def write(self, column: str, value: Any) -> Any:
        return value

    def lines(self) -> Iterator[tuple[Any, list[forms.BoundField], forms.BoundField | None]]:
        """Each row with its boxes and its tick box for removal, where it may be removed."""
        for row in self.rows:
            boxes = [self[_box(row.pk, column)] for column in self.columns]
            yield row, boxes, self[_box(row.pk, "remove")] if row.pk in self.removable else None

    def new_line(self) -> list[forms.BoundField]:
        return [self[_box(NEW, column)] for column in self.columns] if self.adds else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {column: cleaned.get(_box(NEW, column)) for column in self.columns}
        if any(value not in (None, "") for value in typed.values()):
            for column, make in self.columns.items():
                if make().required and typed[column] in (None, "") and _box(NEW, column) not in self.errors:
                    words = f"Enter “{make().label}” of the new {self.noun} too, or clear it."
                    self.add_error(_box(NEW, column), words)
        self._check_names(cleaned)
        return cleaned

    def _check_names(self, cleaned: Mapping[str, Any]) -> None:
        name = next(iter(self.columns))
        seen: set[str] = set()
        for key in [row.pk for row in self.rows if row.pk not in self.removed(cleaned)] + [NEW]:
            given = str(cleaned.get(_box(key, name)) or "").casefold()
            if given and given in seen:
                self.add_error(_box(key, name), f"Another {self.noun} has this name. Choose a different one.")
            seen.add(given)

    def removed(self, cleaned: Mapping[str, Any] | None = None) -> frozenset[int]:
        given = self.cleaned_data if cleaned is None else cleaned
        return frozenset(row.pk for row in self.rows if given.get(_box(row.pk, "remove")))

    def changes(self) -> dict[int, dict[str, Any]]:
        return {row.pk: self._facts(row.pk) for row in self.rows}

    def added(self) -> dict[str, Any] | None:
        facts = self._facts(NEW) if self.adds else {}
        return facts if any(value not in (None, "") for value in facts.values()) else None

    def for_action(self) -> dict[str, Any]:
        """The arguments that the list's action takes."""
        return {
            "changes": self.changes(),
            "added": self.added(),
            "removed": self.removed(),
            "expected_version": self.cleaned_data["version"],
        }

    def _facts(self, key: int | str) -> dict[str, Any]:
        return {column: self.write(column, self.cleaned_data[_box(key, column)]) for column in self.columns}


def _box(key: int | str, column: str) -> str:
    return f"row-{key}-{column}"


def _labelled(field: forms.Field, row: str) -> forms.Field:
    field.widget.attrs |= {"label_context": row, "optional": "unsaid"}
    return field
