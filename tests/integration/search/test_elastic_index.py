"""The index follows the tables: built beside the live one, written with versions, compared and mended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from search import operations
from search.elastic import client, keeping, kinds, mapping
from search.elastic.index import Change, Family, Overtaken, Rejected
from search.models import ListingRow, ListingState
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all, enqueue
from shop.partner.models import StockRecord
from tests.elastic import call
from tests.factories import make_product

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _node(elasticsearch: str) -> None:
    """Every test here has Elasticsearch."""


@pytest.fixture
def family() -> Family:
    return keeping.products()


def documents(address: str = "") -> dict[int, dict[str, Any]]:
    """Every document of the live index."""
    family = keeping.products()
    answer = client.perform(
        client.writing(), "POST", f"/{family.alias}/_search", client.JSON, {"size": 1000, "version": True}
    )  # fmt: skip
    return {int(hit["_id"]): {**hit["_source"], "version": hit["_version"]} for hit in answer["hits"]["hits"]}


def settle(*changed: int) -> None:
    """Do what waits, and have Elasticsearch show it.

    A test is one transaction, in which the catalogue names each product once: later changes are said here.
    """
    if changed:
        enqueue(operations.TOPIC, {"products": list(changed)})
    drain_all()
    family = keeping.products()
    client.perform(client.writing(), "POST", f"/{family.alias}/_refresh", client.JSON)


def names(prefix: str) -> list[str]:
    """Every index of products that there is."""
    return sorted(call(client.settings.ELASTICSEARCH_URL, "GET", f"/{prefix}-products*/_settings?expand_wildcards=all"))


def versions() -> dict[int, int]:
    return dict(ListingRow.objects.values_list("pk", "version"))


def test_the_worker_builds_the_index_that_is_not_there(settings: Any) -> None:
    mugs = [make_product(f"Mug {number}") for number in range(3)]
    drain_all()
    keeping.watch()
    settle()
    found = documents()
    assert set(found) == {mug.pk for mug in mugs}
    assert {pk: held["version"] for pk, held in found.items()} == versions()
    assert len(names(settings.SEARCH_INDEX_PREFIX)) == 1
    assert list(keeping.differences()) == []


def test_without_a_row_to_begin_with_it_is_built_empty_and_written_to() -> None:
    keeping.build()
    assert documents() == {}
    mug = make_product("Mug")
    settle()
    assert set(documents()) == {mug.pk}


def test_changes_of_price_stock_words_and_visibility_are_followed() -> None:
    keeping.build()
    mug, jug = make_product("Mug", price="10.00"), make_product("Jug")
    settle()
    record = StockRecord.objects.get(product=mug)
    record.price = Decimal("12.50")
    record.num_in_stock = 0
    record.save()
    jug.title = "Pitcher"
    jug.save()
    settle(mug.pk, jug.pk)
    found = documents()
    assert (found[mug.pk]["prices"], found[mug.pk]["in_stock"]) == ([1250], False)
    assert found[jug.pk]["title"] == ["Pitcher"]
    ids = mug.pk, jug.pk
    mug.delete()
    jug.is_public = False
    jug.save()
    settle(*ids)
    assert documents() == {}


def test_reviews_orders_and_offers_are_followed(django_user_model: Any) -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    review = get_model("reviews", "ProductReview")
    review.objects.create(product=mug, score=4, title="Good", body="Good", name="A", email="a@example.com", status=1)
    settle(mug.pk)
    assert documents()[mug.pk]["rating"] == 4
    before = versions()
    ListingRow.objects.filter(pk=mug.pk).update(popularity=7)
    operations.refresh_popularity()
    assert versions()[mug.pk] > before[mug.pk]
    assert OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC).count() == 1
    settle()
    assert documents()[mug.pk]["popularity"] == 0


def test_what_changes_nothing_is_not_written_again() -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    operations.refresh([mug.pk])
    assert not OutboxEntry.objects.exists()


def test_without_elasticsearch_nothing_is_written_down_for_it(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = ""
    make_product("Mug")
    drain_all()
    for _done in operations.rebuild():
        pass
    operations.refresh_popularity()
    keeping.watch()
    keeping.mend_by_the_clock()
    assert not OutboxEntry.objects.exists()


def test_what_is_rolled_back_is_not_told() -> None:
    keeping.build()
    mug = make_product("Mug")
    drain_all()
    StockRecord.objects.filter(product=mug).update(price="99.00")
    with pytest.raises(RuntimeError), transaction.atomic():
        operations.refresh([mug.pk])
        assert OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC).exists()
        raise RuntimeError
    assert not OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC).exists()


def test_a_rebuild_of_the_tables_asks_for_one_build() -> None:
    for number in range(3):
        make_product(f"Mug {number}")
    drain_all()
    OutboxEntry.objects.all().delete()
    for _done in operations.rebuild():
        pass
    assert [entry.topic for entry in OutboxEntry.objects.all()] == [operations.BUILD_TOPIC]
    settle()
    assert list(keeping.differences()) == []


def test_an_older_version_never_replaces_a_newer_one(family: Family) -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    version = versions()[mug.pk]
    older = {**kinds.PRODUCTS.changes({mug.pk: version})[0].document, "title": ["An old name"]}
    family.write([Change(mug.pk, version - 1, older)])
    settle()
    assert documents()[mug.pk]["title"] == ["Mug"]


def test_a_late_update_does_not_bring_a_deleted_product_back(family: Family) -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    (late,) = kinds.PRODUCTS.changes(versions())
    pk = mug.pk
    mug.delete()
    settle(pk)
    family.write([late])
    settle()
    assert documents() == {}


def test_a_product_that_comes_back_is_there_again() -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    for is_public in (False, True):
        mug.is_public = is_public
        mug.save()
        settle(mug.pk)
    assert set(documents()) == {mug.pk}


def test_a_failed_build_leaves_the_live_index_alone_and_is_cleaned_up(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug = make_product("Mug")
    drain_all()
    name = keeping.build().name

    def fail(*args: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Family, "finish", fail)
        with pytest.raises(RuntimeError):
            keeping.build()
    assert names(settings.SEARCH_INDEX_PREFIX) == [name]
    assert set(documents()) == {mug.pk}


def test_a_build_that_was_killed_is_cleaned_up_by_the_next_one(settings: Any, family: Family) -> None:
    make_product("Mug")
    drain_all()
    live = keeping.build().name
    left = family.begin()
    assert family.standing().next == left
    # The shop goes on with both.
    jug = make_product("Jug")
    settle()
    assert jug.pk in documents()
    built = keeping.build()
    assert names(settings.SEARCH_INDEX_PREFIX) == [built.name]
    assert built.name not in {live, left}
    assert list(keeping.differences()) == []


def test_changes_during_a_build_are_in_the_old_and_in_the_new_index(monkeypatch: pytest.MonkeyPatch) -> None:
    mug, jug, cup = (make_product(title) for title in ("Mug", "Jug", "Cup"))
    drain_all()
    keeping.build()
    finish = Family.finish

    def meanwhile(self: Family, name: str) -> None:
        mug.title = "Beaker"
        mug.save()
        gone = jug.pk
        jug.delete()
        late = make_product("Late")
        settle(mug.pk, gone)
        assert {held["title"][0] for held in documents().values()} == {"Beaker", "Cup", "Late"}
        assert late.pk in documents()
        finish(self, name)

    monkeypatch.setattr(Family, "finish", meanwhile)
    keeping.build()
    settle()
    assert {held["title"][0] for held in documents().values()} == {"Beaker", "Cup", "Late"}
    assert list(keeping.differences()) == []
    assert cup.pk in documents()


def test_a_second_build_takes_over_from_the_first(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    make_product("Mug")
    drain_all()
    finish = Family.finish
    inner: list[str] = []

    def overtaken(self: Family, name: str) -> None:
        monkeypatch.setattr(Family, "finish", finish)
        inner.append(keeping.build().name)
        finish(self, name)

    monkeypatch.setattr(Family, "finish", overtaken)
    with pytest.raises(Overtaken):
        keeping.build()
    assert family.standing().live == inner[0]
    assert family.standing().next == ""


def test_a_deleted_index_is_built_again_by_itself(family: Family, elasticsearch: str) -> None:
    mug = make_product("Mug")
    drain_all()
    name = keeping.build().name
    call(elasticsearch, "DELETE", f"/{name}")
    mug.title = "Beaker"
    mug.save()
    settle(mug.pk)
    assert documents()[mug.pk]["title"] == ["Beaker"]
    assert family.standing().live not in {"", name}


def test_other_mappings_make_another_index(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    mug = make_product("Mug")
    drain_all()
    old = keeping.build().name
    more = {**mapping.MAPPINGS, "properties": {**mapping.MAPPINGS["properties"], "more": {"type": "keyword"}}}
    monkeypatch.setattr(mapping, "MAPPINGS", more)
    plain = kinds.document
    monkeypatch.setattr(kinds, "document", lambda row: {**plain(row), "more": "of it"})
    # Until it is built, changes that the old index does not take are no fault.
    mug.title = "Beaker"
    mug.save()
    enqueue(operations.TOPIC, {"products": [mug.pk]})
    drain_all()
    assert not OutboxEntry.objects.exists()
    keeping.watch()
    settle()
    assert keeping.products().standing().live != old
    assert documents()[mug.pk]["more"] == "of it"
    assert documents()[mug.pk]["title"] == ["Beaker"]


def test_an_index_in_the_place_of_the_alias_is_no_obstacle(family: Family, elasticsearch: str) -> None:
    call(elasticsearch, "PUT", f"/{family.alias}", {})
    mug = make_product("Mug")
    drain_all()
    keeping.build()
    assert set(documents()) == {mug.pk}


def test_other_shops_indices_are_left_alone(family: Family, elasticsearch: str, settings: Any) -> None:
    other = f"{family.alias}-products-01234567-20260101000000000000"
    call(elasticsearch, "PUT", f"/{other}", {})
    keeping.build()
    assert other in names(settings.SEARCH_INDEX_PREFIX)


def test_a_document_that_is_not_taken_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    mug, bad = make_product("Mug"), make_product("Bad")
    drain_all()
    plain = kinds.document
    monkeypatch.setattr(
        kinds, "document", lambda row: {**plain(row), **({"popularity": "many"} if row.product_id == bad.pk else {})}
    )
    built = keeping.build()
    assert (built.documents, built.rejected) == (1, 1)
    assert set(documents()) == {mug.pk}
    assert list(keeping.differences()) == [("missing", bad.pk)]
    with pytest.raises(Rejected, match=f"{bad.pk}: .*popularity"):
        keeping.write([mug.pk, bad.pk])


def test_drift_is_seen_and_mended(family: Family) -> None:
    mugs = [make_product(f"Mug {number}") for number in range(6)]
    drain_all()
    keeping.build()
    held = versions()
    high = ListingState.objects.get(pk=1).counter
    first, second, third, *_rest = (mug.pk for mug in mugs)
    (newer,) = kinds.PRODUCTS.changes({third: high + 5})
    stranger = 10_000_000
    family.write([
        Change(first, held[first]),
        newer,
        Change(stranger, 5, {**kinds.PRODUCTS.changes({second: 1})[0].document, "id": stranger}),
    ])  # fmt: skip
    ListingRow.objects.filter(pk=second).update(version=held[second] + 1)
    found = list(keeping.differences())
    assert found == [("missing", first), ("stale", second), ("stale", third), ("extra", stranger)]
    assert keeping.mend() == 4
    assert list(keeping.differences()) == []
    assert set(documents()) == {mug.pk for mug in mugs}
    assert keeping.mend() == 0


def test_a_restored_database_gives_out_no_version_twice() -> None:
    keeping.build()
    mug = make_product("Mug")
    settle()
    counter = ListingState.objects.get(pk=1).counter
    # The backup is older than what the index holds.
    ListingState.objects.filter(pk=1).update(counter=counter - 1_000)
    ListingRow.objects.filter(pk=mug.pk).update(version=counter - 1_000)
    assert list(keeping.differences()) == [("stale", mug.pk)]
    StockRecord.objects.filter(product=mug).update(price="31.00")
    operations.refresh([mug.pk])
    settle()
    assert versions()[mug.pk] > counter
    assert documents()[mug.pk]["prices"] == [3100]
