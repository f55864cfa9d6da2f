"""Guards of what leaves the house and of what comes back."""

from __future__ import annotations

from functools import partial

from shop.order import parcels, shipments, states
from shop.payment import refunds
from shop.returns import operations

from .guards import Patch, slowly, without_lock
from .mutation import Mutation, within

_leaving = partial(within, "tests/concurrency/test_shipments.py")
_coming_back = partial(within, "tests/concurrency/test_returns.py")
# Where two things are made of one, or both of two take place.
TWO = (AssertionError, AttributeError, ValueError)


def _dispatch_lock(patch: Patch) -> None:
    without_lock(patch, shipments.dispatch, states.change_status, parcels.open_lines)


def _refund_lock(patch: Patch) -> None:
    """And whoever has worked out a refund takes long to write it: a return is read for longer than a refund by hand."""
    without_lock(patch, operations._locked, refunds.refund)
    slowly(patch, refunds, "quote", 1.0)


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "dispatch-lock",
        "the order's lock where something leaves",
        _leaving(
            "test_no_more_leaves_than_was_ordered",
            "test_one_form_sent_sixteen_times_is_one_shipment",
            "test_leaving_and_cancelling_at_once_adds_up_either_way",
        ),
        _dispatch_lock,
        fails_with=TWO,
    ),
    Mutation(
        "return-asked-lock",
        "the order's lock where a return is asked for",
        _coming_back("test_no_more_is_asked_for_than_left", "test_one_form_sent_sixteen_times_is_one_return"),
        lambda patch: without_lock(patch, operations.ask),
        fails_with=TWO,
    ),
    Mutation(
        "return-step-lock",
        "the order's and the return's lock at each of its steps",
        _coming_back(
            "test_taken_in_sixteen_times_it_is_on_the_shelf_once",
            "test_paid_back_sixteen_times_it_is_one_refund",
            "test_received_and_withdrawn_at_once_is_one_of_both",
        ),
        lambda patch: without_lock(patch, operations._locked),
        fails_with=TWO,
    ),
    Mutation(
        "return-refund-lock",
        "the order's lock of refunds, by hand and of returns",
        _coming_back("test_a_return_and_a_refund_by_hand_pay_for_a_thing_once"),
        _refund_lock,
        fails_with=TWO,
    ),
)
