"""A quote as plain JSON, as a signed text in a form, and what differs between two of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from themes.formats import country_name, money

from .quotes import Quote, QuoteDiscount, QuoteLine, QuoteShipping

_SALT = "shop.basket.quote"
_LINE_MONEY = ("unit_incl", "unit_excl", "tax_rate", "before", "discount", "incl", "excl")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different now. `line_id` is 0 where it is not about one line of the basket."""

    kind: str
    text: str
    line_id: int = 0


def freeze(quote: Quote) -> dict[str, Any]:
    """The quote as plain JSON; amounts are text."""
    frozen: dict[str, Any] = _plain(asdict(quote))
    return frozen


def thaw(data: dict[str, Any]) -> Quote:
    """The quote that `freeze` wrote."""
    lines = tuple(
        QuoteLine(
            **{
                **line,
                **{name: Decimal(line[name]) for name in _LINE_MONEY},
                "discounts": tuple((offer_id, Decimal(amount)) for offer_id, amount in line["discounts"]),
            }
        )
        for line in data["lines"]
    )
    discounts = tuple(QuoteDiscount(**{**each, "amount": Decimal(each["amount"])}) for each in data["discounts"])
    shipping = data["shipping"]
    if shipping is not None:
        amounts = {name: Decimal(shipping[name]) for name in ("incl", "excl", "tax_rate")}
        shipping = QuoteShipping(**{**shipping, **amounts})
    by = Decimal(data.get("goods_for_delivery", "0.00"))
    return Quote(data["currency"], data["country"], lines, discounts, shipping, by)


def sign(quote: Quote) -> str:
    """A text for a hidden field: what the visitor sees on this page, which nobody else can write."""
    return signing.dumps(freeze(quote), salt=_SALT, compress=True)


def unsign(text: str) -> Quote | None:
    """The quote in such a text; None for one that we did not write."""
    try:
        return thaw(signing.loads(text, salt=_SALT))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def same(seen: Quote, now: Quote) -> bool:
    """Whether nothing that is bought or paid differs. Names and stock numbers may."""
    return _bare(seen) == _bare(now)


def changes(seen: Quote, now: Quote) -> tuple[Change, ...]:
    """What differs, in words. Where nothing but the country of the tax does, that is said once."""
    if seen.country != now.country and seen.goods_incl != now.goods_incl:
        return (_country(seen, now),)
    found: list[Change] = []
    for was, line in _paired(seen, now):
        if line is None:
            found.append(
                Change("removed", _("%(name)s is no longer in the basket.") % {"name": was.title}, was.line_id)
            )
            continue
        if was is None:
            found.append(Change("added", _("%(name)s came into the basket.") % {"name": line.title}, line.line_id))
            continue
        if was.unit_incl != line.unit_incl:
            words = _("%(name)s went from %(old)s to %(new)s.") % {
                "name": line.title,
                "old": money(was.unit_incl, now.currency),
                "new": money(line.unit_incl, now.currency),
            }
            found.append(Change("price", words, line.line_id))
        if was.quantity != line.quantity:
            words = _("%(name)s: %(new)d instead of %(old)d.") % {
                "name": line.title,
                "new": line.quantity,
                "old": was.quantity,
            }
            found.append(Change("quantity", words, line.line_id))
    found += _discounts(seen, now)
    before, after = seen.shipping, now.shipping
    if before and after and before.code == after.code and before.incl != after.incl:
        words = _("Delivery went from %(old)s to %(new)s.") % {
            "old": money(before.incl, now.currency),
            "new": money(after.incl, now.currency),
        }
        found.append(Change("shipping", words))
    if not found and seen.shipping and seen.total_incl != now.total_incl:
        words = _("The total went from %(old)s to %(new)s.") % {
            "old": money(seen.total_incl, now.currency),
            "new": money(now.total_incl, now.currency),
        }
        found.append(Change("total", words))
    return tuple(found)


def _paired(seen: Quote, now: Quote) -> list[tuple[Any, Any]]:
    """Each line beside what it was, with None where it was not, and then what is gone with None.

    Two lines may be of one product: gift cards for two people. A line that has another id by now, as after signing in, is
    known by its product and name.
    """
    left, pairs = list(seen.lines), []
    for line in now.lines:
        own = next((each for each in left if (each.line_id, each.product_id) == (line.line_id, line.product_id)), None)
        if own is not None:
            left.remove(own)
        pairs.append((own, line))
    for number, (was, line) in enumerate(pairs):
        twin = next((each for each in left if (each.product_id, each.title) == (line.product_id, line.title)), None)
        if was is None and twin is not None:
            left.remove(twin)
            pairs[number] = (twin, line)
    return [*pairs, *((each, None) for each in left)]


def shortages(now: Quote) -> tuple[Change, ...]:
    """Lines of which there are fewer than are wanted."""
    found = []
    for line in now.lines:
        if not line.short:
            continue
        if not line.available:
            words = _("%(name)s is sold out.") % {"name": line.title}
        else:
            words = _("Only %(count)d of %(name)s left; you want %(wanted)d.") % {
                "count": line.available,
                "name": line.title,
                "wanted": line.quantity,
            }
        found.append(Change("stock", words, line.line_id))
    return tuple(found)


def _country(seen: Quote, now: Quote) -> Change:
    words = _("Prices now hold the tax of %(country)s: the things come to %(new)s instead of %(old)s.") % {
        "country": country_name(now.country),
        "old": money(seen.goods_incl, now.currency),
        "new": money(now.goods_incl, now.currency),
    }
    return Change("country", words)


def _discounts(seen: Quote, now: Quote) -> list[Change]:
    found = []
    old = {each.offer_id: each for each in seen.discounts if not each.is_shipping}
    new = {each.offer_id: each for each in now.discounts if not each.is_shipping}
    for offer_id in dict.fromkeys([*old, *new]):
        before, after = old.get(offer_id), new.get(offer_id)
        if before and not after:
            found.append(Change("discount", _("“%(name)s” no longer applies.") % {"name": before.name}))
        elif after and not before:
            found.append(Change("discount", _("“%(name)s” applies now.") % {"name": after.name}))
        elif before and after and before.amount != after.amount:
            words = _("“%(name)s” takes off %(new)s instead of %(old)s.") % {
                "name": after.name,
                "old": money(before.amount, now.currency),
                "new": money(after.amount, now.currency),
            }
            found.append(Change("discount", words))
    return found


def _bare(quote: Quote) -> Quote:
    shipping = quote.shipping and replace(quote.shipping, name="")
    lines = tuple(replace(line, title="", available=None, line_id=0) for line in quote.lines)
    discounts = tuple(replace(each, name="") for each in quote.discounts)
    return replace(quote, lines=lines, discounts=discounts, shipping=shipping, goods_for_delivery=Decimal(0))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
