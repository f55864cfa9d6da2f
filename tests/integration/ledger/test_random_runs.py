"""Whatever people, banks and the warehouse do, in whatever order: after each step the proof has nothing to say.

In currencies with two places, with none, and with thousandths; taxed at home, abroad, and not at all; under offers; with gift cards.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from oscar.apps.offer.models import ConditionalOffer

from shop.catalogue.importing import writing
from shop.catalogue.importing.records import VariantRecord
from shop.giftcards import buying as gift_card_buying
from shop.giftcards import operations as gift_cards
from shop.giftcards.models import GiftCard
from shop.giftcards.spending import CardError
from shop.ledger.accounts import account
from shop.ledger.models import MoneyEntry, StockMovement
from shop.ledger.operations import BooksError, sent_back
from shop.ledger.selectors import left_by_bank
from shop.order import cancelling
from shop.order.models import Line, Order, OrderDiscount
from shop.order.operations import expire_unpaid
from shop.order.shipments import dispatch
from shop.order.states import InvalidTransition, change_status
from shop.partner.models import StockRecord
from shop.payment import operations as payments
from shop.payment.currencies import smallest
from shop.payment.methods import STRIPE
from shop.payment.models import Payment, Refund
from shop.payment.operations import PaymentError
from shop.payment.refunds import RefundError, left_to_refund, line_left, refund
from shop.payment.seen import SeenDispute, SeenRefund
from shop.payment.settling import settle, settle_dispute, settle_refund
from shop.returns import operations as returns
from shop.returns.models import Return
from shop.returns.operations import Came, Wanted
from shop.returns.selectors import returnable
from tests.factories import make_gift_card, make_product
from tests.integration.basket.test_quotes import make_any_offer
from tests.integration.giftcards.giving import give

from .buying import begun, found, order_of, seen

pytestmark = pytest.mark.django_db
PRICES = ("10.00", "24.50", "3.33")
# With as many of its own as one pound or euro is, so that the same amounts make sense in all of them.
CURRENCIES = {"GBP": 1, "EUR": 1, "JPY": 100, "KWD": 1, "ISK": 100}
# Home, abroad with another tax, and abroad with none.
COUNTRIES = ("GB", "GB", "DE", "US")
# How a dispute goes on from where it is.
DISPUTES = {
    "": ("warning_needs_response", "needs_response"),
    "warning_needs_response": ("needs_response",),
    "needs_response": ("won", "lost"),
}
KINDS = {*MoneyEntry.Kind.values, *StockMovement.Kind.values}
# What the first orders leave in the books before any rule is followed. Which rules are followed changes with the constants in the
# modules that a process has imported, from which values are drawn, too: so nobody can say which other kinds there have to be.
BEGINNING = {"opening", "reserved", "received", "captured"}
which = st.integers(min_value=0, max_value=9)
rarely = st.sampled_from([False, False, False, True])


class Counted(RuleBasedStateMachine):
    """A machine that counts, at the end of each run, what came of it: rules that all come to nothing prove nothing."""

    came_of_it: ClassVar[Counter[str]]

    def count(self) -> None:
        """The kinds of entries in the books, and how orders and returns stand."""
        # Where the database has failed the run, nobody can ask it any more.
        if not connection.needs_rollback:
            for rows in (MoneyEntry.objects.values_list("kind"), StockMovement.objects.values_list("kind")):
                self.came_of_it.update(kind for (kind,) in rows)
            self.came_of_it.update(f"order {status}" for (status,) in Order.objects.values_list("status"))
            self.came_of_it.update(f"return {state}" for (state,) in Return.objects.values_list("state"))


class Shop(Counted):
    """A shop with three things, and everything that can happen to its orders."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.settings = override_settings()
        self.settings.enable()

    def teardown(self) -> None:
        """Back to an empty shop."""
        self.count()
        self.settings.disable()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(currency=st.sampled_from(sorted(CURRENCIES)), offers=st.integers(min_value=0, max_value=2))
    def three_buy(self, currency: str, offers: int) -> None:
        """One waits for its money, one was paid by bank, one by card."""
        self.currency = currency
        self.settings.disable()
        # A key with which nobody is asked.
        self.settings = override_settings(
            SHOP_CURRENCY=currency, OSCAR_DEFAULT_CURRENCY=currency, STRIPE_SECRET_KEY="sk_test_x"
        )
        self.settings.enable()
        self.products = [
            make_product(f"Thing {price}", price=self.so_much(price), stock=6, sku=f"S-{price}") for price in PRICES
        ]
        self.gift = make_gift_card(self.so_much("20.00"))
        StockRecord.objects.update(price_currency=currency)
        self.cards = [give(self.so_much(amount)).pk for amount in ("60.00", "15.00")]
        # One for everybody, and one with a limit.
        for number, (what, value) in enumerate([("Percentage", 15), ("Multibuy", 1)][:offers]):
            make_any_offer(number, what, value, False, self.products)
        ConditionalOffer.objects.filter(name="Offer 1").update(max_global_applications=2)
        for quantity in (1, 1, 2):
            assert order_of(*self.products, quantity=quantity) is not None
        self.pay_by_bank(1)
        self.pay_by_card(2, "0")

    def so_much(self, amount: str) -> Decimal:
        """An amount of the size of so many pounds or euros, as the currency can pay it."""
        step = smallest(self.currency)
        return (Decimal(amount) * CURRENCIES[self.currency] / step).quantize(Decimal(1)) * step

    def order(self, number: int) -> Order:
        rows = Order.objects.order_by("pk")
        return rows[number % rows.count()]

    def move(self, order: Order, to: str, **more: Any) -> None:
        with suppress(InvalidTransition):
            change_status(order, to, why="test", **more)

    # -------------------------------------------------------------- buying and paying
    @rule(
        first=which,
        several=st.booleans(),
        quantity=st.integers(min_value=1, max_value=3),
        cards=st.sampled_from([0, 0, 1, 2]),
        gift=st.sampled_from(["", "", "", "with it", "alone"]),
        country=st.sampled_from(COUNTRIES),
    )
    def buy(self, first: int, several: bool, quantity: int, cards: int, gift: str, country: str) -> None:
        left = StockRecord.objects.filter(product__in=self.products).order_by("pk")
        products = [record.product for record in left]
        chosen = products if several else products[first % len(products) :][:1] if products else []
        if gift and StockRecord.objects.filter(product=self.gift.pk).exists():
            chosen = [self.gift] if gift == "alone" else [*chosen, self.gift]
        if chosen:
            there = GiftCard.objects.filter(state="active").order_by("pk").values_list("pk", flat=True)
            # The last one is one that somebody has bought, where there is any.
            pays_with = list(there)[::-1][:cards]
            order_of(*chosen, quantity=quantity, gift_cards=pays_with, country=country, shipping="")

    @rule(number=which)
    def the_worker_issues_what_was_bought(self, number: int) -> None:
        gift_card_buying.issue_bought(self.order(number).pk)

    @rule(first=st.booleans(), does=st.sampled_from([gift_cards.block, gift_cards.unblock, gift_cards.unblock]))
    def a_card_is_lost_or_found(self, first: bool, does: Callable[..., Any]) -> None:
        with suppress(CardError):
            does(self.cards[first], by=None, why="test")

    @rule(first=st.booleans(), amount=st.sampled_from(["10.00", "-5.00", "-50.00"]))
    def staff_changes_a_card(self, first: bool, amount: str) -> None:
        with suppress(CardError):
            gift_cards.adjust(self.cards[first], self.so_much(amount), by=None, why="test", key=uuid.uuid4())

    @rule(number=which)
    def pay_by_bank(self, number: int) -> None:
        self.move(self.order(number), "paid")

    @rule(number=which, off=st.sampled_from(["0", "0", "0", "0", "-1.00", "2.00"]))
    def pay_by_card(self, number: int, off: str) -> None:
        order = self.order(number)
        payment = Payment.objects.filter(order=order, state__in=Payment.LIVE).first()
        if payment is None and order.status == "awaiting-payment":
            payment = begun(order)
        if payment:
            settle(payment.pk, seen(payment, received=payment.amount + self.so_much(off)))

    @rule(number=which)
    def open_a_page(self, number: int) -> None:
        order = self.order(number)
        waits = order.status == "awaiting-payment"
        if waits and not Payment.objects.filter(order=order, state__in=Payment.LIVE).exists():
            settle(begun(order).pk, seen(Payment.objects.latest("pk"), status="open"))

    @rule(number=which)
    def the_page_expires(self, number: int) -> None:
        for payment in Payment.objects.filter(order=self.order(number), state__in=Payment.LIVE):
            settle(payment.pk, seen(payment, status="expired"))

    @rule(number=which, code=st.sampled_from(["bank-transfer", STRIPE]))
    def another_way_to_pay_is_chosen(self, number: int, code: str) -> None:
        with suppress(PaymentError):
            payment_id = payments._wish(self.order(number), code)
            if payment_id is not None:
                # As if Stripe had closed the page.
                payment = Payment.objects.get(pk=payment_id)
                assert settle(payment.pk, seen(payment, status="expired")).order.status == "awaiting-payment"

    @rule(number=which)
    def money_comes_late_or_is_told_again(self, number: int) -> None:
        for payment in Payment.objects.filter(order=self.order(number)).exclude(session_id=None):
            settle(payment.pk, seen(payment))

    @rule(really=rarely)
    def nobody_pays_in_time(self, really: bool) -> None:
        if really:
            expire_unpaid(older_than=timedelta(hours=-1))

    # -------------------------------------------------------------- states
    @rule(number=which, really=rarely)
    def cancel(self, number: int, really: bool) -> None:
        if really:
            self.move(self.order(number), "cancelled")

    @rule(number=which, whole=st.booleans(), really=rarely)
    def its_buyer_cancels(self, number: int, whole: bool, really: bool) -> None:
        if really:
            with suppress(cancelling.CancelError):
                cancelling.cancel(self.order(number), whole=whole, by=None)

    @rule(number=which, line=which, quantity=st.integers(min_value=1, max_value=3))
    def dispatch_a_part(self, number: int, line: int, quantity: int) -> None:
        order = self.order(number)
        lines = list(Line.objects.filter(order=order, status="open").order_by("pk"))
        if lines:
            chosen = lines[line % len(lines)]
            with suppress(InvalidTransition):
                wanted = {chosen.pk: min(quantity, chosen.left_open)}
                dispatch(order, quantities=wanted, by=None, key=uuid.uuid4())

    @rule(number=which, to=st.sampled_from(["dispatched", "delivered"]))
    def dispatch(self, number: int, to: str) -> None:
        self.move(self.order(number), to)

    # -------------------------------------------------------------- what comes back
    @rule(number=which, line=which, quantity=st.integers(min_value=1, max_value=3))
    def ask_for_a_return(self, number: int, line: int, quantity: int) -> None:
        order = self.order(number)
        if found := returnable(order):
            chosen = found[line % len(found)]
            wanted = {chosen.line.pk: Wanted(min(quantity, chosen.most), "mind")}
            returns.ask(order, lines=wanted, by=None, key=uuid.uuid4())

    @rule(
        number=which,
        step=st.sampled_from(["approve", "receive", "receive", "refund", "refund", "withdraw", "close"]),
        part=which,
    )
    def a_return_goes_on(self, number: int, step: str, part: int) -> None:
        back = Return.objects.filter(order=self.order(number)).order_by("-pk").first()
        if back is None:
            return
        with suppress(returns.ReturnError, RefundError, BooksError):
            if step == "approve":
                returns.approve(back, send_to="here", by=None)
            elif step == "receive":
                rows = {row.pk: min(part, row.quantity) for row in back.lines.all()}
                returns.receive(back, lines={pk: Came(came, came % 2) for pk, came in rows.items()}, by=None)
            elif step == "refund":
                rows = {row.pk: row.received for row in back.lines.all()}
                returns.give_back(back, lines=rows, reference="test", by=None)
            elif step == "withdraw":
                returns.withdraw(back, by=None)
            else:
                returns.close(back, answer="no", by=None)

    # -------------------------------------------------------------- money back
    @rule(number=which, line=which, extra=st.sampled_from(["0", "0", "1.50"]), delivery=st.booleans())
    def refund_something(self, number: int, line: int, extra: str, delivery: bool) -> None:
        order = self.order(number)
        lines = [each for each in Line.objects.filter(order=order).order_by("pk") if line_left(each)]
        chosen = {lines[line % len(lines)].pk: 1} if lines else {}
        with suppress(RefundError):
            back = order.shipping_incl_tax if delivery else Decimal(0)
            refund(order, lines=chosen, extra=self.so_much(extra), delivery=back, by=None, why="test")

    @rule(number=which, status=st.sampled_from(["pending", "succeeded", "succeeded", "failed"]))
    def stripe_tells_of_a_refund(self, number: int, status: str) -> None:
        for each in Refund.objects.filter(payment__order=self.order(number)).exclude(state="refused"):
            intent = each.payment.intent_id or ""
            settle_refund(
                SeenRefund(
                    f"re_{each.pk}", str(each.key), status, each.amount, self.currency, intent, timezone.now(), "no"
                )
            )

    @rule(number=which, amount=st.sampled_from(["1.00", "5.00"]))
    def refund_at_stripe(self, number: int, amount: str) -> None:
        for each in Payment.objects.filter(order=self.order(number), captured__gt=0):
            so_much = self.so_much(amount)
            if left_to_refund(each) >= so_much:
                made, intent = f"re_by_hand_{each.pk}_{each.refunds.count()}", each.intent_id or ""
                settle_refund(SeenRefund(made, "", "succeeded", so_much, self.currency, intent, timezone.now()))

    @rule(number=which, status=st.sampled_from(["warning_needs_response", "needs_response", "won", "lost"]))
    def a_bank_disputes(self, number: int, status: str) -> None:
        for each in Payment.objects.filter(order=self.order(number), captured__gt=0):
            held = each.disputes.first()
            amount = held.amount if held else left_to_refund(each)
            if amount and status in DISPUTES.get(held.status if held else "", ()):
                intent = each.intent_id or ""
                settle_dispute(SeenDispute(f"dp_{each.pk}", status, "fraud", amount, self.currency, intent))

    @rule(number=which, part=st.sampled_from(["0.50", "1"]), token=which)
    def send_back_by_bank(self, number: int, part: str, token: int) -> None:
        order = self.order(number)
        step = smallest(self.currency)
        amount = (left_by_bank(order.pk) * Decimal(part) / step).quantize(Decimal(1)) * step
        try:
            sent_back(order, amount, reference="test", token=f"{order.pk}-{token}", by=None)
        except BooksError:
            assert amount == 0

    # -------------------------------------------------------------- the shelf
    @rule(number=which, level=st.integers(min_value=0, max_value=9))
    def import_a_level(self, number: int, level: int) -> None:
        product = self.products[number % len(self.products)]
        record = StockRecord.objects.filter(product__pk=product.pk).first()
        if record:
            writing.Writer()._write_stock([(VariantRecord(record.partner_sku, {}, stock=level), record.product)])

    @precondition(lambda self: StockRecord.objects.count() > 1)
    @rule(number=which, really=rarely)
    def delete_a_product(self, number: int, really: bool) -> None:
        record = StockRecord.objects.order_by("pk")[number % StockRecord.objects.count()]
        if really:
            record.product.delete()

    # -------------------------------------------------------------- what always holds
    @invariant()
    def it_adds_up(self) -> None:
        assert found() == []

    @invariant()
    def offers_count_the_orders_that_use_them(self) -> None:
        used = OrderDiscount.objects.exclude(order__status="cancelled")
        for offer in ConditionalOffer.objects.all():
            assert offer.num_orders == used.filter(offer_id=offer.pk).count(), offer.name

    @invariant()
    def nobody_is_owed_what_nobody_sends(self) -> None:
        for order in Order.objects.filter(status="cancelled"):
            seen_at = account(order)
            assert seen_at.held >= 0 and seen_at.left >= 0, order.number


def run(machine: type[Counted], *, examples: int, steps: int) -> Counter[str]:
    """Some random runs; the same ones each time. Returns what came of them."""
    machine.came_of_it = Counter()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.came_of_it


def test_random_runs_always_add_up() -> None:
    many = connection.vendor == "postgresql"
    came_of_it = run(Shop, examples=40 if many else 8, steps=30 if many else 20)
    assert came_of_it.keys() >= BEGINNING and len(KINDS & came_of_it.keys() - BEGINNING) >= (5 if many else 3)
