"""Staff and gift cards: issued, found, sent again, blocked, changed; and the mail with its code."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.accounts import roles
from shop.giftcards import codes, operations
from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.giftcards.spending import CardError
from shop.mail.models import SentMail
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.people import signed_in

from .giving import balance, code, give, order_with, proof

pytestmark = pytest.mark.django_db
LIST = "/dashboard/gift-cards/"


@pytest.fixture
def staff() -> Client:
    client: Client = signed_in(roles.MERCHANDISER)
    return client


def form(**values: Any) -> dict[str, Any]:
    data = {
        "amount": "25", "recipient_email": "Cy@Example.org", "recipient_name": "Cy", "message": "For the trouble",
        "language": "en-gb", "why": "late parcel", "key": str(uuid.uuid4()),
    }  # fmt: skip
    return {**data, **values}


def codes_in_mails() -> list[str]:
    """Every code that was mailed."""
    drain_all()
    found: list[str] = re.findall(
        r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", " ".join(str(each.body) for each in mail.outbox)
    )
    return found


def test_issued_mailed_and_found(staff: Client) -> None:
    answer = staff.post(f"{LIST}create/", form(), follow=True)
    card = GiftCard.objects.get()
    assert "on its way to cy@example.org" in answer.content.decode() and balance(card) == 25
    [sent] = codes_in_mails()
    assert operations.find(sent) == card and code(card) == sent.replace("-", "")
    assert "For the trouble" in mail.outbox[0].body and mail.outbox[0].to == ["cy@example.org"]
    for wanted in (card.last4, sent, "cy@", "Cy"):
        assert f"…{card.last4}" in staff.post(LIST, {"q": wanted}, follow=True).content.decode(), wanted
    assert "No gift card fits" in staff.get(LIST, {"q": "zzz"}).content.decode()
    assert "late parcel" in staff.get(f"{LIST}{card.pk}/").content.decode() and proof() == []


def test_found_by_the_order_that_it_paid(staff: Client, client: Client) -> None:
    card = give("90")
    order, _where = order_with(client, make_product(price="20"), cards=(card,))
    assert f"…{card.last4}" in staff.get(LIST, {"q": order.number}).content.decode()
    page = staff.get(f"/dashboard/orders/{order.number}/").content.decode()
    assert f"…{card.last4}" in page and f"{LIST}{card.pk}/" in page


def test_sent_twice_it_is_one(staff: Client) -> None:
    data = form()
    for _ in range(2):
        assert staff.post(f"{LIST}create/", data).status_code == 302
    assert GiftCard.objects.count() == 1 and len(codes_in_mails()) == 1


@pytest.mark.parametrize(
    "values", [{"amount": "0"}, {"amount": "-5"}, {"amount": "10000.01"}, {"amount": "1.001"}, {"expires_on": "2020-01-01"}, {"why": ""}, {"recipient_email": "x"}]
)  # fmt: skip
def test_what_is_no_card(staff: Client, values: dict[str, str]) -> None:
    assert staff.post(f"{LIST}create/", form(**values)).status_code == 422
    assert not GiftCard.objects.exists()


def test_no_code_is_kept_anywhere(settings: Any) -> None:
    settings.DEMO = False
    card = give("25")
    rows = [*OutboxEntry.objects.values_list("payload", flat=True)]
    drain_all()
    shown = codes.grouped(code(card))
    kept = SentMail.objects.get()
    assert shown in mail.outbox[0].body and shown not in kept.text + kept.html + kept.subject
    assert shown not in str(rows) and code(card) not in str(list(GiftCard.objects.values())) + str(rows)
    assert len({code(give("1")) for _ in range(50)}) == 50


def test_sent_again_to_the_same_address_it_is_the_same_code(staff: Client) -> None:
    card = give("25")
    staff.post(f"{LIST}{card.pk}/do/", {"do": "send", "to": "cy@example.org"})
    first, second = codes_in_mails()
    assert first == second and operations.find(first) == card


def test_sent_to_another_address_the_old_code_is_worth_nothing(staff: Client) -> None:
    card = give("25")
    [old] = codes_in_mails()
    staff.post(f"{LIST}{card.pk}/do/", {"do": "send", "to": "di@example.org"})
    new = codes_in_mails()[-1]
    assert operations.find(old) is None and operations.find(new) == card and proof() == []
    assert "di@example.org" not in str(list(GiftCardEntry.objects.values())), "rows that stay for ever name nobody"


def test_a_mail_that_waits_does_not_send_an_old_code() -> None:
    card = give("25")
    operations.send_again(card.pk, to="di@example.org", by=None)
    [only] = codes_in_mails()
    assert operations.find(only) == card and mail.outbox[0].to == ["di@example.org"]


def test_blocked_and_free_again(staff: Client) -> None:
    card = give("25")
    assert staff.post(f"{LIST}{card.pk}/do/", {"do": "block"}).status_code == 422, "it needs a reason"
    for action, state in (("block", "blocked"), ("block", "blocked"), ("unblock", "active"), ("block", "blocked")):
        staff.post(f"{LIST}{card.pk}/do/", {"do": action, "why": "lost"})
        card.refresh_from_db()
        assert card.state == state
    assert list(card.entries.values_list("kind", flat=True)) == ["issued", "blocked", "released", "blocked"]
    staff.post(f"{LIST}{card.pk}/do/", {"do": "send", "to": "cy@example.org"})
    assert codes_in_mails() == [], "nothing is sent of a blocked card, also not what was waiting"


@pytest.mark.parametrize(("amount", "left"), [("5", "30"), ("-25", "0"), ("-25.01", None), ("0", None), ("1e9", None)])
def test_another_balance(staff: Client, amount: str, left: str | None) -> None:
    card, key = give("25"), str(uuid.uuid4())
    for _ in range(2):
        answer = staff.post(f"{LIST}{card.pk}/adjust/", {"amount": amount, "why": "put right", "key": key})
    assert answer.status_code == (422 if left is None else 302)
    assert balance(card) == Decimal(left or 25) and proof() == []


def test_support_blocks_and_gives_nothing_away() -> None:
    support, card = signed_in(roles.SUPPORT), give("25")
    data = {"amount": "5", "why": "x", "key": str(uuid.uuid4())}
    assert support.post(f"{LIST}{card.pk}/adjust/", data).status_code == 403
    assert support.get(f"{LIST}create/").status_code == 403
    moved = support.post(f"{LIST}{card.pk}/do/", {"do": "send", "to": "me@example.org"}, follow=True)
    card.refresh_from_db()
    assert "is for those who may issue" in moved.content.decode() and card.recipient_email == "cy@example.org"
    assert (
        "on its way"
        in support.post(f"{LIST}{card.pk}/do/", {"do": "send", "to": "cy@example.org"}, follow=True).content.decode()
    )
    assert support.post(f"{LIST}{card.pk}/do/", {"do": "block", "why": "lost"}).status_code == 302
    assert balance(card) == 25 and "adjust/" not in support.get(f"{LIST}{card.pk}/").content.decode()


def test_a_new_secret_key_finds_old_cards(settings: Any) -> None:
    card = give("25")
    text, old = code(card), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [old]
    assert operations.find(text) == card
    assert operations.rekey() == 1 and operations.rekey() == 0
    settings.SECRET_KEY_FALLBACKS = []
    assert operations.find(text) == card
    assert operations.code_of(GiftCard.objects.get()) is None, "it cannot be made once more"
    operations.send_again(card.pk, to="cy@example.org", by=None)
    card.refresh_from_db()
    assert operations.find(text) is None and operations.find(code(card)) == card


def test_sent_on_its_day() -> None:
    card = give("25")
    GiftCard.objects.filter(pk=card.pk).update(sent_at=None, send_on=timezone.localdate() + timedelta(days=1))
    assert operations.send_due() == 0
    GiftCard.objects.update(send_on=timezone.localdate())
    assert operations.send_due() == 1 and operations.send_due() == 0


def test_what_is_left(client: Client) -> None:
    card = give("25", expires_on=timezone.localdate())
    page = client.post("/gift-cards/balance/", {"code": codes.grouped(code(card)).lower()}).content.decode()
    assert "holds £25" in page and "until the end of" in page
    assert client.post("/gift-cards/balance/", {"code": "x" * 16}).status_code == 404
    assert client.post("/gift-cards/balance/", {"code": ""}).status_code == 400
    operations.block(card.pk, by=None, why="lost")
    assert "is blocked" in client.post("/gift-cards/balance/", {"code": code(card)}).content.decode()


def test_the_list_takes_few_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        give("1")
    staff.get(LIST)
    with django_assert_max_num_queries(14):
        assert staff.get(LIST).content.decode().count("…") >= 20


def test_an_amount_below_nothing_is_refused_where_money_moves() -> None:
    with pytest.raises(CardError):
        operations.issue_by_hand(
            amount=Decimal("-1"), recipient_email="x@example.org", by=None, why="x", key=uuid.uuid4()
        )
