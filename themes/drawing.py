"""The smallest and most frequent components as markup: icon, picture, price, stock, rating, card, mention, values of filters.

They are made in Python and not in templates because a page holds hundreds of them: 96 cards take 6 ms here, 0.6 ms once
kept (on one core of a small server).
Every text is taken as plain text and escaped here, whatever its type. Objects are those of shop/catalogue/cards.py
or anything with the same attributes; a card must be hashable, since its drawing is kept by its value and so can never
be stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from .formats import money, number

# A card is never wider than a quarter of the page on a desk and half of it on a phone.
CARD_SIZES = "(min-width: 90rem) 17rem, (min-width: 62rem) 22vw, (min-width: 40rem) 30vw, 46vw"
STAR_WIDTH = 11
STARS_WIDTH = 54
# Stands in a drawing for the source that is put in afterwards; no page is called so.
_SOURCE = "-"
_ZERO, _ON = ' class="zero"', ' class="on"'


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("themes/base/icons.svg")


@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """A symbol of icons.svg, as high as the text. It says nothing to a screen reader: write the word beside it."""
    return mark_safe(
        f'<svg class="icon" aria-hidden="true" focusable="false"><use href="{_sprite()}#i-{escape(name)}"/></svg>'
    )


@lru_cache(maxsize=8)
def _add_url(language: str) -> str:
    return reverse("basket:add")


def add_url() -> str:
    """Where a form that adds to the basket posts to, in the active language."""
    return _add_url(get_language() or "")


def picture(
    image: Any, *, sizes: str = "100vw", eager: bool = False, alt: str | None = None, light: bool = False
) -> SafeString:
    """A <picture> in modern formats with its size set, so that nothing moves when it arrives.

    `alt` replaces the picture's own text; give "" where the thing's name stands beside it. Where `image` is None an empty
    mount keeps its place, so that lists stay in line. A `light` one names the plainest format in one size only: a list
    of 24 is 13 kB shorter by it, and only browsers without AVIF and WebP notice.
    """
    if image is None:
        return blank()
    size = f' sizes="{escape(sizes)}"'
    sources = "".join(
        f'<source type="{escape(kind)}" srcset="{escape(srcset)}"{size}>' for kind, srcset in image.sources
    )
    srcset = f' srcset="{escape(image.srcset)}"{size}' if image.srcset and not (light and sources) else ""
    load = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
    words = image.alt if alt is None else alt
    img = f'<img src="{escape(image.url)}"{srcset} alt="{escape(words)}" width="{image.width}" height="{image.height}" {load}>'
    return mark_safe(f"<picture>{sources}{img}</picture>" if sources else img)


def blank(words: str = "") -> SafeString:
    """The empty mount of a thing without a picture, with the maker's name in it where there is room."""
    return mark_safe(f'<span class="blank" aria-hidden="true">{escape(words)}</span>')


def price(value: Any, *, unit: str = "", big: bool = False, css: str = "") -> SafeString:
    """What one costs, with what it cost before. `unit` is a note such as "£65.45 a litre"."""
    if value is None:
        words = gettext("No price yet")
        return mark_safe(f'<span class="price{css}"><span class="price__unit">{escape(words)}</span></span>')
    now = escape(money(value.now, value.currency))
    before = after = ""
    if value.is_from:
        # The words around the amount, smaller than it, wherever the language puts them.
        before, after = (
            f'<span class="price__unit">{escape(words.strip())}</span>' if words.strip() else ""
            for words in gettext("from %(price)s").split("%(price)s")
        )
    was = ""
    if value.was is not None:
        now_word, was_word = escape(gettext("Now")), escape(gettext("Was"))
        now = f'<span class="visually-hidden">{now_word} </span>{now}'
        was = (
            f'<s class="price__was"><span class="visually-hidden">{was_word} </span>'
            f"{escape(money(value.was, value.currency))}</s>"
        )
    note = f'<span class="price__unit">{escape(unit)}</span>' if unit else ""
    kind = f"{' price--sale' if was else ''}{' price--big' if big else ''}{css}"
    return mark_safe(
        f'<span class="price{kind}">{before}<span class="price__now">{now}</span>{after}{was}{note}</span>'
    )


def stock(value: Any, *, text: str = "", count: bool = False) -> SafeString:
    """Whether it can be had now. `text` replaces the words; `count` adds how many are left, the state marked within it."""
    if value.state == "out":
        css, words = " stock--out", gettext("Sold out")
    elif value.state == "low":
        css, words = " stock--low", gettext("Last few")
    else:
        css, words = "", gettext("In stock")
    if count and value.available is not None and value.state != "out":
        state = f'<span class="stock__state">{escape(words)}</span>'
        left = escape(gettext("%(state)s, %(number)s left")) % {"state": state, "number": value.available}
        return mark_safe(f'<span class="stock{css}"><span>{left}</span></span>')
    return mark_safe(f'<span class="stock{css}">{escape(text or words)}</span>')


def flags(value: Any, css: str = "") -> SafeString:
    """A product's own word, such as New, and the offers that it is in: each one, in the order of the product page."""
    fell = value.price is not None and value.price.was is not None
    own = [f'<span class="flag{" flag--accent" if fell else ""}">{escape(value.flag)}</span>'] if value.flag else []
    offers = [f'<span class="flag flag--accent">{escape(offer)}</span>' for offer in value.offers]
    found = " ".join((*own, *offers))
    return mark_safe(f'<span class="flags{css}">{found}</span>' if found else "")


def rating(value: float, count: int | str | None = None) -> SafeString:
    """Stars out of five, cut at the mean, with how many reviews it is made of."""
    width = round(max(0.0, min(5.0, float(value))) * STAR_WIDTH - 0.5, 1)
    label = escape(gettext("%(stars)s out of 5") % {"stars": number(value, "0.#")})
    stars = f"{_sprite()}#stars"
    note = f"<span>{escape(str(count))}</span>" if count else ""
    return mark_safe(
        f'<span class="rating"><svg viewBox="0 0 {STARS_WIDTH} 10" role="img" aria-label="{label}">'
        f'<use class="rating__off" href="{stars}"/><svg width="{width}" height="10" viewBox="0 0 {width} 10">'
        f'<use class="rating__on" href="{stars}"/></svg></svg>{note}</span>'
    )


def card(value: Any, *, level: int = 3, source: str = "", eager: bool = False, trail: str = "") -> SafeString:
    """One product of a list. `level` is its heading's; `source` is the page and block it stands in, for attribution.

    `trail` goes on the end of its link, such as "q=mug&at=3". Both may differ with every list, so where there is a trail they
    are put in afterwards: the drawing that is kept is the same for all of them.
    """
    language = get_language() or ""
    if not trail:
        return _card(value, level, source, eager, language)
    drawn = _card(value, level, _SOURCE, eager, language)
    link = f'<a href="{escape(value.url)}">'
    url = f"{value.url}{'&' if '?' in value.url else '?'}{trail}"
    return mark_safe(
        drawn.replace(link, f'<a href="{escape(url)}">', 1).replace(
            f'value="{_SOURCE}"', f'value="{escape(source)}"', 1
        )
    )


@lru_cache(maxsize=4096)
def _card(value: Any, level: int, source: str, eager: bool, language: str) -> SafeString:
    title = escape(value.title)
    flag = flags(value, " card__flag")
    add = ""
    if value.buy_id is not None and value.stock.can_buy:
        label = escape(gettext("Add %(name)s to basket")) % {"name": title}
        came_from = f'<input type="hidden" name="from" value="{escape(source)}">' if source else ""
        add = (
            f'<form class="card__add" method="post" action="{add_url()}" data-add="{title}">{came_from}'
            f'<button type="submit" name="product" value="{value.buy_id}" aria-label="{label}">{icon("plus")}</button></form>'
        )
    if value.picture is None:
        image = blank(value.brand or value.title[:1])
    else:
        image = picture(value.picture, sizes=CARD_SIZES, eager=eager, alt="", light=True)
    note = f'<p class="card__note">{escape(value.subtitle)}</p>' if value.subtitle else ""
    stars = rating(value.rating, value.review_count) if value.rating else ""
    state = stock(value.stock) if value.stock.state != "in" else ""
    foot = f'<div class="card__foot">{stars}{state}</div>' if stars or state else ""
    return mark_safe(
        f'<article class="card"><div class="card__box"><div class="card__picture">{image}</div>{flag}{add}</div>'
        f'<h{level} class="card__name"><a href="{escape(value.url)}">{title}</a></h{level}>'
        f"{price(value.price, css=' card__price')}{note}{foot}</article>"
    )


def facet_values(values: Iterable[Any]) -> SafeString:
    """The values of one filter, each a box to tick with the number of products that it would show."""
    drawn = []
    for one in values:
        state = " checked" if one.selected else "" if one.count else " disabled"
        drawn.append(
            f'<li><label{"" if one.count else _ZERO}><input type="checkbox" name="{escape(one.name)}" value="{escape(one.value)}"'
            f"{state}>{escape(one.label)}<span>{one.count}</span></label></li>"
        )
    return mark_safe("".join(drawn))


def bars(value: Any) -> SafeString:
    """How many things there are at which price; a search.shown.PriceRange."""
    drawn = "".join(
        f'<rect x="{bar.x}" y="{bar.y}" width="{value.bar_width}" height="{bar.height}"{_ON if bar.on else ""}/>'
        for bar in value.bars
    )
    return mark_safe(
        f'<svg viewBox="0 0 {value.width} {value.height}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{drawn}</svg>'
    )


def mention(value: Any, text: str = "") -> SafeString:
    """A product inside a sentence: a link with its price behind the last word, from which it never parts."""
    first, _, last = (text or value.title).strip().rpartition(" ")
    if not value.stock.can_buy:
        chip = escape(gettext("sold out"))
    else:
        chip = escape(money(value.price.now, value.price.currency)) if value.price is not None else ""
    chip = f'<span class="chip-price">{chip}</span>' if chip else ""
    css = "" if value.stock.can_buy else " mention--out"
    return mark_safe(
        f'<a class="mention{css}" href="{escape(value.url)}">{escape(first)}{" " if first else ""}'
        f'<span class="nowrap">{escape(last)}{chip}</span></a>'
    )
