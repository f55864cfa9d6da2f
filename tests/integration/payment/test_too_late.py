"""What a buyer reads where the money came too late or twice, or not at all: on the page, in the mail, behind the guest's link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from shop.accounts.models import User
from shop.customer.links import order_path
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.order.selectors import instructions_of
from shop.order.states import NOT_PAID_IN_TIME, change_status
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment import gateway
from shop.payment.models import Payment, Refund
from shop.payment.settling import settle
from tests.stripe_sandbox import Sandbox
from themes.formats import moment

from .paying import mails, of, order_by_card, status

pytestmark = pytest.mark.django_db
NOT_IN_TIME = "It was not paid in time, and its things are free for others again."


def text_of(kind: str) -> str:
    """The newest mail of a kind."""
    return str(SentMail.objects.filter(kind=kind).latest("sent_at").text)


def too_late(client: Client, stripe: Sandbox, product: Any) -> Order:
    """An order that the clock has cancelled, and then its money comes."""
    order, page = order_by_card(client, product)
    stripe.pay(page)
    change_status(order, "cancelled", why=NOT_PAID_IN_TIME)
    return order


def test_who_let_the_page_expire_reads_why_and_can_buy_again(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    stripe.advance(2 * 3600)
    stripe.deliver(client)
    assert mails(order) == ["order-cancelled"]
    mail = text_of("order-cancelled")
    assert "because it was not paid in time" in mail and "If you paid already" not in mail
    done = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert NOT_IN_TIME in done and "A receipt is on its way" not in done and "Thank you" not in done
    assert "Keep this order in an account?" not in done
    page = Client().get(order_path(order.number)).content.decode()
    assert NOT_IN_TIME in page
    again = f"{order_path(order.number)}again/"
    assert again in done and again in page
    other = Client()
    assert other.post(again)["Location"] == "/basket/"
    assert "Bowl" in other.get("/basket/").content.decode()
    assert other.post(again.replace(order.number, "AAA-AAA-AAA")).status_code == 404


def test_who_cancelled_reads_nothing_of_time(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    change_status(order, "cancelled", why="customer")
    assert NOT_IN_TIME not in client.get(order_path(order.number)).content.decode()
    drain_all()
    assert "If you paid already" in text_of("order-cancelled")


def test_the_order_of_an_account_is_not_bought_again_by_its_link(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    Order.objects.filter(pk=order.pk).update(user=User.objects.create_user("ada@example.org", "x"), guest_email="")
    assert Client().post(f"{order_path(order.number)}again/").status_code == 404


def test_whose_money_comes_too_late_is_told_that_it_goes_back(client: Client, stripe: Sandbox, product: Any) -> None:
    order = too_late(client, stripe, product)
    StockRecord.objects.filter(product=product).update(num_in_stock=0)
    stripe.deliver(client)
    assert mails(order).count("payment-returned") == 1
    mail = text_of("payment-returned")
    assert f"{order.number} came after the order was cancelled" in mail
    assert "Money back to you" in client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    stripe.deliver(client)
    assert mails(order).count("payment-returned") == 1
    assert Refund.objects.get(order=order).state == "succeeded"


def test_whose_money_comes_twice_is_told_that_it_goes_back(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    change_status(order, "paid", why="by bank")
    stripe.deliver(client)
    assert mails(order).count("payment-returned") == 1
    assert "which was paid already" in text_of("payment-returned")


def test_whose_order_lives_again_reads_that_it_does(client: Client, stripe: Sandbox, product: Any) -> None:
    order = too_late(client, stripe, product)
    stripe.deliver(client)
    assert status(order) == "paid" and "order-paid" in mails(order)
    assert "so the order goes on" in text_of("order-paid")


def test_who_pays_by_a_debit_that_takes_days_has_a_mail_and_reads_that_it_takes_them(
    client: Client, stripe: Sandbox, product: Any, settings: Any
) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    StockRecord.objects.update(price_currency="EUR")
    order, page = order_by_card(client, product)
    stripe.pay(page, iban="DE08370400440532013003")
    stripe.deliver(client)
    stripe.deliver(client)
    assert mails(order) == ["payment-processing"]
    mail = text_of("payment-processing")
    assert "Your bank has still to confirm the payment" in mail and order_path(order.number) in mail
    answer = client.get(f"/checkout/done/{order.checkout.token}/?back=1")
    done = answer.content.decode()
    assert "Refresh" not in answer and "One moment, please." not in done and "If you have just paid" not in done
    assert "The receipt follows when your bank has confirmed the payment." in done


# ------------------------------------------------------------------ until when there is time
def test_who_has_not_paid_reads_until_when_the_page_is_open(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    closes = of(order).expires_at
    with override("en-gb"):
        words = f"We hold your things until {moment(closes)}."
    for page in (f"/checkout/done/{order.checkout.token}/", order_path(order.number)):
        assert words in client.get(page).content.decode()
    with override("de"):
        words = f"Wir halten Ihre Sachen bis {moment(closes)} zurück."
        text = instructions_of(order)
    assert "Uhr" in words and text is not None and words in text.text
    Payment.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "We hold your things for a while." in client.get(order_path(order.number)).content.decode()


@pytest.mark.parametrize("way_chosen", [None, timedelta(hours=5)])
def test_whose_payment_failed_reads_when_the_clock_cancels_the_order(
    client: Client, stripe: Sandbox, product: Any, monkeypatch: pytest.MonkeyPatch, way_chosen: timedelta | None
) -> None:
    order, _page = order_by_card(client, product)
    payment = of(order)
    seen = gateway.session(payment.session_id or "")
    settle(payment.pk, replace(seen, status="complete", intent_id="pi_1", intent_status="canceled"))
    since = of(order).updated_at
    if way_chosen:
        since += way_chosen
        Order.objects.filter(pk=order.pk).update(way_chosen_at=since)
    over = since + timedelta(hours=24)
    written = moment(over)
    assert f"We hold your things until {written}." in client.get(order_path(order.number)).content.decode()
    drain_all()
    mail = SentMail.objects.get(kind="payment-failed")
    assert f"We hold your things until {written}: open" in mail.text
    assert f"We hold your things until {written}: open" in mail.html
    # What is read is what the clock does.
    monkeypatch.setattr(timezone, "now", lambda: over - timedelta(minutes=1))
    assert expire_unpaid() == []
    monkeypatch.setattr(timezone, "now", lambda: over + timedelta(minutes=1))
    assert expire_unpaid() == [order.number]


def test_where_no_page_could_be_opened_the_order_has_a_day(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    Payment.objects.all().delete()
    with override("en-gb"):
        words = moment(order.date_placed + timedelta(hours=24))
    found = instructions_of(order)
    assert found is not None and found.held_until == words and found.pay_url
