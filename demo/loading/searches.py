"""What the demo's merchandiser says about results: judgements and checks."""

from __future__ import annotations

from collections.abc import Mapping

from search.relevance.models import JudgedQuery, RelevanceCheck
from search.relevance.operations import rate, score
from shop.accounts.models import User
from shop.catalogue.models import Product

from .data import Row


def write_searches(rows: Row, products: Mapping[str, Product], *, by: User | None) -> None:
    """Judgements and checks. Expects the lists to be made, since it looks at what the ranking is worth by them."""
    for query, ratings in rows["judgements"].items():
        rate(query, {products[slug].pk: rating for slug, rating in ratings.items()}, by=by)
    for row in rows["checks"]:
        RelevanceCheck.objects.create(**{**row, "product": products[row["product"]]}, by=by)
    score()


def remove_searches(rows: Row) -> None:
    """The judged queries; judgements and checks have gone with their products."""
    JudgedQuery.objects.filter(text__in=list(rows["judgements"]), judgements=None).delete()
