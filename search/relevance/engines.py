"""The engines that can be measured, each as one function from a query's words to product ids, best first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from search import database
from search.elastic import client, engine
from search.types import ListingQuery, ListingResult
from search.vectors import model, needs
from shop.markets import home_market

from . import plain

# The condensed score looks at rated products only, so the list has to reach below the first ten.
DEPTH = 200
# Seconds between tries.
PAUSES = (0.5, 2.0, 8.0)
Engine = Callable[[str], tuple[int, ...]]


class EngineMissingError(Exception):
    """This engine is not there; the message says what it would need."""


def question(text: str) -> ListingQuery:
    """What is asked of an engine when it is measured: words only, and no counts."""
    return ListingQuery(text=text, page_size=DEPTH, with_facets=False, with_total=False)


def shown(result: ListingResult) -> tuple[int, ...]:
    """The order in which a shopper sees it: what has all the words, and what fills the page below or among that."""
    return result.mixed or (*result.ids, *result.similar)


@contextmanager
def _database() -> Iterator[Engine]:
    market = home_market()
    yield lambda text: shown(database.find(question(text), market=market))


@contextmanager
def _elasticsearch() -> Iterator[Engine]:
    """Words alone, also where vectors are on."""
    need_address("elasticsearch")
    market = home_market()
    with _failures("elasticsearch"), model.left_out():
        yield lambda text: shown(patiently(lambda: engine.find(question(text), market=market)))


@contextmanager
def _vectors() -> Iterator[Engine]:
    """Words and sentence vectors. Without a working model it would be the engine above under another name."""
    need_address("vectors")
    if not model.is_on():
        raise EngineMissingError(
            f"The engine vectors needs SEARCH_VECTORS, which is not set. Set it ({needs.MODELS[0]}), reindex, and measure "
            "again; or measure --engine elasticsearch."
        )
    try:
        model.load()
    except model.ModelError as error:
        raise EngineMissingError(str(error)) from error
    market = home_market()
    with _failures("vectors"):
        yield lambda text: shown(patiently(lambda: engine.find(question(text), market=market)))


def patiently(ask: Callable[[], ListingResult]) -> ListingResult:
    """Ask again after a while, and after the last try raise client.Unavailable.

    A visitor gets the database's answer instead; who measures the ranking can wait for a
    node that has just started, or for a machine that is busy.
    """
    for pause in PAUSES:
        try:
            return ask()
        except client.Refused:
            raise
        except client.Unavailable:
            time.sleep(pause)
            client.SEARCHING.reset()
    return ask()


@contextmanager
def _plain() -> Iterator[Engine]:
    need_address("plain")
    with _failures("plain"), plain.index() as name:
        yield lambda text: plain.ask(name, text, size=DEPTH)


@contextmanager
def _failures(name: str) -> Iterator[None]:
    try:
        yield
    except client.Unavailable as error:
        raise EngineMissingError(
            f"The engine {name} has no Elasticsearch at {settings.ELASTICSEARCH_URL} that answers: {error}"
        ) from error


def need_address(name: str) -> None:
    """Raise EngineMissingError where no Elasticsearch is configured."""
    if not client.is_configured():
        raise EngineMissingError(
            f"The engine {name} needs an Elasticsearch, and ELASTICSEARCH_URL is not set. "
            "Set it (http://127.0.0.1:9200), or measure --engine database."
        )


ENGINES = {"vectors": _vectors, "elasticsearch": _elasticsearch, "plain": _plain, "database": _database}


def present() -> tuple[str, ...]:
    """The engines that this shop's settings allow for, the shop's own first."""
    if not client.is_configured():
        return ("database",)
    return tuple(name for name in ENGINES if name != "vectors" or model.is_on())
