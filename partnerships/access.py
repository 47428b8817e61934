"""Who may do what. Checks come in pairs: ``check_can_…`` raises, ``can_…`` answers.

Every owned row is reached through its organisation, and an organisation is reached only by people who hold a role in
it: for everybody else its pages do not exist (404). Somebody who belongs but may not do a thing gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person, Role
from partnerships.outgoing_mail import can_send
from partnerships.roles import CAPABILITIES, DECIDE, EDIT, FILL_IN, MANAGE_PEOPLE, READ, SHARE, Capability

PageArguments = ParamSpec("PageArguments")


class OrganisationRequest(HttpRequest):
    """A request by somebody who may act for ``organisation``; made so by ``organisation_page``."""

    user: Person
    htmx: HtmxDetails
    organisation: Organisation
    roles: frozenset[str]


class ServiceRequest(HttpRequest):
    """A request by one of the people who run the service; made so by ``service_page``."""

    user: Person
    htmx: HtmxDetails


def can_run_service(person: Person) -> bool:
    """Whether somebody is of the people who run the service: its staff. That gives no role in any organisation."""
    return person.is_authenticated and person.is_active and (person.is_staff or person.is_superuser)


def roles_of(person: Person, organisation: Organisation) -> frozenset[str]:
    """The roles somebody has there now; a role that has ended is none."""
    if not person.is_authenticated or not person.is_active:
        return frozenset()
    return frozenset(organisation.access_grants.current().filter(person=person).values_list("role", flat=True))


def can(person: Person, organisation: Organisation, capability: Capability) -> bool:
    return capability.open_to(roles_of(person, organisation))


def check_can(person: Person, organisation: Organisation, capability: Capability) -> None:
    if not can(person, organisation, capability):
        raise PermissionDenied(capability.refusal)


def can_read(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, READ)


def can_fill_in(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, FILL_IN)


def can_edit(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, EDIT)


def can_decide(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, DECIDE)


def can_manage_people(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, MANAGE_PEOPLE)


def can_share(person: Person, organisation: Organisation) -> bool:
    return can(person, organisation, SHARE)


def check_can_read(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, READ)


def check_can_fill_in(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, FILL_IN)


def check_can_edit(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, EDIT)


def check_can_decide(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, DECIDE)


def check_can_manage_people(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, MANAGE_PEOPLE)


def check_can_share(person: Person, organisation: Organisation) -> None:
    check_can(person, organisation, SHARE)


@dataclass(frozen=True)
class HomePage:
    """Where somebody starts who acts for this organisation: its dashboard, or what was shared with its system."""

    organisation: Organisation
    address: str


def home_pages(person: Person) -> list[HomePage]:
    """One for each organisation at which somebody has a role now, by the organisation's name."""
    roles: dict[Organisation, set[str]] = {}
    for grant in person.access_grants.current().select_related("organisation").order_by("organisation__name", "pk"):
        roles.setdefault(grant.organisation, set()).add(grant.role)
    return [
        HomePage(organisation, f"/o/{organisation.code}/" if READ.open_to(held) else f"/system/{organisation.code}/")
        for organisation, held in roles.items()
    ]


def organisation_page(
    may: Capability = READ,
) -> Callable[
    [Callable[Concatenate[OrganisationRequest, PageArguments], HttpResponse]],
    Callable[..., HttpResponse],
]:
    """A page under ``/o/CODE/``: signed in, in a role there (else 404), and one that has ``may`` (else 403)."""

    def decorate(
        page: Callable[Concatenate[OrganisationRequest, PageArguments], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @wraps(page)
        def guarded(request: Any, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            organisation = request.user.organisations.filter(code=code).first()
            if organisation is None:
                raise Http404("No organisation of yours has this code.")
            request.organisation = organisation
            with acting_for(organisation, person=request.user):
                request.roles = roles_of(request.user, organisation)
                if not may.open_to(request.roles):
                    raise PermissionDenied(may.refusal)
                answer = page(request, *args, **kwargs)
            # Nothing stays behind on a shared computer for whoever presses "back" after the sign-out.
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        return guarded

    return decorate


def service_page(
    page: Callable[Concatenate[ServiceRequest, PageArguments], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page for the people who run the service: signed in, and one of them (for everybody else it does not exist)."""

    @wraps(page)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        if not can_run_service(request.user):
            raise Http404("Only for the people who run the service.")
        answer = page(request, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    return guarded


def _sign_in_first(request: OrganisationRequest) -> HttpResponse:
    """To the sign-in page and back; htmx, which would put that page into a part of this one, leaves the page for it."""
    if not request.htmx or request.htmx.history_restore_request:
        return redirect_to_login(request.get_full_path())
    back = request.htmx.current_url_abs_path or request.get_full_path()
    return HttpResponseClientRedirect(redirect_to_login(back).url)


def organisation_in_templates(request: HttpRequest) -> dict[str, Any]:
    """The organisation and what this person may do there (``may_edit`` …), for the navigation and the buttons."""
    organisation = getattr(request, "organisation", None)
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    person: Any = getattr(request, "user", None)
    return {
        "organisation": organisation,
        **{f"may_{capability.code}": capability.open_to(roles) for capability in CAPABILITIES},
        "my_roles": " and ".join(role.label.lower() for role in Role if role in roles),
        "runs_service": person is not None and can_run_service(person),
        "can_send": can_send(),
    }
