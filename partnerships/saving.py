"""Saving a row so that a rule of the database speaks to a person.

The rules live in the database under names, and each name has words beside it. Asking Django to check them first takes a
query for every rule; saving and translating what the database refuses takes one, and cannot be overtaken by somebody
else's save.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def save_checked(row: models.Model) -> None:
    """Save ``row``. Raises ValidationError for a value its field does not take, or in the words of a broken rule."""
    row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        words = _words_of(row, problem)
        if words is None:
            raise
        raise ValidationError(words) from problem


def _words_of(row: models.Model, problem: IntegrityError) -> str | None:
    """What the broken rule says; None where it is none of the row's named rules."""
    broken = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
    return next(
        (str(rule.get_violation_error_message()) for rule in row._meta.constraints if rule.name == broken), None
    )
