"""Guards against processes that die in the middle of something."""

from __future__ import annotations

import os
import time
import uuid
from functools import partial
from typing import Any

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import transaction

from shop.giftcards import buying, spending
from shop.giftcards import operations as gift_cards
from shop.invoices import operations as invoices
from shop.mail import operations as mails
from shop.mail.models import SentMail
from shop.order import operations as orders
from shop.order import shipments, states
from shop.outbox import operations as outbox
from shop.outbox.models import OutboxEntry
from shop.payment import gateway, reconcile, refunds, settling, webhooks
from shop.payment.models import WebhookEvent
from shop.returns import operations as returns

from .guards import Patch, without, without_transaction
from .mutation import Mutation, within

_kills = partial(within, "tests/faults/test_kills.py")
_after_sale = partial(within, "tests/faults/test_kills_after_sale.py")
_gift_cards = partial(within, "tests/faults/test_kills_gift_cards.py")
# What a person is told who presses again, where the first try was done by half.
REFUSED = (AssertionError, shipments.DispatchError, states.InvalidTransition, returns.ReturnError, refunds.RefundError)


def _a_new_key_for_each_try(patch: Patch) -> None:
    patch.setattr(gateway, "_once", lambda key: {"idempotency_key": str(uuid.uuid4())})


def _noted_before_its_effect(patch: Patch) -> None:
    """A message is written down as done, and then its effect follows."""

    def take_in(event: Any, *, again: bool = False) -> WebhookEvent:
        row, is_new = WebhookEvent.objects.get_or_create(
            event_id=event.id, defaults={"type": event.type, "state": "done", "happened_at": event.happened_at}
        )
        if is_new and (effect := webhooks._effect(event)):
            effect()
        return row

    patch.setattr(webhooks, "take_in", take_in)


def _deleted_before_it_is_done(patch: Patch, pause: float = 0) -> None:
    """The worker takes rows out of the outbox when it claims them. One that can be killed holds a mail for `pause` seconds."""
    claim, is_the_tests_own = outbox._claim, "MUTATION" not in os.environ

    def claimed(*arguments: Any) -> Any:
        entries = claim(*arguments)
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
        if not is_the_tests_own and any(entry.topic == mails.TOPIC for entry in entries):
            time.sleep(pause)
        return entries

    patch.setattr(outbox, "_claim", claimed)


def _sends_without_looking(patch: Patch) -> None:
    """Nobody looks whether a mail was sent already."""

    class Nothing:
        def first(self) -> None:
            return None

    class Rows:
        def filter(self, **_: Any) -> Nothing:
            return Nothing()

        def get_or_create(self, **values: Any) -> Any:
            return SentMail.objects.get_or_create(**values)

    class Model:
        objects = Rows()

    patch.setattr("shop.mail.operations.SentMail", Model)


def _refund_is_asked_for_after_the_commit(patch: Patch) -> None:
    """The row is written in the transaction, and the work for it when that is over."""

    def later(*arguments: Any, **options: Any) -> None:
        transaction.on_commit(lambda: outbox.enqueue(*arguments, **options))

    patch.setattr(refunds, "enqueue", later)


def _cards_pay_after_the_commit(patch: Patch) -> None:
    """The order is written in the transaction, and gift cards pay their part when that is over."""
    real = spending.spend
    patch.setattr(spending, "spend", lambda order, parts: transaction.on_commit(lambda: real(order, parts)))


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "stripe-key",
        "the key in our row under which Stripe is asked",
        _kills("test_placing_and_the_buyer_presses_again"),
        _a_new_key_for_each_try,
    ),
    Mutation(
        "pages-never-opened",
        "that the reconciliation gives up pages that were never opened",
        (
            *_kills("test_placing_and_the_buyer_goes_away"),
            *_gift_cards("test_paying_with_one_and_the_buyer_goes_away"),
        ),
        lambda patch: without(patch, reconcile, "_pages_never_opened", ()),
    ),
    Mutation(
        "message-with-its-effect",
        "that a message is written down in the transaction of its effect",
        _kills("test_the_message_of_a_payment"),
        _noted_before_its_effect,
        only="told again",
    ),
    Mutation(
        "reconciliation",
        "the reconciliation",
        _kills("test_the_message_of_a_payment"),
        lambda patch: patch.setattr("tests.faults.shopping.differences", lambda **_: ()),
        only="never told again",
    ),
    Mutation(
        "outbox-until-done",
        "that work stays in the outbox until it is done",
        _kills("test_the_worker_after_a_payment"),
        _deleted_before_it_is_done,
    ),
    Mutation(
        "outbox-until-done-in-traffic",
        "that work stays in the outbox until it is done",
        within("tests/faults/test_processes.py", "test_killed_in_the_middle_of_traffic"),
        # So long that whoever is killed has a mail in hand: what else is lost, the reconciliation finds.
        lambda patch: _deleted_before_it_is_done(patch, pause=5.0),
    ),
    Mutation(
        "mail-is-noted",
        "the look whether a mail was sent",
        _kills("test_the_worker_after_a_payment"),
        _sends_without_looking,
    ),
    Mutation(
        "settled-at-once",
        "the one transaction of a payment's state and what follows from it",
        _kills("test_the_reconciliation", "test_money_that_comes_late"),
        lambda patch: without_transaction(patch, settling, webhooks),
    ),
    Mutation(
        "refund-and-its-work",
        "that a refund and the work for it are written in one transaction",
        (
            *_kills("test_cancelling_and_sending_the_money_back"),
            *_after_sale("test_cancelling_the_rest_of_what_has_partly_left", "test_a_refund_and_its_credit_note"),
            *_gift_cards("test_cancelling_gives_back_to_card_and_payment"),
        ),
        _refund_is_asked_for_after_the_commit,
    ),
    Mutation(
        "state-at-once",
        "the one transaction of a change of state",
        _kills("test_expiry"),
        lambda patch: without_transaction(patch, states),
    ),
    # ------------------------------------------------------------------ after the sale
    Mutation(
        "shipment-at-once",
        "the one transaction of what leaves, its stock and its mail",
        _after_sale("test_dispatching"),
        lambda patch: without_transaction(patch, shipments, states),
        fails_with=REFUSED,
    ),
    Mutation(
        "return-at-once",
        "the one transaction of each step of a return",
        _after_sale("test_a_return_that_is_asked_for_and_approved", "test_a_return_that_is_received_and_refunded"),
        lambda patch: without_transaction(patch, returns, refunds),
        fails_with=REFUSED,
    ),
    Mutation(
        "number-with-its-document",
        "the one transaction of a document and its number",
        (*_kills("test_the_worker_after_a_payment"), *_after_sale("test_a_refund_and_its_credit_note")),
        lambda patch: without_transaction(patch, invoices),
    ),
    # ------------------------------------------------------------------ gift cards
    Mutation(
        "card-issued-at-once",
        "the one transaction in which a gift card gets its code, its money and its mail",
        _gift_cards("test_buying_one"),
        lambda patch: without_transaction(patch, buying, gift_cards, states),
    ),
    Mutation(
        "card-pays-with-the-order",
        "that gift cards pay in the transaction of the order",
        _gift_cards("test_paying_with_one_and_by_card_for_the_rest"),
        _cards_pay_after_the_commit,
    ),
    Mutation(
        "placed-at-once",
        "the one transaction of an order, its stock and what pays for it",
        _gift_cards("test_paying_with_nothing_else"),
        lambda patch: without_transaction(patch, orders),
        fails_with=(AssertionError, ObjectDoesNotExist, MultipleObjectsReturned),
    ),
    Mutation(
        "card-given-back-at-once",
        "the one transaction of a refund and what gift cards get of it",
        _gift_cards("test_refunding_to_one"),
        lambda patch: without_transaction(patch, refunds),
        fails_with=REFUSED,
    ),
)
