"""What search engines read about a product: schema.org's Product as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from .cards import Price, ProductDetail, Stock
from .html import plain_text

# What would end the script element or start a comment, written so that JSON reads the same.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def product_data(detail: ProductDetail, request: HttpRequest) -> SafeString:
    """The content of the page's `application/ld+json` block."""
    card = detail.card
    url = request.build_absolute_uri(card.url)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": card.title,
        "url": url,
        "description": plain_text(detail.description)[:5000],
        "image": [request.build_absolute_uri(one.url) for one in detail.pictures],
    }
    data |= {name: value for name, value in (("sku", detail.sku), ("gtin", detail.gtin)) if value}
    if card.brand:
        data["brand"] = {"@type": "Brand", "name": card.brand}
    if card.rating and card.review_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(card.rating, 2),
            "reviewCount": card.review_count,
        }
    offers = [
        _offer(one.price, one.stock, sku=one.sku, url=f"{url}?variant={one.id}") for one in detail.variants if one.price
    ]
    if not offers and card.price:
        offers = [_offer(card.price, card.stock, sku=detail.sku, url=url)]
    if offers:
        data["offers"] = offers
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))


def _offer(price: Price, stock: Stock, *, sku: str, url: str) -> dict[str, Any]:
    state = {"in": "InStock", "low": "LimitedAvailability", "out": "OutOfStock"}[stock.state]
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": str(price.now),
        "priceCurrency": price.currency,
        "availability": f"https://schema.org/{state}",
        "url": url,
    }
    if sku:
        offer["sku"] = sku
    return offer


def crumb_data(detail: ProductDetail, request: HttpRequest) -> SafeString:
    """The breadcrumb as schema.org's BreadcrumbList."""
    steps = [(crumb.title, crumb.url) for crumb in detail.crumbs] + [(detail.card.title, detail.card.url)]
    items = [
        {"@type": "ListItem", "position": place, "name": title, "item": request.build_absolute_uri(url)}
        for place, (title, url) in enumerate(steps, start=1)
    ]
    data = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))
