"""Signing in, registering, signing out, and what happens to those who try too often."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from shop import throttle
from shop.accounts import roles
from shop.accounts.models import User
from shop.basket.models import Line
from shop.outbox.operations import drain_all
from tests.factories import make_product

pytestmark = pytest.mark.django_db
PASSWORD = "kiln-and-fern-7"
LOGIN = "/account/login/"


def sign_in(client: Client, email: str = "ada@example.com", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"email": email, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_shopper_comes_to_the_account_whatever_the_case_of_the_address(client: Client, ada: User) -> None:
    answer = sign_in(client, " Ada@Example.COM ")
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert signed_in_as(client) == str(ada.pk)
    page = client.get("/account/")
    assert "Hello, Ada" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/checkout/", "/checkout/"),
        ("/de/basket/?a=1", "/de/basket/?a=1"),
        ("https://elsewhere.example/", "/account/"),
        ("//elsewhere.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("", "/account/"),
    ],
)
def test_next_leads_only_to_this_shop(client: Client, ada: User, wanted: str, goes_to: str) -> None:
    assert sign_in(client, next=wanted)["Location"] == goes_to


@pytest.mark.parametrize(
    ("role", "place"), [(roles.MARKETER, "/cms/"), (roles.MERCHANDISER, "/dashboard/"), (roles.SUPPORT, "/dashboard/")]
)
def test_staff_come_to_where_they_work(client: Client, ada: User, role: str, place: str) -> None:
    roles.assign(ada, role)
    assert sign_in(client)["Location"] == place


@pytest.mark.parametrize("door", ["/cms/", "/dashboard/", "/cms/login/", "/dashboard/login/", "/account/"])
def test_every_door_leads_to_the_one_sign_in(client: Client, door: str) -> None:
    answer = client.get(door, follow=True)
    assert answer.redirect_chain[-1][0].split("?")[0] == LOGIN
    assert answer.status_code == 200


def test_a_shopper_at_the_editors_door_is_told_and_not_sent_round_in_circles(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.get("/cms/", follow=True)
    assert answer.status_code == 403
    assert "ada@example.com" in answer.content.decode()
    assert len(answer.redirect_chain) == 1


def test_unknown_wrong_and_switched_off_read_the_same(client: Client, ada: User) -> None:
    User.objects.create_user("off@example.com", PASSWORD, is_active=False)
    texts = set()
    for email, password in (
        ("ada@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("off@example.com", PASSWORD),
    ):
        answer = sign_in(client, email, password)
        assert answer.status_code == 422
        texts.add(tuple(answer.context["form"].non_field_errors()))
    assert len(texts) == 1
    assert signed_in_as(client) is None


def test_after_ten_wrong_tries_an_account_waits_even_with_the_right_password(client: Client, ada: User) -> None:
    for _try in range(throttle.SIGN_IN_ACCOUNT.attempts):
        assert sign_in(client, password="wrong").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Wait" in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= throttle.SIGN_IN_ACCOUNT.seconds + 1
    # Another account may still sign in from here.
    User.objects.create_user("ben@example.com", PASSWORD)
    assert sign_in(client, "ben@example.com").status_code == 303


def test_one_address_cannot_try_one_account_after_another(client: Client, ada: User) -> None:
    for number in range(throttle.SIGN_IN_ADDRESS.attempts):
        sign_in(client, f"guess-{number}@example.com")
    assert sign_in(client).status_code == 429
    # Behind a proxy on this machine, what counts is who the proxy says it is.
    elsewhere = Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert sign_in(elsewhere).status_code == 303


def test_signing_in_forgets_the_wrong_tries(client: Client, ada: User) -> None:
    for _try in range(throttle.SIGN_IN_ACCOUNT.attempts - 1):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 303
    assert sign_in(Client(), password="wrong").status_code == 422


def test_a_public_address_cannot_pretend_to_be_another() -> None:
    class Request:
        def __init__(self) -> None:
            self.META = {"REMOTE_ADDR": "9.9.9.9"}
            self.headers = {"X-Forwarded-For": "1.2.3.4"}

    assert throttle.client_address(Request()) == "9.9.9.9"  # type: ignore[arg-type]


def test_what_was_chosen_before_is_in_the_account_s_basket(client: Client, ada: User) -> None:
    mug = make_product("Kiln mug", price="22", stock=9)
    client.post("/basket/add/", {"product": mug.pk, "quantity": 2}, HTTP_SEC_FETCH_SITE="same-origin")
    sign_in(client)
    line = Line.objects.get()
    assert (line.basket.owner, line.quantity) == (ada, 2)
    assert client.get("/basket/").context["basket"].count == 2


def test_registering_signs_in_and_keeps_the_way(client: Client) -> None:
    answer = client.post(
        "/account/register/",
        {"email": "Ben@Example.com", "password": PASSWORD, "first_name": "Ben", "next": "/basket/"},
    )
    assert (answer.status_code, answer["Location"]) == (303, "/basket/")
    ben = User.objects.get()
    assert (ben.email, ben.is_staff, signed_in_as(client)) == ("ben@example.com", False, str(ben.pk))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"email": "ADA@example.com"}, "There is an account with this address already"),
        ({"email": "no-address"}, "That is not a whole e-mail address"),
        ({"password": "12345678901"}, "entirely numeric"),
        ({"password": "short-1"}, "too short"),
        ({"email": "kiln-and-fern-7@example.com"}, "too similar"),
    ],
)
def test_registering_says_what_is_wrong(client: Client, ada: User, values: dict[str, str], says: str) -> None:
    answer = client.post("/account/register/", {"email": "ben@example.com", "password": PASSWORD, **values})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert User.objects.count() == 1
    assert signed_in_as(client) is None


def test_signing_out_takes_a_post_with_a_token(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert "Sign out?" in client.get("/account/logout/").content.decode()
    assert client.post("/account/logout/").status_code == 403
    assert signed_in_as(client)
    token = client.cookies["csrftoken"].value
    answer = client.post("/account/logout/", {"csrfmiddlewaretoken": token})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert signed_in_as(client) is None


def test_the_first_mail_proves_the_address(client: Client, mailoutbox: list[Any]) -> None:
    client.post("/account/register/", {"email": "ben@example.com", "password": PASSWORD})
    drain_all()
    [message] = mailoutbox
    found = re.search(r"https?://[^/]+(/account/confirm/\S+/)", message.body)
    assert found and found[1] in message.alternatives[0][0]
    stranger = Client()
    assert stranger.get(found[1]).status_code == 200
    assert User.objects.get().email_confirmed_at is None
    assert "Not confirmed yet" in client.get("/account/profile/").content.decode()
    assert stranger.post(found[1]).status_code == 303
    assert User.objects.get().email_confirmed_at is not None
    assert stranger.post("/account/confirm/made-up/").status_code == 410
    User.objects.update(email="other@example.com")
    assert stranger.get(found[1]).status_code == 410
