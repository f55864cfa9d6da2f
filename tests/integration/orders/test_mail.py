"""Mails are written down with their cause and sent until they are gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from content.models import BrandSettings
from shop.mail.models import SentMail
from shop.mail.operations import deliver
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.factories import make_product

from .buying import buy

pytestmark = pytest.mark.django_db


class RefusingBackend(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens on port 25")


def test_a_mail_server_that_is_down_breaks_no_order(client: Client, settings: Any, mailoutbox: list[Any]) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    order = buy(client, make_product())
    drain_all()
    assert Order.objects.get() == order and order.status == "awaiting-payment"
    entry = OutboxEntry.objects.get(topic="mail.send")
    assert entry.attempts == 1 and "ConnectionRefusedError" in entry.last_error
    settings.EMAIL_BACKEND = working
    OutboxEntry.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    drain_all()
    assert len(mailoutbox) == 1 and SentMail.objects.count() == 1
    assert not OutboxEntry.objects.filter(topic="mail.send").exists()


def test_mails_carry_the_brands_name(client: Client, settings: Any, mailoutbox: list[Any]) -> None:
    buy(client, make_product())
    payload = OutboxEntry.objects.get(topic="mail.send").payload
    row = BrandSettings.for_site(Site.objects.get(is_default_site=True))
    row.shop_name = "Fern & Kiln"
    row.save()
    deliver(payload)
    [message] = mailoutbox
    assert message.subject.endswith("at Fern & Kiln")
    assert "Fern & Kiln" in message.body and "Fern &amp; Kiln" in message.alternatives[0][0]
    assert settings.OSCAR_SHOP_NAME not in message.body


def test_a_mail_is_sent_once_and_known_by_its_id(client: Client, mailoutbox: list[Any]) -> None:
    buy(client, make_product())
    payload = OutboxEntry.objects.get(topic="mail.send").payload
    deliver(payload)
    deliver(payload)
    assert len(mailoutbox) == 1
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{payload['id']}@example.com>"


def test_text_is_plain_and_html_is_escaped(client: Client) -> None:
    buy(client, make_product("Salt & <pepper>"))
    drain_all()
    mail = SentMail.objects.get()
    assert "1 x Salt & <pepper>: £10" in mail.text
    assert "Salt &amp; &lt;pepper&gt;" in mail.html
    assert "http://localhost:8000/products/" in mail.html


def test_the_mail_of_an_order_that_is_gone_is_dropped(client: Client, mailoutbox: list[Any]) -> None:
    buy(client, make_product()).delete()
    drain_all()
    assert not mailoutbox and not OutboxEntry.objects.filter(topic="mail.send").exists()


def test_a_mail_speaks_the_language_of_its_order(client: Client) -> None:
    buy(client, make_product())
    Order.objects.update(language="de")
    entry = OutboxEntry.objects.get(topic="mail.send")
    entry.payload["language"] = "de"
    deliver(entry.payload)
    # Amounts follow the language even where a sentence is not translated yet.
    assert "14,50\xa0£" in SentMail.objects.get().text
