"""Guards against things that happen at the same moment."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from search.insight import operations as insight
from search.relevance import operations as relevance
from search.rules import operations as rules
from shop.accounts import email_change, personal
from shop.accounts.models import User
from shop.basket import operations as baskets
from shop.basket.models import Basket
from shop.basket.models import Line as BasketLine
from shop.customer import holdings
from shop.giftcards import buying, spending
from shop.giftcards import operations as gift_cards
from shop.giftcards.models import GiftCard
from shop.order import cancelling, parcels, states, stock, uses
from shop.order import operations as orders
from shop.order.models import Line, Order
from shop.outbox import operations as outbox
from shop.payment import operations as payments
from shop.payment import refunds, settling, ways
from shop.payment.models import Payment

from .guards import PAUSE, Patch, slowly, without, without_constraint, without_lock
from .mutation import Mutation, within

_crowd = partial(within, "tests/concurrency/test_crowd.py")
_emails = partial(within, "tests/concurrency/test_email_change.py")
_gift_cards = partial(within, "tests/concurrency/test_gift_cards.py")
_insight = partial(within, "tests/concurrency/test_insight.py")
_judgements = partial(within, "tests/concurrency/test_judgements.py")
_outbox = partial(within, "tests/concurrency/test_outbox.py")
_payments = partial(within, "tests/concurrency/test_payments.py")
_people = partial(within, "tests/concurrency/test_people.py")
_placement = partial(within, "tests/concurrency/test_placement.py")
_rules = partial(within, "tests/concurrency/test_rules.py")
_ways = partial(within, "tests/concurrency/test_ways.py")
_worker = partial(within, "tests/concurrency/test_worker.py")


def _locks_in_any_order(patch: Patch) -> None:
    """Stock records are locked one by one, as they come."""

    def lock(ids: Any) -> Any:
        found = {}
        for pk in ids:
            found[pk] = stock.StockRecord.objects.select_for_update().get(pk=pk)
            time.sleep(PAUSE)
        return found

    patch.setattr(stock, "lock", lock)
    patch.setattr(orders, "DEADLOCK_TRIES", 1)


def _gift_cards_in_any_order(patch: Patch) -> None:
    """Gift cards are locked one by one, as they come."""

    def lock(ids: Any) -> Any:
        found = {}
        for pk in ids:
            found[pk] = GiftCard.objects.select_for_update().get(pk=pk)
            time.sleep(PAUSE)
        return found

    patch.setattr(spending, "lock", lock)
    patch.setattr(orders, "DEADLOCK_TRIES", 1)


def _given_back_without_lock_and_key(patch: Patch) -> None:
    """Nobody waits for the order, and a card takes the same back twice."""
    order_locks = (refunds.refund, refunds.refund_cancelled, states.change_status, states._apply, parcels.open_lines)
    without_lock(patch, *order_locks)
    slowly(patch, spending, "spent_by")
    real = spending._key
    patch.setattr(spending, "_key", lambda *given: f"{real(*given)}:{uuid.uuid4()}")


def _no_condition_and_no_lock(patch: Patch) -> None:
    without_lock(patch, stock.lock)

    def reserve(lines: Any) -> None:
        for pk, quantity in stock.totals(lines).items():
            row = stock.StockRecord.objects.get(pk=pk)
            stock.StockRecord.objects.filter(pk=pk).update(num_allocated=(row.num_allocated or 0) + quantity)

    patch.setattr(stock, "reserve", reserve)


def _payment_before_order(patch: Patch) -> None:
    """A message locks the payment first and the order then; staff the other way round."""

    def locked(payment_id: int) -> tuple[Order, Payment]:
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        return Order.objects.select_for_update().get(pk=payment.order_id), payment

    patch.setattr(settling, "_locked", locked)


def _slow_work_like_any_other(patch: Patch) -> None:
    real = outbox.handles

    def handles(topic: str, *, slow: bool = False, single: bool = False) -> Any:
        return real(topic, slow=False, single=single)

    patch.setattr("tests.concurrency.test_worker.handles", handles)


def _no_lock_and_no_key(patch: Patch) -> None:
    """Nobody waits for the buyer's account or the order, and the books take the same twice."""
    without(patch, settling, "hold_account", True)
    without_lock(patch, settling._locked, states.change_status, states._apply, parcels.open_lines)
    enter = settling.enter

    def twice(*arguments: Any, key: str, **options: Any) -> bool:
        return enter(*arguments, key=f"{key}:{uuid.uuid4()}", **options)

    patch.setattr(settling, "enter", twice)


def _change_before_account(patch: Patch) -> None:
    """A click locks the change of an address first, and the account then; asking anew comes in between."""
    without_lock(patch, email_change.confirm, model=User, pause=0)
    slowly(patch, email_change.throttle, "take", 0.25)
    slowly(patch, email_change, "_open", 0.6)


def _lines_before_baskets(patch: Patch) -> None:
    """Deleting an account deletes the lines of baskets before anybody has locked those."""
    found = personal.holdings()

    def forget(user: Any) -> None:
        BasketLine.objects.filter(basket__owner=user).delete()
        time.sleep(2 * PAUSE)
        Basket.objects.filter(owner=user).delete()

    changed = [replace(each, forget=forget) if each.forget is holdings._forget_baskets else each for each in found]
    assert changed != list(found)
    without(patch, personal, "holdings", changed)


def _turned_before_its_page_is_closed(patch: Patch) -> None:
    """Who chooses another way has it at once, whatever came through the page that is open."""

    def wish(order: Order, code: str) -> None:
        with transaction.atomic():
            ways.turn(Order.objects.select_for_update().get(pk=order.pk), code)

    patch.setattr(payments, "_wish", wish)


MUTATIONS: tuple[Mutation, ...] = (
    # ------------------------------------------------------------------ placing
    Mutation(
        "stock-in-any-order",
        "locking stock records in the order of their ids",
        _placement("test_buyers_of_the_same_things_in_any_order_do_not_wait_for_each_other_for_ever"),
        _locks_in_any_order,
    ),
    Mutation(
        "no-condition",
        "the condition in the statement that reserves",
        _placement("test_the_condition_alone_sells_no_more_than_there_is"),
        _no_condition_and_no_lock,
    ),
    Mutation(
        "voucher-lock",
        "the locks on vouchers and on offers with a limit",
        (
            *_placement("test_a_voucher_with_five_uses_is_used_five_times", "test_a_single_use_voucher_is_used_once"),
            *_crowd("test_two_hundred_buyers_with_a_voucher_of_five_uses"),
        ),
        lambda patch: without_lock(patch, orders._place, uses.lock_offers),
    ),
    Mutation(
        "offer-lock",
        "the lock on an offer with a limit",
        _crowd("test_two_hundred_buyers_under_an_offer_with_a_limit"),
        lambda patch: without_lock(patch, uses.lock_offers),
    ),
    Mutation(
        "checkout-token",
        "the locks on basket and checkout under which the token is looked up",
        _crowd("test_one_basket_submitted_sixteen_times"),
        lambda patch: without_lock(patch, orders.lock_checkout),
    ),
    Mutation(
        "cancel-lock",
        "the order's lock in a change of state",
        _placement("test_cancelling_at_once_gives_the_stock_back_once"),
        lambda patch: without_lock(patch, states.change_status, states._apply, parcels.open_lines),
    ),
    Mutation(
        "basket-lock",
        "the lock on a basket that is changed",
        _placement("test_adding_at_once_makes_one_basket_and_loses_nothing"),
        lambda patch: without_lock(patch, baskets._locked),
    ),
    # ------------------------------------------------------------------ gift cards
    Mutation(
        "gift-card-lock",
        "the lock on a gift card whose balance changes",
        _gift_cards("test_spent_blocked_and_changed_at_once"),
        lambda patch: without_lock(patch, spending.lock, gift_cards.adjust, gift_cards._turn),
    ),
    Mutation(
        "gift-cards-in-order",
        "locking gift cards in the order of their ids",
        _gift_cards("test_several_cards_in_any_order_do_not_wait_for_each_other_for_ever"),
        _gift_cards_in_any_order,
    ),
    Mutation(
        "gift-card-given-back",
        "the order's lock when gift cards are given back to, and the unique key behind it",
        _gift_cards("test_refunded_and_cancelled_at_once_gives_back_once"),
        _given_back_without_lock_and_key,
    ),
    Mutation(
        "gift-card-sent-lock",
        "the order's lock when its gift cards are issued, and when its buyer cancels",
        _gift_cards("test_cards_sent_and_their_order_cancelled_at_once_is_one_of_both"),
        lambda patch: without_lock(
            patch, buying.issue_bought, cancelling.cancel, states.change_status, states._apply, parcels.open_lines
        ),
    ),
    # ------------------------------------------------------------------ paying
    Mutation(
        "settle-lock",
        "the order's and the payment's lock when news is settled",
        _payments("test_paid_and_cancelled_at_once_adds_up_either_way"),
        lambda patch: (
            without(patch, settling, "hold_account", True),
            without_lock(patch, settling._locked, states.change_status, states._apply, parcels.open_lines),
        ),
    ),
    Mutation(
        "settle-lock-and-key",
        "those locks, and the unique key in the books behind them",
        _payments("test_the_same_news_sixteen_times_at_once"),
        _no_lock_and_no_key,
    ),
    Mutation(
        "refund-key",
        "the look for a refund with the same key, and the lock before it",
        _payments("test_one_key_at_once_is_one_refund"),
        lambda patch: without_lock(patch, refunds.refund),
        fails_with=(AssertionError, AttributeError),
    ),
    Mutation(
        "refund-by-hand",
        "the locks under which a refund made at Stripe is written down",
        _payments("test_a_refund_by_hand_heard_of_at_once_is_written_once"),
        lambda patch: (without(patch, settling, "hold_account", True), without_lock(patch, settling._locked)),
    ),
    Mutation(
        "one-live-payment",
        "the order's lock when a payment is begun",
        _payments("test_two_that_begin_at_once_get_one_payment"),
        lambda patch: without_lock(patch, payments._live),
        fails_with=(AssertionError, AttributeError),
    ),
    Mutation(
        "one-live-payment-constraint",
        "that lock, and the constraint behind it",
        _payments("test_two_that_begin_at_once_get_one_payment"),
        lambda patch: (
            without_lock(patch, payments._live),
            without_constraint(patch, Payment, "payment_one_live_per_order"),
        ),
    ),
    Mutation(
        "order-before-payment",
        "locking the order before its payment",
        _payments("test_staff_and_stripe_at_once_wait_for_each_other_and_never_for_ever"),
        _payment_before_order,
    ),
    Mutation(
        "way-chosen-lock",
        "the order's lock when another way to pay is chosen or a payment is begun",
        _ways(
            "test_card_and_bank_chosen_at_once_leave_no_page_open",
            "test_one_way_chosen_in_eight_windows_is_chosen_once",
        ),
        lambda patch: without_lock(patch, payments._wish, payments._live),
    ),
    Mutation(
        "way-chosen-page-first",
        "closing the page that is open before an order is turned to another way to pay",
        _ways("test_money_and_another_way_at_once_is_paid"),
        _turned_before_its_page_is_closed,
    ),
    # ------------------------------------------------------------------ the outbox
    Mutation(
        "dead-workers-rows",
        "that a lease runs out",
        _outbox("test_what_a_dead_worker_held_is_done_by_another"),
        lambda patch: patch.setattr("tests.concurrency.test_outbox.LEASE", timedelta(seconds=0)),
    ),
    Mutation(
        "slow-thread",
        "the thread of its own for slow work",
        _worker("test_quick_work_is_done_while_slow_work_goes_on"),
        _slow_work_like_any_other,
    ),
    # ------------------------------------------------------------------ people
    Mutation(
        "signing-in-twice",
        "the lock on both baskets, and the constraint that an account has one",
        _people("test_signing_in_twice_at_once_moves_everything_once"),
        lambda patch: (
            without_lock(patch, baskets._locked),
            without_constraint(patch, Basket, "basket_one_open_one_saved_per_owner"),
        ),
    ),
    Mutation(
        "basket-before-its-lines",
        "locking a basket before its lines are deleted",
        _people("test_a_basket_can_be_changed_while_its_account_is_deleted"),
        _lines_before_baskets,
    ),
    Mutation(
        "email-links",
        "the locks on account and change when a link is clicked",
        _emails("test_the_second_link_clicked_twice_changes_once", "test_both_links_at_once_change_it"),
        lambda patch: without_lock(patch, email_change.confirm),
    ),
    Mutation(
        "account-before-change",
        "locking the account before the change of its address",
        _emails("test_asking_anew_while_the_last_link_is_clicked_does_not_hang"),
        _change_before_account,
    ),
    # ------------------------------------------------------------------ search
    Mutation(
        "insight-lock",
        "the lock under which events are summed up",
        _insight("test_every_event_is_counted_once"),
        lambda patch: without(patch, insight, "_lock"),
    ),
    Mutation(
        "purchases-lock",
        "the lock on an order's lines while they are counted",
        _insight("test_an_order_that_several_workers_take_is_counted_once"),
        lambda patch: without_lock(patch, insight.count_purchases, model=Line),
    ),
    Mutation(
        "judgements-lock",
        "the lock on the queries that are judged",
        _judgements("test_an_import_waits_for_a_rating_that_is_taken_back"),
        lambda patch: without_lock(patch, relevance._held_queries, pause=0),
    ),
    Mutation(
        "book-lock",
        "the lock on the book of rules",
        _rules("test_the_same_draft_is_published_once", "test_rules_published_together_are_all_in_the_book"),
        lambda patch: (without(patch, rules, "_lock"), slowly(patch, rules, "_held")),
    ),
    Mutation(
        "draft-lock",
        "the rule's lock while a draft is saved",
        _rules("test_one_of_two_drafts_saved_together_is_kept_whole"),
        lambda patch: without_lock(patch, rules._held),
    ),
)
