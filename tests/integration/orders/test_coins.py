"""Currencies without a smaller unit, and with three places: no page, form or import takes or shows what nobody can pay."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.http import QueryDict
from django.test import Client

from search import histogram, prices
from search.params import parse
from shop.accounts import roles
from shop.catalogue.importing import jsonlines
from shop.catalogue.importing.values import parse_price
from shop.catalogue.selectors import product_detail
from shop.dashboard.catalogue.prices import Change
from shop.giftcards.spending import CardError
from shop.ledger.operations import BooksError, sent_back
from shop.order.states import change_status
from shop.partner.models import StockRecord
from shop.payment.currencies import is_payable, rounded, smallest
from tests.factories import make_market, make_product
from tests.integration.dashboard.test_bulk import asked, send
from tests.integration.giftcards.giving import give
from tests.people import signed_in

from .test_currencies import ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def yen(settings: Any) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "JPY"


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("2.345", "GBP", "2.35"), ("2.345", "JPY", "2"), ("2.5", "JPY", "3"), ("-2.5", "JPY", "-3"),
        ("2.345", "KWD", "2.35"), ("2.344", "KWD", "2.34"), ("2.5", "ISK", "3"), ("0.004", "EUR", "0.00"),
    ],
)  # fmt: skip
def test_one_function_rounds(amount: str, currency: str, expected: str) -> None:
    found = rounded(Decimal(amount), currency)
    assert found == Decimal(expected) and is_payable(found, currency)


def test_no_money_is_rounded_any_other_way() -> None:
    """`quantize` by a penny is right in two thirds of the world; `currencies` knows the rest."""
    apart = {"shop/payment/currencies.py", "shop/dashboard/taxes.py", "shop/catalogue/selectors/detail.py"}
    found = [
        f"{path.relative_to(configured.BASE_DIR)}: {line.strip()}"
        for room in ("shop", "search", "content")
        for path in sorted(Path(configured.BASE_DIR, room).rglob("*.py"))
        if "migrations" not in path.parts and str(path.relative_to(configured.BASE_DIR)) not in apart
        for line in path.read_text().splitlines()
        if re.search(r"""quantize\(Decimal\(["']0\.01|Decimal\(["']0\.01["']\)$|\bCENT\b""", line)
    ]
    assert found == []


@pytest.mark.usefixtures("yen")
def test_a_litre_costs_whole_yen() -> None:
    oil = make_product("Oil", price="1000", attributes={"Content": "750 ml"})
    StockRecord.objects.update(price_currency="JPY")
    unit = product_detail(oil.slug, market=make_market(currency="JPY")).unit_price
    assert unit is not None and (unit.amount, unit.currency) == (Decimal(1333), "JPY")


@pytest.mark.usefixtures("yen")
def test_prices_are_raised_by_whole_yen() -> None:
    record = make_product(price="999").stockrecords.get()
    assert Change({}, percent=Decimal(7)).of(record) == Decimal(1069)


@pytest.mark.usefixtures("yen")
@pytest.mark.parametrize("field", ["new_price", "increase_by_amount", "own"])
def test_the_price_tool_takes_no_parts_of_a_yen(field: str) -> None:
    bowl = make_product("Bowl", price="1000")
    client = signed_in(roles.MERCHANDISER)
    url = asked(client, "set_product_price", bowl)
    page = send(client, url, **{f"price_{bowl.pk}" if field == "own" else field: "100.50"})
    assert "JPY is paid in steps of 1" in page.content.decode()
    assert bowl.stockrecords.get().price == 1000


@pytest.mark.usefixtures("yen")
def test_imports_take_no_parts_of_a_yen() -> None:
    assert parse_price("1200") == 1200
    with pytest.raises(ValueError, match="JPY is paid in steps of 1"):
        parse_price("12.50")
    assert jsonlines._price(1200) == 12
    with pytest.raises(ValueError, match="has no cents"):
        jsonlines._price(1250)


@pytest.mark.usefixtures("yen")
def test_gift_cards_hold_whole_yen() -> None:
    with pytest.raises(CardError):
        give("12.50")
    assert give("1250").balance == 1250
    client: Client = signed_in(roles.MERCHANDISER)
    form = {
        "amount": "12.50", "recipient_email": "cy@example.org", "language": "en-gb", "why": "x",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    page = client.post("/dashboard/gift-cards/create/", form)
    assert page.status_code == 422 and "JPY is paid in steps of 1" in page.content.decode()
    assert 'step="1"' in page.content.decode()


@pytest.mark.usefixtures("yen")
def test_lists_are_narrowed_by_whole_yen() -> None:
    asked_for = parse(QueryDict("min=99.5&max=200.4"))
    assert asked_for.price_min == 100 and asked_for.price_max == 200
    # 1.1 at home and 1.2 there: 100 is shown from 91.22 on (99.5 / 1.2 * 1.1), and 101 from 92.13 on.
    factor = {"standard": (Decimal("1.1"), Decimal("1.2"))}
    assert prices.shown(Decimal(92), "standard", factor) == 100
    assert prices.home_bound(Decimal(100), factor["standard"]) == Decimal("91.21")
    assert prices.shown(Decimal("91.21"), "standard", factor) == 100
    assert prices.shown(Decimal("91.20"), "standard", factor) == 99
    edges = histogram.borders(Decimal(1), Decimal(4000))
    assert edges and all(edge == edge.to_integral_value() for edge in edges)


def test_what_goes_back_by_bank_is_whole_yen(settings: Any) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    order = ordered("JPY", "GB", [(999, 3, "standard")], [])
    change_status(order, "paid")
    with pytest.raises(BooksError, match="steps of 1"):
        sent_back(order, Decimal("10.50"), reference="x", token="x", by=None)
    assert smallest(order.currency) == 1 and sent_back(order, Decimal(10), reference="x", token="x", by=None)
