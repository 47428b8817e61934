"""Everything the database holds of one organisation, and everything an answer says, so that both can be searched."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from io import BytesIO

from django.db import connection

from tests.integration.safety.world import House, Page, owned_models

# The tables that are looked at for a change of what is a house's.
LOOKED_AT = {
    *(model._meta.db_table for model in owned_models()), "partnerships_organisation", "partnerships_partnership",
    "partnerships_partnershipmembership", "partnerships_person",
}  # fmt: skip


def checksum(house: House) -> str:
    """Changes with any column of any row that belongs to a house, with its people's, and with rows that come or go."""
    parts = [
        f"SELECT '{model._meta.db_table}', md5(string_agg(t::text, '|' ORDER BY t::text)) "  # noqa: S608 (the models' own names)
        f"FROM {model._meta.db_table} t WHERE organisation_id = %(organisation)s"
        for model in owned_models()
    ]
    parts += [
        "SELECT 'itself', md5(t::text) FROM partnerships_organisation t WHERE id = %(organisation)s",
        "SELECT 'partnerships', md5(string_agg(t::text, '|' ORDER BY id)) FROM partnerships_partnership t "
        "WHERE recorded_by_id = %(organisation)s",
        "SELECT 'members', md5(string_agg(t::text, '|' ORDER BY t.id)) FROM partnerships_partnershipmembership t "
        "JOIN partnerships_partnership p ON p.id = partnership_id WHERE recorded_by_id = %(organisation)s",
        "SELECT 'people', md5(string_agg(t::text, '|' ORDER BY id)) FROM partnerships_person t "
        "WHERE id = ANY(%(people)s)",
    ]
    with connection.cursor() as cursor:
        people = [person.pk for person in house.people.values()]
        cursor.execute(" UNION ALL ".join(parts), {"organisation": house.organisation.pk, "people": people})
        return str(sorted(cursor.fetchall()))


def crossed(tables: set[str]) -> list[str]:
    """Columns of these tables in which a row of one organisation names a row of another."""
    ways = [
        (
            f"{model._meta.db_table}.{field.column}",
            model._meta.db_table,
            field.column,
            field.related_model._meta.db_table,
            field.related_model._meta.pk.column,
        )
        for model in owned_models()
        if model._meta.db_table in tables
        for field in model._meta.local_fields
        if field.related_model in owned_models()
    ]
    parts = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {table} t JOIN {other} o ON o.{key} = t.{column} "  # noqa: S608 (the same)
        "WHERE t.organisation_id <> o.organisation_id)"
        for name, table, column, other, key in ways
    ]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [name for (name,) in cursor.fetchall()]


def said(answer: Page) -> str:
    """All text of an answer: its address and headers too, and what is in the files of a workbook."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    content = answer.getvalue()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return f"{headers} {content.decode('utf-8', 'replace')}"


class Fields(HTMLParser):
    """The forms of a page as a browser would send them: where to, how, and each field with its values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            form.add(self._select, given["value"], sent="selected" in given)
        elif tag == "textarea":
            self._area = name
            form.add(name, "", sent=True)
            form.for_words.add(name)
        elif tag == "button" and given.get("type") != "button":
            form.add_button(name, given.get("value", ""))
        elif tag == "input" and name:
            is_box = given.get("type") in {"checkbox", "radio"}
            ticked = "checked" in given or not (is_box or given.get("type") == "submit")
            form.add(name, given.get("value", "on" if is_box else ""), sent=ticked)
            if given.get("type", "text") in {"text", "search"} and "inputmode" not in given:
                form.for_words.add(name)

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].sent[self._area] = [data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


class Form:
    """``sent`` is what a browser sends as the page stands, but for the button; ``offered`` every value that each field
    could have; ``for_words`` are the boxes into which any text can be typed.
    """

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.sent: dict[str, list[str]] = {}
        self.offered: dict[str, list[str]] = {}
        self.for_words: set[str] = set()
        self._buttons: list[tuple[str, str]] = []

    def add_button(self, name: str, value: str) -> None:
        if name:
            self.add(name, value, sent=False)
        if (name, value) not in self._buttons:
            self._buttons.append((name, value))

    @property
    def buttons(self) -> list[dict[str, list[str]]]:
        """What each button adds to what is sent: nothing where it has no name, nor where there is none."""
        return [{name: [value]} if name else {} for name, value in self._buttons] or [{}]

    def add(self, name: str, value: str, *, sent: bool) -> None:
        self.offered.setdefault(name, []).append(value)
        if sent:
            self.sent.setdefault(name, []).append(value)


def forms_of(answer: Page) -> list[Form]:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return Fields(answer.content.decode()).forms
