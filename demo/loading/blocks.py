"""The short way in which the data files write blocks, and the raw blocks that Wagtail keeps.

Each block is a mapping whose first key names it, such as `{"text": "Buy a [[ember-bowl]]."}`. In text `[[slug]]` is a
product by its own name in lower case, up to a comma, `[[slug|words]]` by other words, and `[[page:slug|words]]` a link to a page.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .data import Row

LINK = re.compile(r"\[\[(page:)?([a-z0-9-]+)(?:\|([^\]]+))?\]\]")
NAMESPACE = uuid.UUID("6f1d3b52-2a51-4c6e-8a0e-0f6d1c6f3f14")


@dataclass(slots=True)
class Known:
    """What blocks may name: ids by slug, name or path."""

    products: Mapping[str, int]
    # The same with the variant to be bought where there are several: the first that is in stock.
    buyable: Mapping[str, int]
    titles: Mapping[str, str]
    categories: Mapping[str, int]
    brands: Mapping[str, int]
    pictures: Mapping[str, int]
    alts: Mapping[str, str]
    hotspots: Mapping[str, list[tuple[str, int, int]]]
    pages: dict[str, int] = field(default_factory=dict)
    searches: Mapping[str, int] = field(default_factory=dict)

    def prose(self, text: str) -> str:
        """Text with its links, as rich text is stored. Paragraphs are separated by an empty line."""

        def link(match: re.Match[str]) -> str:
            is_page, slug, words = match.groups()
            if is_page:
                return f'<a linktype="page" id="{self.pages[slug]}">{words}</a>'
            return f'<a linktype="product" id="{self.products[slug]}">{words or self.titles[slug].partition(",")[0].lower()}</a>'

        return LINK.sub(link, text)

    def paragraphs(self, text: str) -> str:
        """The same as paragraphs; a text that is HTML already stays as it is."""
        text = self.prose(text)
        return text if text.startswith("<") else "".join(f"<p>{part}</p>" for part in text.split("\n\n"))

    def picture(self, name: str) -> Row:
        """A picture as ImageBlock keeps it."""
        return {"image": self.pictures[name], "decorative": False, "alt_text": self.alts[name]}


def stream(rows: list[Row], known: Known, *, key: str) -> list[Row]:
    """Raw blocks of the short forms. Ids are made of `key`, so that loading again makes the same."""
    out = []
    for number, row in enumerate(rows):
        kind = next(iter(row))
        block, value = SHORT[kind](row, known)
        out.append({"type": block, "value": value, "id": str(uuid.uuid5(NAMESPACE, f"{key} {number}"))})
    return out


def _items(values: list[Any]) -> list[Row]:
    return [
        {"type": "item", "value": value, "id": str(uuid.uuid5(NAMESPACE, f"{place} {value}"))}
        for place, value in enumerate(values)
    ]


Made = tuple[str, Any]


def _text(row: Row, known: Known) -> Made:
    return "text", {"text": known.paragraphs(row["text"]), "dropcap": False}


def _dropcap(row: Row, known: Known) -> Made:
    return "text", {"text": known.paragraphs(row["dropcap"]), "dropcap": True}


def _h2(row: Row, known: Known) -> Made:
    return "heading", {"text": row["h2"], "level": "2"}


def _h3(row: Row, known: Known) -> Made:
    return "heading", {"text": row["h3"], "level": "3"}


def _quote(row: Row, known: Known) -> Made:
    return "quote", {"quote": row["quote"], "source": row.get("source", "")}


def _callout(row: Row, known: Known) -> Made:
    page = known.pages[row["page"]] if row.get("page") else None
    return "callout", {
        "kind": row.get("kind", "info"),
        "text": f"<p>{known.prose(row['callout'])}</p>",
        "link_text": row.get("link_text", ""),
        "link": page,
    }


def _faq(row: Row, known: Known) -> Made:
    questions = [{"question": q, "answer": known.paragraphs(a)} for q, a in row["faq"]]
    return "faq", {"title": row.get("title", ""), "questions": _items(questions)}


def _newsletter(row: Row, known: Known) -> Made:
    return "newsletter", {"title": row["newsletter"], "text": row["text"], "button": row["button"]}


def _picture(row: Row, known: Known) -> Made:
    return "picture", {
        "picture": known.picture(row["picture"]),
        "caption": row.get("caption", ""),
        "width": row.get("width", "text"),
    }


def _gallery(row: Row, known: Known) -> Made:
    pictures = [{"picture": known.picture(name), "caption": caption} for name, caption in row["gallery"]]
    return "gallery", {"title": row.get("title", ""), "pictures": _items(pictures)}


def _video(row: Row, known: Known) -> Made:
    return "video", {
        "url": row["video"],
        "title": row["title"],
        "picture": known.picture(row["still"]) if row.get("still") else None,
        "minutes": row.get("minutes"),
    }


def _margin(row: Row, known: Known) -> Made:
    return "product", {"product": known.products[row["margin"]], "note": row.get("note", ""), "style": "margin"}


def _panel(row: Row, known: Known) -> Made:
    return "product", {"product": known.products[row["panel"]], "note": row.get("note", ""), "style": "panel"}


def _grid(row: Row, known: Known) -> Made:
    return "product_grid", {
        "title": row.get("title", ""),
        "note": row.get("note", ""),
        "products": _items([known.products[slug] for slug in row["grid"]]),
        "more": known.categories[row["more"]] if row.get("more") else None,
        "row": row.get("row", False),
    }


def _rule(row: Row, known: Known) -> Made:
    rule = row["rule"]
    return "rule_grid", {
        "title": row.get("title", ""),
        "note": row.get("note", ""),
        "category": known.categories[rule["category"]] if rule.get("category") else None,
        "brand": known.brands[rule["brand"]] if rule.get("brand") else None,
        "on_sale": rule.get("on_sale", False),
        "new": rule.get("new", False),
        "in_stock": rule.get("in_stock", False),
        "saved_search": known.searches[rule["search"]] if rule.get("search") else None,
        "order": rule.get("order", "newest"),
        "limit": rule.get("limit", 8),
        "row": row.get("row", False),
    }


def _tiles(row: Row, known: Known) -> Made:
    return "category_tiles", {
        "title": row.get("title", ""),
        "categories": _items([known.categories[path] for path in row["tiles"]]),
    }


def _viewed(row: Row, known: Known) -> Made:
    return "recently_viewed", {"title": row["viewed"]}


def _buy(row: Row, known: Known) -> Made:
    return "add_to_basket", {
        "product": known.products[row["buy"]],
        "title": row.get("title", ""),
        "text": row.get("text", ""),
    }


def _hotspots(row: Row, known: Known) -> Made:
    spots = [{"product": known.buyable[slug], "x": x, "y": y} for slug, x, y in known.hotspots[row["hotspots"]]]
    return "hotspots", {
        "title": row.get("title", ""),
        "note": row.get("note", ""),
        "picture": known.picture(row["hotspots"]),
        "spots": _items(spots),
    }


def _buy_all(row: Row, known: Known) -> Made:
    return "buy_all", {
        "title": row.get("title", "Everything in this story"),
        "products": _items([known.buyable[slug] for slug in row["buy_all"]]),
    }


def _comparison(row: Row, known: Known) -> Made:
    columns = [{"product": known.buyable[slug], "pick": slug == row.get("pick")} for slug in row["comparison"]]
    lines = [{"label": label, "values": _items(values)} for label, *values in row["rows"]]
    return "comparison", {
        "title": row.get("title", ""),
        "note": row.get("note", ""),
        "caption": row.get("caption", "Prices and stock are today’s."),
        "products": _items(columns),
        "rows": _items(lines),
    }


def _stories(row: Row, known: Known) -> Made:
    return "stories", {
        "title": row["stories"],
        "stories": _items([known.pages[slug] for slug in row.get("pages", ())]),
        "limit": row.get("limit", 3),
        "layout": row.get("layout", "lead"),
    }


def _lookbook(row: Row, known: Known) -> Made:
    return "lookbook", {
        "title": row["lookbook"],
        "note": row.get("note", ""),
        "picture": known.picture(row["scene"]),
        "text": row["text"],
        "page": known.pages[row["page"]],
        "link_text": row.get("link_text", "Open the lookbook"),
        "products": _items([known.products[slug] for slug in row["products"]]),
    }


SHORT: dict[str, Callable[[Row, Known], Made]] = {
    "text": _text, "dropcap": _dropcap, "h2": _h2, "h3": _h3, "quote": _quote, "callout": _callout, "faq": _faq,
    "newsletter": _newsletter, "picture": _picture, "gallery": _gallery, "video": _video, "margin": _margin,
    "panel": _panel, "grid": _grid, "rule": _rule, "tiles": _tiles, "viewed": _viewed, "buy": _buy,
    "hotspots": _hotspots, "buy_all": _buy_all, "comparison": _comparison, "stories": _stories, "lookbook": _lookbook,
}  # fmt: skip
