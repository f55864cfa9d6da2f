"""A merchandiser's way with rules and synonyms: write, look at both results, publish, go back, take off."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from search import operations as listing
from search.relevance.models import RelevanceCheck
from search.rules import operations
from search.rules.content import Content, Entry, from_json
from search.rules.models import Rule
from search.rules.selectors import guidance_for
from search.selectors import find_products
from search.types import ListingQuery
from shop.accounts.roles import MARKETER, MERCHANDISER, SUPPORT
from shop.catalogue.models import Product
from tests.factories import make_category, make_market, make_product
from tests.integration.content.pages import story
from tests.people import signed_in, somebody

pytestmark = pytest.mark.django_db
LIST = "/dashboard/search/rules/"
CREATE = "/dashboard/search/rules/create/"
SYNONYMS = "/dashboard/search/synonyms/"


@pytest.fixture
def ada() -> Client:
    return signed_in(MERCHANDISER)


@pytest.fixture(autouse=True)
def _committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the commit is done at the end of each operation."""
    monkeypatch.setattr(operations.transaction, "on_commit", lambda done, **kwargs: done())


@pytest.fixture
def pots() -> dict[str, int]:
    made = {
        name: make_product(name, price="20.00", brand="Calder", categories=["Table > Pots"], attributes={"Glaze": "Rust"}, picture=True).pk
        for name in ("Night teapot", "Garden teapot", "Field teapot")
    }  # fmt: skip
    made["River jug"] = make_product("River jug", categories=["Table > Jugs"], stock=0).pk
    for _done in listing.rebuild():
        pass
    return made


def fields(page: Any) -> dict[str, str]:
    """What the rule's form would send if nobody changed anything."""
    form = BeautifulSoup(page.content, "html.parser").select_one("form#rule")
    assert form is not None
    values: dict[str, str] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = str(chosen["value"]) if chosen else ""
        elif field.name == "textarea":
            values[name] = field.get_text().lstrip("\n")
        elif field.get("type") != "radio" or field.has_attr("checked"):
            values[name] = str(field.get("value", ""))
    return values


def send(client: Client, url: str, **changes: str) -> Any:
    """Fill in the form at `url`, send it and go where it leads. Fails where it was not taken."""
    answer = client.post(url, {**fields(client.get(url)), **changes})
    assert answer.status_code == 303, BeautifulSoup(answer.content, "html.parser").select(".notice--bad, .errorlist")
    return client.get(answer["Location"])


def said(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def pins() -> tuple[tuple[int, int], ...]:
    return guidance_for(ListingQuery(text="teapot")).pins


def test_from_an_empty_form_to_the_shop_and_back(ada: Client, pots: dict[str, int]) -> None:
    page = send(ada, CREATE, query="teapot", more="tea pot", match="words")
    rule = Rule.objects.get()
    url = page.request["PATH_INFO"]
    assert url == f"{LIST}{rule.pk}/" and "What people will see" in said(page)
    page = send(ada, url, add="Field teapot", add_kind="product", add_action="pin")
    page = send(ada, url, add="glaze: rust", add_kind="attribute", add_action="boost")
    page = send(ada, url, add="calder", add_kind="brand", add_action="bury", until_0="2027-03-31", strength_1="3")
    text = said(page)
    assert "Pinned to 1" in text and "Pin to place 1, until 31 Mar 2027" in text and "Boost × 3" in text
    assert "Bury ÷ 2" in text and "Nothing has changed for shoppers." in text and pins() == ()
    content = from_json(Rule.objects.get().draft)
    assert [(entry.action, entry.kind, entry.value) for entry in content.entries] == [
        ("pin", "product", str(pots["Field teapot"])), ("boost", "attribute", "glaze=rust"), ("bury", "brand", "calder"),
    ]  # fmt: skip
    # Take the boost out again, and publish.
    send(ada, url, remove="1")
    publish = f"{url}publish/"
    asked = ada.get(publish)
    assert "Field teapot: Pin to place 1" in said(asked)
    seen = BeautifulSoup(asked.content, "html.parser").select_one("input[name=seen]")
    assert seen is not None
    answer = ada.post(publish, {"seen": seen["value"], "note": "Spring"})
    assert answer.status_code == 303 and pins() == ((1, pots["Field teapot"]),)
    assert ada.get("/search/?q=teapot").content.decode().index("Field teapot") > 0
    # Another version, then back to the first one.
    send(ada, url, place_0="2")
    ada.post(publish, {"seen": Rule.objects.get().draft_number})
    assert pins() == ((2, pots["Field teapot"]),)
    history = ada.get(f"{url}history/")
    assert "Spring" in said(history) and "Field teapot: Pin to place 2" in said(history)
    assert ada.post(f"{url}history/", {"version": "1"}).status_code == 303 and pins() == ((1, pots["Field teapot"]),)
    assert ada.post(f"{url}withdraw/", {"note": "Enough"}).status_code == 303 and pins() == ()
    assert "Taken off" in said(ada.get(LIST)) and ada.post(f"{url}delete/").status_code == 303
    assert not Rule.objects.exists()


def test_every_step_names_who_when_and_why(ada: Client) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=somebody(MERCHANDISER, "ben"))
    ada.post(f"{LIST}{rule.pk}/publish/", {"seen": "1", "note": "For the letter of March"})
    version = rule.versions.get()
    assert version.published_by is not None and version.published_by.email == "merchandiser@example.com"
    text = said(ada.get(f"{LIST}{rule.pk}/history/"))
    assert "Version 1 Holds now" in text and "merchandiser@example.com" in text and "For the letter of March" in text


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"query": ""}, "This field is required."),
        ({"query": "§§"}, "no letter or digit"),
        ({"add": "No such thing"}, "No product has “No such thing”"),
        ({"add": "Nobody", "add_kind": "brand"}, "No brand is called “Nobody”"),
        ({"add": "Rust", "add_kind": "attribute"}, "names no value"),
        ({"add": "Glaze: Blue", "add_kind": "attribute"}, "No product has “Blue” as its “Glaze”"),
        ({"add": "calder", "add_kind": "brand", "add_action": "pin"}, "only a product can be pinned"),
        ({"redirect": "https://evil.example/"}, "no address on this site"),
        ({"redirect": "/shop/", "also": "kettle"}, "shows no result"),
        ({"starts": "2027-03-02T10:00", "ends": "2027-03-01T10:00"}, "end before it begins"),
        ({"link_de": "/shop/"}, "A link needs a text"),
        ({"starts": "tomorrow"}, "Enter a valid date"),
        ({"match": "nonsense"}, "Select a valid choice"),
        ({"query": "x" * 201}, "at most 200 characters"),
        ({"query": "p\x00ot"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    ada: Client, pots: dict[str, int], changes: dict[str, str], fault: str
) -> None:
    values = {**fields(ada.get(CREATE)), "query": "teapot", "banner_en-gb": "Hello", **changes}
    if "redirect" in changes:
        values["banner_en-gb"] = "" if "https" in changes["redirect"] else "Hello"
    answer = ada.post(CREATE, values)
    assert answer.status_code == 200 and fault in said(answer) and not Rule.objects.exists()
    again = fields(answer)
    for name in ("query", "banner_en-gb", "redirect"):
        assert again[name] == values[name].strip().replace(
            "\x00", again[name][1:2] if "\x00" in values[name] else ""
        ), name


def test_two_pins_on_one_place_are_refused(ada: Client, pots: dict[str, int]) -> None:
    url = send(ada, CREATE, query="teapot", add="Night teapot").request["PATH_INFO"]
    send(ada, url, add="Garden teapot")
    answer = ada.post(url, {**fields(ada.get(url)), "place_0": "2"})
    assert "Place 2 has 2 pins (Night teapot / Garden teapot)" in said(answer)
    assert [entry.place for entry in from_json(Rule.objects.get().draft).entries] == [1, 2]


def test_somebody_elses_newer_draft_is_not_overwritten(ada: Client, pots: dict[str, int]) -> None:
    url = send(ada, CREATE, query="teapot", add="Night teapot").request["PATH_INFO"]
    old = fields(ada.get(url))
    send(ada, url, add="Garden teapot")
    answer = ada.post(url, {**old, "remove": "0"}, follow=True)
    assert "saved this draft since you opened it" in said(answer)
    assert len(from_json(Rule.objects.get().draft).entries) == 2
    answer = ada.post(f"{url}publish/", {"seen": old["seen"]}, follow=True)
    assert "saved this draft since you opened it" in said(answer) and pins() == ()


def test_what_is_gone_or_sold_out_is_shown(ada: Client, pots: dict[str, int]) -> None:
    gone = make_category("Attic")
    rule = operations.create(
        Content(queries=("pot",), entries=(
            Entry("pin", "product", "999999", label="Old jug", place=1),
            Entry("pin", "product", str(pots["River jug"]), label="River jug", place=2),
            Entry("boost", "category", str(gone.pk), label="Attic", strength=2),
            Entry("bury", "brand", "nobody", label="Nobody", strength=2),
            Entry("hide", "attribute", "glaze=blue", label="Glaze: Blue"),
        )), by=None,
    )  # fmt: skip
    gone.delete()
    text = said(ada.get(f"{LIST}{rule.pk}/"))
    for name in ("Old jug", "Attic", "Nobody", "Glaze: Blue"):
        assert f"{name} Gone" in text
    assert "River jug Sold out: steps aside" in text and "4 things in this rule are gone" in text


def test_a_rule_for_a_category_and_its_preview(ada: Client, pots: dict[str, int]) -> None:
    page = send(ada, f"{CREATE}?kind=category", category="table > pots", add="Field teapot")
    assert "Rules for “Table > Pots”" in said(page) and "Pinned to 1" in said(page)
    answer = ada.post(f"{CREATE}?kind=category", {"category": "Nowhere"})
    assert "No category is called “Nowhere”" in said(answer)
    # Nobody knows every name by heart.
    answer = ada.post(f"{CREATE}?kind=category", {"category": "Pot for tea"})
    assert "No category is called “Pot for tea”. There are: Table > Pots." in said(answer)
    brand = ada.post(CREATE, {"query": "pot", "add": "calder pottery", "add_kind": "brand", "add_action": "hide"})
    assert "No brand is called “calder pottery”. There are: Calder." in said(brand)
    make_category("Attic > Pots")
    answer = ada.post(f"{CREATE}?kind=category", {"category": "Pots"})
    assert "Several categories are called so" in said(answer)


def test_synonyms_from_the_form_to_the_search(ada: Client, pots: dict[str, int]) -> None:
    page = send(ada, f"{SYNONYMS}create/", also="kettle\nteapot, brewer", direction="both")
    url = page.request["PATH_INFO"]
    assert "Synonyms: kettle, teapot, brewer" in said(page) and "New here" in said(page)
    ada.post(f"{LIST}{Rule.objects.get().pk}/publish/", {"seen": "1"})
    assert "Field teapot" in ada.get("/search/?q=brewer").content.decode()
    send(ada, url, direction="one", queries="brewer", also="teapot")
    rule = Rule.objects.get()
    assert rule.subject == "brewer → teapot" and rule.is_changed
    answer = ada.post(f"{SYNONYMS}create/", {"direction": "both", "also": "sofa"})
    assert "One word has no synonym" in said(answer)
    assert "brewer → teapot" in said(ada.get(SYNONYMS)) and "brewer" not in said(ada.get(LIST))
    # One kind's page does not open the other's.
    assert ada.get(f"{LIST}{rule.pk}/").status_code == 404


def test_where_nobody_would_find_a_page_is_said_before_and_at_publishing(ada: Client) -> None:
    told = story(title="How it is sent")
    mug = make_product("Rust mug", categories=["Table > Mugs"]).get_absolute_url()
    for address in (
        told.url,
        "/shop/table/mugs/?sort=newest",
        "/de/shop/table/",
        mug,
        "/basket/",
        "/",
    ):
        page = send(ada, CREATE, query="delivery", redirect=address)
        assert "There is no page for shoppers" not in said(page), address
        Rule.objects.all().delete()
    for address in ("/nowhere/", "/shop/nowhere/", "/products/nowhere/", "/dashboard/", "/cms/pages/", "/de/nirgends/"):
        page = send(ada, CREATE, query="delivery", redirect=address)
        warning = f"There is no page for shoppers at “{address}” just now"
        assert warning in said(page), address
        # A page may be published later than the rule.
        assert warning in said(ada.get(f"{LIST}{Rule.objects.get().pk}/publish/"))
        Rule.objects.all().delete()


def test_part_of_a_name_is_answered_with_the_names(ada: Client, pots: dict[str, int]) -> None:
    answer = ada.post(CREATE, {**fields(ada.get(CREATE)), "query": "pot", "add": "TEAPOT field"})
    text = said(answer)
    assert "No product has “TEAPOT field” as its SKU, UPC, slug or name." in text
    slug = Product.objects.get(pk=pots["Field teapot"]).slug
    assert f"With these words there are: Field teapot [{slug}]." in text
    answer = ada.post(CREATE, {**fields(ada.get(CREATE)), "query": "pot", "add": "xyzzy"})
    assert "slug or name." in said(answer) and "With these words" not in said(answer)


def test_a_loss_asks_for_a_second_word(ada: Client, pots: dict[str, int]) -> None:
    first = find_products(ListingQuery(text="teapot"), market=make_market()).ids[0]
    RelevanceCheck.objects.create(query="teapot", product_id=first, within=1)
    entries = (Entry("hide", "product", str(first), label="The first"),)
    url = f"{LIST}{operations.create(Content(queries=('teapot',), entries=entries), by=None).pk}/"
    assert "This draft does harm" in said(ada.get(f"{url}publish/"))
    answer = ada.post(f"{url}publish/", {"seen": "1"})
    assert answer.status_code == 200 and not Rule.objects.get().published
    assert "Publish although results get worse" in said(answer)
    answer = ada.post(f"{url}publish/", {"seen": "1", "accept": "on", "note": "It is sold elsewhere now"})
    assert answer.status_code == 303
    relevance = Rule.objects.get().versions.get().relevance
    assert Rule.objects.get().published is not None and relevance


def test_a_list_finds_by_words_and_state(ada: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        rule = operations.create(
            Content(queries=(f"pot {number}",), also=("kettle",)), by=somebody(MERCHANDISER, f"m{number}")
        )
        if number % 2:
            operations.publish(rule.pk, seen=1, by=None)
    with django_assert_max_num_queries(8):
        page = ada.get(LIST)
    assert len(BeautifulSoup(page.content, "html.parser").select("tbody tr")) == 50
    assert len(ada.get(LIST, {"text": "POT 17"}).context["rows"]) == 1
    assert ada.get(LIST, {"text": "kettle"}).context["paginator"].count == 60
    states = {state: ada.get(LIST, {"state": state}).context["paginator"].count for state in ("draft", "on", "scheduled", "ended", "off", "changed")}  # fmt: skip
    assert states == {"draft": 30, "on": 30, "scheduled": 0, "ended": 0, "off": 0, "changed": 0}
    assert ada.get(LIST, {"state": "nonsense"}).status_code == 200
    assert ada.get(LIST, {"page": "99"}).status_code == 404


def test_the_page_of_a_rule_costs_the_same_for_many_entries(
    ada: Client, pots: dict[str, int], django_assert_max_num_queries: Any
) -> None:
    entries = [
        Entry("boost", "product", str(make_product(f"Pot {number}").pk), f"Pot {number}", strength=2)
        for number in range(30)
    ]
    entries += [Entry("bury", "brand", f"brand-{number}", "Brand", strength=2) for number in range(30)]
    rule = operations.create(Content(queries=("teapot",), entries=tuple(entries)), by=None)
    with django_assert_max_num_queries(45):
        assert ada.get(f"{LIST}{rule.pk}/").status_code == 200


@pytest.mark.parametrize("role", [MARKETER, SUPPORT])
def test_other_roles_neither_see_nor_change_rules(role: str) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=None)
    client = signed_in(role)
    for name in ("update", "publish", "history", "withdraw", "delete"):
        url = reverse(f"dashboard:search-rule-{name}", args=[rule.pk])
        assert {client.get(url).status_code, client.post(url, {"seen": "1"}).status_code} == {403}, name
    rule.refresh_from_db()
    assert rule.published is None


def test_forms_need_their_token(pots: dict[str, int]) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=None)
    client = Client(enforce_csrf_checks=True)
    signed_in(MERCHANDISER, client)
    for name in ("update", "publish", "history", "withdraw", "delete"):
        assert client.post(reverse(f"dashboard:search-rule-{name}", args=[rule.pk]), {"seen": "1"}).status_code == 403
    assert Rule.objects.filter(published=None).count() == 1


@pytest.mark.parametrize(
    ("step", "data"),
    [("history", {}), ("history", {"version": "7"}), ("history", {"version": "x"}), ("history", {"version": "9" * 30})],
)
def test_a_version_that_is_not_there_is_not_found(ada: Client, step: str, data: dict[str, str]) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=None)
    assert ada.post(f"{LIST}{rule.pk}/{step}/", data).status_code == 404


def test_a_rule_is_made_from_a_query(ada: Client) -> None:
    assert fields(ada.get(CREATE, {"query": "  garden\x00 teapot "}))["query"] == "garden teapot"
    assert len(fields(ada.get(CREATE, {"query": "x" * 10_000}))["query"]) == 200
