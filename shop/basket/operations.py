"""Every change of a basket. Each says what was wrong in words that a page can show, and then changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.apps.basket.signals import voucher_addition, voucher_removal
from oscar.apps.voucher.models import Voucher

from shop.catalogue.models import Product
from shop.catalogue.selectors import resolve_variant
from shop.giftcards.codes import read as read_gift_card_code
from shop.giftcards.details import GiftError, gift_details, gift_mark

from .models import Basket, Line
from .offers import MAX_VOUCHERS, voucher_state
from .selectors import can_sell, full_name, max_quantity

_CHANGEABLE = (Basket.OPEN, Basket.SAVED)


class BasketError(Exception):
    """What was asked for cannot be done. `str()` is for the visitor; `status` is the page's; `url` is where to go on."""

    def __init__(self, message: str, *, status: int = 400, url: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.url = url


def add(
    basket: Any,
    product_id: int,
    *,
    quantity: int = 1,
    source: str = "",
    options: Mapping[str, str] | None = None,
    gift: Mapping[str, str] | None = None,
) -> Line:
    """Put `quantity` of a product into `basket`, which is saved with its first line. Returns the line.

    A parent stands for the variant that `options` (axis code to value) name, where they name one. `gift` says for whom a
    gift card is; for two people it is two lines.

    Raises BasketError for an unknown product (404), a parent whose variant has to be chosen (422, with the product
    page's address), too many (409) and a basket that was ordered already (409).
    """
    quantity = _checked(quantity, least=1)
    product = (
        Product.objects.filter(pk=product_id).select_related("product_class", "parent", "parent__product_class").first()
    )
    if product is None or not product.is_public or (product.parent is not None and not product.parent.is_public):
        raise BasketError(_("That product is not sold here any more."), status=404)
    if product.is_parent and options:
        product = _variant(product, options, basket) or product
    if product.is_parent:
        raise BasketError(
            _("%(name)s comes in several kinds. Choose one first.") % {"name": product.title},
            status=422,
            url=product.get_absolute_url(),
        )
    record = basket.strategy.select_stockrecord(product)
    if record is None or record.price is None:
        raise BasketError(_("%(name)s cannot be bought now.") % {"name": full_name(product)}, status=409)
    details = _gift(gift) if product.is_gift_card else None
    reference = f"{product.pk}_{record.pk}{gift_mark(details)}"
    with opened(basket):
        line = Line.objects.filter(
            basket_id=basket.pk, product=product, stockrecord=record, line_reference=reference
        ).first()
        held = line.quantity if line else 0
        _check_stock(product, record, wanted=held + quantity, held=held)
        if line is None:
            if Line.objects.filter(basket_id=basket.pk).count() >= settings.SHOP_MAX_LINES:
                raise BasketError(
                    _("A basket holds %(limit)d different things. Order these first, or take something out.")
                    % {"limit": settings.SHOP_MAX_LINES},
                    status=409,
                )
            line = Line(basket=basket, product=product, stockrecord=record, line_reference=reference, gift=details)
            line.source = source.replace("\x00", "")[:255]
        line.quantity = held + quantity
        _note_price(line, basket, record)
        line.save()
    basket.reset_offer_applications()
    return line


def _gift(gift: Mapping[str, str] | None) -> dict[str, str]:
    try:
        return gift_details(gift or {})
    except GiftError as error:
        raise BasketError(str(error), status=422) from error


def _gift_now(line: Line) -> dict[str, str]:
    """For whom a line's gift card is. The day on which it was to be sent may be over: then it is sent once it is paid."""
    gift = dict(line.gift or {})
    if gift.get("gift_on", "") < timezone.localdate().isoformat():
        gift.pop("gift_on", None)
    return gift


def _variant(parent: Product, options: Mapping[str, str], basket: Any) -> Product | None:
    found = resolve_variant(parent.pk, options, market=basket.strategy.market)
    if found is None:
        return None
    rows = Product.objects.select_related("product_class", "parent", "parent__product_class")
    return rows.get(pk=found.id)


def set_quantity(basket: Any, line_id: int, quantity: int) -> Line | None:
    """Change how many of a line are wanted; 0 takes it out and returns None. Raises BasketError like `add`."""
    quantity = _checked(quantity, least=0)
    if quantity == 0:
        remove(basket, line_id)
        return None
    with opened(basket):
        line = _line(basket, line_id)
        if not can_sell(line):
            raise BasketError(_("%(name)s is no longer sold.") % {"name": full_name(line.product)}, status=409)
        if quantity > line.quantity:
            _check_stock(line.product, line.stockrecord, wanted=quantity, held=line.quantity)
        line.quantity = quantity
        # Whoever changes a line has seen its price.
        _note_price(line, basket, line.stockrecord)
        line.save()
    basket.reset_offer_applications()
    return line


def remove(basket: Any, line_id: int) -> str:
    """Take a line out. Returns the product's name. Raises BasketError (404) where the basket has no such line."""
    with opened(basket):
        line = _line(basket, line_id)
        line.delete()
    basket.reset_offer_applications()
    return full_name(line.product)


def keep_for_later(basket: Any, saved: Any, line_id: int) -> str:
    """Move a line from the basket to what is kept for later. Returns the product's name."""
    return _move(basket, saved, line_id)


def put_back(saved: Any, basket: Any, line_id: int) -> str:
    """Move what was kept for later into the basket, as many as there are. Returns the product's name."""
    with opened(saved, basket):
        line = _line(saved, line_id)
        name = full_name(line.product)
        quantity = min(line.quantity, max_quantity(_available(line.product, line.stockrecord))) or 1
        add(basket, line.product_id, quantity=quantity, source=line.source, gift=_gift_now(line))
        line.delete()
    return name


def accept_changes(basket: Any) -> None:
    """Fit the basket to what can be had now: too many become as many as there are, what is gone goes, prices are seen."""
    if basket.pk is None:
        return
    with opened(basket):
        for line in _lines(basket):
            available = _available(line.product, line.stockrecord)
            quantity = min(line.quantity, max_quantity(available)) if can_sell(line) else 0
            if quantity == 0:
                line.delete()
                continue
            line.quantity = quantity
            _note_price(line, basket, line.stockrecord)
            line.save()
    basket.reset_offer_applications()


def apply_voucher(basket: Any, code: str, *, user: Any) -> Voucher:
    """Put a voucher into the basket. Raises BasketError where there is none or `user` may not use it now."""
    code = code.replace("\x00", "").strip().upper()
    if not code:
        raise BasketError(_("Write the voucher’s code."))
    voucher = Voucher.objects.filter(code=code[:128]).first()
    if voucher is None and read_gift_card_code(code):
        # Whether there is such a card is not said here: only that it looks like one.
        raise BasketError(
            _("That looks like the code of a gift card. Check out, and type it on the page where you pay."), status=404
        )
    if voucher is None:
        raise BasketError(
            _("There is no voucher “%(code)s”. Check the letters: 0 and O are easily mixed up.") % {"code": code[:40]},
            status=404,
        )
    state = voucher_state(voucher, user)
    if not state.usable:
        sign_in = f"{reverse('customer:login')}?{urlencode({'next': reverse('basket:summary')})}"
        raise BasketError(f"{voucher.code}: {state.why_not}", status=409, url=sign_in if state.sign_in else "")
    with opened(basket):
        if basket.vouchers.filter(pk=voucher.pk).exists():
            raise BasketError(_("%(code)s is in the basket already.") % {"code": voucher.code}, status=409)
        if basket.vouchers.count() >= MAX_VOUCHERS:
            raise BasketError(
                _("A basket takes %(limit)d vouchers. Take one out to use %(code)s.")
                % {"limit": MAX_VOUCHERS, "code": voucher.code},
                status=409,
            )
        basket.vouchers.add(voucher)
        voucher_addition.send(sender=apply_voucher, basket=basket, voucher=voucher)
    basket.reset_offer_applications()
    return voucher


def forget_sources(start: str, *, before: datetime) -> int:
    """Forget where lines came from whose source begins with `start` and that were put in before a moment. Returns how many.

    The rest of the source goes: of "search:mug" stays "search".
    """
    old = Line.objects.filter(source__startswith=start, date_created__lt=before)
    return old.update(source=start.rstrip(":"))


def remove_voucher(basket: Any, code: str) -> None:
    """Take a voucher out. Raises BasketError (404) where the basket has no such voucher."""
    with opened(basket):
        voucher = basket.vouchers.filter(code=code.replace("\x00", "").strip().upper()).first()
        if voucher is None:
            raise BasketError(_("That voucher is not in your basket."), status=404)
        basket.vouchers.remove(voucher)
        voucher_removal.send(sender=remove_voucher, basket=basket, voucher=voucher)
    basket.reset_offer_applications()


def give_to(guest: Basket, user: Any) -> int:
    """Put the lines and vouchers of a visitor's basket into the one of `user`. Returns how many things moved.

    Of a thing in both, the larger number stays: somebody who signs in again has not chosen everything twice.
    """
    moved = None
    while moved is None:
        with transaction.atomic():
            moved = _merge(guest, user)
    return moved


def _merge(guest: Basket, user: Any) -> int | None:
    """None where the account's basket was ordered before it was locked: the next try makes it a new one."""
    mine, _created = Basket.objects.get_or_create(owner=user, status=guest.status)
    found = _locked([guest.pk, mine.pk]).in_bulk()
    source, target = found.get(guest.pk), found.get(mine.pk)
    if source is None or source.status != guest.status or source.owner_id is not None:
        return 0
    if target is None or target.status != guest.status:
        return None
    moved = 0
    held = {line.line_reference: line for line in _lines(target)}
    for line in _lines(source):
        moved += line.quantity
        twin = held.get(line.line_reference)
        if twin is None:
            Line.objects.filter(pk=line.pk).update(basket=target)
        elif line.quantity > twin.quantity:
            Line.objects.filter(pk=twin.pk).update(quantity=line.quantity)
    held_vouchers = set(target.vouchers.values_list("pk", flat=True))
    room = max(MAX_VOUCHERS - len(held_vouchers), 0)
    target.vouchers.add(*[each for each in source.vouchers.order_by("pk") if each.pk not in held_vouchers][:room])
    source.vouchers.clear()
    Basket.objects.filter(pk=source.pk).update(status=Basket.MERGED, date_merged=timezone.now())
    return moved


def _move(source: Any, target: Any, line_id: int) -> str:
    with opened(source, target):
        line = _line(source, line_id)
        twin = Line.objects.filter(basket_id=target.pk, line_reference=line.line_reference).first()
        if twin is None:
            Line.objects.filter(pk=line.pk).update(basket_id=target.pk)
        else:
            Line.objects.filter(pk=twin.pk).update(quantity=max(twin.quantity, line.quantity))
            line.delete()
    source.reset_offer_applications()
    target.reset_offer_applications()
    return full_name(line.product)


@contextmanager
def opened(*baskets: Any) -> Iterator[None]:
    """A transaction in which `baskets` are locked, after those that were not there yet were saved.

    Whoever changes baskets does it in here, also where more is changed with them: it is the one place that locks them,
    always in the order of their ids. Of what fails nothing stays, not even the number of a new basket on its object:
    the database may give that number to somebody else's. Raises BasketError where one was ordered meanwhile.
    """
    made = [basket for basket in baskets if basket.pk is None]
    try:
        with transaction.atomic():
            # By their names, so that two who make the same two do not wait for each other.
            for basket in sorted(made, key=lambda each: each.status):
                _save(basket)
            found = dict(_locked(basket.pk for basket in baskets).values_list("pk", "status"))
            if any(found.get(basket.pk) not in _CHANGEABLE for basket in baskets):
                raise BasketError(
                    _("That basket was ordered already. What you add now goes into a new one."), status=409
                )
            yield
    except BaseException:
        for basket in made:
            basket.pk, basket._state.adding = None, True
        raise


def _save(basket: Any) -> None:
    if basket.owner_id is None:
        basket.save()
        return
    found, _created = Basket.objects.get_or_create(owner_id=basket.owner_id, status=basket.status)
    basket.pk, basket._state.adding = found.pk, False


def _locked(ids: Iterable[int]) -> QuerySet[Basket]:
    return Basket.objects.select_for_update().filter(pk__in=sorted(set(ids))).order_by("pk")


def _lines(basket: Any) -> list[Line]:
    related = ("product", "product__product_class", "product__parent", "product__parent__product_class", "stockrecord")
    lines = list(Line.objects.filter(basket_id=basket.pk).select_related(*related).order_by("pk"))
    for line in lines:
        line.basket = basket
    return lines


def _line(basket: Any, line_id: int) -> Line:
    for line in _lines(basket):
        if line.pk == line_id:
            return line
    raise BasketError(_("That is not in your basket any more."), status=404)


def _note_price(line: Line, basket: Any, record: Any) -> None:
    price = basket.strategy.fetch_for_product(line.product, record).price
    line.price_currency = price.currency
    line.price_excl_tax, line.price_incl_tax, line.tax_code = price.excl_tax, price.incl_tax, price.tax_code
    line.home_price = record.price


def _checked(quantity: int, *, least: int) -> int:
    limit = settings.SHOP_MAX_LINE_QUANTITY
    if quantity < least:
        raise BasketError(_("Choose %(least)d or more.") % {"least": least})
    if quantity > limit:
        raise BasketError(
            _("We send at most %(limit)d of one thing. Write to us if you need more.") % {"limit": limit},
            status=409,
        )
    return quantity


def _available(product: Any, record: Any) -> int | None:
    return max(record.net_stock_level, 0) if product.get_product_class().track_stock else None


def room_for(basket: Any, product: Product, wanted: int) -> int:
    """How many of so many could be added now; of an order's line that is bought again, when all of it cannot."""
    record = basket.strategy.select_stockrecord(product)
    if record is None:
        return 0
    held = Line.objects.filter(basket_id=basket.pk, product=product).aggregate(sum=Sum("quantity"))["sum"] or 0
    return max(min(wanted, max_quantity(_available(product, record)) - held), 0)


def _check_stock(product: Any, record: Any, *, wanted: int, held: int) -> None:
    _checked(wanted, least=0)
    available = _available(product, record)
    if available is None or wanted <= available:
        return
    name = full_name(product)
    if available == 0:
        raise BasketError(_("%(name)s is sold out.") % {"name": name}, status=409)
    message = ngettext(
        "There is only %(count)d of %(name)s left.", "There are only %(count)d of %(name)s left.", available
    ) % {"count": available, "name": name}
    if held:
        message += " " + ngettext(
            "You have %(held)d in the basket already.", "You have %(held)d in the basket already.", held
        ) % {"held": held}
    raise BasketError(message, status=409)
