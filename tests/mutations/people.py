"""Guards of people's accounts that are deleted while something happens to what is theirs."""

from __future__ import annotations

from functools import partial

from shop.accounts import deletion
from shop.order import cancelling
from shop.order.models import Order
from shop.payment import settling
from shop.returns import operations

from .guards import without, without_lock
from .mutation import Mutation, within

_deletion = partial(within, "tests/concurrency/test_deletion.py")

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "account-before-return",
        "holding the account of whoever does something to a return before the order",
        _deletion(
            "test_a_return_is_asked_for",
            "test_a_return_is_withdrawn",
            "test_who_was_deleted_meanwhile_asks_for_nothing",
        ),
        lambda patch: without(patch, operations, "hold_account", True),
    ),
    Mutation(
        "account-before-cancelled-order",
        "holding the account of whoever cancels an order before the order",
        _deletion("test_an_order_is_cancelled"),
        lambda patch: without(patch, cancelling, "hold_account", True),
    ),
    Mutation(
        "account-before-payment",
        "holding the buyer's account before the order when news of a payment is settled",
        _deletion("test_money_comes_late_for_an_order_with_a_voucher"),
        lambda patch: without(patch, settling, "hold_account", True),
    ),
    Mutation(
        "orders-before-forgetting",
        "locking the orders of an account before anything about it is forgotten",
        _deletion("test_what_is_being_written_is_forgotten_as_well"),
        lambda patch: without_lock(patch, deletion.delete_account, model=Order, pause=0),
    ),
)
