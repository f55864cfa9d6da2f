"""The demo shop, loaded once for this file: how much there is, that it adds up, and that every page of it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Sum
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model
from wagtail.models import Page

from content.blocks.body import UNKNOWN, BodyBlock
from content.models import CategoryStory, ContactPage, HomePage, LandingPage, LookbookPage, ProductStory, StoryPage
from demo.art import KINDS
from demo.loading import data
from demo.loading.drawing import Order as Drawing
from demo.loading.drawing import Studio, draw
from demo.loading.load import DemoError, is_loaded, load, reset
from demo.people import MARKETER, MERCHANDISER, PASSWORD, SHOPPER, SUPPORT
from search.insight import reports
from search.insight.models import QueryDay, QueryProductDay, SearchedQuery
from search.insight.selectors import clicks_for
from search.relevance.models import JudgedQuery, RelevanceCheck
from search.rules.models import Rule
from shop.accounts.models import User
from shop.catalogue.models import Category, Product, ProductImage
from shop.catalogue.selectors import product_detail
from shop.invoices.models import Invoice, Series
from shop.ledger.proof import findings
from shop.markets import home_market
from shop.order.models import Line, Order, OrderStatusChange
from shop.order.operations import expire_unpaid
from shop.outbox.models import OutboxEntry
from shop.partner.models import StockRecord
from shop.planner import analyze
from tests import emptying
from tests.conftest import add_base_rows

pytestmark = pytest.mark.django_db

Offer = get_model("offer", "ConditionalOffer")
Review = get_model("reviews", "ProductReview")
Voucher = get_model("voucher", "Voucher")

#: Every model that loading writes to and whose rows may not double.
COUNTED = (
    Product, ProductImage, Category, StockRecord, Order, Line, User, Offer, Voucher, Review, ProductStory,
    CategoryStory, Page, SearchedQuery, QueryDay, QueryProductDay,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """Load once, in a transaction that is rolled back after the last test. Pictures are flat: drawing takes a minute."""
    held = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        add_base_rows()
        emptying.sweep()
        with transaction.atomic():
            analyze()
            load(say=lambda text: None, plain_pictures=True)
            yield
            transaction.set_rollback(True)
    settings.MEDIA_ROOT = held


def counts() -> dict[str, int]:
    """How many rows there are of each."""
    return {model.__name__: model.objects.count() for model in COUNTED}


def blocks_in(page: Any) -> set[str]:
    """The kinds of blocks that a page's body holds."""
    return {child.block_type for child in page.body}


# ---------------------------------------------------------------- how much there is
def test_the_catalogue_is_as_large_as_promised() -> None:
    public = Product.objects.filter(is_public=True)
    assert public.exclude(structure=Product.CHILD).count() >= 80
    assert public.filter(structure=Product.CHILD).count() >= 100
    assert set(Category.objects.values_list("depth", flat=True)) == {1, 2, 3}
    assert not Category.objects.filter(description="").exists()
    assert not Category.objects.filter(image="").exists()
    assert not public.exclude(structure=Product.CHILD).filter(images=None).exists()
    assert ProductImage.objects.filter(product__structure=Product.CHILD).count() >= 60


def test_some_things_are_low_out_reduced_and_new() -> None:
    jug = StockRecord.objects.get(product__slug="milk-jug")
    assert jug.net_stock_level == 0, "what is left of it is held for orders"
    assert StockRecord.objects.filter(num_in_stock__range=(1, 4)).count() >= 5
    assert StockRecord.objects.filter(compare_at_price__gt=F("price")).count() >= 2
    fresh = timezone.localdate() - timedelta(days=60)
    assert Product.objects.filter(released_on__gte=fresh).exists()
    assert set(Product.objects.filter(structure=Product.STANDALONE).values_list("tax_class", flat=True)) >= {
        "standard", "zero",
    }  # fmt: skip


def test_offers_vouchers_and_reviews() -> None:
    assert Offer.active.filter(offer_type=Offer.SITE).count() >= 2
    now = timezone.now()
    assert Voucher.objects.count() >= 3
    assert Voucher.objects.filter(end_datetime__lt=now).count() == 1
    assert Voucher.objects.filter(usage=Voucher.SINGLE_USE).exists()
    assert Review.objects.filter(status=Review.APPROVED).count() >= 100
    assert Review.objects.filter(status=Review.FOR_MODERATION).count() >= 3
    assert not Review.objects.filter(date_created__gt=now).exists()
    assert Product.objects.filter(rating__isnull=False).count() >= 50


def test_stories_use_every_block() -> None:
    stories = list(StoryPage.objects.live().filter(locale__language_code="en-gb"))
    assert len(stories) >= 15
    pages: list[Any] = [*stories, *LookbookPage.objects.live(), *LandingPage.objects.live(), *HomePage.objects.live()]
    used = set().union(*(blocks_in(page) for page in pages))
    assert used == set(BodyBlock().child_blocks) - {UNKNOWN}
    assert set().union(*(blocks_in(story) for story in stories)) >= used - {"category_tiles"}
    for story in stories:
        assert story.author is not None and story.lead_picture is not None and story.topics.exists(), story.title
        assert story.reading_minutes >= 1


WORDS = ("dropcap", "text", "quote", "callout")


def test_every_story_names_products_in_its_sentences_and_is_worth_reading() -> None:
    for row in data.stories():
        text = " ".join(block[name] for block in row["body"] for name in WORDS if next(iter(block)) == name)
        assert len(re.findall(r"\[\[(?!page:)", text)) >= 3, row["slug"]
        if row.get("kind", "story") == "story":
            assert len(re.sub(r"<[^>]+>", " ", text).split()) >= 245, row["slug"]
        assert "!" not in text, row["slug"]


def test_stories_of_products_and_shelves_are_live_drafts_and_scheduled() -> None:
    assert ProductStory.objects.filter(live=True).count() >= 5
    assert CategoryStory.objects.filter(live=True).count() >= 3
    assert ProductStory.objects.filter(live=False, has_unpublished_changes=True).count() == 2
    assert ProductStory.objects.filter(go_live_at__gt=timezone.now()).count() == 1


def test_people_can_sign_in_and_have_their_roles(client: Client) -> None:
    people = {MARKETER: {"Marketer"}, MERCHANDISER: {"Merchandiser"}, SUPPORT: {"Support"}, SHOPPER: set()}
    for email, groups in people.items():
        user = User.objects.get(email=email)
        assert set(user.groups.values_list("name", flat=True)) == groups
        assert user.is_staff is bool(groups)
        assert not user.is_superuser
        assert client.login(username=email, password=PASSWORD)
    shopper = User.objects.get(email=SHOPPER)
    assert shopper.addresses.count() == 2
    assert shopper.wishlists.get().lines.count() == 4


# ---------------------------------------------------------------- that it adds up
def test_a_year_of_orders_in_every_state() -> None:
    orders = Order.objects.all()
    assert orders.count() >= 150
    assert set(orders.values_list("status", flat=True)) == set(settings.OSCAR_ORDER_STATUS_PIPELINE)
    first, last = orders.order_by("date_placed").first(), orders.order_by("date_placed").last()
    assert last.date_placed - first.date_placed >= timedelta(days=350)
    assert last.date_placed <= timezone.now()
    assert orders.filter(user=None).exclude(guest_email="").exists()
    assert orders.exclude(shipping_address__country="GB").exists()
    assert orders.filter(discounts__isnull=False).exists()


def test_orders_add_up_to_the_penny() -> None:
    for order in Order.objects.prefetch_related("lines__discounts", "discounts"):
        lines = list(order.lines.all())
        for line in lines:
            off = sum((each.amount for each in line.discounts.all()), Decimal(0))
            assert line.line_price_before_discounts_incl_tax - off == line.line_price_incl_tax
            assert line.unit_price_incl_tax * line.quantity == line.line_price_before_discounts_incl_tax
            assert line.line_price_excl_tax <= line.line_price_incl_tax
        goods = sum((line.line_price_incl_tax for line in lines), Decimal(0))
        assert goods + order.shipping_incl_tax == order.total_incl_tax, order.number
        net = sum((line.line_price_excl_tax for line in lines), Decimal(0))
        assert net + order.shipping_excl_tax == order.total_excl_tax, order.number
        given = sum((each.amount for each in order.discounts.all() if each.category == "Basket"), Decimal(0))
        assert given == sum((line.line_price_before_discounts_incl_tax for line in lines), Decimal(0)) - goods


def test_the_log_of_an_order_goes_forward_and_ends_in_its_state() -> None:
    for order in Order.objects.prefetch_related("status_changes"):
        log = sorted(order.status_changes.all(), key=lambda each: (each.date_created, each.pk))
        assert log[0].old_status == "" and log[0].date_created == order.date_placed
        assert log[-1].new_status == order.status
        assert all(before.new_status == after.old_status for before, after in pairwise(log))
        assert log[-1].date_created <= timezone.now()
    assert OrderStatusChange.objects.exists()


def test_stock_is_what_the_files_say_and_what_is_promised_is_open() -> None:
    said = {each["sku"]: each["stock"] for row in data.catalogue().products for each in row.get("variants") or [row]}
    for record in StockRecord.objects.filter(partner_sku__in=said):
        assert record.net_stock_level == said[record.partner_sku], record.partner_sku
        open_lines = Line.objects.filter(stockrecord=record, status="open").aggregate(total=Sum("quantity"))["total"]
        assert (record.num_allocated or 0) == (open_lines or 0), record.partner_sku


def test_a_variant_has_the_numbers_that_go_with_it() -> None:
    detail = product_detail("hearth-casserole", market=home_market(), values={"size": "5.6 l"})
    assert detail is not None
    assert [axis.code for axis in detail.axes] == ["colour", "size"]
    assert detail.selected_variant.specification == (("Capacity, ml", "5600"),)


def test_no_order_of_a_new_demo_is_cancelled_for_want_of_money() -> None:
    assert Order.objects.filter(status="awaiting-payment").exists()
    assert expire_unpaid() == []


def test_nobody_gets_a_mail_for_orders_of_long_ago() -> None:
    assert not OutboxEntry.objects.filter(topic__startswith="mail").exists()


# ---------------------------------------------------------------- that every page answers
def addresses() -> list[str]:
    """Every live page, every category and every product."""
    pages = [page.get_url() for page in Page.objects.live().filter(depth__gt=1).specific()]
    assert None not in pages
    found = [*pages, *(category.get_absolute_url() for category in Category.objects.all())]
    slugs = Product.objects.exclude(structure=Product.CHILD).values_list("slug", flat=True)
    return [*found, *(f"/products/{slug}/" for slug in slugs), "/journal/feed/", "/journal/topic/makers/"]


def test_each_order_that_was_paid_has_an_invoice_of_that_day_and_the_books_agree() -> None:
    invoices = list(Invoice.objects.select_related("order").order_by("number"))
    assert len(invoices) > 100 and [row.number for row in invoices] == list(range(1, len(invoices) + 1))
    assert [row.at for row in invoices] == sorted(row.at for row in invoices)
    for row in invoices:
        assert row.at == row.order.status_changes.get(new_status="paid").date_created
    assert {row.data["seller"]["name"] for row in invoices} == {"Fern & Kiln Ltd"}
    assert {row.data["language"] for row in invoices} == {"en-gb", "de"}
    assert [str(each) for each in findings()] == []


def test_every_page_answers_and_names_no_product_that_is_not_there(client: Client) -> None:
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert "[[" not in text and "linktype" not in text and ">None<" not in text, address


def test_pages_show_their_products(client: Client) -> None:
    story = client.get("/journal/buy-the-bowl-first/").content.decode()
    assert story.count('class="mention') == 10
    assert "£28" in story and "sold out" in story
    home = client.get("/").content.decode()
    assert home.count('class="card"') >= 10
    assert ContactPage.objects.live().get().get_url() == "/contact/"


def test_the_page_tree_is_whole() -> None:
    assert not any(Page.find_problems())
    assert not any(Category.find_problems())


def test_search_and_best_sellers_work_at_once(client: Client) -> None:
    found = client.get("/search/", {"q": "teapot"}).content.decode()
    assert "/products/garden-teapot/" in found
    listing = client.get("/shop/", {"sort": "best-selling"}).content.decode()
    sold = (
        Line.objects.exclude(status="cancelled")
        .values("product__parent__slug", "product__slug")
        .annotate(n=Sum("quantity"))
    )
    assert sold and "/products/" in listing


def test_the_german_edition(client: Client) -> None:
    front = client.get("/de/").content.decode()
    assert "Zuerst die Schale" in front and 'lang="de"' in front
    assert "Glutschale" in client.get("/de/journal/zuerst-die-schale/").content.decode()


def test_every_report_about_searches_has_something_to_show() -> None:
    today = timezone.localdate()
    year, month = (reports.Period(today - timedelta(days=days), today) for days in (364, 29))
    for report in reports.REPORTS:
        assert reports.rows(report, month).count() >= 3, report
    assert reports.totals(year).now.searches > 5000
    assert clicks_for("bowl")


# ---------------------------------------------------------------- loading
def test_loading_twice_doubles_nothing(settings: Any) -> None:
    settings.DEBUG = True
    before, out = counts(), StringIO()
    call_command("load_demo", stdout=out)
    assert "there already" in out.getvalue()
    assert counts() == before


def test_refuses_where_debug_is_off(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match=r"only where DEBUG is on"):
        call_command("load_demo")


def test_says_when_a_part_is_missing() -> None:
    HomePage.objects.update(cover_story=None)
    with pytest.raises(DemoError, match=r"load_demo --reset"):
        is_loaded()


def test_results_are_judged_and_checks_are_looked_at() -> None:
    judged = JudgedQuery.objects.values_list("text", "ndcg")
    assert len(judged) == 12
    assert all(ndcg is not None and 0 <= ndcg <= 1 for _text, ndcg in judged)
    assert dict(judged)["teapot"] > 0.9
    # The one that fails shows what a failing check looks like: the database engine takes "book" for any book.
    assert {check.query: check.is_passing for check in RelevanceCheck.objects.all()} == {
        "teapot with infuser": True,
        "salad bowl": True,
        "cook book": False,
        "teapot": True,
    }


def test_rules_hold_and_one_waits(client: Client) -> None:
    assert (
        Rule.objects.filter(published__isnull=False).count() == 39 and Rule.objects.filter(is_changed=True).count() == 2
    )
    assert client.get("/search/?q=returns")["Location"] == "/delivery-and-returns/"
    assert "Market jug" in client.get("/search/?q=pitcher").content.decode()
    assert client.get("/de/search/?q=versand")["Location"] == "/de/lieferung-und-rueckgabe/"
    assert "Kiln mug" in client.get("/de/search/?q=Becher").content.decode()
    assert "Paring knife" in client.get("/de/search/?q=messer").content.decode()


def test_reset_leaves_an_empty_shop() -> None:
    reset(say=lambda text: None)
    assert not Invoice.objects.exists() and not Series.objects.exists()
    after = counts()
    assert {name: number for name, number in after.items() if number} == {"Page": after["Page"]}
    assert not is_loaded()
    assert StoryPage.objects.count() == 0
    assert not JudgedQuery.objects.exists()
    assert not RelevanceCheck.objects.exists()
    assert not Rule.objects.exists()


def test_pictures_are_drawn_once_and_are_jpeg() -> None:
    order = Drawing(kind="mug", glaze="rust", second="chalk", ground="celadon", seed=1)
    assert draw(order)[:2] == b"\xff\xd8"
    with Studio() as studio:
        studio.order([order, order])
        assert studio.picture(order) == studio.picture(order) == draw(order)


def test_everything_for_sale_can_be_drawn() -> None:
    assert {row["art"]["kind"] for row in data.catalogue().products} <= set(KINDS)
