"""The organisation that somebody works for at the moment, where they have a role at several.

Every address names its organisation, so nothing ever depends on this to be right. It is the one whose page they opened
last in this browser, and it is there so that nobody takes one organisation's page for the other's: who follows a link
to another organisation of theirs is asked first whether to switch. Going on from a page of that organisation, sending a
form, and a part of a page that is open already are no such surprise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from partnerships.standing import Standing

IN_SESSION = "organisation"


def remembered(request: Any, standings: Mapping[str, Standing]) -> Standing | None:
    """The one they work for now; None where they have chosen none yet, or have no role there any more."""
    standing = standings.get(request.session.get(IN_SESSION, ""))
    return standing if standing and standing.roles else None


def remember(request: Any, code: str) -> None:
    """From now on they work for this one. A part of a page, which may ask by itself from an old tab, says nothing."""
    if request.session.get(IN_SESSION) != code and not _is_part_of_a_page(request):
        request.session[IN_SESSION] = code


def surprises(request: Any, standings: Mapping[str, Standing], code: str) -> Standing | None:
    """The organisation somebody works for, where a link leads them out of it; else None."""
    now = remembered(request, standings)
    if now is None or now.organisation.code == code or request.method not in ("GET", "HEAD"):
        return None
    return None if _is_part_of_a_page(request) or _comes_from(request, code) else now


def _is_part_of_a_page(request: Any) -> bool:
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def _comes_from(request: Any, code: str) -> bool:
    """Whether the link stands on a page of this organisation."""
    came = urlsplit(request.headers.get("Referer", ""))
    return came.netloc == request.get_host() and belongs_to(came.path, code)


def belongs_to(path: str, code: str) -> bool:
    return path.startswith((f"/o/{code}/", f"/system/{code}/"))


def wanted_page(request: Any, standing: Standing) -> str:
    """The address that a switch was offered for, where it is a page of that organisation; else where one starts."""
    wanted = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and belongs_to(
        urlsplit(wanted).path, standing.organisation.code
    )
    return wanted if is_here else standing.home
