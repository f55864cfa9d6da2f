"""What a page shows of one product, read back from its HTML: the product page's way and each block's way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, Tag

AMOUNT = re.compile(r"[£€$]\s?\d[\d.,]*\d|\d[\d.,]*\d\s?[£€$]")


@dataclass(frozen=True)
class Facts:
    """The words for one product at one place. What is not said there is empty."""

    price: str = ""
    was: str = ""
    stock: str = ""
    offers: tuple[str, ...] = ()


Place = tuple[Callable[[Tag, int], Iterator[Facts]], Callable[[Facts], Facts]]


def words(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


def amounts(html: str) -> set[str]:
    """Every sum of money, in texts and attributes alike."""
    return set(AMOUNT.findall(html))


def main_of(html: str) -> Tag:
    found = BeautifulSoup(html, "html.parser").find("main")
    assert isinstance(found, Tag)
    return found


def one(node: Tag, selector: str) -> Tag:
    found = node.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)} in {node}"
    return found[0]


def facts(node: Tag) -> Facts:
    """Price, price before, stock and offers within `node`, which must show each at most once."""
    node = BeautifulSoup(str(node), "html.parser")
    for hidden in node.select(".visually-hidden, fieldset, .blank"):
        hidden.decompose()
    before = [tag.extract() for tag in node.select(".price__was")]
    prices, stocks = node.select(".price"), node.select(".stock")
    assert len(prices) <= 1, prices
    assert len(before) <= 1, before
    assert len(stocks) <= 1, stocks
    state = stocks[0].select_one(".stock__state") or stocks[0] if stocks else None
    return Facts(
        price=words(prices[0]) if prices else "",
        was=words(before[0]) if before else "",
        stock=words(state) if state else "",
        offers=tuple(words(tag) for tag in node.select(".flag")),
    )


# ---------------------------------------------------------------- the product page
def on_product_page(html: str) -> tuple[Facts, set[str]]:
    """What the product page says first, and every amount that it asks for this product and its variants."""
    box = one(main_of(html), ".buy-box")
    price, stock = facts(one(box, "[data-variant-price]")), facts(one(box, "[data-variant-stock]"))
    offers = tuple(words(tag) for tag in box.select(".flag"))
    asked = amounts(str(one(box, "[data-variant-price]")) + str(one(box, "form[data-add]")))
    return replace(price, stock=stock.stock, offers=offers), asked


def of_all_variants(html: str, page: Facts) -> Facts:
    """What the product page's choices come to: from the lowest price of those that can be had, in stock where any is."""
    box = one(main_of(html), ".buy-box")
    choices = box.select("[data-variant]:not([data-unavailable])") or box.select("[data-variant]")
    each = [facts(main_of(f"<main>{choice['data-price']}{choice['data-stock']}</main>")) for choice in choices]
    lowest = min(each, key=lambda choice: float(plain(choice.price)))
    differ = len({choice.price for choice in each}) > 1
    states = {choice.stock for choice in each}
    return Facts(
        price=f"from {lowest.price}" if differ else lowest.price,
        was="" if differ else lowest.was,
        stock=next(state for state in ("In stock", "Last few", "Sold out") if state in states),
        offers=page.offers,
    )


# ---------------------------------------------------------------- the blocks
def in_text(main: Tag, pk: int) -> Iterator[Facts]:
    for mention in main.select("a.mention"):
        chip = words(one(mention, ".chip-price"))
        is_out = "mention--out" in mention["class"]
        yield Facts(stock=chip) if is_out else Facts(price=chip)


def at(selector: str) -> Callable[[Tag, int], Iterator[Facts]]:
    """Every place that `selector` finds."""

    def read(main: Tag, pk: int) -> Iterator[Facts]:
        yield from (facts(node) for node in main.select(selector))

    return read


def in_its_column(main: Tag, pk: int) -> Iterator[Facts]:
    """The product's column of a comparison, put together from its cells; the other thing has no price."""
    for table in main.select(".table--compare"):
        for place, head in enumerate(table.select("thead th")[1:]):
            if "Other thing" not in words(head):
                cells = [str(row.select("td")[place]) for row in table.select("tbody tr")]
                yield facts(BeautifulSoup("".join(cells), "html.parser"))


def in_buy_all(main: Tag, pk: int) -> Iterator[Facts]:
    """The line of the list. What its box adds to the sum is the price that stands beside it."""
    for form in main.select("form.buy-all"):
        line, total = one(form, ".buy-list li"), words(one(form, "[data-total]"))
        shown, box = facts(line), one(line, "input[type=checkbox]")
        if box.has_attr("data-price"):
            assert total == shown.price
            assert f"{float(str(box['data-price'])):.2f}" == plain(shown.price)
        yield shown


def in_lookbook(main: Tag, pk: int) -> Iterator[Facts]:
    for part in main.select(".lookbook__words .cluster"):
        found = amounts(words(part))
        yield Facts(price=found.pop() if found else "", stock=facts(part).stock)


def plain(price: str) -> str:
    """ "£28" and "33,32 €" as 28.00 and 33.32."""
    digits = re.sub(r"[^\d.,]", "", price).replace(",", ".")
    return f"{float(digits):.2f}"


# ---------------------------------------------------------------- how much of it a place says
def all_of_it(page: Facts) -> Facts:
    return page


def stock_if_short(page: Facts) -> Facts:
    """Lists say nothing about stock where there is enough."""
    return replace(page, stock="") if page.stock == "In stock" else page


def price_or_sold_out(page: Facts) -> Facts:
    """A sentence has room for one thing: what it costs, or that it cannot be had."""
    return Facts(stock="sold out") if page.stock == "Sold out" else Facts(price=amount_in(page.price))


def lowest_or_sold_out(page: Facts) -> Facts:
    """The way into a lookbook names its lowest price."""
    return Facts(stock="Sold out") if page.stock == "Sold out" else Facts(price=amount_in(page.price))


def without_offers(page: Facts) -> Facts:
    """The list under a picture, whose cards say the rest."""
    return replace(stock_if_short(page), offers=())


def amount_in(price: str) -> str:
    found = amounts(price)
    assert len(found) == 1, price
    return found.pop()


CARD: Place = (at("article.card"), stock_if_short)
SENTENCE: Place = (in_text, price_or_sold_out)

# Every block that shows products: where, and how much of what the product page says.
PLACES: dict[str, tuple[Place, ...]] = {
    "text": (SENTENCE,),
    "callout": (SENTENCE,),
    "faq": (SENTENCE,),
    "product": ((at("aside.margin-item"), stock_if_short),),
    "product panel": ((at("aside.buy-panel"), all_of_it),),
    "product_grid": (CARD,),
    "rule_grid": (CARD,),
    "recently_viewed": (CARD,),
    "add_to_basket": ((at("section.buy-panel"), all_of_it),),
    "hotspots": ((at(".spot-card"), all_of_it), (at(".spot-list li"), without_offers)),
    "buy_all": ((in_buy_all, stock_if_short),),
    "comparison": ((in_its_column, all_of_it),),
    "lookbook": ((in_lookbook, lowest_or_sold_out),),
}


def check(name: str, main: Tag, pk: int, page: Facts, asked: set[str]) -> None:
    """The block says of the product what the product page says, at every place and nothing besides."""
    for read, much in PLACES[name]:
        found, expected = list(read(main, pk)), [much(page)]
        assert found == expected, f"{name} says {found}, the product page {expected}"
    extra: Any = amounts(str(main)) - asked - amounts(page.was)
    assert not extra, f"{name} names {extra}, the product page {asked}"
