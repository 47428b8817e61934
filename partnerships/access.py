"""Who may do what. Checks come in pairs: ``check_can_…`` raises, ``can_…`` answers.

Every owned row is reached through its organisation, and an organisation is reached only by people who hold a role in
it: for everybody else its pages do not exist (404). Somebody who belongs but may not do a thing gets 403.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from partnerships.current_organisation import remember, surprises
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person, Role
from partnerships.outgoing_mail import can_send
from partnerships.roles import CAPABILITIES, DECIDE, EDIT, FILL_IN, MANAGE_PEOPLE, READ, SHARE, Capability
from partnerships.standing import Standing, in_force, standings_of

PageArguments = ParamSpec("PageArguments")


class OrganisationRequest(HttpRequest):
    """A request by somebody who may act for ``organisation``; made so by ``organisation_page``."""

    user: Person
    htmx: HtmxDetails
    organisation: Organisation
    roles: frozenset[str]
    has_other_organisations: bool


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


def organisation_page(
    may: Capability = READ,
) -> Callable[
    [Callable[Concatenate[OrganisationRequest, PageArguments], HttpResponse]],
    Callable[..., HttpResponse],
]:
    """A page under ``/o/CODE/``: signed in, in a role there (else 404), and one that has ``may`` (else 403).

    Who had a role there that has ended is told so (403), and who works for another organisation just now is offered
    the switch.
    """

    def decorate(
        page: Callable[Concatenate[OrganisationRequest, PageArguments], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @wraps(page)
        def guarded(request: Any, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            standings = standings_of(request.user)
            here = standings.get(code)
            if here is None:
                raise Http404("No organisation of yours has this code.")
            answer = (
                _told_that_access_ended(request, here, standings)
                or _offered_the_switch(request, here, standings)
                or _shown(request, here, standings, partial(page, request, *args, **kwargs))
            )
            # Nothing stays behind on a shared computer for whoever presses "back" after the sign-out.
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        return guarded

    def _shown(
        request: Any, here: Standing, standings: Mapping[str, Standing], page: Callable[[], HttpResponse]
    ) -> HttpResponse:
        request.organisation, request.roles = here.organisation, frozenset(here.roles)
        request.has_other_organisations = len(in_force(standings)) > 1
        if not may.open_to(request.roles):
            raise PermissionDenied(_refusal(here, may))
        remember(request, here.organisation.code)
        with acting_for(here.organisation, person=request.user):
            return page()

    return decorate


def _told_that_access_ended(request: Any, here: Standing, standings: Mapping[str, Standing]) -> HttpResponse | None:
    """What somebody meets whose last role here has ended, as likely as not while they were signed in."""
    if here.roles:
        return None
    page = {"ended": here.last_ended, "left": here.organisation, "others": in_force(standings)}
    return render(request, "partnerships/access_ended.html", page, status=403)


def _offered_the_switch(request: Any, here: Standing, standings: Mapping[str, Standing]) -> HttpResponse | None:
    now = surprises(request, standings, here.organisation.code)
    if now is None:
        return None
    page = {"now": now.organisation, "wanted": here.organisation, "address": request.get_full_path()}
    return render(request, "partnerships/switch_organisation.html", page)


def _refusal(here: Standing, may: Capability) -> str:
    """Why not; to who could until a role of theirs ended, also that it did."""
    ended = here.ended_with(may)
    if ended is None or ended.expires_at is None:
        return may.refusal
    when = timezone.localtime(ended.expires_at)
    return f"Your role as {ended.get_role_display().lower()} ended on {when:%-d %B %Y} at {when:%H:%M}. {may.refusal}"


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
        "has_other_organisations": getattr(request, "has_other_organisations", False),
        "my_roles": " and ".join(role.label.lower() for role in Role if role in roles),
        "runs_service": person is not None and can_run_service(person),
        "can_send": can_send(),
    }
