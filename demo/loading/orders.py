"""A year of orders, through the shop's own price and the shop's own rows, with their dates put back afterwards."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.basket.models import Line as BasketLine
from shop.basket.offers import offers_for
from shop.basket.quotes import add_shipping, make_quote
from shop.basket.selectors import load_lines
from shop.catalogue.models import TaxClass
from shop.checkout.models import Checkout
from shop.invoices.models import Invoice, Series
from shop.invoices.operations import TOPIC as INVOICES
from shop.invoices.operations import issue_missing
from shop.ledger import append_only
from shop.ledger.models import MoneyEntry
from shop.ledger.noting import noting
from shop.markets import Market
from shop.order import stock
from shop.order.models import Order, OrderStatusChange
from shop.order.placing import write_order
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.partner.models import StockRecord
from shop.payment.models import Dispute, Payment, Refund
from shop.shipping.selectors import options_for

from .data import Row

#: How many orders, and over how many days.
ORDERS, DAYS = 168, 364
#: One transaction's worth: a web server on SQLite waits no longer than this takes.
AT_ONCE = 24
#: So many of the newest have not arrived yet; these are the states that they are in, in turn.
WAITING = 15
ON_THE_WAY = ((), ("paid",), ("paid", "dispatched"), ("paid",), ("paid", "partly-dispatched"))
#: Those of the shopper whom visitors sign in as, by how many came after: two old ones, one on its way, one unpaid.
OF_THE_SHOPPER = (90, 31, 12, 5)
#: The same orders in every demo.
SEED = 14


@dataclass(frozen=True, slots=True)
class Planned:
    """One order to come."""

    customer: Row
    placed: datetime
    # (stock record, product, quantity)
    things: tuple[tuple[int, int, int], ...]
    # The states that it went through after the first, each with the hours since the order.
    steps: tuple[tuple[str, int], ...]
    voucher: str = ""


def plan(
    customers: Sequence[Row], liked: Mapping[str, int], vouchers: Sequence[str], shopper: Row | None = None
) -> list[Planned]:
    """Who ordered what and when. `liked` says how much more often than others a product is bought, by slug."""
    rng = random.Random(SEED)
    records = list(
        StockRecord.objects.filter(price__gt=0)
        # Those are issued when they are paid, and mailed: nothing of a year ago.
        .exclude(product__tax_class=TaxClass.GIFT_CARD)
        .order_by("pk")
        .values_list("pk", "product_id", "product__slug", "product__parent__slug")
    )
    weights = [liked.get(parent or slug, 10) / siblings for _, _, slug, parent, siblings in _with_siblings(records)]
    now = timezone.now()
    made = []
    for number in range(ORDERS):
        # The shop grows: denser towards today.
        age = DAYS * (1 - ((number + rng.random()) / ORDERS) ** 0.6) + 0.2
        placed = now - timedelta(days=age, minutes=rng.randrange(600))
        chosen: Counter[tuple[int, int]] = Counter()
        left = ORDERS - number
        # Enough of them to be sent in parts.
        least = 3 if left <= WAITING else 1
        for index in rng.choices(range(len(records)), weights, k=max(rng.choice((1, 1, 2, 2, 3, 3, 4, 5)), least)):
            chosen[records[index][:2]] += rng.choice((1, 1, 1, 1, 2, 2, 4))
        things = tuple((record, product, quantity) for (record, product), quantity in chosen.items())
        voucher = rng.choice(vouchers) if vouchers and age < 18 and rng.random() < 0.5 else ""
        steps = _on_the_way(left, age, len(things)) if left <= WAITING else _steps(rng, age, len(things))
        customer = rng.choice(customers)
        made.append(
            Planned(shopper if shopper and left in OF_THE_SHOPPER else customer, placed, things, steps, voucher)
        )
    return made


def _with_siblings(records: list[Any]) -> list[Any]:
    count = Counter(parent or slug for _, _, slug, parent in records)
    return [(*each, count[each[3] or each[2]]) for each in records]


def _steps(rng: random.Random, age: float, lines: int) -> tuple[tuple[str, int], ...]:
    """How far an order of this age has come."""
    hours = int(age * 24)
    if age > 2 and rng.random() < 0.05:
        return (("cancelled", 20),)
    way = [("paid", rng.randrange(2, 40)), ("dispatched", rng.randrange(44, 70)), ("delivered", rng.randrange(90, 150))]
    if lines > 1 and rng.random() < 0.1:
        way.insert(1, ("partly-dispatched", 42))
    return tuple(step for step in way if step[1] < hours)


def _on_the_way(left: int, age: float, lines: int) -> tuple[tuple[str, int], ...]:
    """The states of one of the newest orders, spread over its age. One line cannot be sent in parts."""
    states: Sequence[str] = [
        state for state in ON_THE_WAY[left % len(ON_THE_WAY)] if lines > 1 or state != "partly-dispatched"
    ]
    # What waited too long for its money would be cancelled at once, with a mail.
    if not states and age > settings.SHOP_PAYMENT_DAYS - 3:
        states = ["paid"]
    return tuple((state, int(age * 24 * (place + 1) / (len(states) + 1))) for place, state in enumerate(states))


def write_orders(
    planned: Sequence[Planned], users: Mapping[str, User], staff: User | None, progress: Callable[[], None]
) -> None:
    """Write the orders. Nobody is mailed, and afterwards there is as much to sell as before."""
    wanted: Counter[int] = Counter()
    for each in planned:
        wanted.update({record: quantity for record, _, quantity in each.things})
    before = dict(StockRecord.objects.filter(pk__in=wanted).values_list("pk", "num_in_stock"))
    with noting(why="demo", at=min((each.placed for each in planned), default=None)):
        _set_stock({pk: F("num_in_stock") + quantity for pk, quantity in wanted.items()})
    for start in range(0, len(planned), AT_ONCE):
        with transaction.atomic():
            for each in planned[start : start + AT_ONCE]:
                _write(each, users.get(each.customer["email"]), staff)
                progress()
    # What is promised to orders that wait still lies on the shelf.
    allocated = dict(StockRecord.objects.filter(pk__in=wanted).values_list("pk", "num_allocated"))
    with noting(why="demo"):
        _set_stock({pk: number + (allocated[pk] or 0) for pk, number in before.items()})


def write_invoices() -> int:
    """Invoices with the dates of their payments, and so with numbers in that order. Once the brand says who sells.

    Returns how many.
    """
    paid = OrderStatusChange.objects.filter(new_status="paid", why="demo", order__invoices=None)
    paid = paid.order_by("date_created", "pk")
    ids = list(dict.fromkeys(paid.values_list("order_id", flat=True)))
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            for pk in ids[start : start + AT_ONCE]:
                issue_missing(pk, as_of_then=True, tell_customer=False)
    return len(ids)


@transaction.atomic
def _set_stock(numbers: Mapping[int, Any]) -> None:
    for pk, number in numbers.items():
        StockRecord.objects.filter(pk=pk).update(num_in_stock=number)


def _write(planned: Planned, user: User | None, staff: User | None) -> None:
    basket = _basket(planned, user)
    checkout = _checkout(planned, basket, user)
    lines = load_lines(basket)
    market = Market(host="", language=checkout.language, country=checkout.country, currency=settings.SHOP_CURRENCY)
    running, _ = offers_for(basket, user or AnonymousUser())
    offers = [offer for offer in running if offer.start_datetime is None or offer.start_datetime <= planned.placed]
    goods = make_quote(basket, lines, market=market, offers=offers)
    option = options_for(lines, checkout.country, goods.goods_for_delivery)[0]
    quote = add_shipping(goods, basket, option)
    with noting(why="placed", at=planned.placed):
        order, written = write_order(checkout, quote, lines, user)
        stock.reserve(written)
    checkout.order, checkout.shipping_code = order, option.code
    checkout.save(update_fields=["order", "shipping_code"])
    Order.objects.filter(pk=order.pk).update(date_placed=planned.placed)
    _date_log(order, planned.placed, new="")
    for state, hours in planned.steps:
        first = [order.lines.values_list("pk", flat=True).first()] if state == "partly-dispatched" else None
        moment = planned.placed + timedelta(hours=hours)
        with noting(at=moment):
            change_status(order, state, by=staff, why="demo", line_ids=first, tell_customer=False)
        _date_log(order, moment, new=state)
    # `write_invoices` does it, with the dates of then.
    OutboxEntry.objects.filter(topic=INVOICES, key=str(order.pk)).delete()


def _date_log(order: Order, moment: datetime, *, new: str) -> None:
    rows = OrderStatusChange.objects.filter(order=order)
    (rows.filter(new_status=new) if new else rows).update(date_created=moment)


def _basket(planned: Planned, user: User | None) -> Basket:
    basket = Basket.objects.create(owner=user, status=Basket.SUBMITTED)
    Basket.objects.filter(pk=basket.pk).update(date_created=planned.placed, date_submitted=planned.placed)
    prices = dict(StockRecord.objects.filter(pk__in=[each[0] for each in planned.things]).values_list("pk", "price"))
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket,
            line_reference=f"{product}_{record}",
            product_id=product,
            stockrecord_id=record,
            quantity=quantity,
            price_currency=settings.SHOP_CURRENCY,
            price_incl_tax=prices[record],
            price_excl_tax=prices[record],
            tax_code="standard",
            home_price=prices[record],
        )
        for record, product, quantity in planned.things
    )
    if planned.voucher:
        basket.vouchers.add(*get_model("voucher", "Voucher").objects.filter(code=planned.voucher))
    return basket


def _checkout(planned: Planned, basket: Basket, user: User | None) -> Checkout:
    row = planned.customer
    address = {
        "first_name": row["first_name"], "last_name": row["last_name"], "line1": row["line1"], "line4": row["town"],
        "postcode": row["postcode"], "country": row["country"],
    }  # fmt: skip
    return Checkout.objects.create(
        basket=basket,
        user=user,
        email=row["email"],
        shipping_address=address,
        payment_code="bank-transfer",
        language="de" if row["country"] in {"DE", "AT"} else "en-gb",
        created_at=planned.placed,
    )


def remove_orders(emails: Sequence[str]) -> None:
    """Take out the orders of these people, with what hangs on them. Call it before the people go."""
    checkouts = Checkout.objects.filter(email__in=emails)
    orders = Order.objects.filter(pk__in=checkouts.exclude(order=None).values("order_id"))
    orders |= Order.objects.filter(user__email__in=emails)
    baskets = list(orders.exclude(basket=None).values_list("basket_id", flat=True))
    ids = list(orders.values_list("pk", flat=True))
    with append_only.lifted():
        # The rows' own managers delete nothing.
        Invoice._base_manager.filter(order__in=ids).delete()
    if not Invoice.objects.exists():
        Series.objects.all().delete()
    Refund.objects.filter(order__in=ids).delete()
    Dispute.objects.filter(payment__order__in=ids).delete()
    Payment.objects.filter(order__in=ids).delete()
    with append_only.lifted():
        MoneyEntry._base_manager.filter(order__in=ids).delete()
    Order.objects.filter(pk__in=ids).delete()
    checkouts.delete()
    Basket.objects.filter(pk__in=baskets).delete()
    Basket.objects.filter(owner__email__in=emails).delete()
