"""Saving a versioned form: the same four outcomes on every page that has one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict

from partnerships.access import OrganisationRequest
from partnerships.editing import ChangedMeanwhile
from partnerships.forms.versioned import VersionedForm


def posted(request: OrganisationRequest) -> QueryDict | None:
    """What a form is bound to: also a POST without a single field is one, and is told what to fill in."""
    return request.POST if request.method == "POST" else None


def saved(
    request: OrganisationRequest,
    form: VersionedForm,
    save: Callable[[], object],
    stored: Callable[[], VersionedForm],
    done: str = "Saved.",
) -> bool:
    """True once a posted form is saved; else the form holds what is wrong, and nothing typed is lost.

    ``stored`` makes the same form from what is stored now, to compare with where somebody else saved first.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except ChangedMeanwhile:
        form.tell_of_change(stored())
        return False
    except ValidationError as problem:
        form.add_problems(problem)
        return False
    messages.success(request, done)
    return True
