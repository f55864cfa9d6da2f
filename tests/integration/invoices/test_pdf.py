"""What is on the paper: whatever is bought by whomever, in every currency, on as many pages as it takes."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from shop.invoices.freezing import invoice_of
from shop.invoices.models import Invoice
from shop.invoices.pdf import render
from shop.order.models import Line, Order
from shop.partner.models import TaxRate
from tests.factories import make_product

from .making import adds_up, bought, documents, given_back, paid, text_of

pytestmark = pytest.mark.django_db


def reader(row: Invoice) -> PdfReader:
    return PdfReader(io.BytesIO(render(row.data)))


def invoice(order: Order) -> Invoice:
    [row] = documents(order)
    assert adds_up(row)
    return row


def with_lines(number: int, title: str = "Thing") -> Order:
    """An order of so many lines, written past the shop: a basket takes no more than 100."""
    order = bought(make_product("Thing", price="12"))
    [first] = order.lines.all()
    for count in range(1, number):
        first.pk, first.title = None, f"{title} {count}"
        first.save(force_insert=True)
    total, net = Decimal(12) * number, Decimal(10) * number
    Order.objects.filter(pk=order.pk).update(
        total_incl_tax=total, total_excl_tax=net, shipping_incl_tax=0, shipping_excl_tax=0
    )
    from shop.order.states import change_status

    made = Order.objects.get(pk=order.pk)
    change_status(made, "paid")
    return made


def test_it_says_all_that_an_invoice_has_to(client: Any) -> None:
    order = paid(make_product("Ember bowl", price="20", sku="EB-1"), quantity=2)
    text = text_of(row := invoice(order))
    for words in (
        "Invoice", "INV-000001", order.number, "Ada Fenwick", "14 Tanner’s Row", "LS1 4DY", "United Kingdom",
        "Ember bowl", "EB-1", "£20.00", "£40.00", "20 %", order.shipping_method, "Page 1 of 1", "was paid online on",
    ):  # fmt: skip
        assert words in text.replace("\xa0", " "), words
    assert f"£{order.total_incl_tax:.2f}" in text
    info = reader(row)
    assert info.metadata and info.metadata.title == "Invoice INV-000001" and order.number in str(info.metadata.subject)
    assert info.trailer["/Root"]["/Lang"] == "en-gb"
    assert render(row.data) == render(Invoice.objects.get(pk=row.pk).data)


def test_sixty_lines_on_several_pages_with_a_head_on_each() -> None:
    row = invoice(
        with_lines(60, "A very long title of a casserole with a lid, thrown by hand and glazed three times " * 2)
    )
    pages = reader(row).pages
    assert len(pages) > 3
    texts = [page.extract_text() for page in pages]
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(pages)}" in text and "Invoice" in text
    # Every line is there once, and none is below the head of a page without a table.
    whole = "\n".join(texts)
    assert whole.count("£12.00") == 60 * 2 and whole.count("Description") >= len(pages) - 1
    assert f"£{row.total:.2f}" in whole


@pytest.mark.parametrize("title", ["x" * 255, "Ein-sehr-langes-Wort" * 12, "i " * 127, "—" * 255])
def test_any_title_fits_its_column(title: str) -> None:
    from shop.invoices.sheet import REGULAR, width_of, wrapped

    lines = wrapped(title, REGULAR, 9.5, 120)
    assert all(0 < width_of(line, REGULAR, 9.5) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")


def test_names_in_latin_greek_and_cyrillic_can_be_read_and_copied() -> None:
    order = paid(make_product("Schüssel „groß“ – Żółć"))
    address = order.billing_address
    address.first_name, address.last_name, address.line1 = "Łukasz", "Weiß", "Ελένη Παπαδοπούλου"
    address.line2, address.line3 = "Жанна Щербакова-Їжак", "日本 🎁 ‮evil"
    address.save()
    text = text_of(invoice(order))
    for words in ("Łukasz Weiß", "Ελένη Παπαδοπούλου", "Жанна Щербакова-Їжак", "Żółć", "evil"):
        assert words in text, words
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "name",
    [
        "<b>bold</b>",
        "<font color='[ [ ] ]'>x</font>",
        "&amp; &#x41; ]]>",
        "%(number)s {0} %s",
        "(\\) Tj ET Q",
        "<img src=x>",
    ],
)
def test_a_name_is_never_read_as_markup(name: str) -> None:
    order = paid(make_product(name))
    address = order.billing_address
    address.first_name, address.last_name = name[:200], "Fenwick\x01\r\nBcc: evil\x1b[2J"
    address.save()
    row = invoice(order)
    assert row.buyer == f"{name} Fenwick Bcc: evil[2J" and text_of(row).count(name) >= 2


def test_tax_in_and_out_and_several_rates() -> None:
    TaxRate.objects.update_or_create(country="GB", tax_class="zero", defaults={"rate": Decimal(0)})
    order = paid(make_product("Bowl", price="20"), make_product("Book", price="9.99", tax_class="zero"))
    row = invoice(order)
    assert [each["rate"] for each in row.data["rates"]] == ["0.2", "0"]
    text = text_of(row)
    assert "Together" in text and "£9.99" in text
    # An export: everything without.
    other = bought(make_product("Bowl", price="20"))
    lines = Line.objects.filter(order=other)
    lines.update(tax_rate=0, line_price_incl_tax=10, line_price_before_discounts_incl_tax=10, line_price_excl_tax=10)
    Order.objects.filter(pk=other.pk).update(
        total_incl_tax=13, total_excl_tax=13, shipping_incl_tax=3, shipping_excl_tax=3
    )
    other.shipping_address.country_id = other.billing_address.country_id = "US"
    other.shipping_address.save()
    other.billing_address.save()
    frozen = invoice_of(Order.objects.get(pk=other.pk))
    assert not frozen.tax and (frozen.country, frozen.data["paper"]) == ("US", "letter")
    assert [each["rate"] for each in frozen.data["rates"]] == ["0"]
    paper = PdfReader(io.BytesIO(render({**frozen.data, "kind": "invoice", "code": "INV-1", "on": "2026-11-23"})))
    assert "No VAT is charged on this." in paper.pages[0].extract_text()
    assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [612, 792]


def test_a_currency_without_smaller_coins() -> None:
    order = bought(make_product("Bowl", price="20"))
    Order.objects.filter(pk=order.pk).update(
        currency="JPY", total_incl_tax=3300, total_excl_tax=3000, shipping_incl_tax=0, shipping_excl_tax=0
    )
    order.lines.update(
        line_price_incl_tax=3300, line_price_excl_tax=3000, line_price_before_discounts_incl_tax=3300,
        unit_price_incl_tax=3300, tax_rate=Decimal("0.1"),
    )  # fmt: skip
    from shop.ledger.operations import enter
    from shop.order.states import change_status

    made = Order.objects.get(pk=order.pk)
    change_status(made, "paid")
    row = invoice(made)
    text = text_of(row)
    assert row.data["totals"] == {"net": "3000", "tax": "300", "gross": "3300"}
    assert "¥3,300" in text and "3,300.00" not in text
    enter(made, "refunded", Decimal(1001), key="sent-back:1")
    note = documents(made)[1]
    assert note.data["totals"] == {"net": "910", "tax": "91", "gross": "1001"} and adds_up(note)


def test_a_sign_of_a_currency_that_the_face_lacks_gives_way_to_its_code() -> None:
    row = invoice(paid(make_product("Bowl", price="20")))
    text = text_of({**row.data, "currency": "ILS"}).replace("\xa0", " ")
    assert "20.00 ILS" in text


def test_letters_that_the_face_lacks_are_written_by_their_numbers_and_staff_is_told() -> None:
    from shop.accounts.roles import SUPPORT
    from tests.integration.dashboard.pages import signed_in

    order = bought(make_product("Bowl", price="20"))
    for address in (order.shipping_address, order.billing_address):
        address.first_name, address.last_name, address.line1 = "太郎", "Nguyễn", "شارع 4"
        address.save()
    from shop.order.states import change_status

    change_status(order, "paid")
    row = invoice(Order.objects.get(pk=order.pk))
    text = text_of(row.data)
    assert "[U+592A U+90CE]" in text and "Nguyễn" in text and "[U+0634 U+0627 U+0631 U+0639] 4" in text
    assert "太郎" in row.data["buyer"][0], "what was frozen is what the buyer wrote"
    support = signed_in(SUPPORT)
    page = support.get(f"/dashboard/orders/{order.number}/").content.decode()
    assert "typeface lacks" in page and "太郎" in page
    other = bought(make_product("Jug", price="20"))
    change_status(other, "paid")
    invoice(Order.objects.get(pk=other.pk))
    assert "typeface lacks" not in support.get(f"/dashboard/orders/{other.number}/").content.decode()


def test_nothing_that_somebody_wrote_is_dropped_when_it_is_frozen() -> None:
    from shop.invoices.sheet import shown
    from shop.invoices.words import clean

    # A letter that this Python's tables do not know yet, and one of somebody's own.
    for letter in ("\U0003fffd", "\ue000"):
        assert clean(f"A{letter}B") == f"A{letter}B"
        assert shown(f"A{letter}B") == f"A[U+{ord(letter):04X}]B"


def test_discounts_are_named_and_add_up() -> None:
    from shop.order.models import OrderDiscount

    order = bought(make_product("Bowl", price="30"), quantity=2)
    order.lines.update(line_price_incl_tax=Decimal("54.00"), line_price_excl_tax=Decimal("45.00"))
    net = order.shipping_excl_tax + 45
    Order.objects.filter(pk=order.pk).update(total_incl_tax=order.shipping_incl_tax + 54, total_excl_tax=net)
    OrderDiscount.objects.create(order=order, offer_name="Autumn", voucher_code="FRIDAY", amount=6, category="Basket")
    from shop.order.states import change_status

    made = Order.objects.get(pk=order.pk)
    change_status(made, "paid")
    row = invoice(made)
    assert row.data["discounts"] == [{"title": "Autumn (FRIDAY)", "amount": "6.00"}]
    text = text_of(row)
    assert "Autumn (FRIDAY)" in text and text.count("−£6.00") == 2 and "£60.00" in text


def test_a_credit_note_says_what_it_is_about() -> None:
    order = paid(make_product("Bowl", price="20"))
    given_back(order, extra=Decimal(2))
    text = text_of(documents(order)[1])
    assert "Credit note" in text and "This amount of invoice INV-000001 of" in text and "Amount credited" in text
