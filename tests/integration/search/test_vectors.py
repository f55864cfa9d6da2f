"""Sentence vectors with the real model on a real Elasticsearch: what words do not say is found, and words never need it.

The model's packages are those of requirements-vectors.txt; the suite that brings Elasticsearch installs them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from search.elastic import client, keeping, nearest
from search.operations import refresh
from search.selectors import find_products
from search.types import Guidance, ListingQuery, ListingResult
from search.vectors import minilm, model, operations
from search.vectors.models import ProductVector
from shop.catalogue.models import Product
from tests.factories import make_market, make_product

from .conftest import bring_up_to_date
from .test_elastic_cases import CASES, PRODUCTS, UNSOLVED, Case, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.usefixtures("elasticsearch")]

MODEL = "all-minilm-l6-v2"
HOME = (
    ("Armchair Moor", "Soft and low, for long evenings.", "300.00"),
    ("Pendant lamp Lys", "Hangs over a table and lights it.", "80.00"),
    ("Kettle Brook", "Boils a litre of water in three minutes.", "40.00"),
    ("Woollen blanket", "Keeps the cold out.", "60.00"),
    ("Espresso machine", "Two cups at once.", "400.00"),
)


@pytest.fixture
def vectors(settings: Any) -> Iterator[None]:
    """Vectors are switched on, and the model is loaded."""
    settings.SEARCH_VECTORS = MODEL
    model.load()
    yield
    if model.error():
        model.forget()


@pytest.fixture
def home(vectors: None) -> dict[str, int]:
    """A small shop for the home; titles to ids."""
    made = {title: make_product(title, description=said, price=price).pk for title, said, price in HOME}
    bring_up_to_date()
    return made


def ask(text: str, guidance: Guidance | None = None, **more: Any) -> ListingResult:
    found = find_products(ListingQuery(text=text, **more), market=make_market(), guidance=guidance)
    assert found.engine == "elasticsearch"
    return found


def cosine(one: bytes, other: bytes) -> float:
    import numpy

    first, second = (numpy.frombuffer(held, numpy.int8).astype(float) for held in (one, other))
    return float(first @ second / (numpy.linalg.norm(first) * numpy.linalg.norm(second)))


def status() -> dict[str, Any]:
    """What search_status prints, its exit code with it."""
    out = StringIO()
    code: Any = 0
    try:
        call_command("search_status", json=True, stdout=out)
    except SystemExit as end:
        code = end.code
    return {**json.loads(out.getvalue()), "code": code}


# --- the model


def test_our_graph_gives_the_vectors_that_the_models_makers_published(vectors: None) -> None:
    import numpy

    found = numpy.frombuffer(model.encode("This is an example sentence"), numpy.int8)[:4].astype(float)
    published = numpy.array([0.0677, 0.0635, 0.0487, 0.0793])
    assert len(model.encode("x")) == minilm.DIMENSIONS
    assert found / numpy.linalg.norm(found) == pytest.approx(published / numpy.linalg.norm(published), abs=0.08)


def test_close_vectors_are_close_meanings(vectors: None) -> None:
    laptop = model.encode("laptop")
    assert cosine(laptop, model.encode("notebook computer")) > 0.5
    assert cosine(laptop, model.encode("teapot")) < 0.4
    assert cosine(laptop, model.encode("Laptop")) == pytest.approx(1)


def test_processors_that_multiply_in_another_way_get_the_same_vectors(vectors: None, monkeypatch: Any) -> None:
    other = not minilm.multiplies_signed()
    monkeypatch.setattr(minilm, "multiplies_signed", lambda: other)
    text = "Waterproof Bluetooth speaker, 20 hours"
    assert cosine(model.Model().encode(text), model.encode(text)) > 0.9999


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x07", "\ud800", "🙂" * 500, "x" * 10_000, "a " * 5_000, "<script>", "漢字"]
)
def test_every_text_has_a_vector(vectors: None, text: str) -> None:
    started = time.monotonic()
    assert len(model.encode(text)) == minilm.DIMENSIONS
    assert time.monotonic() - started < 2


def test_no_visitor_waits_until_the_model_is_loaded(vectors: None) -> None:
    model.forget()
    started = time.monotonic()
    assert model.of_query("a warm blanket") is None
    assert time.monotonic() - started < 0.2
    assert model._held.loading
    model._held.loading.join()
    assert model.of_query("a warm blanket") is not None


# --- what is kept


def test_a_text_is_read_by_the_model_once(home: dict[str, int], monkeypatch: Any) -> None:
    read: list[str] = []
    encode = model.encode
    monkeypatch.setattr(model, "encode", lambda text: read.append(text) or encode(text))
    bring_up_to_date()
    assert read == []
    Product.objects.filter(pk=home["Kettle Brook"]).update(description="Whistles when it boils.")
    bring_up_to_date()
    assert read == ["Kettle Brook. Whistles when it boils."]


def test_a_changed_price_leaves_the_vector_and_a_deleted_product_takes_it_along(home: dict[str, int]) -> None:
    before = dict(ProductVector.objects.values_list("product_id", "digest"))
    assert set(before) == set(home.values())
    product = Product.objects.get(pk=home["Kettle Brook"])
    product.stockrecords.update(price=Decimal("45.00"))
    refresh([product.pk])
    keeping.write([product.pk])
    assert dict(ProductVector.objects.values_list("product_id", "digest")) == before
    product.delete()
    assert not ProductVector.objects.filter(product_id=home["Kettle Brook"]).exists()


def test_where_they_are_off_nothing_is_read_or_kept() -> None:
    make_product("Armchair Moor")
    bring_up_to_date()
    assert not ProductVector.objects.exists()
    assert not ask("couch").similar


# --- what is found


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("couch", "Armchair Moor"),
        ("comfortable seat", "Armchair Moor"),
        ("coffee maker", "Espresso machine"),
        ("boil water for tea", "Kettle Brook"),
        ("lightbulbs", "Pendant lamp Lys"),
    ],
)
def test_what_other_words_say_is_found(home: dict[str, int], text: str, title: str) -> None:
    found = ask(text)
    assert (*found.ids, *found.similar)[0] == home[title]


def test_where_few_words_are_found_what_is_meant_is_in_the_list_and_counted(home: dict[str, int]) -> None:
    found = ask("a comfortable place to sit for long", page_size=2)
    assert found.relaxed and found.near
    assert found.ids[0] == home["Armchair Moor"]
    every = [pk for page in (1, 2, 3) for pk in ask("a comfortable place to sit for long", page_size=2, page=page).ids]
    assert len(every) == len(set(every)) == found.total
    cheap = ask("a comfortable place to sit for long", price_max=Decimal("100"))
    assert home["Armchair Moor"] not in cheap.ids
    assert (len(cheap.ids), cheap.whole) == (cheap.total, found.total)


def test_what_is_only_near_is_no_part_of_the_list(home: dict[str, int]) -> None:
    found = ask("couch")
    assert (found.ids, found.total, found.near) == ((), 0, True)
    assert found.similar[0] == home["Armchair Moor"]


def test_letters_without_a_meaning_find_nothing(home: dict[str, int]) -> None:
    for text in ("asdfgh", "qwrtzp xcvb", "zzzz"):
        found = ask(text)
        assert (found.ids, found.similar) == ((), ())


def test_filters_hold_for_what_is_near(home: dict[str, int]) -> None:
    assert home["Espresso machine"] in ask("coffee maker").similar
    assert home["Espresso machine"] not in ask("coffee maker", price_max=Decimal("100")).similar
    assert home["Espresso machine"] not in ask("coffee maker", ids=(home["Kettle Brook"],)).similar


def test_what_merchandisers_hide_is_not_near(home: dict[str, int]) -> None:
    hidden = Guidance(hidden=frozenset({home["Espresso machine"]}))
    assert home["Espresso machine"] not in ask("coffee maker", hidden).similar


def test_the_words_say_how_many_there_are(home: dict[str, int]) -> None:
    found = ask("blanket")
    assert (found.ids, found.total) == ((home["Woollen blanket"],), 1)
    assert home["Woollen blanket"] not in found.similar


def test_a_full_page_takes_as_many_exchanges_as_without(home: dict[str, int], settings: Any, monkeypatch: Any) -> None:
    asked: list[str] = []
    perform = client.perform
    ask("kettle")
    monkeypatch.setattr(client, "perform", lambda *given: asked.append(given[2]) or perform(*given))
    ask("blanket", page_size=1)
    with_vectors, asked[:] = list(asked), []
    settings.SEARCH_VECTORS = ""
    cache.clear()
    ask("blanket", page_size=1)
    assert [path.rpartition("/")[2] for path in with_vectors] == ["_msearch", *(["_search"] * (len(asked) - 1))]
    assert len(with_vectors) == len(asked)


def test_the_page_says_what_near_products_are(home: dict[str, int], client: Client) -> None:
    page = client.get("/search/", {"q": "couch"}).content.decode()
    assert "Close to what you searched for" in page
    assert "Armchair Moor" in page
    assert "What people buy most" not in page


@pytest.fixture
def electronics(vectors: None) -> dict[int, str]:
    made = {make_product(title, **parts).pk: title for title, parts in PRODUCTS}
    bring_up_to_date()
    return made


def test_no_case_that_words_solve_is_lost(electronics: dict[int, str]) -> None:
    assert [fault for case in CASES if (fault := wrong(case, electronics))] == []


@pytest.mark.parametrize("case", UNSOLVED, ids=lambda case: case.query)
def test_what_words_do_not_solve_is_solved(electronics: dict[int, str], case: Case) -> None:
    assert wrong(case, electronics) == ""


# --- what fails


@pytest.fixture
def broken(vectors: None, monkeypatch: Any) -> Iterator[None]:
    """The model's file is gone."""

    def archive() -> Any:
        raise FileNotFoundError("model.zip is not there")

    with monkeypatch.context() as patch:
        patch.setattr(minilm, "archive", archive)
        model.forget()
        yield
    model.forget()


def test_where_the_model_fails_words_answer_and_staff_is_told_once(broken: None, caplog: Any) -> None:
    made = make_product("Armchair Moor").pk
    bring_up_to_date()
    bring_up_to_date()
    assert ask("armchair").ids == (made,)
    assert not ask("couch").similar
    told = [record for record in caplog.records if record.name == "search.vectors.model"]
    assert len(told) == 1
    assert "model.zip is not there" in told[0].getMessage()
    found = status()
    assert found["vectors"] == MODEL
    assert "model.zip is not there" in found["vectors_error"]
    assert found["documents_without_vector"] == 1
    assert found["code"] == 1


def test_documents_that_were_written_without_are_mended(vectors: None, monkeypatch: Any) -> None:
    made = make_product("Armchair Moor").pk
    with monkeypatch.context() as patch:
        patch.setattr(minilm, "PACKAGE", "no_such_model")
        model.forget()
        bring_up_to_date()
        assert nearest.lacking() == 1
        keeping.mend()
        assert not keeping.is_build_asked_for()
    model.forget()
    keeping.mend()
    assert keeping.is_build_asked_for()
    keeping.build()
    assert nearest.lacking() == 0
    assert ask("couch").similar == (made,)


def test_an_index_from_before_they_were_switched_on_answers_by_words(settings: Any) -> None:
    made = make_product("Armchair Moor").pk
    bring_up_to_date()
    settings.SEARCH_VECTORS = MODEL
    model.load()
    assert ask("armchair").ids == (made,)
    assert client.SEARCHING.state() == "closed"
    assert status()["index_is_current"] is False
    keeping.build()
    assert status()["index_is_current"] is True
    assert ask("couch").similar == (made,)


def test_a_product_takes_few_milliseconds(vectors: None) -> None:
    """Nothing of it is done anew for each: the first one loads, the others only read."""
    texts = {number: f"Lamp {number}. Lights a table, a bench or a stair." for number in range(50)}
    started = time.monotonic()
    assert len(operations._encode(texts)) == 50
    assert time.monotonic() - started < 5


# --- measured


def test_the_engine_is_measured_beside_words_alone(home: dict[str, int], tmp_path: Any) -> None:
    for title, pk in home.items():
        Product.objects.filter(pk=pk).update(upc=title)
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,rating\ncouch,Armchair Moor,3\ncouch,Kettle Brook,0\n")
    out = StringIO()
    call_command("search_relevance", judgments=judgments, stdout=out)
    rows = {line.split()[0]: line.split()[1] for line in out.getvalue().splitlines()[1:]}
    assert (rows["vectors"], rows["elasticsearch"]) == ("1.000", "0.000")


def test_without_the_setting_there_is_nothing_to_measure(tmp_path: Any) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,rating\ncouch,1,3\n")
    with pytest.raises(CommandError, match="SEARCH_VECTORS, which is not set"):
        call_command("search_relevance", judgments=judgments, engine="vectors")


# --- what a model does not know


def test_a_makers_name_is_asked_by_words_alone(vectors: None) -> None:
    make_product("Slim keyboard", brand="Nordlys Works")
    bring_up_to_date()
    assert nearest.is_brand("nordlys  works") and not nearest.is_brand("nordlys keyboard")
    with model.left_out():
        assert not nearest.is_brand("Nordlys Works")


def test_numbers_are_put_in_order_by_words_alone_where_all_are_there() -> None:
    assert not nearest.orders("RTX 2060", partly=False)
    assert nearest.orders("RTX 2060", partly=True) and nearest.orders("couch", partly=False)
