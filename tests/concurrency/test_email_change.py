"""Two clicks at the same moment on the links that change an address."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from shop.accounts import email_change
from shop.accounts.email_change import LinkError, confirm, token
from shop.accounts.models import EmailChange, User
from shop.outbox.models import OutboxEntry

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> EmailChange:
    """A change that waits, and pauses, between reading it and holding it, for another click to come in between."""
    ada = User.objects.create_user("ada@example.com", "masthead-demo")
    asked = email_change.ask(ada, "ada@new.example")
    lock = EmailChange.objects.select_for_update

    def slow(*arguments: Any, **options: Any) -> Any:
        time.sleep(0.3)
        return lock(*arguments, **options)

    monkeypatch.setattr(EmailChange.objects, "select_for_update", slow)
    return asked


def mails() -> int:
    return OutboxEntry.objects.filter(topic="mail.send", payload__kind="email-changed").count()


def test_the_second_link_clicked_twice_changes_once(at_once: AtOnce, change: EmailChange) -> None:
    confirm(token(change, "old"))
    link = token(change, "new")
    results = at_once([lambda: confirm(link), lambda: confirm(link)])
    assert [type(result) for result in results if result is not True] == [LinkError], results
    assert User.objects.get().email == "ada@new.example" and mails() == 2


def test_both_links_at_once_change_it(at_once: AtOnce, change: EmailChange) -> None:
    sides = [token(change, "old"), token(change, "new")]
    results = at_once([lambda: confirm(sides[0]), lambda: confirm(sides[1])])
    assert sorted(results) == [False, True]
    assert User.objects.get().email == "ada@new.example" and mails() == 2


def test_asking_anew_while_the_last_link_is_clicked_does_not_hang(at_once: AtOnce, change: EmailChange) -> None:
    confirm(token(change, "old"))
    link, ada = token(change, "new"), User.objects.get()
    first, second = at_once([lambda: confirm(link), lambda: email_change.ask(ada, "third@new.example")])
    assert first is True or isinstance(first, LinkError), first
    assert isinstance(second, EmailChange), second
