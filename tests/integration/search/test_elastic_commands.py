"""search_reindex and search_status where the shop has Elasticsearch."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search import operations
from search.elastic import client, keeping
from search.models import ListingRow
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.elastic import call
from tests.factories import make_product

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"


def status() -> tuple[dict[str, Any], int]:
    """What search_status prints, and its exit code."""
    out = StringIO()
    try:
        call_command("search_status", json=True, stdout=out)
    except SystemExit as ended:
        return json.loads(out.getvalue()), int(ended.code or 0)
    return json.loads(out.getvalue()), 0


def reindex(**options: Any) -> str:
    out = StringIO()
    call_command("search_reindex", stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.elasticsearch
def test_reindex_makes_tables_and_index(elasticsearch: str) -> None:
    make_product("Mug")
    make_product("Jug")
    said = reindex()
    assert "Done: 2 products" in said
    assert "Index: 2 documents in" in said
    assert not OutboxEntry.objects.filter(topic=operations.BUILD_TOPIC).exists(), "the worker need not build it again"
    drain_all()
    found, code = status()
    assert code == 0
    assert found["index"] == keeping.products().standing().live
    assert found["engine"] == "elasticsearch"
    assert (found["documents"], found["index_is_current"]) == (2, True)
    assert {name: found[name] for name in ("documents_missing", "documents_extra", "documents_stale")} == {
        "documents_missing": 0, "documents_extra": 0, "documents_stale": 0,
    }  # fmt: skip


@pytest.mark.elasticsearch
def test_index_only_leaves_the_tables_alone(elasticsearch: str) -> None:
    make_product("Mug")
    drain_all()
    before = list(ListingRow.objects.values_list())
    assert "Index: 1 documents" in reindex(index_only=True)
    assert list(ListingRow.objects.values_list()) == before


@pytest.mark.elasticsearch
def test_status_names_drift_and_repair_mends_it(elasticsearch: str) -> None:
    mugs = [make_product(f"Mug {number}") for number in range(4)]
    reindex()
    drain_all()
    live = keeping.products().standing().live
    call(elasticsearch, "DELETE", f"/{live}/_doc/{mugs[0].pk}?refresh=true")
    ListingRow.objects.filter(pk=mugs[1].pk).update(version=1)
    ListingRow.objects.filter(pk=mugs[2].pk).delete()
    found, code = status()
    assert code == 1
    assert found["missing"] == 1
    assert (found["documents_missing"], found["documents_extra"], found["documents_stale"]) == (1, 1, 1)
    assert set(found["document_examples"]) == {mug.pk for mug in mugs[:3]}
    said = reindex(repair=True)
    assert "Tables: 1 products mended" in said
    assert "Index: 3 products mended" in said
    drain_all()
    found, code = status()
    assert (code, found["documents"], found["missing"]) == (0, 4, 0)
    assert keeping.products().standing().live == live, "nothing was built anew"


@pytest.mark.elasticsearch
def test_status_says_what_waits(elasticsearch: str) -> None:
    reindex()
    drain_all()
    mug = make_product("Mug")
    operations.refresh([mug.pk])
    found, code = status()
    assert (found["index_waiting"], found["documents_missing"], code) == (1, 1, 0)
    call_command("search_status", stdout=(out := StringIO()))
    assert "Index waiting: 1 changes" in out.getvalue()
    assert f"such as {mug.pk}" in out.getvalue()


def test_without_elasticsearch_there_is_no_index_to_speak_of() -> None:
    make_product("Mug")
    drain_all()
    assert "Index" not in reindex()
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL is not set"):
        reindex(index_only=True)
    assert "Index" not in reindex(repair=True)
    found, code = status()
    assert (found["index_configured"], code) == (False, 0)
    call_command("search_status", stdout=(out := StringIO()))
    assert "ELASTICSEARCH_URL is not set" in out.getvalue()


def test_an_elasticsearch_that_is_away_is_said_and_waited_for(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = NOBODY
    make_product("Mug")
    with pytest.raises(CommandError, match=r"not built.*refused(?s:.*)The worker tries again"):
        reindex()
    assert ListingRow.objects.count() == 1, "the tables are made all the same"
    assert OutboxEntry.objects.filter(topic=operations.BUILD_TOPIC).count() == 1
    found, code = status()
    assert code == 1
    assert "refused" in found["index_error"]
    with pytest.raises(CommandError, match="not mended"):
        OutboxEntry.objects.all().delete()
        reindex(repair=True)


def test_status_says_that_searches_leave_it_alone(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = NOBODY
    with pytest.raises(client.Unavailable):
        client.ask({"size": 0})
    found, _code = status()
    assert found["breaker"].startswith("open, next try in")
    assert found["engine"] == "database"
