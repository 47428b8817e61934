"""Sign-in: people are added by their organisation, so nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.forms import ResetPasswordForm as LibraryResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as LibraryNewPasswordForm
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignInForm(LoginForm):  # type: ignore[misc]  # the library has no types
    """The library's form with labels instead of placeholders, which vanish as one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields.pop("remember", None)


class ResetPasswordForm(LibraryResetPasswordForm):  # type: ignore[misc]  # the library has no types
    """The library's form with our label and no placeholder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"
        self.fields["email"].widget.attrs.pop("placeholder", None)


class NewPasswordForm(LibraryNewPasswordForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"
        self.fields["password2"].label = "New password again"
        self.fields["password1"].help_text = "At least 12 characters. Three random words are easy to remember."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
