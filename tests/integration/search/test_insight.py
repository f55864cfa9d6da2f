"""What is written down of a search, what is not, and what the sums say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from search.insight import operations, recording, selectors
from search.insight.models import QueryDay, QueryProductDay, SearchedQuery, SearchEvent
from search.insight.texts import kept
from search.rules.selectors import Redirect
from search.types import ListingResult
from shop.basket.models import Line as BasketLine
from tests.integration.orders.buying import buy

from .searching import BROWSER, Kind, committed, day_ago, event, known, open_page, three_mugs, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def mugs() -> list[Any]:
    """Three mugs to be found."""
    return three_mugs()


# What is kept of a text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("  Crème   Brûlée dish ", "creme brulee dish"),
        ("MUG", "mug"),
        ("mug\x00\x01 blue\u202e", "mug blue"),
        ('13" laptop', '13" laptop'),
        ("C13T29914012", "c13t29914012"),
        ("sony wh-1000xm5", "sony wh-1000xm5"),
        ("чашка синяя", "чашка синяя"),
        ("茶壺", "茶壺"),
        ("1920x1080 monitor", "1920x1080 monitor"),
        ("under £100", "under £100"),
    ],
)
def test_a_text_is_folded_and_its_spaces_are_one(typed: str, written: str) -> None:
    assert kept(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "!?…", "\x00\x00",
        "ada@example.com", "send it to ada.lovelace@example.co.uk please",
        "0151 23456789", "+44 20 7946 0958", "(020) 7946-0958", "07700900123", "0049/151/2345678",
        "4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1111",
        "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "my iban is gb29 nwbk 6016 1331 9268 19",
        "４１１１ １１１１ １１１１ １１１１", "٠١٥١٢٣٤٥٦٧٨٩", "4006381333931",
        "https://example.com/?token=abc", "www.example.com/reset",
        "x" * 41, "mug " * 26, "x" * 10_000,
    ],
)  # fmt: skip
def test_what_may_be_somebodys_own_is_not_kept(typed: str) -> None:
    assert kept(typed) == ""
    assert recording.trail(typed) == recording.source_of(typed) == ""


# What is written down


def test_a_search_is_one_row_without_anybody_in_it(mugs: list[Any]) -> None:
    open_page(visitor(), "/search/?q=Mug")
    row = SearchEvent.objects.values().get()
    del row["id"]
    assert row == {
        "kind": Kind.SEARCH, "day": day_ago(0), "text": "mug", "language": "en-gb", "results": 3, "relaxed": False, "corrected": False,
        "engine": "database", "product_id": None, "place": 0, "units": 0, "revenue": Decimal(0),
    }  # fmt: skip


def test_no_table_has_a_place_for_a_person() -> None:
    """Whoever adds a column here says why it cannot lead to anybody."""
    columns = {
        SearchEvent: {"id", "kind", "day", "text", "language", "results", "relaxed", "corrected", "engine", "product_id", "place", "units", "revenue"},
        SearchedQuery: {"id", "text", "language", "start", "searches", "days", "recent", "results", "chosen"},
        QueryDay: {"id", "query_id", "day", "searches", "empty", "relaxed", "results", "engine", "clicks", "places", "stories", "adds", "purchases", "units", "revenue"},
        QueryProductDay: {"id", "query_id", "product_id", "day", "clicks", "places", "weight", "adds", "purchases", "units", "revenue"},
    }  # fmt: skip
    for model, names in columns.items():
        assert {field.attname for field in model._meta.concrete_fields} == names, model
        assert not [field for field in model._meta.concrete_fields if field.get_internal_type() == "DateTimeField"]


def test_no_mark_leads_back_to_an_address(mugs: list[Any]) -> None:
    with patch.object(cache, "add", wraps=cache.add) as add:
        open_page(visitor(REMOTE_ADDR="203.0.113.77"), "/search/?q=mug")
    written = repr(add.call_args_list)
    assert "search:mark:" in written and "203.0.113.77" not in written and "mug" not in written
    [mark] = [call.args[0] for call in add.call_args_list if call.args[0].startswith("search:mark:")]
    assert int(mark.rpartition(":")[2], 16) < 2**recording.MARK_BITS


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, "?q=mug"),
        ({"HTTP_USER_AGENT": "curl/8.5.0"}, "?q=mug"),
        ({"HTTP_USER_AGENT": ""}, "?q=mug"),
        ({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, "?q=mug"),
        ({"HTTP_PURPOSE": "prefetch"}, "?q=mug"),
        ({"HTTP_REFERER": "http://testserver/dashboard/search/queries/1/"}, "?q=mug"),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_DEST": "image"}, "?q=mug"),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_DEST": "iframe"}, "?q=mug"),
        ({"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_SEC_FETCH_DEST": "empty"}, "?q=mug"),
        ({}, "?q=mug&page=2"),
        ({}, "?q=mug&in_stock=1"),
        ({}, "?q=mug&sort=price"),
        ({}, "?q=mug&exact=1"),
        ({}, "?q="),
        ({}, ""),
        ({}, "?q=ada%40example.com"),
        ({}, "?q=" + "x" * 10_000),
        ({}, "?q=%00%00"),
    ],
)
def test_what_is_no_search_of_a_person_is_not_counted(mugs: list[Any], headers: dict[str, str], path: str) -> None:
    assert open_page(visitor(**headers), f"/search/{path}").status_code in {200, 404}
    assert not SearchEvent.objects.exists()


def test_a_search_that_a_rule_sends_elsewhere_is_counted(mugs: list[Any]) -> None:
    with patch("search.views.answer_for", return_value=Redirect("/delivery/")):
        assert open_page(visitor(), "/search/?q=delivery").status_code == 302
    assert list(SearchEvent.objects.values_list("text", "results", "engine")) == [("delivery", 1, "rule")]


def test_looking_at_the_head_alone_is_no_search(mugs: list[Any]) -> None:
    with committed():
        assert visitor().head("/search/?q=mug").status_code == 200
    assert not SearchEvent.objects.exists()


def test_a_visitor_counts_once_a_day_and_cannot_flood_the_reports(mugs: list[Any]) -> None:
    flooder = visitor()
    for _number in range(5):
        open_page(flooder, "/search/?q=mug")
    open_page(visitor(), "/search/?q=mug")
    assert SearchEvent.objects.count() == 2
    for number in range(recording.EVENTS_ADDRESS.attempts + 20):
        with committed():
            recording.note_search(_request(flooder), f"word{number}x", ListingResult(ids=(1,), total=1))
    assert SearchEvent.objects.count() <= recording.EVENTS_ADDRESS.attempts + 1


def _request(client: Any) -> Any:
    return client.get("/health/live").wsgi_request


def test_a_search_costs_one_statement_more_and_no_other_page_any(mugs: list[Any]) -> None:
    client = visitor()
    client.get("/search/?q=mug")
    with CaptureQueriesContext(connection) as without:
        client.get("/search/?q=mug")
    with CaptureQueriesContext(connection) as with_it:
        open_page(visitor(), "/search/?q=mug")
    written = [query["sql"] for query in with_it if (query["sql"] or "").startswith("INSERT")]
    assert len(with_it) == len(without) + 1 and len(written) == 1
    url = mugs[0].get_absolute_url()
    client.get(url)
    with CaptureQueriesContext(connection) as plain:
        open_page(client, url)
    with CaptureQueriesContext(connection) as carried:
        open_page(client, f"{url}?q=mug&at=1")
    assert [(query["sql"] or "")[:6] for query in plain].count("INSERT") == 0
    assert len(carried) == len(plain) + 1


def test_a_database_that_refuses_costs_the_count_and_not_the_page(mugs: list[Any], caplog: Any) -> None:
    with patch.object(SearchEvent, "save", side_effect=DatabaseError("read-only")):
        assert open_page(visitor(), "/search/?q=mug").status_code == 200
        assert open_page(visitor(), f"{mugs[0].get_absolute_url()}?q=mug&at=1").status_code == 200
    assert "read-only" in caplog.text
    assert not SearchEvent.objects.exists()


def test_nothing_is_written_inside_somebodys_transaction(mugs: list[Any]) -> None:
    visitor().get("/search/?q=mug")
    assert not SearchEvent.objects.exists()


# Sums


def test_days_and_totals_are_the_sums_of_events() -> None:
    event(Kind.SEARCH, "mug", times=3, days_ago=1)
    event(Kind.SEARCH, "mug", times=2, results=0)
    event(Kind.SEARCH, "mug", relaxed=True, results=7, engine="elasticsearch")
    event(Kind.CLICK, "mug", product_id=1, place=1, times=2)
    event(Kind.CLICK, "mug", product_id=2, place=30)
    event(Kind.CLICK, "mug", product_id=2, place=3, language="de")
    assert operations.sum_up() == 10
    event(Kind.SEARCH, "mug", times=4)
    operations.sum_up()
    today = QueryDay.objects.get(day=day_ago(0))
    assert (today.searches, today.empty, today.relaxed, today.clicks, today.places) == (7, 2, 1, 3, 32)
    assert today.engine == "database"
    query = SearchedQuery.objects.get()
    assert (query.searches, query.days, query.recent, query.results) == (10, 2, 10, 3)
    assert dict(QueryProductDay.objects.values_list("product_id", "weight")) == {1: 2, 2: 10}


def test_a_click_counts_up_to_two_days_after_the_search() -> None:
    event(Kind.SEARCH, "mug", days_ago=5)
    event(Kind.CLICK, "mug", product_id=1, place=1, days_ago=3)
    event(Kind.CLICK, "mug", product_id=1, place=1, days_ago=2)
    event(Kind.CLICK, "mug", product_id=1, place=1, days_ago=6)
    operations.sum_up()
    assert list(QueryProductDay.objects.values_list("day", "clicks")) == [(day_ago(3), 1)]


def test_what_is_old_goes(settings: Any, mugs: list[Any]) -> None:
    known("mug")
    event(Kind.SEARCH, "jug", days_ago=settings.SEARCH_KEPT_DAYS)
    event(Kind.CLICK, "jug", product_id=1, place=1, days_ago=settings.SEARCH_KEPT_DAYS)
    event(Kind.SEARCH, "mug", days_ago=settings.SEARCH_KEPT_DAYS)
    operations.sum_up()
    event(Kind.SEARCH, "left", days_ago=3)
    client = visitor()
    client.post("/basket/add/", {"product": mugs[0].pk, "from": "search:mug"}, HTTP_SEC_FETCH_SITE="same-origin")
    operations.purge()
    assert BasketLine.objects.get().source == "search:mug"
    BasketLine.objects.update(date_created="2026-01-01T00:00Z")
    operations.purge()
    assert BasketLine.objects.get().source == "search"
    assert not SearchEvent.objects.exists()
    assert list(SearchedQuery.objects.values_list("text", "searches", "days")) == [("mug", 6, 2)]
    assert not QueryProductDay.objects.exists()


def test_an_order_whose_work_never_came_forgets_all_the_same(mugs: list[Any]) -> None:
    client = visitor()
    client.post("/basket/add/", {"product": mugs[0].pk, "from": "search:mug"}, HTTP_SEC_FETCH_SITE="same-origin")
    order = buy(client)
    operations.purge()
    assert order.lines.get().source == "search:mug"
    type(order).objects.update(date_placed="2026-01-01T00:00Z")
    operations.purge()
    assert order.lines.get().source == "search"


# Completions


def test_completions_are_what_many_made_the_most_frequent_first() -> None:
    known("mug blue", times=6)
    known("mug with lid", times=20)
    known("mugs", times=8)
    known("muggle", times=9, results=0)
    known("mustard pot", times=50)
    known("mug relaxed", times=9, relaxed=True)
    known("mug deutsch", times=9, language="de")
    known("muug", times=9, corrected=True)
    event(Kind.SEARCH, "mug once", times=50)  # on one day only: a campaign, or somebody's machine
    event(Kind.SEARCH, "mug rare", times=2, days_ago=1)
    event(Kind.SEARCH, "mug rare", times=2)
    operations.sum_up()
    assert selectors.completions("MÜG", language="en-gb", limit=4) == ("mug with lid", "mugs", "mug blue")
    assert selectors.completions("mug ", language="en-gb", limit=1) == ("mug with lid",)
    assert selectors.completions("mug b", language="en-gb") == ("mug blue",)
    assert selectors.completions("m", language="en-gb") == selectors.completions("muu", language="en-gb") == ()
    assert selectors.completions("mug_", language="en-gb") == selectors.completions("mu%", language="en-gb") == ()
    assert selectors.completions("mug", language="de") == ("mug deutsch",)


def test_how_many_it_takes_is_a_setting(settings: Any) -> None:
    known("mug blue", times=4)
    assert selectors.completions("mug", language="en-gb") == ()
    settings.SEARCH_SHOWN_FROM = 4
    assert selectors.completions("mug", language="en-gb") == ("mug blue",)


def test_completions_are_one_query(django_assert_num_queries: Any) -> None:
    known("mug blue")
    with django_assert_num_queries(1):
        selectors.completions("mug", language="en-gb")


def test_a_bot_says_what_it_is_in_many_ways_and_a_browser_does_not() -> None:
    for agent in (
        BROWSER,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/142.0 Mobile Safari/537.36",
    ):
        assert recording.is_visitor(_request(visitor(HTTP_USER_AGENT=agent)))
    for agent in ("Bytespider", "AhrefsBot/7.0", "Wget/1.21", "python-requests/2.32", "BingPreview/1.0b"):
        assert not recording.is_visitor(_request(visitor(HTTP_USER_AGENT=agent)))
