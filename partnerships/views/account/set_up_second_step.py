"""Setting up the second step: the library's page, with what we do at the same time."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse

from partnerships.actions.sessions import end_sessions, list_session


class SetUpSecondStep(ActivateTOTPView):  # type: ignore[misc]  # the library has no types
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """The sessions that began with the password alone end together with it, whoever has them: no moment and no
        fault lies between. This one goes on under another key.
        """
        done: HttpResponse = super().form_valid(form)
        end_sessions(self.request.user)
        update_session_auth_hash(self.request, self.request.user)
        list_session(self.request)
        return done


set_up_second_step = SetUpSecondStep.as_view()
