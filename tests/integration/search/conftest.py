"""The engines that answer lists: what is true of one is tried on all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings

from search import operations
from search.elastic import client, keeping

# A page gives Elasticsearch less time than a busy machine may need; then the database would answer in the middle of a test.
PATIENCE = 30.0


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the engine that answers in this test, however long it takes; Elasticsearch is a real node."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
        monkeypatch.setattr(client, "SEARCH_SECONDS", PATIENCE)
    return str(request.param)


@pytest.fixture
def index(engine: str) -> Callable[[], None]:
    """Brings the engine of this test up to date with the catalogue."""
    return bring_up_to_date


def bring_up_to_date() -> None:
    """Make the tables again, and the index where Elasticsearch is configured."""
    for _done in operations.rebuild():
        pass
    if settings.ELASTICSEARCH_URL:
        keeping.build()
