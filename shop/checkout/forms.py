"""What the buyer fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.models import Country, UserAddress

from shop.plain_forms import OneLineField, PlainForm
from shop.prepared import Prepared
from themes.formats import country_name

# What a postcode looks like in each country that the shop sells to; shown when one is wrong.
POSTCODE_EXAMPLES = {
    "GB": "LS1 4DY", "IE": "D02 X285", "DE": "10115", "FR": "75001", "NL": "1011 AB", "BE": "1000", "AT": "1010",
    "ES": "28001", "IT": "00118", "DK": "1050", "SE": "111 22", "CH": "8001", "NO": "0150", "US": "10001",
}  # fmt: skip
STATE_COUNTRIES = frozenset({"US"})
NEW = "new"
COUNTRIES = Prepared(
    lambda: Country.objects.filter(is_shipping_country=True).values_list("iso_3166_1_a2", "display_order")
)
# What makes a name or a street a link in a mail program: our mails go to whatever address was typed, and must carry no
# word of a stranger's that leads elsewhere. Nobody is called anything with one of the first kind of endings.
ENDINGS = (
    "com|net|org|info|biz|io|co|ru|cn|xyz|top|shop|store|site|online|link|click|app|dev|tk|cc|gg|ly|ws|"
    "ch|uk|fr|nl|pl|cz|dk|fi|pt|hu|ro|sk|bg|gr|lt|lv|ee|eu|jp|kr|br|mx|nz|ua|rs|tr"
)
# These are words, too: "Avda.de la Paz", "Th.de Vries", "See you soon.it was". They count after four signs and before nothing more.
WORDS = "de|at|be|it|es|se"
TITLES = "dr|fr|hr|ing|mag|mlle|mme|mr|mrs|ms|prof|sr|sra|st"
LINK = re.compile(
    r"://|www\.|\w\.[a-z]{2,}/"
    rf"|(?<![\w-])(?!(?:{TITLES})\.)[\w-]{{2,}}\.(?:{ENDINGS})\b(?!\.\w)"
    rf"|[\w-]{{4,}}\.(?:{WORDS})(?=[^\S\n]*(?:$|\.(?:\s|$)|[^\w\s'’.-]))",
    re.IGNORECASE | re.MULTILINE,
)


class EmailForm(PlainForm):
    """The first step of a guest."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("For the receipt. We do not write otherwise."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input"}),
        max_length=254,
    )

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()


def refuse_links(text: str) -> None:
    """For what people are called and where they live. Raises ValidationError for a web address."""
    if LINK.search(text):
        raise forms.ValidationError(gettext("Leave out the web address: it can be no part of this."), code="link")


def _input(autocomplete: str, **attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, "class": "input", **attrs})


class AddressForm(PlainForm):
    """One postal address. `as_json` is what a Checkout keeps."""

    name = OneLineField(label=_("Full name"), max_length=255, widget=_input("name"), validators=[refuse_links])
    line1 = OneLineField(
        label=_("Street and number"), max_length=255, widget=_input("address-line1"), validators=[refuse_links]
    )
    line2 = OneLineField(
        label=_("Flat, building"),
        max_length=255,
        required=False,
        widget=_input("address-line2"),
        validators=[refuse_links],
    )
    town = OneLineField(label=_("Town"), max_length=255, widget=_input("address-level2"), validators=[refuse_links])
    state = OneLineField(
        label=_("State"),
        max_length=255,
        required=False,
        help_text=_("For the United States only."),
        widget=_input("address-level1"),
        validators=[refuse_links],
    )
    postcode = OneLineField(label=_("Postcode"), max_length=20, widget=_input("postal-code"))
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country", "class": "input"})
    )

    def __init__(self, *args: Any, countries: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`countries` are those of `country_choices`, where the page has read them already."""
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries or country_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The postcode has the shape of its country, and where the post needs a state there is one."""
        data = super().clean() or {}
        country, postcode = data.get("country"), data.get("postcode")
        if country not in STATE_COUNTRIES:
            data["state"] = ""
        elif not data.get("state") and "state" not in self.errors:
            self.add_error("state", gettext("Write the state, such as NY or New York."))
        if country and postcode:
            pattern = UserAddress.POSTCODES_REGEX.get(country)
            if pattern and not re.match(pattern, postcode.upper().replace(" ", "")):
                example = POSTCODE_EXAMPLES.get(country, "")
                self.add_error(
                    "postcode", gettext("Enter a full postcode, such as %(example)s.") % {"example": example}
                )
            else:
                data["postcode"] = postcode.upper().strip()
        return data

    def as_json(self) -> dict[str, str]:
        """The address in Oscar's fields. Call it on a valid form."""
        data = self.cleaned_data
        first, _space, last = data["name"].strip().rpartition(" ")
        return {
            "first_name": first,
            "last_name": last,
            "line1": data["line1"],
            "line2": data["line2"],
            "line4": data["town"],
            "state": data["state"],
            "postcode": data["postcode"],
            "country": data["country"],
        }


class DeliveryForm(AddressForm):
    """Where to, with how to reach somebody who is not found."""

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=32,
        required=False,
        help_text=_("Only if the courier cannot find the door."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        """A telephone number can be dialled from anywhere."""
        data = super().clean()
        if data.get("phone"):
            try:
                number = phonenumbers.parse(data["phone"], data.get("country") or settings.SHOP_HOME_COUNTRY)
            except phonenumbers.NumberParseException:
                number = None
            if number is None or not phonenumbers.is_valid_number(number):
                self.add_error(
                    "phone", gettext("That number cannot be dialled. Write it with its area code, or leave it out.")
                )
            else:
                data["phone"] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return data

    def as_json(self) -> dict[str, str]:
        """The address with its telephone number."""
        return {**super().as_json(), "phone": self.cleaned_data["phone"]}


def country_choices() -> list[tuple[str, str]]:
    """The countries that the shop delivers to, by their names in the visitor's language; those put first stay first."""
    named = [(code, country_name(code), order) for code, order in COUNTRIES.run()]
    return [(code, name) for code, name, order in sorted(named, key=lambda row: (-row[2], row[1].casefold()))]


def saved_as_json(address: UserAddress) -> dict[str, str]:
    """An address of the account in the form that a Checkout keeps."""
    fields = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
    data = {name: getattr(address, name) for name in fields}
    return {**data, "country": address.country_id, "phone": str(address.phone_number or "")}


def form_initial(data: dict[str, str]) -> dict[str, str]:
    """What a form shows of an address that a Checkout keeps."""
    if not data:
        return {}
    return {
        "name": f"{data.get('first_name', '')} {data.get('last_name', '')}".strip(),
        "line1": data.get("line1", ""),
        "line2": data.get("line2", ""),
        "town": data.get("line4", ""),
        "state": data.get("state", ""),
        "postcode": data.get("postcode", ""),
        "country": data.get("country", ""),
        "phone": data.get("phone", ""),
    }


def first_errors(forms_: Iterable[forms.Form]) -> list[tuple[str, str]]:
    """(id of the field, its name) of everything that is to be put right, in the order of the page."""
    return [
        (form[name].auto_id, str(form.fields[name].label))
        for form in forms_
        for name in form.errors
        if name in form.fields
    ]
