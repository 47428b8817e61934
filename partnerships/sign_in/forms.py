"""The sign-in library's forms with our words: labels instead of placeholders, which vanish as one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as authenticator_app
from django import forms

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


class PasswordAgainForm(account.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, password="Password")  # noqa: S106  # nosec B106
        self.fields["password"].help_text = ""


class _CodeOnce:
    """A code that has been taken is not taken again, for as long as the clock would still let it through."""

    user: Any
    authenticator: Any
    fields: dict[str, forms.Field]
    _emit_authentication_failed: Callable[[Authenticator], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.error_messages["required"] = "Enter the code."
        code.widget.attrs.update({"inputmode": "numeric", "width": "10", "spellcheck": False})

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # a form of the library stands beside it
        found = getattr(self, "authenticator", None)  # None while the app is being set up
        kind = getattr(found, "type", Authenticator.Type.TOTP)
        if kind == Authenticator.Type.TOTP and not is_first_use(self.user, code):
            if found is not None:
                self._emit_authentication_failed(found)
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_CodeOnce, second_step.AuthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code")
        self.fields["code"].help_text = "Six digits from your authenticator app, or one of your recovery codes."


class SecondStepAgainForm(_CodeOnce, second_step.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code")
        self.fields["code"].help_text = "Six digits from your authenticator app, or one of your recovery codes."


class SetUpAppForm(_CodeOnce, authenticator_app.ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, code="Code that the app shows")
        self.fields["code"].help_text = "Six digits. They change every 30 seconds."
