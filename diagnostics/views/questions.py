from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.actions import record_answers
from diagnostics.forms.answering import QuestionsForm
from diagnostics.instrument import Page
from diagnostics.own_address import OwnAddress, own_address
from diagnostics.progress import AnswersSoFar


@require_http_methods(["GET", "HEAD", "POST"])
@respondent_page
def questions(request: RespondentRequest, page: str) -> HttpResponse:
    """One page of questions. htmx posts each answer as it is given; a button posts them all and moves on, or back.

    Where scripts run, it posts them as htmx does, and the browser moves on only once they are kept.
    """
    so_far = AnswersSoFar.of(request.respondent, request.round)
    found = next((one for one in so_far.instrument.pages if one.code == page), None)
    if found is None:
        raise Http404("This survey has no such page.")
    data = request.POST if request.method == "POST" else None
    given = {} if request.method == "POST" else so_far.given
    form = QuestionsForm(data, instrument=so_far.instrument, page=found, given=given)
    if form.is_valid():
        form.stands = record_answers(
            respondent=request.respondent, answers=form.answers(), instrument=so_far.instrument
        )
        if not form.stands and not request.htmx:
            goes_back = request.POST.get("then") == "back"
            return redirect((_backwards if goes_back else _onwards)(request, so_far, found))
    response = _respond(request, so_far, found, form)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _own_address(request: RespondentRequest, so_far: AnswersSoFar, page: Page) -> OwnAddress | None:
    """For whoever comes here right from the page on which they started; others were shown it on the page before."""
    is_first = request.method != "POST" and so_far.before(page) is None
    return own_address(request) if is_first and request.invitation.is_handed_out else None


def _onwards(request: RespondentRequest, so_far: AnswersSoFar, page: Page) -> str:
    """The address after this page."""
    following = so_far.following(page)
    if following is None or request.GET.get("then") == "check":
        return reverse("diagnostics:check", args=[request.respondent.link.handle])
    return reverse("diagnostics:questions", args=[request.respondent.link.handle, following.code])


def _backwards(request: RespondentRequest, so_far: AnswersSoFar, page: Page) -> str:
    """The address before this page."""
    before = so_far.before(page)
    if before is None:
        return reverse("diagnostics:place", args=[request.respondent.link.handle])
    return reverse("diagnostics:questions", args=[request.respondent.link.handle, before.code])


def _respond(request: RespondentRequest, so_far: AnswersSoFar, page: Page, form: QuestionsForm) -> HttpResponse:
    """The page; or for htmx the words beside one answer, with a status that says whether it is kept."""
    status = 200
    if form.is_bound:
        status = 422 if not form.is_valid() else 409 if form.stands else 200
    if request.htmx and form.is_bound:
        return render(request, "diagnostics/questions.html#saving", {"form": form}, status=status)
    context = {
        "form": form,
        "page": page,
        "handle": request.respondent.link.handle,
        "round": request.round,
        "organisation": request.round.organisation,
        "so_far": so_far,
        "number": so_far.number_of(page),
        "onwards": _onwards(request, so_far, page),
        "backwards": _backwards(request, so_far, page),
        "own": _own_address(request, so_far, page),
    }
    return render(request, "diagnostics/questions.html", context, status=status)
