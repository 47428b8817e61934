"""A letter as a Word document that can be edited and printed: letterhead, date, address, paragraphs."""

from __future__ import annotations

import datetime
import io
import re
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from decisions.models import Letter
from decisions.recipients import how_to_reach
from partnerships.models import Person

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Characters that XML 1.0 has no place for, not even escaped; new lines and tabs are none of them.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What begins a line of a list in a letter: a hyphen, a dash or a bullet, with words after it.
LISTED = re.compile(r"^\s*[-–•*]\s+")


def letter_document(letter: Letter, *, day: datetime.date, writer: Person) -> bytes:
    """The letter with the date of ``day`` and how to reach its ``writer``, whatever characters somebody typed into
    it.
    """
    document: Any = Document()
    _set_up(document, letter)
    _paragraph(document, letter.organisation.display_name, bold=True, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, f"{day:%-d %B %Y}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    if to := "\n".join(filter(None, (letter.recipient_name, letter.address.strip()))):
        _paragraph(document, to)
    if letter.subject:
        _paragraph(document, letter.subject, bold=True)
    for text in re.split(r"\n\n+", letter.body):
        if text.strip():
            _lines(document, text.strip())
    _paragraph(document, how_to_reach(writer, letter.organisation))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(document: Any, text: str) -> None:
    """A paragraph, or several where lines of it are a list."""
    in_full = (line.rstrip() for line in text.split("\n"))
    for is_listed, lines in groupby(in_full, key=lambda line: bool(LISTED.match(line))):
        if is_listed:
            items = [document.add_paragraph(fit(LISTED.sub("", line)), style="List Bullet") for line in lines]
            for item in items[:-1]:
                item.paragraph_format.space_after = Pt(4)
        else:
            _paragraph(document, "\n".join(lines))


def _set_up(document: Any, letter: Letter) -> None:
    """A4, a plain typeface of 12 points as NHS letters have it, and British spelling."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(12)
    style.paragraph_format.space_after = Pt(12)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)
    facts = document.core_properties
    facts.title, facts.author = fit(letter.subject)[:255], fit(letter.organisation.display_name)[:255]
    facts.comments = ""


def _paragraph(document: Any, text: str, *, bold: bool = False, align: Any = None) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(fit(text))  # a new line in it is a line break
    run.bold = bold or None
    paragraph.alignment = align


def fit(text: str) -> str:
    """The text without characters that would make the document unreadable."""
    return NOT_IN_XML.sub("", text)
