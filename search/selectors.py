"""`find_products`: the one way to get a list of products, for pages, blocks, choosers and the API alike."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.catalogue.models import Product
from shop.markets import Market
from shop.outbox.models import OutboxEntry

from . import database
from .elastic import client, engine
from .elastic import pages as elastic_pages
from .models import ListingCategory, ListingFacet, ListingRow, ListingState, ListingText
from .operations import TOPIC
from .rules.selectors import Provider, guidance_for
from .stories import database as database_pages
from .stories.types import Kind, PagesResult
from .types import Guidance, ListingQuery, ListingResult

EXAMPLES = 5


def find_products(
    query: ListingQuery, *, market: Market, guidance: Guidance | None = None, says: Provider = guidance_for
) -> ListingResult:
    """Answer `query` with the engine that is there: ids, order, counts; never prices or words that a visitor reads.

    Elasticsearch answers where the shop has one, and the database where it has none or while that one does not answer.
    `guidance` is what merchandisers say about it: None means what `says` tells, the published rules. What is put right
    meets the rules of what it was put right to, and then `guidance` has no part in it.
    """
    found = _find(query, market, says(query) if guidance is None else guidance)
    if not found.corrected or guidance is not None:
        return found
    meant = replace(query, text=found.corrected)
    if not (held := says(meant)):
        return found
    again = _find(meant, market, held)
    left_out = tuple(dict.fromkeys((*found.left_out, *again.left_out)))
    return replace(
        again, corrected=again.corrected or found.corrected, left_out=left_out, relaxed=again.relaxed or bool(left_out)
    )


def _find(query: ListingQuery, market: Market, guidance: Guidance) -> ListingResult:
    if client.is_configured():
        with suppress(client.Unavailable):
            return engine.find(query, market=market, guidance=guidance)
    return database.find(query, market=market, guidance=guidance)


def find_pages(
    text: str,
    *,
    language: str,
    limit: int,
    kinds: Sequence[Kind] = ("story",),
    typing: bool = False,
    forgive: bool = True,
) -> PagesResult:
    """Stories and pages about `text` in `language` that everybody may read: numbers, the best first.

    `typing`: the last word may go on. `forgive`: where no page has all the words, near and fewer words will do.
    """
    if client.is_configured():
        with suppress(client.Unavailable):
            return elastic_pages.find(text, language=language, limit=limit, kinds=kinds, typing=typing, forgive=forgive)
    return database_pages.find(text, language=language, limit=limit, kinds=kinds, typing=typing)


def held_products(category_id: str) -> Coalesce:
    """An annotation for queries of categories: how many products are shown in the one in the column `category_id`.

    Those of the categories below it are counted too, each once, as the category's page counts them.
    """
    held = ListingCategory.objects.filter(category_id=OuterRef(category_id)).order_by().values("category_id")
    return Coalesce(Subquery(held.annotate(n=Count("row_id")).values("n"), output_field=IntegerField()), Value(0))


@dataclass(frozen=True, slots=True)
class ListingStatus:
    """How the listing tables stand to the catalogue. Flat, as search_status --json prints it."""

    engine: str
    rows: int
    facets: int
    texts: int
    changed_at: str
    waiting: int
    lag_seconds: int
    parked: int
    missing: int
    extra: int
    examples: tuple[int, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a hand. Work that waits is no fault: the worker gets to it."""
        return not (self.missing or self.extra or self.parked)


def drifted_products() -> list[int]:
    """The products that the tables lack, or hold without reason."""
    missing, extra = _drift()
    return [*missing.values_list("pk", flat=True), *extra.values_list("pk", flat=True)]


def _drift() -> tuple[QuerySet[Product], QuerySet[ListingRow]]:
    """Public products without a row or text, and rows of products that are not public."""
    public = Product.objects.filter(is_public=True).exclude(structure=Product.CHILD)
    missing = public.filter(Q(listing_row__isnull=True) | Q(listing_row__text__isnull=True)).distinct().order_by("pk")
    extra = ListingRow.objects.exclude(pk__in=public.values("pk")).order_by("pk")
    return missing, extra


def listing_status() -> ListingStatus:
    """Compare tables and catalogue. What is missing or too many may be work that waits."""
    missing, extra = _drift()
    work = OutboxEntry.objects.filter(topic=TOPIC).aggregate(
        waiting=Count("pk", filter=Q(parked_at=None)),
        oldest=Min("created_at", filter=Q(parked_at=None)),
        parked=Count("pk", filter=~Q(parked_at=None)),
    )
    changed = ListingState.objects.filter(pk=1).values_list("changed_at", flat=True).first()
    ids = [*missing.values_list("pk", flat=True)[:EXAMPLES], *extra.values_list("pk", flat=True)[:EXAMPLES]]
    return ListingStatus(
        engine=database.ENGINE,
        rows=ListingRow.objects.count(),
        facets=ListingFacet.objects.count(),
        texts=ListingText.objects.count(),
        changed_at=changed.isoformat(timespec="seconds") if changed else "",
        waiting=work["waiting"],
        lag_seconds=int((timezone.now() - work["oldest"]).total_seconds()) if work["oldest"] else 0,
        parked=work["parked"],
        missing=missing.count(),
        extra=extra.count(),
        examples=tuple(ids[:EXAMPLES]),
    )
