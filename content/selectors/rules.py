"""Rules of grids, asked of the one product search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from content.models.snippets import SavedSearch
from content.rules import ProductRule
from content.saved_searches import parse_address
from search.params import parse
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.models import Brand, Category
from shop.markets import Market


def find_by_rule(rule: ProductRule, *, market: Market) -> tuple[int, ...]:
    """Product ids in the rule's order; nothing where its category, brand or saved search is gone."""
    query = query_of(rule)
    return () if query is None else find_products(query, market=market).ids


def query_of(rule: ProductRule) -> ListingQuery | None:
    """The rule as a question, or None where what it names is gone."""
    query = ListingQuery(with_facets=False)
    if rule.saved_search_id:
        saved = _saved_query(rule.saved_search_id)
        if saved is None:
            return None
        query = saved
    facets = dict(query.facets)
    if rule.brand_id:
        slug = Brand.objects.filter(pk=rule.brand_id).values_list("slug", flat=True).first()
        if slug is None:
            return None
        facets["brand"] = (slug,)
    return replace(
        query,
        category_id=rule.category_id or query.category_id,
        facets=facets,
        on_sale=rule.on_sale or query.on_sale,
        in_stock=rule.in_stock or query.in_stock,
        new=rule.new or query.new,
        sort=rule.order,
        page=1,
        page_size=rule.limit,
        with_facets=False,
        with_total=False,
    )


def _saved_query(saved_search_id: int) -> ListingQuery | None:
    """The list that a saved search's address shows, read as the list's own page reads it."""
    saved = SavedSearch.objects.filter(pk=saved_search_id).first()
    parsed = parse_address(saved.address) if saved else None
    if parsed is None:
        return None
    category_id = category_at(parsed.path) if parsed.path else None
    if parsed.path and category_id is None:
        return None
    return parse(parsed.query).query(category_id=category_id)


def category_at(path: str) -> int | None:
    """The category whose address is /shop/<path>/."""
    slugs = path.split("/")
    rows: Any = Category.objects.filter(slug=slugs[-1], depth=len(slugs))
    for category in rows:
        if category.full_slug == path:
            return category.pk
    return None
