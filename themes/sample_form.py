"""The form of the style guide: apart from the other samples, whose types mypy cannot work out beside a form's."""

from django import forms


class AddressForm(forms.Form):
    """Fields of each kind, one of them wrong."""

    name = forms.CharField(
        label="Name", help_text="As on the letterbox.", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    postcode = forms.RegexField(
        r"^\w+ \d\w\w$", label="Postcode", error_messages={"invalid": "Enter a full postcode, such as LS1 4DY."}
    )
    country = forms.ChoiceField(label="Country", choices=[("GB", "United Kingdom"), ("IE", "Ireland")])
    phone = forms.CharField(label="Telephone", required=False)
    keep = forms.BooleanField(label="Send the bill to the same address", required=False)
    when = forms.ChoiceField(
        label="When", choices=[("am", "Mornings"), ("pm", "Afternoons")], widget=forms.RadioSelect()
    )


FORM = AddressForm(
    {"name": "Ada Fenwick", "postcode": "LS1 4", "country": "GB", "keep": "on", "when": "am"}, auto_id="sample-%s"
)
