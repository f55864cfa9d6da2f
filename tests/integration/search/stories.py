"""Stories and pages as a test finds them."""

from __future__ import annotations

from typing import Any

from django.conf import settings as configured

from search.elastic import client, keeping, kinds
from search.selectors import find_pages
from search.stories.types import PagesResult
from shop.outbox.operations import drain_all
from tests.integration.content.pages import block


def settle() -> None:
    """Do what waits, and have Elasticsearch show it."""
    drain_all()
    if configured.ELASTICSEARCH_URL:
        client.perform(client.writing(), "POST", f"/{kinds.PAGES.family().alias}/_refresh", client.JSON)
        assert list(keeping.differences(kinds.PAGES)) == []


def find(text: str, *, language: str = "en-gb", limit: int = 10, **how: Any) -> PagesResult:
    settle()
    return find_pages(text, language=language, limit=limit, **how)


def titles(text: str, **how: Any) -> list[str]:
    """The titles of what is found, in order, with the engine of this test and no other."""
    found = find(text, **how)
    assert found.engine == ("elasticsearch" if configured.ELASTICSEARCH_URL else "database")
    assert found.total == len(found.pages)
    return [page.title for page in found.pages]


def text(words: str) -> dict[str, Any]:
    return block("text", {"text": f"<p>{words}</p>"})
