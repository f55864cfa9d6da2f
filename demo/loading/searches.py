"""What the demo's merchandiser says about results: rules, synonyms, judgements and checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from search.relevance.models import JudgedQuery, RelevanceCheck
from search.relevance.operations import rate, score
from search.rules import operations as rules
from search.rules.content import Banner, Content, Entry
from search.rules.models import Rule
from search.rules.targets import find
from shop.accounts.models import User
from shop.catalogue.models import Product

from .data import Row


def write_searches(rows: Row, products: Mapping[str, Product], *, by: User | None) -> None:
    """All of it. Expects the lists to be made, since it looks at what the ranking is worth by them.

    Rules go first: once something is judged, publishing is held to it.
    """
    for row in [*rows["rules"], *rows["synonyms"]]:
        _write_rule(row, products, by=by)
    for query, ratings in rows["judgements"].items():
        rate(query, {products[slug].pk: rating for slug, rating in ratings.items()}, by=by)
    for row in rows["checks"]:
        RelevanceCheck.objects.create(**_about(row, products), by=by)
    score()


def remove_searches(rows: Row) -> None:
    """Rules, judged queries and checks of categories; what is about products has gone with these."""
    for row in [*rows["rules"], *rows["synonyms"]]:
        for rule in Rule.objects.filter(subject=_content(row, {}).subject):
            if rule.published_id:
                rules.withdraw(rule.pk, by=None)
            rules.delete(rule.pk)
    JudgedQuery.objects.filter(text__in=list(rows["judgements"]), judgements=None).delete()
    RelevanceCheck.objects.filter(query__in=[row["query"] for row in rows["checks"]], product=None).delete()


def _about(row: Row, products: Mapping[str, Product]) -> Row:
    """A check with its product, or with the category that it names."""
    if "product" in row:
        return {**row, "product": products[row["product"]]}
    value, label = find("category", row["category"])
    rest = {name: held for name, held in row.items() if name != "category"}
    return {**rest, "group_kind": "category", "group_value": value, "label": label}


def _write_rule(row: Row, products: Mapping[str, Product], *, by: User | None) -> None:
    content = _content(row, products)
    rule = rules.create(content, by=by)
    if not row.get("unpublished"):
        rules.publish(rule.pk, seen=rule.draft_number, by=by, note=row.get("note", ""))
    if "draft" in row:
        draft = replace(content, entries=_entries(row["draft"], products))
        rules.save_draft(rule.pk, draft, seen=rule.draft_number, by=by)


def _content(row: Row, products: Mapping[str, Product]) -> Content:
    return Content(
        kind="query" if "match" in row else "synonyms",
        match=row.get("match", "words"),
        queries=tuple(row.get("queries", ())),
        also=tuple(row.get("also", ())),
        one_way=row.get("one_way", False),
        redirect=row.get("redirect", ""),
        banners=tuple(Banner(**banner) for banner in row.get("banners", ())),
        entries=_entries(row.get("entries", ()), products) if products else (),
    )


def _entries(rows: Iterable[Row], products: Mapping[str, Product]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            kind="product",
            value=str(products[row["product"]].pk),
            label=products[row["product"]].get_title(),
            **{name: value for name, value in row.items() if name != "product"},
        )
        for row in rows
    )
