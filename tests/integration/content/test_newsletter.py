"""Signing up for the letter: nothing is sent before the link was followed."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from content.models import NewsletterSubscription
from content.operations import signed_path
from shop.outbox.operations import drain_all

pytestmark = pytest.mark.django_db
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def sign_up(client: Client, email: str = "Ada@Example.org", **more: str) -> int:
    return client.post("/newsletter/", {"email": email, "source": "/home/", **more}, **OURS).status_code


def path_in(message: str, name: str) -> str:
    return next(word[word.index("/newsletter/") :] for word in message.split() if f"/newsletter/{name}/" in word)


def test_an_address_counts_only_after_its_link_was_followed(client: Client) -> None:
    assert sign_up(client) == 200
    row = NewsletterSubscription.objects.get()
    assert row.email == "ada@example.org"
    assert not row.is_active
    drain_all()
    assert len(mail.outbox) == 1
    path = path_in(str(mail.outbox[0].body), "confirm")
    # Mail programs open links by themselves: a GET changes nothing.
    assert client.get(path).status_code == 200
    row.refresh_from_db()
    assert not row.is_active
    assert client.post(path).status_code == 200
    row.refresh_from_db()
    assert row.is_active
    assert client.post(path_in(str(mail.outbox[0].body), "stop")).status_code == 200
    row.refresh_from_db()
    assert not row.is_active


def test_asking_twice_mails_once_and_says_the_same(client: Client) -> None:
    sign_up(client)
    sign_up(client)
    drain_all()
    assert len(mail.outbox) == 1


def test_a_reader_is_not_told_apart_and_not_mailed_again(client: Client) -> None:
    sign_up(client)
    drain_all()
    client.post(path_in(str(mail.outbox[0].body), "confirm"))
    NewsletterSubscription.objects.update(mailed_at=None)
    assert sign_up(client) == 200
    drain_all()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    assert sign_up(client, email) == 400
    assert not NewsletterSubscription.objects.exists()


def test_machines_are_thanked_and_forgotten(client: Client) -> None:
    assert sign_up(client, website="http://spam.example") == 200
    assert not NewsletterSubscription.objects.exists()


def test_a_form_from_elsewhere_gets_a_question() -> None:
    client = Client(enforce_csrf_checks=True)
    assert (
        client.post("/newsletter/", {"email": "ada@example.org"}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    )
    assert not NewsletterSubscription.objects.exists()


def test_a_link_that_was_changed_does_nothing(client: Client) -> None:
    sign_up(client)
    good = signed_path("newsletter-confirm", "ada@example.org")
    assert client.post(good[:-3] + "xx/").status_code == 404
    assert client.post(good.replace("confirm", "stop")).status_code == 404
    assert NewsletterSubscription.objects.get().confirmed_at is None
