"""Results that are opened and bought after a search: what is written down of them, and what is not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from search.insight import operations, reports
from search.insight.models import QueryDay, QueryProductDay, SearchedQuery, SearchEvent
from shop.basket.models import Line as BasketLine
from shop.order.models import Line
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.content.pages import story
from tests.integration.orders.buying import buy

from .searching import Kind, committed, day_ago, index, known, open_page, three_mugs, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def mugs() -> list[Any]:
    """Three mugs to be found."""
    return three_mugs()


def test_results_carry_the_query_and_the_place_and_other_lists_do_not(mugs: list[Any]) -> None:
    page = open_page(visitor(), "/search/?q=Mug%20%3Cb%3E").content.decode()
    assert '?q=mug+%3Cb%3E&amp;at=1"' in page and "at=3" in page
    assert 'name="from" value="search:mug &lt;b&gt;"' in page
    assert "Mug <b>" not in page
    assert "at=1" not in visitor().get("/shop/").content.decode()
    private = open_page(visitor(), "/search/?q=ada%40example.com").content.decode()
    assert "at=1" not in private and "search:ada" not in private


def test_the_second_page_goes_on_counting_places(mugs: list[Any]) -> None:
    for number in range(25):
        make_product(f"Mug {number + 10}")
    index()
    assert "q=mug&amp;at=25" in visitor().get("/search/?q=mug&page=2").content.decode()


def test_the_products_page_is_the_same_and_counts_the_click(mugs: list[Any]) -> None:
    url = mugs[1].get_absolute_url()
    page = open_page(visitor(), f"{url}?q=mug&at=2").content.decode()
    assert f'rel="canonical" href="http://testserver{url}"' in page
    assert 'name="from" value="search:mug"' in page
    assert f'name="from" value="{url}"' in visitor().get(url).content.decode()
    row = SearchEvent.objects.get()
    assert (row.kind, row.text, row.product_id, row.place) == (Kind.CLICK, "mug", mugs[1].pk, 2)


@pytest.mark.parametrize(
    "carried",
    ["q=mug&at=-5", "q=mug&at=0", "q=mug&at=", "q=mug&at=x", "q=mug&at=99999999999999999999", "q=mug&at=1e3", "q=mug",
     "at=1", "q=&at=1", "q=%00&at=1", "q=ada%40example.com&at=1", "q=" + "x" * 10_000 + "&at=1", "q=mug&at=%00", "q=mug&at=²"],
)  # fmt: skip
def test_a_tampered_link_shows_the_page_and_counts_nothing(mugs: list[Any], carried: str) -> None:
    answer = open_page(visitor(), f"{mugs[0].get_absolute_url()}?{carried}")
    assert answer.status_code == 200
    assert not SearchEvent.objects.exists()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_link_that_stands_elsewhere_is_no_result_of_a_search(mugs: list[Any], site: str) -> None:
    url = f"{mugs[0].get_absolute_url()}?q=mug&at=10"
    for wanted in ("document", "image", "empty"):
        assert open_page(visitor(HTTP_SEC_FETCH_SITE=site, HTTP_SEC_FETCH_DEST=wanted), url).status_code == 200
    assert not SearchEvent.objects.exists()
    open_page(visitor(HTTP_SEC_FETCH_SITE="same-origin", HTTP_SEC_FETCH_DEST="document"), url)
    assert SearchEvent.objects.get().kind == Kind.CLICK
    # A search may well be asked from elsewhere: a link, the browser's own field.
    open_page(visitor(HTTP_SEC_FETCH_SITE=site, HTTP_SEC_FETCH_DEST="document"), "/search/?q=mug")
    assert SearchEvent.objects.filter(kind=Kind.SEARCH).count() == 1


def test_a_click_after_a_query_that_never_was_is_in_no_report(mugs: list[Any]) -> None:
    open_page(visitor(), f"{mugs[0].get_absolute_url()}?q=buy+my+stuff&at=1")
    assert SearchEvent.objects.count() == 1
    operations.sum_up()
    assert not SearchEvent.objects.exists()
    assert not SearchedQuery.objects.exists() and not QueryProductDay.objects.exists()


def test_a_story_that_was_opened_is_an_answer_too(mugs: list[Any]) -> None:
    told = story(title="Mug")
    drain_all()
    known("mug")
    client = visitor()
    page = open_page(client, "/search/?q=mug").content.decode()
    link = f"{told.url}?q=mug&amp;at=1"
    assert f'href="{link}"' in page
    answer = open_page(client, link.replace("&amp;", "&"))
    assert f'<link rel="canonical" href="http://testserver{told.url}">' in answer.content.decode()
    # Reading it anyhow is no click, and one that is not there is none either.
    open_page(visitor(), told.url)
    assert open_page(visitor(), "/journal/nowhere/?q=mug&at=1").status_code == 404
    operations.sum_up()
    day = QueryDay.objects.get(day=day_ago(0))
    assert (day.searches, day.clicks, day.stories, day.places) == (1, 0, 1, 0)
    assert not QueryProductDay.objects.exists()
    numbers = reports.numbers_for(["mug"], reports.Period(day_ago(0), day_ago(0)))
    assert numbers.click_rate == 100 and numbers.place is None
    assert [row["query__text"] for row in reports.rows(reports.UNCLICKED, reports.Period(day_ago(0), day_ago(0)))] == []


def test_a_story_that_was_suggested_and_opened_counts_where_others_search_for_the_words(mugs: list[Any]) -> None:
    told = story(title="Mug")
    drain_all()
    known("mug")
    for typed in ("mug", "mu"):
        page = visitor().get(f"/search/suggest/?q={typed}").content.decode()
        link = f"{told.url}?q={typed}&amp;typed=1&amp;at=1"
        assert f'href="{link}"' in page
        assert open_page(visitor(), link.replace("&amp;", "&")).status_code == 200
    operations.sum_up()
    day = QueryDay.objects.get(day=day_ago(0))
    assert (day.searches, day.clicks, day.stories, day.places) == (1, 0, 1, 0)
    assert not QueryProductDay.objects.exists()


def test_what_is_chosen_while_it_is_typed_counts_where_others_search_for_it(mugs: list[Any]) -> None:
    known("mug")
    for typed in ("mug", "mu"):
        page = visitor().get(f"/search/suggest/?q={typed}").content.decode()
        links = re.findall(r'href="(/products/[^"]+)"', page)
        assert links[1].endswith(f"?q={typed}&amp;typed=1&amp;at=2"), links
        assert open_page(visitor(), links[1].replace("&amp;", "&")).status_code == 200
    operations.sum_up()
    assert list(SearchedQuery.objects.values_list("text", flat=True)) == ["mug"]
    day = QueryDay.objects.get(day=day_ago(0))
    assert (day.searches, day.clicks, day.places) == (1, 1, 2)
    assert QueryProductDay.objects.get().clicks == 1
    assert SearchedQuery.objects.get().results == 3


def test_from_the_search_to_the_receipt_everything_is_counted_once(mugs: list[Any]) -> None:
    client = visitor()
    open_page(client, "/search/?q=Mug")
    open_page(client, f"{mugs[1].get_absolute_url()}?q=mug&at=2")
    with committed():
        client.post(
            "/basket/add/",
            {"product": mugs[1].pk, "quantity": 2, "from": "search:mug"},
            HTTP_SEC_FETCH_SITE="same-origin",
        )
    assert BasketLine.objects.get().source == "search:mug"
    order = buy(client, mugs[0])
    assert set(order.lines.values_list("source", flat=True)) >= {"search:mug"}
    drain_all()
    # The order says that it was a search, and no longer which.
    assert not Line.objects.filter(source__contains="mug").exists()
    assert Line.objects.filter(source="search").count() == 1
    operations.count_purchases([{"order": order.pk}, {"order": order.pk}])
    operations.sum_up()
    operations.sum_up()
    day = QueryDay.objects.get()
    line = order.lines.get(product=mugs[1])
    assert (day.searches, day.clicks, day.places, day.adds, day.purchases, day.units) == (1, 1, 2, 1, 1, 2)
    assert day.revenue == line.line_price_incl_tax
    product = QueryProductDay.objects.get()
    assert (product.product_id, product.clicks, product.weight, product.units) == (mugs[1].pk, 1, 2, 2)
    assert not SearchEvent.objects.exists()


def test_a_variant_counts_for_the_page_it_is_on() -> None:
    teapot = make_product("Teapot", variants=[{"attributes": {"Glaze": "Blue"}}, {"attributes": {"Glaze": "Red"}}])
    blue = teapot.children.order_by("pk")[0]
    index()
    client = visitor()
    known("teapot")
    with committed():
        client.post("/basket/add/", {"product": blue.pk, "from": "search:teapot"}, HTTP_SEC_FETCH_SITE="same-origin")
    buy(client)
    drain_all()
    operations.sum_up()
    row = QueryProductDay.objects.get()
    assert (row.product_id, row.adds, row.purchases) == (teapot.pk, 1, 1)


@pytest.mark.parametrize(
    "source", ["search:ada@example.com", "search:" + "x" * 300, "search:", "/products/mug/", "search:\x00"]
)
def test_a_forged_source_counts_nothing_and_stops_nothing(mugs: list[Any], source: str) -> None:
    client = visitor()
    with committed():
        answer = client.post("/basket/add/", {"product": mugs[0].pk, "from": source}, HTTP_SEC_FETCH_SITE="same-origin")
    assert answer.status_code == 303
    order = buy(client)
    drain_all()
    operations.sum_up()
    assert not SearchedQuery.objects.exists() and not SearchEvent.objects.exists()
    assert not order.lines.filter(source__startswith="search:").exists()
