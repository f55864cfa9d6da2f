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

from shop import throttle
from shop.accounts import operations
from shop.accounts.models import User
from shop.checkout.forms import DeliveryForm, refuse_links
from shop.plain_forms import OneLineField, PlainForm, speak_plainly


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


def name_field(label: Any, autocomplete: str) -> forms.CharField:
    """Part of a name; nobody has to give one."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return OneLineField(label=label, max_length=255, required=False, widget=widget, validators=[refuse_links])


class SignInForm(PlainForm):
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
        throttle.forget(throttle.SIGN_IN_ACCOUNT, email)
        self.user = user
        return values


class RegisterForm(PlainForm):
    """A new account."""

    email = email_field()
    first_name = name_field(_("First name"), "given-name")
    last_name = name_field(_("Last name"), "family-name")
    password = new_password_field(_("Password"))


class PasswordResetForm(PlainForm):
    """Asks for a mail with a link. Oscar's dashboard uses it by this name, too, for a shopper who calls."""

    email = email_field(autocomplete="username")

    def save(self, request: HttpRequest | None = None, **kwargs: Any) -> None:
        """Write the mail down, where there is such an account."""
        operations.ask_for_new_password(self.cleaned_data["email"])


class FindOrdersForm(PlainForm):
    """Asks for a mail with the links of what was bought with an address."""

    email = email_field(autocomplete="email")


class NewPasswordForm(SetPasswordForm):
    """A new password, typed once: who mistypes it can ask again."""

    new_password1 = new_password_field(_("New password"))
    new_password2 = None  # type: ignore[assignment]  # how Django lets a form drop a field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self.fields["new_password1"])

    def clean(self) -> dict[str, Any]:
        """Check it against what is expected of passwords."""
        values = forms.Form.clean(self) or {}
        if password := values.get("new_password1"):
            try:
                validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("new_password1", error)
        return values


class AddressBookForm(DeliveryForm):
    """An address of the account, and whether it comes first."""

    for_delivery = forms.BooleanField(label=_("Use it first for deliveries"), required=False)
    for_bill = forms.BooleanField(label=_("Use it first for bills"), required=False)


class WishListForm(PlainForm):
    """The name of a wish list."""

    name = forms.CharField(label=_("Name of the list"), max_length=80, widget=forms.TextInput())


class NameForm(PlainForm):
    """What we call somebody."""

    first_name = name_field(_("First name"), "given-name")
    last_name = name_field(_("Last name"), "family-name")


class KnownPasswordForm(PlainForm):
    """A form that takes the account's password, as often as signing in does."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Is it the right one? Counted, so that an open session is no way to find it out."""
        password = str(self.cleaned_data["password"])
        if wait := throttle.take(throttle.PASSWORD_CHECK, str(self.user.pk)):
            raise ValidationError(throttle.wait_text(wait))
        if not self.user.check_password(password):
            raise ValidationError(_("That is not the password of this account."))
        throttle.forget(throttle.PASSWORD_CHECK, str(self.user.pk))
        return password


class PasswordChangeForm(KnownPasswordForm):
    """Old password, new password."""

    password = password_field(_("The password you have now"))
    new_password1 = new_password_field(_("New password"))

    def clean_new_password1(self) -> str:
        """What is expected of every password."""
        password = str(self.cleaned_data["new_password1"])
        validate_password(password, self.user)
        return password


class EmailChangeForm(KnownPasswordForm):
    """Another address."""

    email = email_field()
    password = password_field(_("Password"), help_text=_("The one you sign in with."))


class DeleteForm(KnownPasswordForm):
    """The password, before everything goes."""

    password = password_field(_("Password"))
