"""Oscar's offers, applied to a basket with a fixed number of queries.

Oscar asks the database once a line and a range, for every condition and every benefit, and again for each time that an
offer applies. Here every range is read once, for the whole basket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import combinations
from typing import Any

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from oscar.apps.offer.applicator import Applicator as OscarApplicator
from oscar.apps.offer.benefits import ShippingBenefit
from oscar.apps.offer.models import ConditionalOffer, Range
from oscar.apps.offer.results import SHIPPING_DISCOUNT
from oscar.apps.voucher.models import Voucher
from oscar.core.loading import get_model

from shop.prepared import Prepared

# Every set of them is tried for the cheapest, which doubles with each.
MAX_VOUCHERS = 4
_RELATED = ("condition", "condition__range", "benefit", "benefit__range")


@dataclass(slots=True)
class _Members:
    """What a range takes in and leaves out. Categories are paths and reach downwards."""

    products: set[int] = field(default_factory=set)
    classes: set[int] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    without_products: set[int] = field(default_factory=set)
    without_categories: set[str] = field(default_factory=set)

    def hold(self, product: Any, paths: Sequence[str], *, everything: bool) -> bool:
        """Whether the product is in; a variant is judged with its parent, as Oscar does. No offer makes money cheaper."""
        if product.is_gift_card:
            return False
        ids = {product.pk, product.parent_id}
        if ids & self.without_products or _below(paths, self.without_categories):
            return False
        class_id = product.parent.product_class_id if product.is_child else product.product_class_id
        return everything or bool(ids & self.products) or class_id in self.classes or _below(paths, self.categories)


def _below(paths: Iterable[str], roots: set[str]) -> bool:
    return bool(roots) and any(path.startswith(root) for path in paths for root in roots)


@dataclass(frozen=True, slots=True)
class VoucherState:
    """A voucher in a basket: whether it may be used now, and why not. `sign_in`: whether signing in could help."""

    voucher: Any
    usable: bool
    why_not: str = ""
    sign_in: bool = False


class Applicator(OscarApplicator):
    """Applies the offers that it is given, with their ranges read beforehand (`prepare`)."""

    def apply_to(self, basket: Any, offers: Iterable[Any]) -> None:
        """Apply `offers`, highest priority first, to a basket whose lines are loaded (`Basket.use_lines`).

        Offers on delivery are judged by the whole basket and use up none of its things, as they make none cheaper.
        """
        for line in basket.all_lines():
            line.clear_discount()
        ordered = sorted(offers, key=lambda offer: (-offer.priority, offer.pk))
        reached = [
            offer
            for offer in ordered
            if _on_delivery(offer) and offer.get_max_applications(basket.owner) and offer.is_condition_satisfied(basket)
        ]
        self.apply_offers(basket, [offer for offer in ordered if not _on_delivery(offer)])
        for offer in reached:
            basket.offer_applications.add(offer, SHIPPING_DISCOUNT)


def voucher_choices(offers: Sequence[Any]) -> list[list[Any]]:
    """What may be applied together: the site's offers with each set of the vouchers, the smallest set first.

    A voucher can use up what another offer gives more on; whoever quotes takes the cheapest of these. As every set of
    fewer vouchers is among them, no voucher makes a basket dearer. Offers on delivery are in all of them.
    """
    always = [offer for offer in offers if offer.get_voucher() is None or _on_delivery(offer)]
    others = [offer for offer in offers if offer not in always]
    vouchers = list(dict.fromkeys(offer.get_voucher().pk for offer in others))[:MAX_VOUCHERS]
    return [
        [*always, *(offer for offer in others if offer.get_voucher().pk in chosen)]
        for count in range(len(vouchers) + 1)
        for chosen in combinations(vouchers, count)
    ]


def _on_delivery(offer: Any) -> bool:
    return isinstance(offer.benefit, ShippingBenefit)


def offers_for(
    basket: Any, user: Any, *, vouchers: Sequence[Any] | None = None
) -> tuple[list[Any], list[VoucherState]]:
    """The offers that may apply to `basket`, and what is to be said about each voucher in it.

    `vouchers` are the basket's, where they have been read already. Two queries, and one more for each voucher.
    """
    offers = SITE_OFFERS.run()
    states: list[VoucherState] = []
    if basket.pk is not None:
        for voucher in VOUCHERS.run(baskets=[basket.pk]) if vouchers is None else vouchers:
            state = voucher_state(voucher, user)
            states.append(state)
            if state.usable:
                for offer in voucher.offers.select_related(*_RELATED):
                    offer.set_voucher(voucher)
                    offers.append(offer)
    return offers, states


def _site_offers() -> QuerySet[Any, Any]:
    """Offers that everybody gets now, by the database's clock: the query is the same text whenever it is run."""
    now = Now()
    return ConditionalOffer.objects.filter(
        Q(start_datetime=None) | Q(start_datetime__lte=now),
        Q(end_datetime=None) | Q(end_datetime__gte=now),
        offer_type=ConditionalOffer.SITE,
        status=ConditionalOffer.OPEN,
    ).select_related(*_RELATED)


SITE_OFFERS = Prepared(_site_offers)
VOUCHERS = Prepared(lambda baskets: Voucher.objects.filter(basket__in=baskets).order_by("pk"), lists=("baskets",))


def voucher_state(voucher: Any, user: Any) -> VoucherState:
    """Whether `user` may use `voucher` now."""
    now = timezone.now()
    if voucher.start_datetime > now:
        return VoucherState(voucher, False, _("It is not valid before %s.") % _date(voucher.start_datetime))
    if voucher.end_datetime < now:
        return VoucherState(voucher, False, _("It ran out on %s.") % _date(voucher.end_datetime))
    if voucher.usage == Voucher.ONCE_PER_CUSTOMER and not user.is_authenticated:
        return VoucherState(voucher, False, _("It is for people with an account, once each."), sign_in=True)
    usable, why_not = voucher.is_available_to_user(user)
    return VoucherState(voucher, usable, str(why_not))


def _date(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def prepare(offers: Sequence[Any], products: Sequence[Any]) -> None:
    """Make conditions and benefits answer from memory which of `products` their ranges hold."""
    ranges: dict[int, Any] = {}
    for offer in offers:
        for name in ("condition", "benefit"):
            part = getattr(offer, name)
            held = part.range
            part = part.proxy()
            # Oscar's proxy() is a new object without the range that was read with it.
            part.range = ranges.setdefault(held.pk, held) if held is not None else None
            if name == "benefit":
                part.get_applicable_lines = partial(_usable_first, part.get_applicable_lines)
            setattr(offer, name, part)
        # Asked again for every set of vouchers that is tried.
        offer.get_num_user_applications = cache(offer.get_num_user_applications)
    plain = {pk: each for pk, each in ranges.items() if not each.proxy_class}
    if plain:
        members, paths = _read_members(list(plain), products)
        for pk, each in plain.items():
            inside = {
                product.pk
                for product in products
                if members[pk].hold(
                    product, paths.get(product.parent_id or product.pk, ()), everything=each.includes_all_products
                )
            }
            each.contains_product = lambda product, inside=inside: product.pk in inside
    if len(offers) > 1:
        _prefetch_combinations(offers)


def _usable_first(find: Callable[..., list[Any]], offer: Any, basket: Any, **kwargs: Any) -> list[Any]:
    """The lines that a benefit looks at, those that other offers have used up last.

    A percentage stops at the first line of which nothing is left, and gave nothing on all the dearer ones behind it.
    """

    def used_up(found: Any) -> bool:
        line = found[1]
        return not line.quantity_without_offer_discount(offer) and not line.quantity_with_offer_discount(offer)

    return sorted(find(offer, basket, **kwargs), key=used_up)


def _prefetch_combinations(offers: Sequence[Any]) -> None:
    if any(not offer.exclusive for offer in offers):
        prefetch_related_objects(list(offers), "combinations")
        return
    # Offers that exclude each other have no combinations: nothing to read.
    for offer in offers:
        offer.__dict__.setdefault("_prefetched_objects_cache", {})["combinations"] = ConditionalOffer.objects.none()


def _read_members(range_ids: list[int], products: Sequence[Any]) -> tuple[dict[int, _Members], dict[int, list[str]]]:
    ids = {product.pk for product in products} | {product.parent_id for product in products if product.parent_id}
    members: dict[int, _Members] = defaultdict(_Members)
    paths: dict[int, list[str]] = defaultdict(list)
    for kind, key, number, text in _union(range_ids, ids):
        if kind == "path":
            paths[key].append(text)
        elif kind.endswith("categories"):
            getattr(members[key], kind).add(text)
        else:
            getattr(members[key], kind).add(number)
    return members, paths


def _union(range_ids: list[int], product_ids: set[int]) -> QuerySet[Any, Any]:
    """One query: rows of (kind, range or product, number, path)."""

    def part(kind: str, query: Any, key: str, *, number: str = "", text: str = "") -> QuerySet[Any, Any]:
        return (
            query.order_by()
            .annotate(
                kind=Value(kind, CharField()),
                key=F(key),
                number=F(number) if number else Value(0, IntegerField()),
                text=F(text) if text else Value("", CharField()),
            )
            .values_list("kind", "key", "number", "text")
        )

    def through(name: str) -> Any:
        return getattr(Range, name).through.objects.filter(range_id__in=range_ids)

    in_basket = Q(product_id__in=product_ids)
    product_category = get_model("catalogue", "ProductCategory")
    return part("products", through("included_products").filter(in_basket), "range_id", number="product_id").union(
        part("without_products", through("excluded_products").filter(in_basket), "range_id", number="product_id"),
        part("classes", through("classes"), "range_id", number="productclass_id"),
        part("categories", through("included_categories"), "range_id", text="category__path"),
        part("without_categories", through("excluded_categories"), "range_id", text="category__path"),
        part("path", product_category.objects.filter(in_basket), "product_id", text="category__path"),
        all=True,
    )
