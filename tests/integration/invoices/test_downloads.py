"""Who may have which document: whose order it is, by account or by a signed link, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from shop.accounts.models import User
from shop.customer.links import order_path, order_signature
from shop.invoices.models import Invoice
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.accounts.conftest import ada, as_ada, ben  # noqa: F401  (fixtures)

from .making import documents, given_back, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """A guest's, paid."""
    return paid(make_product("Bowl", price="20"))


def mine(row: Invoice, order: Order) -> str:
    return reverse("customer:document", args=[order.number, row.code])


def by_link(row: Invoice, order: Order, signature: str = "") -> str:
    return reverse("customer:anon-document", args=[order.number, signature or order_signature(order.number), row.code])


def is_pdf(answer: Any) -> bool:
    return bool(
        answer.status_code == 200 and answer["Content-Type"] == "application/pdf" and answer.content[:5] == b"%PDF-"
    )


def test_a_guest_has_it_by_the_signed_link(client: Client, order: Order) -> None:
    [row] = documents(order)
    page = client.get(order_path(order.number)).content.decode()
    assert by_link(row, order) in page and "Invoice INV-000001" in page
    answer = client.get(by_link(row, order))
    assert is_pdf(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'
    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    # The same bytes each time.
    assert client.get(by_link(row, order)).content == answer.content


def test_a_forged_link_opens_nothing(client: Client, order: Order) -> None:
    [row] = documents(order)
    other = paid(make_product("Jug"))
    [others] = documents(other)
    right = order_signature(order.number)
    wrong = (right[:-1] + ("A" if right[-1] != "A" else "B"), order_signature(other.number), "x", "0" * len(right))
    for signature in wrong:
        assert client.get(by_link(row, order, signature)).status_code == 404
    # A right link to one's own order opens nobody else's document.
    assert client.get(by_link(others, order)).status_code == 404
    for code in ("INV-000099", "INV-000001.pdf", "../../etc/passwd", "INV-000001%00"):
        address = by_link(row, order).replace(row.code, code)
        assert client.get(address).status_code == 404


def test_an_account_has_its_own_and_no_other(as_ada: Client, ada: User, ben: User, order: Order) -> None:  # noqa: F811
    [row] = documents(order)
    # A guest's order is nobody's in an account.
    assert as_ada.get(mine(row, order)).status_code == 404
    Order.objects.filter(pk=order.pk).update(user=ada, guest_email="")
    assert is_pdf(as_ada.get(mine(row, order)))
    assert mine(row, order) in as_ada.get(reverse("customer:order", args=[order.number])).content.decode()
    stranger, as_ben = Client(), Client()
    as_ben.force_login(ben)
    assert as_ben.get(mine(row, order)).status_code == 404
    answer = stranger.get(mine(row, order))
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]
    # The link of the mail leads there, and so to signing in.
    assert stranger.get(by_link(row, order))["Location"] == mine(row, order)
    # With another order's number before it: as unknown as one that there is not.
    theirs = paid(make_product("Jug"))
    Order.objects.filter(pk=theirs.pk).update(user=ben)
    [hidden] = documents(theirs)
    assert as_ada.get(mine(hidden, order)).status_code == 404
    assert as_ada.post(mine(row, order)).status_code == 405


def test_an_order_whose_account_is_gone_opens_to_nobody_and_keeps_its_document(client: Client, order: Order) -> None:
    [row] = documents(order)
    Order.objects.filter(pk=order.pk).update(guest_email="", user=None)
    assert client.get(by_link(row, order)).status_code == 404
    assert Invoice.objects.get(pk=row.pk).data["buyer"][0] == "Ada Fenwick"


def test_the_page_of_an_order_says_nothing_before_there_is_one(
    client: Client, order: Order, django_assert_num_queries: Any
) -> None:
    assert "Invoices" not in client.get(order_path(order.number)).content.decode()


def test_the_copy_of_ones_data_has_them(as_ada: Client, ada: User, order: Order) -> None:  # noqa: F811
    Order.objects.filter(pk=order.pk).update(user=ada)
    documents(order)
    text = b"".join(as_ada.get("/account/data/download/").streaming_content).decode()
    assert '"INV-000001"' in text and "The law has us keep them" in text


# ------------------------------------------------------------------ mails
def test_the_mail_names_the_invoice_and_leads_to_it(client: Client, order: Order) -> None:
    [row] = documents(order)
    [sent] = [each for each in mail.outbox if "We have the money" in each.subject]
    assert f"Your invoice {row.code} as a PDF: " in sent.body
    path = by_link(row, order)
    assert path in sent.body and path in str(sent.alternatives[0][0])
    assert is_pdf(client.get(path))


def test_a_mail_that_is_quicker_issues_the_invoice_itself(order: Order) -> None:
    from shop.mail.operations import TOPIC, deliver
    from shop.outbox.models import OutboxEntry

    assert not Invoice.objects.exists()
    [entry] = [each for each in OutboxEntry.objects.filter(topic=TOPIC) if each.payload["kind"] == "order-paid"]
    deliver(entry.payload)
    assert "INV-000001" in mail.outbox[-1].body
    assert len(documents(order)) == 1


def test_a_mail_goes_out_where_there_can_be_no_invoice(order: Order, caplog: pytest.LogCaptureFixture) -> None:
    order.lines.update(line_price_incl_tax=1)
    drain_all()
    [sent] = [each for each in mail.outbox if "We have the money" in each.subject]
    assert "invoice" not in sent.body and "do not come" not in sent.body
    assert f"no invoice for the mail of order {order.pk}" in caplog.text


def test_a_refund_has_a_mail_with_its_credit_note(client: Client, order: Order) -> None:
    given_back(order, extra=order.shipping_incl_tax)
    _invoice, note = documents(order)
    [sent] = [each for each in mail.outbox if "go back to you" in each.subject]
    assert sent.to == [order.email] and f"of order {order.number}" in sent.subject
    assert f"Your credit note {note.code} as a PDF: " in sent.body and by_link(note, order) in sent.body
    drain_all()
    assert len([each for each in mail.outbox if "go back to you" in each.subject]) == 1
    assert is_pdf(client.get(by_link(note, order)))


def test_german_orders_have_german_mails_and_documents() -> None:
    from .making import text_of

    order = paid(make_product("Schüssel", price="20"))
    Order.objects.filter(pk=order.pk).update(language="de")
    order.refresh_from_db()
    given_back(order, extra=order.shipping_incl_tax)
    invoice, note = documents(order)
    assert "Rechnung" in text_of(invoice) and "MwSt." in text_of(invoice) and "Gutschrift" in text_of(note)
    assert "United Kingdom" not in text_of(invoice) and "Vereinigtes Königreich" in text_of(invoice)
    [sent] = [each for each in mail.outbox if "gehen an Sie zurück" in each.subject]
    assert "Ihre Gutschrift CN-000001 als PDF" in sent.body


def test_cancelling_writes_both_mails(order: Order) -> None:
    change_status(order, "cancelled", why="customer")
    drain_all()
    assert any("cancelled" in each.subject.lower() for each in mail.outbox)
