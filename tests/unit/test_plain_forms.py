"""What forms say when something is missing: the shop's words, and none of Django's."""

from typing import Any

import pytest
from django import forms

from content.forms import ContactForm
from shop.catalogue.forms import ReviewForm
from shop.checkout.forms import EmailForm
from shop.customer.forms import RegisterForm, WishListForm
from shop.plain_forms import PlainForm


@pytest.mark.parametrize("form", [ContactForm, EmailForm, RegisterForm, ReviewForm, WishListForm])
def test_what_is_missing_is_said_with_what_to_do(form: Any) -> None:
    errors = form({}).errors
    assert errors
    for texts in errors.values():
        assert all(text.endswith("to go on.") for text in texts), texts


def test_an_address_that_is_none_is_explained() -> None:
    assert "such as ada@example.com" in str(EmailForm({"email": "ada at home"}).errors["email"])


def test_a_field_keeps_its_own_words() -> None:
    class Form(PlainForm):
        terms = forms.BooleanField(error_messages={"required": "Read them first."})
        news = forms.BooleanField()

    assert Form({}).errors == {"terms": ["Read them first."], "news": ["This needs a tick before you can go on."]}
