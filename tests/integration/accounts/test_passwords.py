"""A new password by mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from shop import throttle
from shop.accounts.models import User
from shop.outbox.operations import drain_all

pytestmark = pytest.mark.django_db
ASK = "/account/password/"


def ask(client: Client, email: str = "ada@example.com") -> Any:
    answer = client.post(ASK, {"email": email})
    drain_all()
    return answer


def link_of(message: Any) -> str:
    found = re.search(r"https?://[^/]+(/account/password/\S+/)", message.body)
    assert found
    return found[1]


def test_the_link_sets_a_new_password_once_and_ends_other_sessions(client: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada)
    assert ask(client, "ADA@example.com")["Location"] == "/account/password/sent/"
    [message] = mail.outbox
    assert message.to == ["ada@example.com"]
    assert "new password" in message.subject
    assert message.alternatives[0][1] == "text/html" and link_of(message) in message.alternatives[0][0]
    link = link_of(message)
    page = client.get(link, follow=True)
    # The secret is no longer in the address of the page that is shown.
    assert page.redirect_chain[-1][0].endswith("/set-password/")
    where = page.redirect_chain[-1][0]
    assert client.post(where, {"new_password1": "12345"}).status_code == 422
    answer = client.post(where, {"new_password1": "a-better-one-9"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/login/")
    ada.refresh_from_db()
    assert ada.check_password("a-better-one-9")
    assert elsewhere.get("/account/").status_code == 302
    drain_all()
    assert "was changed" in mail.outbox[-1].subject
    again = Client().get(link, follow=True)
    assert again.status_code == 410 and "had its day" in again.content.decode()


def test_nobody_learns_who_has_an_account(client: Client, ada: User) -> None:
    User.objects.create_user("off@example.com", "x", is_active=False)
    answers = [ask(client, email) for email in ("ada@example.com", "nobody@example.com", "off@example.com")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, "/account/password/sent/")}
    assert len(mail.outbox) == 1


def test_an_account_is_not_flooded_with_mails(client: Client, ada: User) -> None:
    for _try in range(throttle.MAIL_ACCOUNT.attempts + 2):
        assert ask(client).status_code == 303
    assert len(mail.outbox) == throttle.MAIL_ACCOUNT.attempts


def test_one_address_cannot_ask_for_everybody(client: Client) -> None:
    for number in range(throttle.MAIL_ADDRESS.attempts):
        ask(client, f"guess-{number}@example.com")
    answer = ask(client)
    assert answer.status_code == 429 and "Wait" in answer.content.decode()


def test_a_made_up_link_helps_to_go_on(client: Client) -> None:
    answer = client.get(reverse("password-reset-confirm", kwargs={"uidb64": "MQ", "token": "abc-def"}))
    assert answer.status_code == 410
    assert ASK in answer.content.decode()


def test_german_mail_for_whoever_asked_in_german(client: Client, ada: User) -> None:
    client.post("/de/account/password/", {"email": ada.email})
    drain_all()
    assert "/de/account/password/" in mail.outbox[0].body
