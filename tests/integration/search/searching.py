"""Visitors who search, each from an address of their own, and days on which some did."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.test import Client, TestCase
from django.utils import timezone

from search import operations
from search.insight import operations as insight
from search.insight.models import SearchEvent
from tests.factories import make_product

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Kind = SearchEvent.Kind
_addresses = itertools.count(1)


def index() -> None:
    """Make the lists."""
    for _done in operations.rebuild():
        pass


def three_mugs() -> list[Any]:
    """Three mugs that are in the lists."""
    found = [make_product(f"Mug {number}", price="10") for number in range(3)]
    index()
    return found


def visitor(**headers: Any) -> Client:
    """A browser at an address of its own."""
    number = next(_addresses)
    address = f"203.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
    return Client(**{"REMOTE_ADDR": address, "HTTP_USER_AGENT": BROWSER, **headers})


def committed() -> Any:
    """Run what waits for a commit, as it runs where no test's transaction is around it."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def open_page(client: Client, path: str, **kwargs: Any) -> Any:
    """Get a page, and let be written down what it has to say."""
    with committed():
        return client.get(path, **kwargs)


def event(kind: Kind, text: str, *, times: int = 1, days_ago: int = 0, **values: Any) -> None:
    """The same event several times."""
    day = timezone.localdate() - timedelta(days=days_ago)
    made = {"kind": kind, "day": day, "text": text, "language": "en-gb", **values}
    if kind == Kind.SEARCH:
        made = {"results": 3, "engine": "database", **made}
    SearchEvent.objects.bulk_create(SearchEvent(**made) for _number in range(times))


def known(text: str, *, times: int = 6, **values: Any) -> None:
    """A query that may be shown: searched for yesterday and the day before."""
    event(Kind.SEARCH, text, times=times - times // 2, days_ago=2, **values)
    event(Kind.SEARCH, text, times=times // 2, days_ago=1, **values)
    insight.sum_up()


def day_ago(days: int) -> date:
    """A day before today."""
    return timezone.localdate() - timedelta(days=days)
