"""The shop's own judgements: rating, import and export, scores that keep up, checks, and their pages."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from search import operations as lists
from search.relevance import operations, selectors
from search.relevance.files import Line
from search.relevance.models import JudgedQuery, Judgement, RelevanceCheck
from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER
from shop.catalogue.models import Brand, Product
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.dashboard.pages import signed_in

pytestmark = pytest.mark.django_db
RATE = "/dashboard/search/judgements/rate/"
LIST = "/dashboard/search/judgements/"


@pytest.fixture
def shop() -> dict[str, Product]:
    """Teapots and a kettle, in the lists."""
    titles = {"pot": "Teapot", "small": "Small teapot", "cosy": "Cosy for a teapot", "kettle": "Kettle"}
    made = {name: make_product(title, upc=f"upc-{name}") for name, title in titles.items()}
    for _ in lists.rebuild():
        pass
    return made


@pytest.fixture
def judge() -> User:
    return User.objects.create_user("judge@example.com", "x", is_staff=True)


@pytest.fixture
def office() -> Client:
    return signed_in(MERCHANDISER)


def ratings(text: str) -> dict[str, int]:
    rows = Judgement.objects.filter(query__text=text)
    return dict(rows.values_list("product__upc", "rating"))


def test_a_rating_says_who_and_when_and_a_later_one_replaces_it(shop, judge):
    assert operations.rate("  TeaPot ", {shop["pot"].pk: 3, shop["cosy"].pk: 0}, by=judge) == 2
    other = User.objects.create_user("second@example.com", "x")
    assert operations.rate("teapot", {shop["pot"].pk: 3, shop["cosy"].pk: 1}, by=other) == 1
    assert ratings("teapot") == {"upc-pot": 3, "upc-cosy": 1}
    said = {row.product.upc: row.by for row in Judgement.objects.select_related("by", "product")}
    assert said == {"upc-pot": judge, "upc-cosy": other}
    assert all(Judgement.objects.values_list("at", flat=True))


def test_taking_the_last_rating_back_leaves_no_query(shop, judge):
    operations.rate("teapot", {shop["pot"].pk: 3}, by=judge)
    assert operations.rate("teapot", {shop["pot"].pk: None}, by=judge) == 1
    assert not JudgedQuery.objects.exists()


@pytest.mark.parametrize(
    ("text", "rating", "said"),
    [("teapot", 4, "goes from 0 to 3"), ("", 3, "1 to 200"), ("x" * 201, 3, "1 to 200"), ("tea\x00pot", 3, "1 to 200")],
)
def test_what_is_no_rating_or_no_query_is_refused(shop, judge, text, rating, said):
    with pytest.raises(ValueError, match=said):
        operations.rate(text, {shop["pot"].pk: rating}, by=judge)
    assert not JudgedQuery.objects.exists()


def test_the_database_takes_no_rating_above_three(shop):
    query = JudgedQuery.objects.create(text="teapot")
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(query=query, product=shop["pot"], rating=4)


def test_a_judged_query_is_scored_by_the_worker_and_a_change_is_seen(shop, judge):
    operations.rate("teapot", {shop["pot"].pk: 3, shop["small"].pk: 1}, by=judge)
    assert JudgedQuery.objects.get().ndcg is None
    drain_all()
    judged = JudgedQuery.objects.get()
    assert judged.ndcg == pytest.approx(1.0)
    assert judged.unrated == pytest.approx(1 / 3)
    assert judged.top[0] == shop["pot"].pk
    assert judged.ndcg_before is None
    # The other way round: 1/1 + 7/log2(3), over 7 + 1/log2(3)
    operations.rate("teapot", {shop["pot"].pk: 1, shop["small"].pk: 3}, by=judge)
    drain_all()
    judged.refresh_from_db()
    assert judged.ndcg == pytest.approx(0.7098, abs=1e-3)
    assert judged.ndcg_before == pytest.approx(1.0)
    [row] = [selectors.query_row(each) for each in selectors.judged_queries()]
    assert (row.went, row.rated, row.good) == ("down", 2, 2)


def test_a_product_that_comes_or_goes_is_named_on_the_querys_page(shop, judge):
    operations.rate("teapot", {shop["pot"].pk: 3}, by=judge)
    drain_all()
    make_product("Teapot of iron")
    Product.objects.filter(pk=shop["cosy"].pk).update(is_public=False)
    for _ in lists.rebuild():
        pass
    operations.score_by_the_clock()
    page = selectors.rating_page("teapot")
    assert (page.came, page.went) == (("Teapot of iron",), ("Cosy for a teapot",))


def test_scoring_stops_in_time_and_goes_on_where_it_stopped(shop, judge):
    for text in ("teapot", "kettle", "cosy"):
        operations.rate(text, {shop["pot"].pk: 3}, by=judge)
    assert operations.score(seconds=-1) == 0
    assert JudgedQuery.objects.filter(scored_at=None).count() == 3
    assert operations.score() == 3


def test_an_import_takes_good_lines_and_says_which_are_bad(shop, judge):
    operations.rate("kettle", {shop["kettle"].pk: 1}, by=judge)
    operations.rate("cosy", {shop["cosy"].pk: 3}, by=judge)
    lines = [
        Line(2, "Teapot", "upc-pot", 3),
        Line(3, "teapot", shop["small"].slug, 2),
        Line(4, "kettle", "upc-kettle", 3),
        Line(5, "cosy", "upc-cosy", 3),
        Line(6, "teapot", "nobody", 3),
    ]
    report = operations.import_judgements(lines, by=judge, errors=["Line 7: no."])
    assert (report.queries, report.added, report.changed, report.unchanged) == (3, 2, 1, 1)
    assert report.errors == ("Line 7: no.", "Line 6: no product that is shown has the UPC or slug nobody.")
    assert ratings("teapot") == {"upc-pot": 3, "upc-small": 2}
    assert ratings("kettle") == {"upc-kettle": 3}


def test_what_is_exported_is_imported_without_a_change(shop, judge, office):
    Product.objects.filter(pk=shop["cosy"].pk).update(upc=None)
    operations.rate('the "best", teapot', {shop["pot"].pk: 3, shop["cosy"].pk: 0}, by=judge)
    answer = office.get(reverse("dashboard:search-judgement-export"))
    text = answer.content.decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["query", "product_id", "rating"],
        ['the "best", teapot', "upc-pot", "3"],
        ['the "best", teapot', shop["cosy"].slug, "0"],
    ]
    page = upload(office, text)
    assert "Left out" in page and "<dd>2</dd>" in page
    report = operations.import_judgements([], by=judge)
    assert report.added == report.changed == 0


def upload(office: Client, text: str | bytes) -> str:
    content = text.encode() if isinstance(text, str) else text
    answer = office.post(
        reverse("dashboard:search-judgement-import"), {"file": SimpleUploadedFile("j.csv", content, "text/csv")}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bad_file_is_answered_on_the_page(shop, office):
    assert "Line 1: the header is" in upload(office, "sku,score\nx,1\n")
    assert "Not in UTF-8" in upload(office, b"query,product_id,rating\nl\xe4mp,1,1\n")
    page = upload(office, "query,product_id,rating\nteapot,upc-pot,3\nteapot,upc-small,9\nteapot,<script>,1\n")
    assert "Line 3: the rating is" in page
    assert "&lt;script&gt;" in page and "<script>," not in page
    assert ratings("teapot") == {"upc-pot": 3}


def test_a_file_as_excel_in_german_writes_it_is_taken(shop, office):
    upload(office, "\ufeffquery;product_id;rating\r\nteapot, small;upc-small;3\r\nteapot;upc-pot;2\r\n")
    assert ratings("teapot, small") == {"upc-small": 3}
    assert ratings("teapot") == {"upc-pot": 2}


def test_the_page_shows_results_with_five_answers_each_and_keeps_what_is_chosen(shop, office):
    page = office.get(RATE, {"q": "Teapot"}).content.decode()
    assert page.count("<fieldset") == 3
    assert page.count('type="radio"') == 15
    # Everything begins unrated, and a form sent as it is changes nothing.
    assert len(re.findall(r'value="" checked', page)) == 3
    pot, small = shop["pot"].pk, shop["small"].pk
    answer = office.post(RATE, {"q": "teapot", f"p-{pot}": "3", f"p-{small}": "", "other": "1"})
    assert answer.status_code == 302
    assert ratings("teapot") == {"upc-pot": 3}
    page = office.get(RATE, {"q": "teapot"}).content.decode()
    assert re.search(rf'name="p-{pot}" value="3" checked', page)


def test_mixing_hides_the_places_and_keeps_the_products(shop, office):
    ranked = office.get(RATE, {"q": "teapot"}).content.decode()
    mixed = office.get(RATE, {"q": "teapot", "order": "mixed"}).content.decode()
    assert ranked.count('class="rank"') == 3
    assert 'class="rank"' not in mixed
    names = r'name="(p-\d+)" value="3"'
    assert sorted(re.findall(names, ranked)) == sorted(re.findall(names, mixed))
    again = office.get(RATE, {"q": "teapot", "order": "mixed"}).content.decode()
    assert re.findall(names, mixed) == re.findall(names, again)


def test_what_is_rated_and_not_found_can_still_be_changed(shop, judge, office):
    operations.rate("teapot", {shop["kettle"].pk: 0}, by=judge)
    page = office.get(RATE, {"q": "teapot"}).content.decode()
    assert "not found" in page
    assert f'name="p-{shop["kettle"].pk}" value="0" checked' in page


@pytest.mark.parametrize(
    "form",
    [{"p-1": "7"}, {"p-x": "1"}, {"p-" + "9" * 30: "1"}, {"q": "\x00"}, {"q": "x" * 500}, {"p-1": "\x00"}],
)
def test_what_no_form_of_ours_sends_changes_nothing(shop, office, form):
    answer = office.post(RATE, {"q": "teapot", **form}, follow=True)
    assert answer.status_code == 200
    assert "Nothing is saved" in answer.content.decode()
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000, "\x00", "tea\x07pot"])
def test_a_query_that_cannot_be_rated_leads_back(office, text):
    assert office.get(RATE, {"q": text}).status_code == 302


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "((( AND ~~ \\", "日本語", "'; drop table"])
def test_odd_queries_are_shown_as_they_are(shop, office, text):
    page = office.get(RATE, {"q": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_the_list_finds_sorts_and_costs_the_same_however_long_it_is(shop, judge, office, django_assert_max_num_queries):
    for number in range(30):
        operations.rate(f"teapot {number}", {shop["pot"].pk: 1 + number % 3, shop["kettle"].pk: 2}, by=judge)
    operations.score()
    with django_assert_max_num_queries(12):
        page = office.get(LIST).content.decode()
    assert page.count('<th scope="row"') == 30
    found = office.get(LIST, {"text": "Teapot 7", "order": "text"}).content.decode()
    assert found.count('<th scope="row"') == 1
    assert office.get(LIST, {"order": "nothing", "text": "\x00"}).status_code == 200
    assert office.get(LIST, {"page": "999"}).status_code == 404


def test_rating_fifty_results_costs_the_same_as_rating_two(shop, judge, office, django_assert_max_num_queries):
    for number in range(48):
        make_product(f"Teapot {number}", picture=number < 3)
    for _ in lists.rebuild():
        pass
    with django_assert_max_num_queries(30):
        page = office.get(RATE, {"q": "teapot", "show": "more"}).content.decode()
    assert page.count("<fieldset") == 50


def test_a_query_whose_products_were_deleted_goes(shop, judge):
    operations.rate("cosy", {shop["cosy"].pk: 3}, by=judge)
    operations.rate("teapot", {shop["pot"].pk: 3}, by=judge)
    shop["cosy"].delete()
    operations.score_by_the_clock()
    assert [row.text for row in JudgedQuery.objects.all()] == ["teapot"]


def test_a_check_says_where_its_product_stands(shop, office):
    values = {"query": "Teapot", "kind": "among", "about": "upc-cosy", "within": "1", "note": "Winter"}
    office.post(reverse("dashboard:search-check-create"), values)
    check = RelevanceCheck.objects.get()
    assert (check.query, check.product, check.is_passing) == ("teapot", shop["cosy"], False)
    assert check.by.email.startswith("merchandiser")
    page = office.get(reverse("dashboard:search-check-list")).content.decode()
    assert f"at place {check.place}" in page and "fails" in page
    office.post(reverse("dashboard:search-check-update", args=[check.pk]), values | {"about": "upc-pot"})
    check.refresh_from_db()
    assert (check.place, check.is_passing) == (1, True)
    again = office.post(reverse("dashboard:search-check-create"), values | {"about": "upc-pot"})
    assert "change that one" in again.content.decode()
    for within in ("0", "11"):
        office.post(reverse("dashboard:search-check-create"), values | {"within": within})
    assert RelevanceCheck.objects.count() == 1
    office.post(reverse("dashboard:search-check-delete", args=[check.pk]))
    assert not RelevanceCheck.objects.exists()


def test_a_check_may_be_about_a_group(shop, office):
    url = reverse("dashboard:search-check-create")
    values = {"query": "Teapot", "kind": "none", "about_kind": "brand", "about": "Nobody", "within": "3", "note": ""}
    assert "No brand is called “Nobody”" in office.post(url, values).content.decode()
    Brand.objects.create(name="Harrow", slug="harrow")
    office.post(url, values | {"about": "harrow"})
    check = RelevanceCheck.objects.get()
    assert (check.product, check.group_kind, check.group_value, check.is_passing) == (None, "brand", "harrow", True)
    assert "Harrow must not be among the first 3" in office.get(reverse("dashboard:search-check-list")).content.decode()
    form = office.get(reverse("dashboard:search-check-update", args=[check.pk])).content.decode()
    assert 'value="Harrow"' in form
    assert "change that one" in office.post(url, values | {"about": "Harrow"}).content.decode()


def test_a_product_that_is_not_found_fails_its_check(shop):
    check = RelevanceCheck.objects.create(query="teapot", product=shop["kettle"])
    operations.score()
    check.refresh_from_db()
    assert (check.place, check.is_passing) == (0, False)


def test_everything_is_looked_at_again_when_somebody_asks(shop, judge, office):
    operations.rate("teapot", {shop["pot"].pk: 3}, by=judge)
    check = RelevanceCheck.objects.create(query="teapot", product=shop["pot"])
    assert office.post(reverse("dashboard:search-judgement-score")).status_code == 302
    drain_all()
    check.refresh_from_db()
    assert (JudgedQuery.objects.get().ndcg, check.place) == (1.0, 1)


def test_a_querys_judgements_go_with_it(shop, judge, office):
    operations.rate("teapot", {shop["pot"].pk: 3}, by=judge)
    url = reverse("dashboard:search-judgement-delete", args=[JudgedQuery.objects.get().pk])
    assert "teapot" in office.get(url).content.decode()
    assert office.post(url).status_code == 302
    assert not Judgement.objects.exists()
