"""Name, password, and an address that changes only when both addresses say so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop import throttle
from shop.accounts import email_change
from shop.accounts.models import EmailChange, User
from shop.outbox.operations import drain_all
from tests.integration.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PROFILE = "/account/profile/"


def ask(client: Client, email: str = "ada@new.example", password: str = PASSWORD) -> Any:
    answer = client.post(f"{PROFILE}email/", {"email": email, "password": password})
    drain_all()
    return answer


def links() -> dict[str, str]:
    """The newest link sent to each address."""
    found = {}
    for message in mail.outbox:
        if match := re.search(r"https?://[^/]+(/account/email/\S+/)", message.body):
            found[message.to[0]] = match[1]
            assert match[1] in message.alternatives[0][0]
    return found


def test_the_name(as_ada: Client, ada: User) -> None:
    assert as_ada.post(PROFILE, {"first_name": "Augusta", "last_name": ""})["Location"] == PROFILE
    ada.refresh_from_db()
    assert (ada.first_name, ada.last_name) == ("Augusta", "")
    assert as_ada.post(PROFILE, {"first_name": "x" * 256}).status_code == 422


def test_a_new_password_ends_the_other_sessions_and_is_told(as_ada: Client, ada: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada)
    url = f"{PROFILE}password/"
    for password, new, says in (
        ("wrong", "a-better-one-9", "not the password"),
        (PASSWORD, "short", "too short"),
        (PASSWORD, "ada@example.com", "too similar"),
    ):
        answer = as_ada.post(url, {"password": password, "new_password1": new})
        assert answer.status_code == 422 and says in answer.content.decode()
    assert as_ada.post(url, {"password": PASSWORD, "new_password1": "a-better-one-9"})["Location"] == PROFILE
    assert as_ada.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302
    drain_all()
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]


def test_an_open_session_is_no_way_to_guess_the_password(as_ada: Client) -> None:
    for _try in range(throttle.PASSWORD_CHECK.attempts):
        ask(as_ada, password="wrong")
    answer = ask(as_ada)
    assert "tried too often" in answer.content.decode()
    assert not EmailChange.objects.exists()


def test_the_address_changes_when_both_have_confirmed(as_ada: Client, ada: User) -> None:
    assert ask(as_ada, "Ada@New.example")["Location"] == PROFILE
    sent = links()
    assert set(sent) == {"ada@example.com", "ada@new.example"}
    assert "waits for its link" in as_ada.get(PROFILE).content.decode()
    stranger = Client()
    for number, link in enumerate(sent.values()):
        # Looking, as a mail scanner does, changes nothing.
        assert stranger.get(link).status_code == 200
        assert stranger.get(link).status_code == 200
        ada.refresh_from_db()
        assert ada.email == "ada@example.com"
        text = stranger.post(link).content.decode()
        assert ("One of two" if number == 0 else "is changed") in text
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert not EmailChange.objects.exists()
    drain_all()
    assert {message.to[0] for message in mail.outbox[2:]} == {"ada@example.com", "ada@new.example"}
    assert as_ada.get(PROFILE).status_code == 200


@pytest.mark.parametrize("which", ["ada@example.com", "ada@new.example"])
def test_one_link_alone_changes_nothing_and_works_once(as_ada: Client, ada: User, which: str) -> None:
    ask(as_ada)
    link = links()[which]
    assert Client().post(link).status_code == 200
    again = Client().post(link)
    assert again.status_code == 410 and "used already" in again.content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_a_later_wish_makes_the_earlier_links_worthless(as_ada: Client, ada: User) -> None:
    ask(as_ada, "first@new.example")
    old = links()
    ask(as_ada, "second@new.example")
    for link in old.values():
        assert Client().post(link).status_code == 410
    assert EmailChange.objects.get().new_email == "second@new.example"


def test_calling_it_off_and_forgetting_what_expired(as_ada: Client, ada: User) -> None:
    ask(as_ada)
    sent = links()
    as_ada.post(f"{PROFILE}email/cancel/")
    assert all(Client().get(link).status_code == 410 for link in sent.values())
    ask(as_ada)
    EmailChange.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert all(Client().get(link).status_code == 410 for link in links().values())
    email_change.forget_expired()
    assert not EmailChange.objects.exists()


def test_an_address_that_somebody_registered_meanwhile_is_not_taken(as_ada: Client, ada: User) -> None:
    ask(as_ada)
    User.objects.create_user("ada@new.example", PASSWORD)
    first, second = links().values()
    assert Client().post(first).status_code == 200
    answer = Client().post(second)
    assert answer.status_code == 410 and "There is an account" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_an_address_that_has_an_account_is_told_by_mail_only(as_ada: Client, ada: User, ben: User) -> None:
    """Whoever asks sees the same as for any address, and so cannot find out who is a customer."""
    pages = []
    for email in ("BEN@example.com", "new@example.com"):
        mail.outbox.clear()
        assert ask(as_ada, email)["Location"] == PROFILE
        pages.append(as_ada.get(PROFILE).content.decode().replace(email.lower(), ""))
        told = {message.to[0]: message.body for message in mail.outbox}
        assert set(told) == {"ada@example.com", email.lower()}
        has_account = email == "BEN@example.com"
        assert ("has an account already" in told[email.lower()]) == has_account
        assert ("/account/email/" in told[email.lower()]) != has_account
    tokens = re.compile(r"csrfmiddlewaretoken. value=.\w+")
    assert tokens.sub("", pages[0]) == tokens.sub("", pages[1])


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("ada@example.com", PASSWORD, "the address you have now"),
        ("nonsense", PASSWORD, "not a whole e-mail address"),
        ("ada@new.example", "wrong", "not the password"),
    ],
)
def test_what_cannot_be_asked_for(as_ada: Client, ben: User, email: str, password: str, says: str) -> None:
    answer = ask(as_ada, email, password)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not EmailChange.objects.exists() and not mail.outbox


def test_the_second_link_pressed_twice(as_ada: Client, ada: User) -> None:
    ask(as_ada)
    first, second = links().values()
    Client().post(first)
    assert "is changed" in Client().post(second).content.decode()
    again = Client().post(second)
    assert again.status_code == 410 and "done already" in again.content.decode()


def test_nobody_is_flooded_with_mails(as_ada: Client, ada: User, ben: User) -> None:
    stranger = "stranger@elsewhere.example"
    for _try in range(throttle.EMAIL_CHANGE_ADDRESS.attempts):
        assert ask(as_ada, stranger).status_code in {302, 303}
    answer = ask(as_ada, stranger)
    assert answer.status_code == 422 and "tried too often" in answer.content.decode()
    as_ben = Client()
    as_ben.force_login(ben)
    assert ask(as_ben, stranger.upper()).status_code == 422, "it counts for the address, whoever asks"
    assert sum(message.to == [stranger] for message in mail.outbox) == throttle.EMAIL_CHANGE_ADDRESS.attempts


def test_one_account_cannot_write_to_one_stranger_after_another(as_ada: Client) -> None:
    answers = [ask(as_ada, f"stranger{number}@elsewhere.example").status_code for number in range(7)]
    assert answers[throttle.EMAIL_CHANGE_ACCOUNT.attempts :] == [422, 422]
    assert len({message.to[0] for message in mail.outbox} - {"ada@example.com"}) == 5


def test_confirming_and_changing_are_one(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the change cannot be written, the confirmation is not either, and the link works again."""
    ask(as_ada)
    first, second = links().values()
    Client().post(first)
    monkeypatch.setattr(email_change, "send", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Client().post(second)
    monkeypatch.undo()
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    assert "is changed" in Client().post(second).content.decode()


def test_a_made_up_link(ada: User) -> None:
    for token in ("abc", "a:b:c", "x" * 300):
        assert Client().get(f"/account/email/{token}/").status_code == 410
        assert Client().post(f"/account/email/{token}/").status_code == 410
