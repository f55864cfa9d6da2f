"""The forms of the account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.accounts import operations, throttle
from shop.accounts.models import User


def email_field(**attrs: str) -> forms.EmailField:
    """An address, asked for in the same way everywhere."""
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", **attrs}),
        error_messages={"invalid": _("That is not a whole e-mail address. It looks like name@example.com.")},
    )


def password_field(label: Any, *, new: bool = False, help_text: Any = "") -> forms.CharField:
    """A password, as typed: spaces at its ends count."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=4096,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
    )


def new_password_field(label: Any) -> forms.CharField:
    """A password to be set, with what is expected of it."""
    return password_field(
        label, new=True, help_text=_("At least nine characters, not only digits, and none of the common ones.")
    )


class SignInForm(forms.Form):
    """E-mail address and password. Counts attempts, per account and per address they come from."""

    email = email_field(autocomplete="username")
    password = password_field(_("Password"))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        self.wait = 0

    def clean(self) -> dict[str, Any]:
        """Find the user. Says the same for an unknown address, a wrong password and an account that is switched off."""
        values = super().clean() or {}
        email, password = values.get("email"), values.get("password")
        if not email or not password:
            return values
        self.wait = max(
            throttle.take(throttle.SIGN_IN_ACCOUNT, email),
            throttle.take(throttle.SIGN_IN_ADDRESS, throttle.client_address(self.request)),
        )
        if self.wait:
            raise ValidationError(throttle.wait_text(self.wait))
        user = authenticate(self.request, username=email, password=password)
        if not isinstance(user, User):
            raise ValidationError(
                _("The e-mail address or the password is wrong. Check both, or ask for a new password.")
            )
        throttle.give_back(throttle.SIGN_IN_ACCOUNT, email)
        self.user = user
        return values


class RegisterForm(forms.Form):
    """A new account."""

    email = email_field()
    first_name = forms.CharField(
        label=_("First name"), max_length=255, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    last_name = forms.CharField(
        label=_("Last name"), max_length=255, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    password = new_password_field(_("Password"))


class PasswordResetForm(forms.Form):
    """Asks for a mail with a link. Oscar's dashboard uses it by this name, too, for a shopper who calls."""

    email = email_field(autocomplete="username")

    def save(self, request: HttpRequest | None = None, **kwargs: Any) -> None:
        """Write the mail down, where there is such an account."""
        operations.ask_for_new_password(self.cleaned_data["email"])


class NewPasswordForm(SetPasswordForm):
    """A new password, typed once: who mistypes it can ask again."""

    new_password1 = new_password_field(_("New password"))
    new_password2 = None

    def clean(self) -> dict[str, Any]:
        """Check it against what is expected of passwords."""
        values = forms.Form.clean(self) or {}
        if password := values.get("new_password1"):
            try:
                validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("new_password1", error)
        return values
