"""Guards of invoices: their numbers, and that there is one."""

from __future__ import annotations

from functools import partial

from shop.invoices import numbers, operations

from .guards import without_lock, without_transaction
from .mutation import Mutation, within

_invoices = partial(within, "tests/concurrency/test_invoices.py")

MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "invoice-number-lock",
        "the lock of the counter of numbers",
        _invoices("test_two_hundred_invoices_by_eight_threads_have_no_gap"),
        lambda patch: without_lock(patch, numbers.next_number),
    ),
    Mutation(
        "invoice-order-lock",
        "the order's lock where it is looked what is missing",
        _invoices("test_eight_workers_on_one_order_issue_one"),
        lambda patch: without_lock(patch, operations.issue_missing),
        # What a unique constraint refuses is no list of documents.
        fails_with=(AssertionError, TypeError),
    ),
    Mutation(
        "invoice-transaction",
        "the transaction around number and document",
        _invoices(
            "test_where_every_tenth_fails_and_is_tried_again_there_is_no_gap",
            "test_a_worker_that_is_killed_leaves_no_gap",
        ),
        lambda patch: without_transaction(patch, operations),
    ),
)
