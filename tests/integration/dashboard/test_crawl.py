"""Every address of the dashboard answers, for the owner and for the roles that may."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from oscar.core.loading import get_model

from search.insight.models import SearchedQuery
from search.relevance.models import JudgedQuery, RelevanceCheck
from search.relevance.operations import rate
from search.rules import operations as rules
from search.rules.content import Content, Entry
from shop.accounts.models import User
from shop.accounts.roles import MARKETER, MERCHANDISER, SUPPORT
from shop.catalogue.models import AttributeOptionGroup, Brand, Category, Product, ProductClass
from shop.dashboard.models import ImportRun
from shop.dashboard.transfer.operations import upload
from shop.giftcards.operations import issue_by_hand
from shop.invoices.operations import issue_missing
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.partner.models import TaxRate
from shop.returns.operations import Wanted, ask
from shop.shipping.models import ShippingMethod
from tests.factories import make_offer, make_product
from tests.integration.orders.buying import buy
from tests.people import signed_in

pytestmark = pytest.mark.django_db
# Words of Oscar's and of the database's that nobody should have to read.
RAW = (
    "awaiting-payment</",
    "partly-dispatched</",
    "Superuser?",
    "You are editing",
    "Reporting dashboard",
    "tockrecord",
    "tandalone",
)


def patterns(found: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below `found`, with its path."""
    for each in found:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, path)
        else:
            yield path, each


def all_patterns() -> list[tuple[str, URLPattern]]:
    config: Any = apps.get_app_config("dashboard")
    return list(patterns(config.get_urls()))


class Number:
    """What is found by its number."""

    def __init__(self, number: str) -> None:
        self.pk = number


@pytest.fixture
def filled(client: Client) -> dict[str, Any]:
    """A shop with one of everything; which number stands for what in an address."""
    product = make_product(
        "Jug",
        brand="Harrow Pottery",
        categories=["Table > Jugs"],
        picture=True,
        variants=[{"attributes": {"Size": "Small"}}, {"attributes": {"Size": "Large"}}],
        specification=[["Height", "12 cm"]],
        tags=["gift"],
        gtins=["4006381333931"],
    )
    plain = make_product("Bowl", categories=["Table > Bowls"], picture=True)
    offer = make_offer(products=[plain])
    order = change_status(buy(client, plain, plain), "paid")
    shipment = dispatch(order, quantities={order.lines.get().pk: 1}, by=None, key=uuid.uuid4())
    issue_missing(order.pk)
    card = issue_by_hand(amount=Decimal(5), recipient_email="ada@example.org", by=None, why="a test", key=uuid.uuid4())
    back = ask(order, lines={order.lines.get().pk: Wanted(1, "mind")}, key=uuid.uuid4())
    now = timezone.now()
    voucher_set = get_model("voucher", "VoucherSet").objects.create(
        name="Set", code_length=8, count=2, start_datetime=now, end_datetime=now
    )
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Ten", code="TEN", start_datetime=now, end_datetime=now, usage="Single use"
    )
    voucher.offers.add(make_offer("For the voucher", products=[plain], offer_type="Voucher"))
    owner = User.objects.create_superuser("owner@example.com", "masthead-demo", first_name="Olive")
    review = get_model("reviews", "ProductReview").objects.create(
        product=plain, user=owner, score=4, title="Good", body="Very good."
    )
    run = upload(SimpleUploadedFile("products.csv", b"slug,sku,title\nmug,M-1,Mug\n"), by=owner)
    rate("bowl", {plain.pk: 3}, by=owner)
    searched = SearchedQuery.objects.create(text="bowl", language="en-gb", start="bo", searches=9, recent=9, days=3)
    check = RelevanceCheck.objects.create(query="bowl", product=plain)
    rule = rules.create(
        Content(queries=("bowl",), entries=(Entry("pin", "product", str(plain.pk), label="Bowl", place=1),)), by=owner
    )
    synonyms = rules.create(Content(kind="synonyms", also=("bowl", "dish")), by=owner)
    first_range = get_model("offer", "Range").objects.first()
    by_name = {
        "catalogue": plain, "catalogue-category": Category.objects.first(), "catalogue-class": ProductClass.objects.first(),
        "catalogue-attribute-option-group": AttributeOptionGroup.objects.first(),
        "offer": offer, "voucher": voucher, "voucher-set": voucher_set, "range": first_range, "reviews": review,
        "user": owner, "tax-rate": TaxRate.objects.first(),
        "brand": Brand.objects.first(), "shipping-method": ShippingMethod.objects.first(), "import": run,
        "search-judgement": JudgedQuery.objects.get(), "search-check": check, "search-query": searched,
        "gift-card": card, "order-tracking": shipment, "return": Number(back.number), "search-rule": rule, "search-synonym": synonyms,
    }  # fmt: skip
    return {"owner": owner, "order": order, "parent": product, "plain": plain, "by_name": by_name}


def address(pattern: URLPattern, path: str, filled: dict[str, Any]) -> str:
    """A real address for one pattern: the number of the thing that its name speaks of."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", path)
    best = max((name for name in filled["by_name"] if str(pattern.name).startswith(name)), key=len, default="")
    thing = filled["by_name"].get(best)
    values: dict[str, Any] = {
        "number": filled["order"].number,
        "code": filled["order"].invoices.get().code,
        "parent_pk": filled["parent"].pk,
        "parent": Category.objects.first().pk,
        "product_class_slug": ProductClass.objects.first().slug,
    }
    return reverse(
        f"dashboard:{pattern.name}",
        kwargs={
            name: thing.pk if isinstance(thing, Number) else values.get(name, getattr(thing, "pk", 1)) for name in names
        },
    )


# What Bootstrap calls its own; the dashboard has other names.
BOOTSTRAP = re.compile(
    r"(btn-\w|form-(control|group|check|row|inline)|alert|badge|card|col-\w|row|float-|dropdown|nav-tabs|tab-pane|"
    r"sr-only|text-muted|table-(striped|bordered|hover|header)|d-\w|m[trblxy]?-\d|modal|breadcrumb|pagination|fas|select2)"
)


def faults_of(html: str) -> list[str]:
    """What a page of ours must not have, whatever it shows."""
    faults = []
    if html.count("<h1") != 1 or html.count("<main") != 1:
        faults.append(f"{html.count('<h1')} h1, {html.count('<main')} main")
    faults += re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style[^>]*>|<[^>]*\s(?:style|on[a-z]+)=[^>]*>", html)
    names = {name for value in re.findall(r'\sclass="([^"]*)"', html) for name in value.split()}
    faults += sorted(name for name in names if BOOTSTRAP.match(name) and name not in {"row-box", "row-box--fields"})
    ids = re.findall(r'\sid="([^"]*)"', html)
    faults += sorted({f"id {one} twice" for one in ids if ids.count(one) > 1})
    faults += sorted({f"{one} is named and is not there" for one in named_ids(html) - set(ids)})
    return faults


def named_ids(html: str) -> set[str]:
    """Every id that a label or an aria attribute refers to."""
    found = re.findall(r'\s(?:for|popovertarget|aria-(?:labelledby|describedby|controls))="([^"]*)"', html)
    return {one for value in found for one in value.split()}


def visited(client: Client, filled: dict[str, Any]) -> dict[str, tuple[int, list[str]]]:
    """The status of every address and what is wrong with its page, by path."""
    client.raise_request_exception = False
    found = {}
    for path, pattern in all_patterns():
        url = address(pattern, path, filled)
        answer = client.get(url)
        if answer.streaming:
            # Read to its end: closing it by hand would close the database's connection too.
            list(answer.streaming_content)
        is_page = answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]
        found[url] = answer.status_code, faults_of(answer.content.decode()) if is_page else []
    return found


def test_every_page_opens_and_is_one_of_ours(client: Client, filled: dict[str, Any]) -> None:
    client.force_login(filled["owner"])
    found = visited(client, filled)
    assert len(found) > 70
    # 302: a step of the offer wizard that needs the one before, or signing in; 405: what only a form may ask for.
    assert {url: status for url, (status, _faults) in found.items() if status not in {200, 302, 405}} == {}
    assert {url: faults for url, (_status, faults) in found.items() if faults} == {}


def test_every_address_asks_for_a_permission() -> None:
    config: Any = apps.get_app_config("dashboard")
    open_ones = set()
    for _path, pattern in all_patterns():
        owners = [
            each for each in apps.get_app_configs() if hasattr(each, "permissions_map") and each.namespace is None
        ]
        asked = [
            each.permissions_map[pattern.name] for each in (*owners, config) if pattern.name in each.permissions_map
        ]
        if not asked:
            open_ones.add(pattern.name)
    assert open_ones == {"login", "logout"}


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            MERCHANDISER,
            ["catalogue-product-list", "tax-rate-list", "shipping-method-list", "import-list", "brand-list", "range-list",
             "offer-list", "voucher-list", "reviews-list", "order-list", "catalogue-class-create"],
            ["users-index"],
        ),
        (SUPPORT, ["order-list", "reviews-list", "users-index"], ["import-list", "tax-rate-list", "offer-list"]),
        (
            MARKETER,
            ["catalogue-product-list"],
            ["order-list", "catalogue-product-create", "import-list", "tax-rate-list", "users-index", "offer-list"],
        ),
    ],
)  # fmt: skip
def test_each_role_gets_in_where_it_works(role: str, may: list[str], may_not: list[str]) -> None:
    client = signed_in(role)
    assert {name: client.get(reverse(f"dashboard:{name}")).status_code for name in may} == dict.fromkeys(may, 200)
    assert {name: client.get(reverse(f"dashboard:{name}")).status_code for name in may_not} == dict.fromkeys(
        may_not, 403
    )


def test_nobody_is_let_in_without_signing_in(client: Client) -> None:
    for name in ("index", "order-list", "import-list", "tax-rate-list", "catalogue-product-list"):
        assert client.get(reverse(f"dashboard:{name}")).status_code == 302
    assert not ImportRun.objects.exists()
    assert Product.objects.count() == 0


def test_what_is_not_there_is_said_in_the_dashboard(client: Client, filled: dict[str, Any]) -> None:
    client.force_login(filled["owner"])
    for url in (
        "/dashboard/no-such-page/",
        reverse("dashboard:catalogue-product", args=[999_999]),
        reverse("dashboard:catalogue-product-list") + "?page=9999",
        reverse("dashboard:catalogue-category-list") + "?page=9999",
        reverse("dashboard:users-index") + "?page=9999",
        reverse("dashboard:order-list") + "?page=9999",
    ):
        answer = client.get(url)
        assert (answer.status_code, "This is not there" in answer.content.decode()) == (404, True), url
    assert "This is not there" not in Client().get("/dashboard/no-such-page/").content.decode()
