"""What is noted while a visitor waits: at most one INSERT, after the page is made, and never at the page's cost.

Who asks is looked at and not kept. So that one visitor does not decide the reports, a visitor counts once a day for the
same thing. What remembers that is a mark in the cache: MARK_BITS bits of a keyed hash of day, address and what was done.
So few bits fit hundreds of addresses each, so that no mark leads back to a person, not even for us; the price is that
once in a while somebody is taken for somebody else and not counted.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from search.types import ListingResult
from shop import throttle
from shop.markets import market_of

from .models import SearchEvent
from .texts import kept

logger = logging.getLogger(__name__)

Kind = SearchEvent.Kind
MARK_BITS = 24
DAY_SECONDS = 24 * 60 * 60
# Of different things from one address: enough for an office, too few for a machine that goes through a dictionary.
EVENTS_ADDRESS = throttle.Limit("search-events", 200, 60 * 60)
# What crawlers, checks and scripts call themselves. A browser always says what it is.
ROBOTS = (
    "bot", "crawl", "spider", "slurp", "scrap", "preview", "facebookexternalhit", "monitor", "pingdom", "uptime",
    "lighthouse", "archiver", "feedfetcher", "httrack", "curl", "wget", "python-", "aiohttp", "httpx", "go-http",
    "java/", "libwww", "okhttp", "axios", "node-fetch",
)  # fmt: skip
# A product's page and its forms carry what was searched for: ?q=…&at=3, and `from` in a form.
QUERY, PLACE = "q", "at"
# ?q=…&at=3&typed=1 comes from the suggestions.
TYPED = "typed"
SOURCE = "search:"
# What a browser says of a request that comes from a page of ours.
OURS = "same-origin"
LAST_PLACE = 10_000
# On SQLite one writer keeps all others waiting; a page waits no longer than this for a note of ours.
SQLITE_WAIT_MS = 100


def trail(text: str) -> str:
    """What links of a search's results carry, but for the place: `q=mug`. Empty where the text is not kept."""
    query = kept(text)
    return urlencode({QUERY: query}) if query else ""


def typed_trail(text: str) -> str:
    """The same for what is suggested while the text is being typed."""
    query = kept(text)
    return urlencode({QUERY: query, TYPED: 1}) if query else ""


def source_of(text: str) -> str:
    """What a basket's line says of a search it was chosen from; empty where the text is not kept."""
    query = kept(text)
    return f"{SOURCE}{query}" if query else ""


def query_of(source: str) -> str:
    """The query that a line's source names, as it is kept; empty for any other source."""
    return kept(source.removeprefix(SOURCE)) if source.startswith(SOURCE) else ""


def arrival(request: HttpRequest) -> tuple[str, int] | None:
    """The query and the place in its results that led to this address; None where there was none or it cannot be."""
    place = request.GET.get(PLACE, "")
    if not (place.isascii() and place.isdigit() and len(place) <= 5 and 1 <= int(place) <= LAST_PLACE):
        return None
    text = kept(request.GET.get(QUERY, ""))
    return (text, int(place)) if text else None


def note_search(request: HttpRequest, text: str, found: ListingResult) -> None:
    """Count a search and what it found."""
    query = kept(text)
    if query:
        _note(
            request,
            Kind.SEARCH,
            query,
            results=max(found.total, 0),
            relaxed=found.relaxed,
            corrected=bool(found.corrected),
            engine=found.engine[:16],
        )


def note_redirect(request: HttpRequest, text: str) -> None:
    """Count a search that a rule sent to a page: one result, which the rule gave."""
    note_search(request, text, ListingResult(ids=(), total=1, engine="rule"))


def note_click(request: HttpRequest, product_id: int) -> None:
    """Count that a product was opened from a search's results or suggestions, where the address says so."""
    came = _followed(request)
    if came:
        kind = Kind.PICK if request.GET.get(TYPED) == "1" else Kind.CLICK
        _note(request, kind, came[0], product_id=product_id, place=came[1])


def note_story(request: HttpRequest) -> None:
    """Count that a story or page was opened from a search's results or suggestions, where the address says so."""
    came = _followed(request)
    if came:
        _note(request, Kind.PICK if request.GET.get(TYPED) == "1" else Kind.STORY, came[0])


def _followed(request: HttpRequest) -> tuple[str, int] | None:
    """As `arrival`, where the link stood on a page of ours, which browsers tell; elsewhere it is no result of a search."""
    return arrival(request) if request.headers.get("Sec-Fetch-Site", OURS) == OURS else None


def note_add(request: HttpRequest, product_id: int, source: str) -> None:
    """Count that a product was put into the basket, where its form says that it was searched for."""
    query = query_of(source)
    if query:
        _note(request, Kind.ADD, query, product_id=product_id)


def purchase(query: str, product_id: int, *, language: str, units: int, revenue: Decimal) -> SearchEvent:
    """The event of a line of an order; the caller saves it in the transaction in which the line forgets the query."""
    return SearchEvent(
        kind=Kind.PURCHASE,
        day=timezone.localdate(),
        text=query,
        language=language[:16],
        product_id=product_id,
        units=units,
        revenue=revenue,
    )


def is_visitor(request: HttpRequest) -> bool:
    """Whether a person looks at this, as far as a request can tell: no robot, nothing fetched ahead, no preview."""
    # Cubot makes telephones.
    agent = request.headers.get("User-Agent", "").lower().replace("cubot", "")
    if not agent or any(word in agent for word in ROBOTS):
        return False
    # Another site's picture, frame or script asks for this: whoever looks at that site has not searched here.
    site, wanted = request.headers.get("Sec-Fetch-Site", OURS), request.headers.get("Sec-Fetch-Dest", "document")
    if site not in {OURS, "none"} and wanted != "document":
        return False
    ahead = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    if request.method == "HEAD" or "prefetch" in ahead.lower() or request.headers.get("X-Moz", "") == "prefetch":
        return False
    # Whoever comes from a back office looks at what a rule or a story does.
    came_from = request.headers.get("Referer", "")
    return not any(f"{request.get_host()}{place}" in came_from for place in ("/dashboard/", "/cms/"))


def _note(request: HttpRequest, kind: Kind, query: str, *, product_id: int | None = None, **values: object) -> None:
    """Write an event once whatever the view does is committed. Robust: what fails is logged, and the page is shown."""
    if not is_visitor(request):
        return
    event = SearchEvent(
        kind=kind,
        day=timezone.localdate(),
        text=query,
        language=market_of(request).language[:16],
        product_id=product_id,
        **values,
    )
    address = throttle.client_address(request)
    transaction.on_commit(lambda: _write(event, address), robust=True)


def _write(event: SearchEvent, address: str) -> None:
    if not _is_first_today(event, address) or throttle.take(EVENTS_ADDRESS, address):
        return
    with _impatient():
        event.save(force_insert=True)


def _is_first_today(event: SearchEvent, address: str) -> bool:
    said = f"{event.day}|{address}|{event.kind}|{event.text}|{event.product_id}"
    digest = hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).digest()
    mark = int.from_bytes(digest[:4], "big") >> (32 - MARK_BITS)
    return bool(cache.add(f"search:mark:{event.day:%j}:{mark:x}", 1, DAY_SECONDS))


@contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite, wait for another writer only shortly."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {before}")
