"""The index of stories and pages: what only Elasticsearch does, and how it stays in step with the table."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale, Page

from content.models import StoryPage
from search.elastic import client, keeping, kinds
from search.selectors import find_pages
from search.stories.models import PageRow
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.elastic import call
from tests.integration.content.pages import story

from .stories import find, settle, text, titles

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _index(elasticsearch: str) -> None:
    """Every test here has Elasticsearch, and an index to begin with."""
    keeping.build(kind=kinds.PAGES)


def status() -> tuple[dict[str, Any], int]:
    """What search_status prints, and its exit code."""
    out = StringIO()
    try:
        call_command("search_status", json=True, stdout=out)
    except SystemExit as ended:
        return json.loads(out.getvalue()), int(ended.code or 0)
    return json.loads(out.getvalue()), 0


@pytest.mark.parametrize(
    ("asked", "corrected", "found"),
    [
        ("kettel", "kettle", ["A good kettle"]),
        ("seasning", "seasoning", ["Seasoning a pan"]),
        ("seasoning the pan without smoke", "", ["Seasoning a pan"]),
        ("xylophones", "", []),
        ("kettle xylophones", "", []),
    ],
)
def test_typos_and_too_many_words_are_forgiven(asked: str, corrected: str, found: list[str]) -> None:
    story([text("Smoke is a sign of too much oil.")], title="Seasoning a pan")
    story(title="A good kettle")
    assert titles(asked) == found
    assert find(asked).corrected == corrected
    if corrected:
        assert titles(asked, forgive=False) == []


def test_german_compounds_are_found_by_their_parts() -> None:
    story(title="Die Keramikschale", locale=Locale.objects.get_or_create(language_code="de")[0])
    assert titles("Schale", language="de") == ["Die Keramikschale"]


def test_while_it_is_away_the_database_answers(settings: Any) -> None:
    story(title="Kettle")
    settle()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    try:
        found = find_pages("kettle", language="en-gb", limit=3)
    finally:
        client.SEARCHING.reset()
    assert (found.engine, [page.title for page in found.pages]) == ("database", ["Kettle"])


def test_versions_keep_a_late_write_out() -> None:
    page = story(title="Kettle")
    settle()
    row = PageRow.objects.get(pk=page.pk)
    (late,) = kinds.PAGES.changes({page.pk: row.version})
    page.title = "Trivet"
    page.save()
    settle()
    assert PageRow.objects.get(pk=page.pk).version > row.version
    kinds.PAGES.family().write([late])
    assert titles("kettle") == []
    Page.objects.get(pk=page.pk).delete()
    settle()
    kinds.PAGES.family().write([late])
    assert titles("kettle") == [], "a deleted page stays away"


def test_drift_shows_and_is_mended(elasticsearch_url: str) -> None:
    pages = [story(title=f"Kettle {number}") for number in range(3)]
    settle()
    live = kinds.PAGES.family().standing().live
    call(elasticsearch_url, "DELETE", f"/{live}/_doc/{pages[0].pk}?refresh=true")
    PageRow.objects.filter(pk=pages[1].pk).update(version=1)
    PageRow.objects.filter(pk=pages[2].pk).delete()
    found, code = status()
    assert (found["page_documents_missing"], found["page_documents_extra"], found["page_documents_stale"]) == (
        1,
        1,
        1,
    )
    assert (found["pages"], found["pages_missing"], found["pages_extra"], code) == (2, 1, 0, 1)
    call_command("search_reindex", repair=True, stdout=StringIO())
    settle()
    found, code = status()
    assert (found["pages"], found["page_documents"], found["pages_missing"], found["page_documents_stale"]) == (
        3,
        3,
        0,
        0,
    )
    assert find("kettle").total == 3


def test_a_build_leaves_visitors_the_old_index_and_misses_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    page = story(title="Kettle")
    settle()
    family = kinds.PAGES.family()
    before = family.standing().live

    def changed(done: int) -> None:
        assert family.standing().live == before
        if done:
            StoryPage.objects.get(pk=page.pk).delete()
            story(title="Late")
            drain_all()

    built = keeping.build(changed, kinds.PAGES)
    assert family.standing().live == built.name != before
    assert titles("late") == ["Late"]
    assert titles("kettle") == []


def test_a_missing_index_is_built_by_the_worker(elasticsearch_url: str) -> None:
    story(title="Kettle")
    settle()
    call(elasticsearch_url, "DELETE", f"/{kinds.PAGES.family().standing().live}")
    keeping.watch()
    assert titles("kettle") == ["Kettle"]


def test_what_is_changed_while_it_is_away_waits(settings: Any, elasticsearch_url: str) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    story(title="Kettle")
    drain_all()
    assert OutboxEntry.objects.filter(topic="search.index", parked_at=None).count() == 1
    settings.ELASTICSEARCH_URL = elasticsearch_url
    keeping.watch()
    assert titles("kettle") == ["Kettle"]
