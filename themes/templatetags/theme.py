"""Tags and filters that only format. They take values and read nothing else.

{% load theme %}
{{ amount|money:"GBP" }}   {% icon "basket" %}   {% picture picture sizes="50vw" eager=True %}
{% price price %}   {% stock stock %}   {% flags card %}   {% rating 4.6 128 %}   {% card card level=3 %}   {% mention card "the mug" %}
{% product_grid cards level=3 row=False %}   {% pager page_numbers %}   {% kept brand=brand %} … {% endkept %}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from themes import drawing, formats, keeping
from themes.paging import PageNumbers

register = template.Library()
keeping.register(register)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount in the active language's way; nothing for None."""
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def day(value: date | None) -> str:
    """A day soon to come, such as "Wednesday 25 November"; nothing for None."""
    return "" if value is None else formats.day(value)


@register.filter
def per_unit(price: Any) -> str:
    """Such as "£65.45 a litre"; empty where the product is not compared by any measure."""
    return formats.per_unit(price) if price else ""


@register.filter
def number(value: float | Decimal | None) -> str:
    """A number in the active language's way; nothing for None."""
    return "" if value is None else formats.number(value)


@register.filter
def wordmark(name: str) -> SafeString:
    """The shop's name with its ampersand set in the spot colour's italic."""
    return mark_safe(escape(name).replace("&amp;", "<i>&amp;</i>"))


@register.simple_tag
def theme_static(theme: str, name: str) -> str:
    """The address of a theme's own file, such as tokens.css."""
    return static(f"themes/{theme}/{name}")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol; write the word beside it or label its button."""
    return drawing.icon(name)


@register.simple_tag
def picture(image: Any, sizes: str = "100vw", eager: bool = False, alt: str | None = None) -> SafeString:
    """A picture in modern formats; `eager` only for the first large one of a page."""
    return drawing.picture(image, sizes=sizes, eager=eager, alt=alt)


@register.simple_tag
def price(value: Any, unit: str = "", big: bool = False) -> SafeString:
    """What one costs now, and before."""
    return drawing.price(value, unit=unit, big=big)


@register.simple_tag
def stock(value: Any, text: str = "", count: bool = False) -> SafeString:
    """Whether it can be had now."""
    return drawing.stock(value, text=text, count=count)


@register.simple_tag
def flags(card: Any) -> SafeString:
    """A product's own word and the offers that it is in."""
    return drawing.flags(card)


@register.simple_tag
def rating(value: float, count: int | str | None = None) -> SafeString:
    """Stars out of five."""
    return drawing.rating(value, count)


@register.simple_tag
def card(value: Any, level: int = 3, source: str = "", eager: bool = False) -> SafeString:
    """One product of a list."""
    return drawing.card(value, level=level, source=source, eager=eager)


@register.simple_tag
def product_grid(
    cards: Iterable[Any], level: int = 3, row: bool = False, source: str = "", trail: str = "", first: int = 1
) -> SafeString:
    """A list of cards; `row` scrolls sideways on a phone.

    `trail` is what links carry of the search that the cards answer, such as "q=mug"; each adds its place, from `first` on.
    """
    items = "".join(
        f"<li>{drawing.card(value, level=level, source=source, trail=f'{trail}&at={place}' if trail else '')}</li>\n"
        for place, value in enumerate(cards, first)
    )
    return mark_safe(f'<ul class="product-grid{" product-grid--row" if row else ""}">\n{items}</ul>')


@register.simple_tag
def facet_values(values: Iterable[Any]) -> SafeString:
    """The values of one filter, as items of a list."""
    return drawing.facet_values(values)


@register.simple_tag
def bars(value: Any) -> SafeString:
    """The bars over a price slider."""
    return drawing.bars(value)


@register.simple_tag
def mention(value: Any, text: str = "") -> SafeString:
    """A product inside a sentence, with its price."""
    return drawing.mention(value, text)


@register.simple_tag
def add_url() -> str:
    """Where a form that adds to the basket posts to."""
    return drawing.add_url()


@register.inclusion_tag("components/pager.html")
def pager(page_numbers: PageNumbers) -> dict[str, Any]:
    """Links to the pages of a list; nothing where there is one page."""
    return {"pages": page_numbers}


@register.filter
def unlocal(amount: Decimal) -> str:
    """A number as scripts read it: a full stop, whatever the language."""
    return f"{amount:.2f}"


@register.filter
def spot_place(per_cent: float, axis: str) -> str:
    """The two classes that put a hotspot in its place: 47 on axis x is "x4_ x_7". The policy allows no style attribute."""
    tens, units = divmod(max(0, min(99, round(float(per_cent)))), 10)
    return f"{axis}{tens}_ {axis}_{units}"


@register.inclusion_tag("components/buy_all.html")
def buy_all(cards: Sequence[Any], title: str, source: str = "", id: str = "buy-all") -> dict[str, Any]:
    """A panel that sells every product of a story at once. Its sum is what the ticked boxes show."""
    chosen = [card for card in cards if card.buy_id and card.stock.can_buy and card.price is not None]
    currency = next((card.price.currency for card in cards if card.price is not None), "")
    return {
        "cards": cards,
        "title": title,
        "source": source,
        "id": id,
        "currency": currency,
        "number": len(chosen),
        "total": sum((card.price.now for card in chosen), Decimal(0)),
    }
