"""What merchandisers say about a question, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.elastic.vocabulary import vocabulary
from search.rules import operations
from search.rules.content import Banner, Content, Entry
from search.rules.preview import preview
from search.rules.selectors import published_book
from search.selectors import find_products
from search.suggestions import suggest
from search.types import Boost, Group, Guidance, ListingQuery, ListingResult
from shop.catalogue.models import Product
from tests.factories import make_category, make_market, make_product

pytestmark = pytest.mark.django_db
Index = Callable[[], None]
POTS = ("Night teapot", "Garden teapot", "Field teapot", "River teapot", "Ember teapot")


@pytest.fixture
def pots(index: Index) -> dict[str, int]:
    """Five teapots of two brands, the last one sold out, and a jug."""
    return make_pots(index)


def make_pots(index: Index) -> dict[str, int]:
    """The same, beside whatever is there."""
    made = {
        name: make_product(
            name,
            price=f"{20 + number}.00",
            brand="Calder" if number < 2 else "Harrow",
            categories=["Table > Pots"],
            attributes={"Glaze": "Rust" if number == 3 else "Fern"},
            stock=0 if name.startswith("Ember") else 5,
        ).pk
        for number, name in enumerate(POTS)
    }
    made["Field jug"] = make_product("Field jug", categories=["Table > Jugs"], brand="Harrow").pk
    index()
    return made


def ask(guidance: Guidance = Guidance(), text: str = "teapot", **more: Any) -> ListingResult:  # noqa: B008
    return find_products(ListingQuery(text=text, **more), market=make_market(), guidance=guidance)


def test_a_pin_puts_a_product_to_its_place_once(pots: dict[str, int]) -> None:
    before = ask()
    last = before.ids[-1]
    pinned = pots["River teapot"]
    after = ask(Guidance(pins=((2, pinned),)))
    assert after.ids[1] == pinned and after.total == before.total == 5
    assert sorted(after.ids) == sorted(before.ids) and last in after.ids


def test_a_pinned_product_needs_not_have_the_words(pots: dict[str, int]) -> None:
    after = ask(Guidance(pins=((1, pots["Field jug"]),)))
    assert after.ids[0] == pots["Field jug"] and after.total == 6
    brand = next(facet for facet in after.facets if facet.code == "brand")
    assert {value.label: value.count for value in brand.values} == {"Harrow": 4, "Calder": 2}
    # Where no product has the words at all, it is what there is.
    found = ask(Guidance(pins=((1, pots["Field jug"]),)), text="xyzzy")
    assert (found.ids, found.total) == ((pots["Field jug"],), 1)


def test_pins_do_not_pass_for_what_was_looked_for(pots: dict[str, int]) -> None:
    guidance = Guidance(pins=((1, pots["Field jug"]),), words=("teapot",))
    # No product has both words: as without a pin, those with some of them are there, and it is said.
    found = ask(guidance, text="xyzzy teapot")
    assert found.ids[0] == pots["Field jug"] and set(found.ids) == set(pots.values())
    assert found.relaxed and found.left_out == ("xyzzy",)
    assert ask(guidance, text="gardn teapot").corrected == "garden teapot"


def test_what_a_pinning_rule_is_about_is_never_a_slip(pots: dict[str, int]) -> None:
    pins = ((1, pots["Field jug"]),)
    assert ask(Guidance(pins=pins), text="gardin").corrected == "garden"
    found = ask(Guidance(pins=pins, words=("gardin",)), text="gardin")
    assert (found.ids, found.corrected, found.left_out, found.relaxed) == ((pots["Field jug"],), "", (), False)
    found = ask(Guidance(pins=pins, words=("gardin",)), text="gardin xyzzy")
    assert (found.ids, found.corrected, found.left_out, found.relaxed) == ((pots["Field jug"],), "", ("xyzzy",), True)


def test_sold_out_gone_and_hidden_pins_step_aside(pots: dict[str, int]) -> None:
    guidance = Guidance(
        pins=((1, pots["Ember teapot"]), (2, 999_999), (3, pots["Night teapot"]), (4, pots["Field jug"])),
        hidden=frozenset({pots["Night teapot"]}),
    )
    found = ask(guidance)
    assert found.ids[3] == pots["Field jug"] and pots["Night teapot"] not in found.ids
    assert pots["Ember teapot"] in found.ids and found.ids[0] != pots["Ember teapot"]
    assert found.total == len(found.ids) == 5


def test_filters_hold_for_pinned_products(pots: dict[str, int]) -> None:
    guidance = Guidance(pins=((1, pots["Night teapot"]), (2, pots["River teapot"])))
    found = ask(guidance, facets={"brand": ("harrow",)})
    assert pots["Night teapot"] not in found.ids and found.ids[1] == pots["River teapot"]
    assert found.total == 3
    brand = next(facet for facet in found.facets if facet.code == "brand")
    assert {value.label: value.count for value in brand.values} == {"Harrow": 3, "Calder": 2}
    assert ask(guidance, price_max=Decimal("20.50")).ids == (pots["Night teapot"],)


def test_an_order_that_the_shopper_chose_is_left_alone(pots: dict[str, int]) -> None:
    guidance = Guidance(
        pins=((1, pots["Ember teapot"]), (2, pots["Field jug"])),
        boosts=(Boost("product", str(pots["River teapot"]), 5),),
        hidden=frozenset({pots["Garden teapot"]}),
    )
    prices = ask(guidance, sort="-price")
    assert prices.ids == tuple(pots[name] for name in ("Ember teapot", "River teapot", "Field teapot", "Night teapot"))


@pytest.mark.parametrize(
    "group",
    [Group("brand", "calder"), Group("attribute", "glaze=fern"), Group("category", "POTS"), Group("product", "")],
)
def test_a_group_of_products_is_hidden(pots: dict[str, int], group: Group) -> None:
    value = str(make_category("Table > Pots").pk) if group.kind == "category" else group.value
    found = ask(Guidance(hidden_groups=(Group(group.kind, value),)))
    left = {"brand": 3, "attribute": 1, "category": 0, "product": 5}[group.kind]
    assert found.total == len(found.ids) == left


def test_boosts_move_up_and_down_and_leave_the_rest_as_it_is(pots: dict[str, int], engine: str) -> None:
    def ids(*boosts: Boost) -> tuple[int, ...]:
        found = ask(Guidance(boosts=boosts))
        assert found.engine == engine
        return found.ids

    before = ids()
    last, first = before[-1], before[0]
    assert ids(Boost("product", str(last), 1.5)) == (last, *before[:-1])
    assert ids(Boost("product", str(first), 0.5)) == (*before[1:], first)
    brand = ids(Boost("brand", "harrow", 1.5), Boost("attribute", "glaze=rust", 1.2))
    assert (brand[0], set(brand[1:3])) == (pots["River teapot"], {pots["Field teapot"], pots["Ember teapot"]}), brand


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_what_another_catalogue_held_has_no_say_in_the_order(index: Index, engine: str) -> None:
    """Shares of kinds are kept for ten minutes. By those of an index that is gone, some teapots were of a rarer kind than others."""
    for number in range(6):
        make_product(f"Night garden {number}")
        make_product(f"Stone {number}", product_class="Others")
    index()
    assert ask(text="night").total == 6
    Product.objects.all().delete()
    test_boosts_move_up_and_down_and_leave_the_rest_as_it_is(make_pots(index), engine)
    assert "teapot" in vocabulary().heads and "garden" not in vocabulary().heads


def test_boosts_in_a_category_keep_sold_out_products_behind(pots: dict[str, int]) -> None:
    category = make_category("Table > Pots").pk
    ember, river = pots["Ember teapot"], pots["River teapot"]
    guidance = Guidance(boosts=(Boost("product", str(ember), 9), Boost("product", str(river), 2)))
    found = ask(guidance, text="", category_id=category)
    assert found.ids[0] == river and found.ids[-1] == ember


def test_other_phrasings_are_asked_for_as_well(index: Index, pots: dict[str, int]) -> None:
    kettle = make_product("Garden kettle", brand="Calder").pk
    make_product("Kettle lid")
    index()
    found = ask(Guidance(also=(("teapot", "kettle", "tea urn"),)), text="garden teapots")
    assert set(found.ids) == {pots["Garden teapot"], kettle} and found.total == 2 and not found.relaxed


def test_a_synonym_that_no_product_has_is_no_slip(index: Index, pots: dict[str, int]) -> None:
    make_product("Caraffe bowl")
    index()
    carafe = Guidance(also=(("carafe", "jug"),))
    assert ask(text="field carafe").corrected.startswith("field caraffe"), "without synonyms it is one"
    assert ask(carafe, text="field carafe").ids[0] == pots["Field jug"]
    # Beside a word that nothing has, and beside one that does not go with it.
    found = ask(carafe, text="xyzzy carafe")
    assert (found.ids, found.left_out, found.corrected) == ((pots["Field jug"],), ("xyzzy",), "")
    found = ask(carafe, text="night carafe")
    assert set(found.ids) == {pots["Field jug"], pots["Night teapot"]} and found.relaxed and not found.corrected
    assert ask(carafe, text="feild carafe").ids[0] == pots["Field jug"]


def test_what_is_put_right_meets_the_rules_of_what_it_was_put_right_to(pots: dict[str, int], client: Client) -> None:
    # Who mistyped the name of something hidden once saw it, and never saw what was pinned.
    entries = (
        Entry("pin", "product", str(pots["River teapot"]), place=1),
        Entry("hide", "product", str(pots["Night teapot"])),
    )
    content = Content(queries=("teapot",), entries=entries, banners=(Banner("en-gb", "Tea for two"),))
    rule = operations.create(content, by=None)
    shown = preview(content, rule_id=rule.pk, text="taepot", book=published_book(), market=make_market())
    assert "Night teapot" in {row.card.title for row in shown.before.rows}
    assert (shown.after.rows[0].card.title, shown.after.rows[0].went) == ("River teapot", "pin")
    operations.publish(rule.pk, seen=rule.draft_number, by=None)
    cache.clear()  # as publishing does it for itself, once it is committed
    found = find_products(ListingQuery(text="taepot"), market=make_market())
    assert (found.corrected, found.ids[0]) == ("teapot", pots["River teapot"])
    assert pots["Night teapot"] not in found.ids
    assert "Tea for two" in client.get("/search/?q=taepot").content.decode()
    # Nor is it suggested while the very words are typed, though a part of them may still become another word.
    assert "Night teapot" not in {card.title for card in suggest("teapot", market=make_market()).products}
    assert "Night teapot" in {card.title for card in suggest("night", market=make_market()).products}
    # Whoever insists on the spelling finds nothing of it.
    assert find_products(ListingQuery(text="taepot", exact=True), market=make_market()).ids == ()
    mixed = find_products(ListingQuery(text="taepot xyzzy"), market=make_market())
    assert (mixed.left_out, mixed.relaxed) == (("xyzzy",), True)


def test_suggestions_know_synonyms(index: Index, pots: dict[str, int]) -> None:
    make_product("Pinched bowl")
    index()
    rule = operations.create(Content(kind="synonyms", queries=("pitcher",), also=("jug",), one_way=True), by=None)
    assert [card.title for card in suggest("pitched", market=make_market()).products] == ["Pinched bowl"]
    operations.publish(rule.pk, seen=rule.draft_number, by=None)
    cache.clear()  # as publishing does it for itself, once it is committed
    assert [card.title for card in suggest("field pitcher", market=make_market()).products] == ["Field jug"]
    assert [card.title for card in suggest("pitcher", market=make_market()).products] == ["Field jug"]


@pytest.mark.parametrize("engine", ["database"], indirect=True)
def test_no_guidance_costs_no_query_and_pins_cost_one(pots: dict[str, int], django_assert_num_queries: Any) -> None:
    pins = Guidance(pins=((1, pots["River teapot"]), (3, pots["Field jug"])), boosts=(Boost("brand", "calder", 2),))
    ask(page_size=2)
    ask(pins, page_size=2)
    with django_assert_num_queries(2) as plain:
        ask(page_size=2)
    with django_assert_num_queries(len(plain) + 1):
        ask(pins, page_size=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_never_repeat_or_lose_a_product(pots: dict[str, int], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(pots)), unique=True, max_size=4))
    guidance = Guidance(
        pins=tuple((data.draw(st.integers(1, 9)), pots[name]) for name in names),
        boosts=(Boost("brand", "harrow", data.draw(st.sampled_from([0.5, 1.5, 3.0]))),),
        hidden=frozenset(pots[name] for name in data.draw(st.lists(st.sampled_from(sorted(pots)), max_size=2))),
    )
    size, text = data.draw(st.integers(1, 4)), data.draw(st.sampled_from(["teapot", ""]))
    whole = ask(guidance, text=text, page_size=50, with_facets=False)
    paged: list[int] = []
    for page in range(1, 9):
        part = ask(guidance, text=text, page=page, page_size=size, with_facets=False, with_total=False)
        paged += part.ids
    assert paged == list(whole.ids) and len(set(paged)) == len(paged) == whole.total
