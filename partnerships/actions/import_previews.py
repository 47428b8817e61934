"""Keeping an uploaded spreadsheet until its person has seen what it would do, and using it once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.models import ImportPreview, Organisation, Person

Rows = Sequence[tuple[int, Sequence[str]]]  # each with its number in the file

KEPT_FOR = datetime.timedelta(days=7)


@transaction.atomic
def keep_preview(
    *,
    organisation: Organisation,
    by: Person,
    file_name: str,
    headers: Sequence[str],
    rows: Rows,
    capacity_headers: Sequence[str] = (),
    capacity_rows: Rows = (),
) -> ImportPreview:
    """Store an uploaded file's cells; older uploads that the organisation's people left lying are removed."""
    check_can_edit(by, organisation)
    organisation.import_previews.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
    return ImportPreview.objects.create(
        organisation=organisation,
        uploaded_by=by,
        file_name=file_name[:255],
        headers=headers,
        rows=rows,
        capacity_headers=capacity_headers,
        capacity_rows=capacity_rows,
    )


@transaction.atomic
def answer_preview(*, preview: ImportPreview, by: Person, answers: Mapping[int, str]) -> ImportPreview:
    """Keep, by the numbers of rows, which partnerships they mean; what was said of other rows stays.

    What is no answer to what its row is alike to counts for nothing when the file is planned.
    """
    check_can_edit(by, preview.organisation)
    held = ImportPreview.objects.select_for_update(of=("self",)).get(pk=preview.pk)
    held.answers = held.answers | {str(number): answer for number, answer in answers.items()}
    held.save(update_fields=["answers"])
    return held


def claim_preview(*, preview: ImportPreview, by: Person) -> bool:
    """True for the one who may use it: a second press, or a second tab, finds it used."""
    check_can_edit(by, preview.organisation)
    unused = ImportPreview.objects.filter(pk=preview.pk, used_at__isnull=True)
    return unused.update(used_at=timezone.now(), used_by=by) == 1
