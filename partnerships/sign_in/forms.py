"""The sign-in library's forms with our words: labels instead of placeholders, which vanish as one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as authenticator_app
from django import forms

from partnerships.audit import record_not_again, record_too_many_tries
from partnerships.sign_in import tries
from partnerships.sign_in.second_step import is_first_use

NEW_PASSWORD_HINT = "At least 12 characters. Three random words are easy to remember."  # noqa: S105  # nosec B105


def _label(form: forms.Form, **labels: str) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, login="Email address")
        self.fields["password"].help_text = ""
        self.fields.pop("remember", None)


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, email="Email address")


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, password1="New password", password2="New password again")
        self.fields["password1"].help_text = NEW_PASSWORD_HINT


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, oldpassword="The password you have now", password1="New password", password2="New password again")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = NEW_PASSWORD_HINT

    def clean_oldpassword(self) -> str:
        try:
            password: str = super().clean_oldpassword()
        except forms.ValidationError:
            record_not_again(self.user)
            raise
        return password


class PasswordAgainForm(account.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, password="Password")  # noqa: S106  # nosec B106
        self.fields["password"].help_text = ""


class _CodeBox:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.error_messages["required"] = "Enter the code."
        code.widget.attrs.update({"inputmode": "numeric", "width": "10", "spellcheck": False})


class _CodeOfSecondStep(_CodeBox):
    """A code of the app, or a recovery code; one of the app that has been taken is not taken again for as long as the
    clock would still let it through.

    The library counts wrong ones by account alone; here those given in a browser that its owner has used are counted
    apart (``tries``), as wrong passwords are.
    """

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator
    _emit_authentication_failed: Callable[[Authenticator], None]

    def clean_code(self) -> str:
        request = context.request
        if not tries.count_code(request, self.user):
            wait = tries.seconds_until_next_try(request, tries.second_step_key(request, self.user))
            record_too_many_tries(self.user, seconds=wait, again=request.user.is_authenticated)
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        theirs = {one.type: one for one in Authenticator.objects.filter(user=self.user)}
        found = next((one for one in theirs.values() if one.wrap().validate_code(code)), None)
        if found is None or (found.type == Authenticator.Type.TOTP and not is_first_use(self.user, code)):
            if main := theirs.get(Authenticator.Type.TOTP):
                self._emit_authentication_failed(main)
            raise get_adapter().validation_error("incorrect_code")
        found.user, self.authenticator = self.user, found
        tries.forget_codes(request, self.user)
        return code


class SecondStepForm(_CodeOfSecondStep, second_step.AuthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code")
        self.fields["code"].help_text = "Six digits from your authenticator app, or one of your recovery codes."


class SecondStepAgainForm(_CodeOfSecondStep, second_step.ReauthenticateForm):  # type: ignore[misc]  # the same
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code")
        self.fields["code"].help_text = "Six digits from your authenticator app, or one of your recovery codes."


class SetUpAppForm(_CodeBox, authenticator_app.ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code that the app shows")
        self.fields["code"].help_text = "Six digits. They change every 30 seconds."

    def clean_code(self) -> str:
        """The code with which the app was set up signs nobody in."""
        code: str = super().clean_code()
        if not is_first_use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code
