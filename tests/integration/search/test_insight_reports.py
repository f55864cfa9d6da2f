"""Reports about queries, one query's page, and what ranking learns."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from search.insight import operations, ranking, reports, selectors
from search.insight.models import QueryDay, SearchedQuery
from search.insight.reports import Period
from shop.accounts.models import User
from shop.accounts.roles import MARKETER, MERCHANDISER, SUPPORT, assign
from tests.factories import make_product

from .searching import Kind, day_ago, event, index, known, visitor

pytestmark = pytest.mark.django_db
LIST = "/dashboard/search/queries/"


def staff(role: str = MERCHANDISER) -> Client:
    """A browser of somebody with that role."""
    user = User.objects.create_user(f"{role.lower()}@example.com", "masthead-demo")
    assign(user, role)
    client = Client()
    client.force_login(user)
    return client


def texts(client: Client, path: str) -> list[str]:
    """The queries that a report lists, in their order."""
    return [row.text for row, _rule in client.get(path).context["rows"]]


@pytest.fixture
def searches() -> dict[str, Any]:
    """A shop in use: found and opened, found and not opened, never found, opened less than before."""
    mug = make_product("Mug", price="10")
    index()
    known("mug", times=20)
    event(Kind.CLICK, "mug", times=6, days_ago=1, product_id=mug.pk, place=2)
    event(Kind.CLICK, "mug", times=2, days_ago=1, product_id=999_999, place=4)
    event(Kind.ADD, "mug", times=3, days_ago=1, product_id=mug.pk)
    event(Kind.PURCHASE, "mug", times=2, days_ago=1, product_id=mug.pk, units=2, revenue=Decimal("19.90"))
    known("doormat", times=9, results=0)
    known("blue mug", times=7, relaxed=True)
    known("garden", times=12)
    for days in (9, 8):
        event(Kind.SEARCH, "vase", times=5, days_ago=days)
        event(Kind.CLICK, "vase", times=4, days_ago=days, product_id=mug.pk, place=1)
    event(Kind.SEARCH, "vase", times=6, days_ago=1)
    event(Kind.CLICK, "vase", times=1, days_ago=1, product_id=mug.pk, place=1)
    event(Kind.SEARCH, "ada lovelace", times=4, days_ago=1)
    event(Kind.SEARCH, "one day wonder", times=40, days_ago=1)
    operations.sum_up()
    return {"mug": mug}


def test_each_report_lists_what_it_is_about(searches: Any) -> None:
    client = staff()
    assert texts(client, f"{LIST}?days=7") == ["mug", "garden", "doormat", "blue mug", "vase"]
    assert texts(client, f"{LIST}?days=7&report=empty") == ["doormat", "blue mug"]
    assert texts(client, f"{LIST}?days=7&report=unclicked") == ["garden", "blue mug"]
    assert texts(client, f"{LIST}?days=7&report=falling") == ["vase"]
    assert texts(client, f"{LIST}?days=7&language=de") == []
    assert texts(client, f"{LIST}?first={day_ago(9)}&last={day_ago(8)}") == ["vase"]


def test_a_row_has_the_sums_and_leads_on(searches: Any) -> None:
    page = staff().get(f"{LIST}?days=7")
    [row] = [row for row, _rule in page.context["rows"] if row.text == "mug"]
    assert (row.now.searches, row.now.clicks, row.now.adds, row.now.purchases, row.now.units) == (20, 8, 3, 2, 4)
    assert row.now.revenue == Decimal("39.80")
    assert (row.now.click_rate, row.now.place) == (40.0, 2.5)
    assert f'href="{reverse("dashboard:search-query-detail", args=[row.id])}?days=7"' in page.content.decode()


def test_what_few_people_made_is_a_number_and_no_words(searches: Any) -> None:
    client = staff()
    for path in (LIST, f"{LIST}?report=unclicked", f"{LIST}?format=csv"):
        answer = client.get(path)
        page = b"".join(answer) if answer.streaming else answer.content
        assert b"ada lovelace" not in page and b"one day wonder" not in page
    assert client.get(LIST).context["totals"].rare_searches == 44
    assert client.get(LIST).context["totals"].rare_queries == 2
    for query in SearchedQuery.objects.filter(text__in=["ada lovelace", "one day wonder"]):
        assert client.get(reverse("dashboard:search-query-detail", args=[query.pk])).status_code == 404
    assert client.get(reverse("dashboard:search-query-detail", args=[10**9])).status_code == 404


def test_a_querys_page(searches: Any) -> None:
    client = staff()
    query = SearchedQuery.objects.get(text="mug")
    answer = client.get(reverse("dashboard:search-query-detail", args=[query.pk]), {"days": 7})
    page = answer.content.decode()
    assert answer.context["now"].clicks == 8 and answer.context["before"].searches == 0
    assert [(place, card.title, clicks) for place, card, clicks in answer.context["results"]] == [(1, "Mug", 6)]
    assert "Product 999999, no longer sold" in page
    assert 'href="/dashboard/search/judgements/rate/?q=mug"' in page
    assert 'role="img"' in page and page.count("<rect") == 2 + 2 * 7
    # The table for those who see no chart has every day.
    assert len(answer.context["days"]) == 7 and answer.context["days"][1].clicks == 8
    assert "style=" not in page.partition("<main")[2]


@pytest.mark.parametrize("language", ["", "de"])
def test_numbers_in_a_chart_are_numbers_in_every_language(searches: Any, language: str) -> None:
    query = SearchedQuery.objects.get(text="mug")
    client = staff()
    page = client.get(
        reverse("dashboard:search-query-detail", args=[query.pk]), {"days": 90}, HTTP_ACCEPT_LANGUAGE=language
    ).content.decode()
    chart = page.partition('<svg class="chart"')[2].partition("</svg>")[0]
    assert "," not in "".join(part.partition('"')[0] for part in chart.split('="')[1:] if part[:1].isdigit())


def test_the_file_has_the_same_rows_and_no_formula(searches: Any) -> None:
    known("=1+cmd", times=30)
    answer = staff().get(f"{LIST}?days=7&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="searches-top-')
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0]["query"] == "'=1+cmd"
    assert rows[1] == {
        "query": "mug", "language": "en-gb", "results": "3", "searches": "20", "without_result": "0", "words_left_out": "0",
        "clicks": "8", "story_clicks": "0", "click_rate": "40.0", "mean_place": "2.5", "adds": "3", "purchases": "2", "units": "4", "revenue": "39.80",
    }  # fmt: skip
    falling = list(csv.DictReader(io.StringIO(b"".join(staff_again().get(f"{LIST}?report=falling&days=7&format=csv")).decode("utf-8-sig"))))  # fmt: skip
    assert [(row["query"], row["clicks"], row["clicks_before"]) for row in falling] == [("vase", "1", "8")]


def staff_again() -> Client:
    """A second browser of the same person."""
    client = Client()
    client.force_login(User.objects.get(email=f"{MERCHANDISER.lower()}@example.com"))
    return client


@pytest.mark.parametrize(
    "asked",
    ["report=nothing", "days=12", "days=x", "days=", "first=x&last=y", "days=0", "days=0&first=2026-05-01",
     "first=2026-05-01&last=2026-01-01", "first=0001-01-01&last=9999-12-31", "first=0001-01-01&last=0001-01-01", "first=9999-12-31&last=9999-12-31", "language=xx", "page=0", "page=x", "page=999",
     "report=%00", "first=%00", "days=99999999999999999999"],
)  # fmt: skip
def test_odd_addresses_get_a_page(searches: Any, asked: str) -> None:
    answer = staff().get(f"{LIST}?{asked}")
    assert answer.status_code == 200
    query = SearchedQuery.objects.get(text="mug")
    assert staff_again().get(reverse("dashboard:search-query-detail", args=[query.pk]) + f"?{asked}").status_code == 200


def test_days_the_wrong_way_round_are_said(searches: Any) -> None:
    page = staff().get(f"{LIST}?days=0&first=2026-05-01&last=2026-01-01").content.decode()
    assert "The last day comes before the first." in page


@pytest.mark.parametrize(("role", "status"), [(MERCHANDISER, 200), (MARKETER, 200), (SUPPORT, 403)])
def test_who_reads_a_querys_page(searches: Any, role: str, status: int) -> None:
    query = SearchedQuery.objects.get(text="mug")
    assert staff(role).get(reverse("dashboard:search-query-detail", args=[query.pk])).status_code == status


def test_a_row_makes_a_rule_where_rules_are(searches: Any) -> None:
    from search.dashboard.queries import rule_url

    url = rule_url("salt & pepper")
    assert url in {"", "/dashboard/search/rules/create/?query=salt+%26+pepper"}


@pytest.mark.parametrize("number", [3, 60])
def test_a_report_costs_as_many_queries_whatever_it_lists(number: int, django_assert_max_num_queries: Any) -> None:
    for count in range(number):
        known(f"thing {chr(97 + count % 26)}{chr(97 + count // 26)}", times=6)
    client = staff()
    for report in reports.REPORTS:
        client.get(f"{LIST}?report={report}")
        # Session, user, permissions (2), site and brand; then the count, the rows and the totals.
        with django_assert_max_num_queries(11):
            client.get(f"{LIST}?report={report}")


def test_a_querys_page_costs_as_many_queries_whatever_was_clicked(django_assert_max_num_queries: Any) -> None:
    found = [make_product(f"Mug {number}") for number in range(12)]
    index()
    known("mug", times=30)
    for place, mug in enumerate(found, 1):
        event(Kind.CLICK, "mug", product_id=mug.pk, place=place, days_ago=1)
    operations.sum_up()
    client, url = staff(), reverse("dashboard:search-query-detail", args=[SearchedQuery.objects.get().pk])
    client.get(url)
    with django_assert_max_num_queries(22):
        client.get(url)


def test_totals_compare_with_as_many_days_before(searches: Any) -> None:
    totals = reports.totals(Period(day_ago(6), day_ago(0)))
    assert (totals.now.searches, totals.before.searches) == (98, 10)
    assert totals.now.lacking == 16


# What ranking learns


def test_nothing_is_learnt_from_little_and_asking_is_free(django_assert_num_queries: Any) -> None:
    known("mug", times=10)
    event(Kind.CLICK, "mug", times=5, days_ago=1, product_id=1, place=1)
    operations.sum_up()
    assert operations.learn() == 0
    assert selectors.clicks_for("mug") == {}
    with django_assert_num_queries(0):
        assert selectors.clicks_for("mug") == selectors.clicks_for("jug") == {}


def test_a_click_far_down_says_more_and_a_purchase_most(django_assert_num_queries: Any) -> None:
    known("mug", times=100)
    for product, place, times in ((1, 1, 10), (2, 5, 10), (3, 1, 10), (4, 1, 1), (5, 9999, 1)):
        event(Kind.CLICK, "mug", times=times, days_ago=1, product_id=product, place=place)
    event(Kind.PURCHASE, "mug", times=6, days_ago=1, product_id=3, units=1)
    operations.sum_up()
    assert operations.learn() == 1
    found = selectors.clicks_for("  MUG ")
    assert found[2] > found[3] > found[1] > found[4]
    # One click far down counts like ten and no more.
    assert found[5] == found[1]
    assert all(0 < score <= 1 for score in found.values())
    with django_assert_num_queries(0):
        assert selectors.clicks_for("mug") == found
    assert operations.learn() == 0
    event(Kind.CLICK, "mug", times=30, product_id=4, place=1)
    operations.sum_up()
    assert operations.learn() == 1
    assert selectors.clicks_for("mug")[4] > found[4]


def test_what_was_learnt_is_forgotten_with_its_days() -> None:
    known("mug", times=100)
    event(Kind.CLICK, "mug", times=50, days_ago=1, product_id=1, place=1)
    operations.sum_up()
    operations.learn()
    assert selectors.clicks_for("mug")
    for ago in (1, 2):
        QueryDay.objects.filter(day=day_ago(ago)).update(day=day_ago(operations.RECENT_DAYS + ago))
    operations.refresh_queries()
    assert operations.learn() == 1
    assert selectors.clicks_for("mug") == {}


def test_few_searches_say_less_than_many() -> None:
    few = ranking.scores([ranking.Chosen(1, clicks=12, weight=12)], searches=20, mean=0.2)
    many = ranking.scores([ranking.Chosen(1, clicks=600, weight=600)], searches=1000, mean=0.2)
    assert few[1] < many[1] < 0.6
    assert ranking.scores([ranking.Chosen(1, clicks=2, weight=20)], searches=1000, mean=0.2) == {}
    assert max(ranking.scores([ranking.Chosen(1, clicks=99, weight=999)], searches=20, mean=0.2).values()) == 1.0
    assert [ranking.click_weight(place) for place in (-5, 0, 1, 4, 10, 500)] == [1, 1, 1, 4, 10, 10]


def test_a_visitor_is_offered_what_others_searched_for() -> None:
    make_product("Mug with a lid")
    index()
    known("mug for tea", times=8)
    page = visitor().get("/search/suggest/?q=mug").content.decode()
    assert "q=mug+for+tea" in page
