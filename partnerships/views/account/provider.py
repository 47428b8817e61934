"""To the organisation's sign-in provider, back from it, and signing out there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from partnerships.sign_in.provider import PROVIDER_ID, OrganisationCallback, OrganisationOAuth2Adapter
from partnerships.sign_in.trouble import Trouble, trouble_page
from partnerships.sign_in.ways import the_provider

log = structlog.get_logger(__name__)


@require_GET
@never_cache
def to_provider(request: HttpRequest) -> HttpResponse:
    """A link and not a form: browsers hold a page's policy for forms against every address that the provider goes by.

    What a form would guard against, another site starting a sign-in, the browser tells us.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return redirect("account_login")
    refused: HttpResponse | None = consume_or_429(request, action="start_at_provider", limit_get=True)
    if refused:
        return refused
    provider = OrganisationOAuth2Adapter(request, PROVIDER_ID).get_provider()
    return _unless_down(request, lambda: provider.redirect_from_request(request))


@never_cache
def answer_of_provider(request: HttpRequest) -> HttpResponse:
    callback: Any = OrganisationCallback.adapter_view(OrganisationOAuth2Adapter(request, PROVIDER_ID))
    return _unless_down(request, lambda: callback(request))


def _unless_down(request: HttpRequest, go: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return go()
    except RequestException as error:
        log.warning("sign_in_failed", trouble=Trouble.DOWN.name, reason=type(error).__name__)
        return trouble_page(request, Trouble.DOWN)


@require_GET
@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signed_out.html")


@require_GET
@never_cache
def sign_out_at_provider(request: HttpRequest) -> HttpResponse:
    """On to where the provider ends its own session, if it has such a page."""
    try:
        address = OrganisationOAuth2Adapter(request, PROVIDER_ID).openid_config.get("end_session_endpoint")
    except RequestException:
        address = None
    if not isinstance(address, str):
        return trouble_page(request, Trouble.NO_SIGN_OUT)
    back = {"client_id": the_provider().client_id, "post_logout_redirect_uri": request.build_absolute_uri("/")}
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(back)}")
