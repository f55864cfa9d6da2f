"""There is one door for passwords, and it counts: Wagtail's own are shut."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from shop import throttle
from shop.accounts.models import User
from shop.accounts.roles import MARKETER, assign
from tests.integration.accounts.conftest import PASSWORD
from tests.integration.content.pages import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client: Client) -> Client:
    user = User.objects.create_user("marketer@example.org", PASSWORD, first_name="Ada")
    assign(user, MARKETER)
    client.force_login(user)
    return client


@pytest.mark.parametrize("prefix", ["", "/de"])
def test_wagtails_sign_in_for_visitors_leads_to_the_shops(client: Client, ada: User, prefix: str) -> None:
    data = {"username": ada.email, "password": PASSWORD}
    for answer in (client.get(f"{prefix}/_util/login/?next=/a/"), client.post(f"{prefix}/_util/login/?next=/a/", data)):
        assert (answer.status_code, answer["Location"]) == (302, f"{prefix}/account/login/?next=/a/")
    assert "_auth_user_id" not in client.session


def test_a_page_for_customers_still_asks_them_to_sign_in(client: Client) -> None:
    PageViewRestriction.objects.create(page=home(), restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/")["Location"] == "/account/login/?next=/"


def test_the_password_of_a_page_is_not_guessed(client: Client) -> None:
    page = home()
    closed = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="kiln"
    )
    url = reverse("wagtailcore_authenticate_with_password", args=[closed.pk, page.pk])
    assert client.post(url, {"password": "kiln", "return_url": "/"})["Location"] == "/"
    for _try in range(throttle.PAGE_PASSWORD_ADDRESS.attempts - 1):
        assert client.post(url, {"password": "wrong", "return_url": "/"}).status_code == 200
    answer = Client().post(url, {"password": "kiln", "return_url": "/"})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "tried too often" in answer.content.decode()


def test_a_forgotten_password_is_the_shops_matter(client: Client, ada: User) -> None:
    for answer in (client.get("/cms/password_reset/"), client.post("/cms/password_reset/", {"email": ada.email})):
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
    assert client.get("/cms/password_reset/confirm/MQ/abc-def/").status_code == 404
    assert not mail.outbox


def test_staff_change_password_and_address_in_their_account(marketer: Client) -> None:
    page = marketer.get("/cms/account/")
    assert "/account/profile/password/" in page.content.decode()
    form = {
        "name_email-first_name": "Grace", "name_email-last_name": "Hopper", "name_email-email": "eve@example.org",
        "password-old_password": PASSWORD, "password-new_password1": "a-better-one-9",
        "password-new_password2": "a-better-one-9", "theme-theme": "system", "theme-contrast": "system",
        "theme-density": "default",
    }  # fmt: skip
    marketer.post("/cms/account/", form)
    user = User.objects.get()
    assert user.email == "marketer@example.org"
    assert user.check_password(PASSWORD)
