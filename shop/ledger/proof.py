"""Do orders, payments, stock and the books agree? Each row that does not is named; nothing is changed.

A dozen queries, added up by the database and read a thousand rows at a time. Each rule is held by what one query sees at one
moment, so that a shop that sells meanwhile is not accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from shop.order.models import PAID, Line, ShipmentLine
from shop.partner.models import StockRecord
from shop.payment.models import Payment, Refund
from shop.returns.models import Return, ReturnLine
from shop.returns.selectors import HELD
from shop.sums import money_of, number_of

from .accounts import AT_ONCE, Account, accounts
from .models import StockMovement

# In these all of an order's lines are still open, and in those none is.
WHOLE = frozenset({"awaiting-payment", "paid"})
CLOSED = frozenset({"dispatched", "delivered", "cancelled"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that does not agree."""

    what: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}"


@dataclass(slots=True)
class Counted:
    """How much was looked at, while `findings` goes along."""

    orders: int = 0
    records: int = 0
    found: int = 0


_further: list[Callable[[], Iterator[Finding]]] = []


def proves(part: Callable[[], Iterator[Finding]]) -> Callable[[], Iterator[Finding]]:
    """Let the decorated function say what of its own does not agree with the books. Called in AppConfig.ready()."""
    if part not in _further:
        _further.append(part)
    return part


def findings(counted: Counted | None = None) -> Iterator[Finding]:
    """Everything that does not agree, as it is found."""
    seen = counted or Counted()
    for account in accounts():
        seen.orders += 1
        for problem in problems_of(account):
            seen.found += 1
            yield Finding(f"order {account.number}", problem)
    own = (_payments(), _stock(seen), _gone_records(), _lines(), _returned(), _paid_back())
    for part in (*own, *(further() for further in _further)):
        for finding in part:
            seen.found += 1
            yield finding


def problems_of(account: Account) -> Iterator[str]:
    """What is wrong with one order's money and lines."""
    yield from _sums(account)
    money = f"holds {account.held:.2f} {account.currency}"
    # A bank may take a whole payment of which a part went back before: that is its doing, and a loss, but no error here.
    if account.held - account.disputed < 0:
        yield f"{money}: more was given back than came"
    if account.status == settings.OSCAR_INITIAL_ORDER_STATUS:
        if account.left != account.gift_card_amount and not account.has_problem:
            yield f"{money} and still waits for its payment"
    elif account.status in PAID:
        if account.paid_in < account.total:
            yield f"is “{account.status}” for {account.total:.2f}, and only {account.paid_in:.2f} came"
        elif account.left > account.total and not account.has_problem:
            yield f"{money}, {account.refunds_wanted:.2f} of it on its way back; its total is {account.total:.2f}"
    elif account.status == "cancelled":
        owed = account.owed_if_cancelled
        # What came by bank goes back by hand, and staff was told of a payment that has a problem.
        if owed > account.by_bank and not account.has_problem:
            yield f"is cancelled, {owed:.2f} is owed back, and nothing sends it"
    else:
        yield f"is “{account.status}”, which is no state of an order"
    if account.status in CLOSED and account.open_lines:
        yield f"is “{account.status}”, and {account.open_lines} of its lines are open"
    if account.status in WHOLE and account.gone_lines:
        yield f"is “{account.status}”, and {account.gone_lines} of its lines are dispatched"


def _sums(account: Account) -> Iterator[str]:
    """Books and payment rows tell the same."""
    for word, entered, rows in (
        ("taken", account.captured, account.payments_captured),
        ("refunded", -account.refunded, account.refunds_sent),
        ("disputed", -account.disputed, account.disputes_open),
    ):
        if entered != rows:
            yield f"{entered:.2f} {word} in the books, {rows:.2f} in its payments"
    # More than refunds say where staff sent something that was for no return.
    if account.refunds_by_bank > -account.sent_back:
        yield f"{-account.sent_back:.2f} sent back by bank in the books, {account.refunds_by_bank:.2f} in its refunds"
    if account.by_gift_card != -account.off_gift_cards:
        yield f"{account.by_gift_card:.2f} by gift card in the books, {-account.off_gift_cards:.2f} off the cards"
    if not 0 <= account.by_gift_card <= account.gift_card_amount:
        yield f"holds {account.by_gift_card:.2f} by gift card; {account.gift_card_amount:.2f} of it was paid so"
    if account.has_other_currency and not account.has_problem:
        yield f"has entries in another currency than {account.currency}"


def _payments() -> Iterator[Finding]:
    """A payment took something if and only if it succeeded, and never gives back more."""
    refunds = Refund.objects.filter(payment=OuterRef("pk"), state__in=Refund.COUNTED)
    rows = Payment.objects.annotate(given=money_of(refunds, "amount", "payment")).order_by("pk")
    for pk, number, state, captured, back in rows.values_list(
        "pk", "order__number", "state", "captured", "given"
    ).iterator(chunk_size=AT_ONCE):
        what = f"payment {pk} of order {number}"
        if (state == Payment.State.SUCCEEDED) != (captured > 0):
            yield Finding(what, f"is “{state}” and took {captured:.2f}")
        if back > captured:
            yield Finding(what, f"took {captured:.2f} and gives back {back:.2f}")


def _stock(seen: Counted) -> Iterator[Finding]:
    """A stock record says what its movements add up to, and promises what open lines hold."""
    movements = StockMovement.objects.filter(stockrecord=OuterRef("pk"))
    lines = Line.objects.filter(stockrecord=OuterRef("pk"), status="open")
    rows = StockRecord.objects.annotate(
        moved_on_shelf=number_of(movements, "on_shelf", "stockrecord"),
        moved_promised=number_of(movements, "promised", "stockrecord"),
        wanted=number_of(lines, "num_allocated", "stockrecord"),
        on_shelf=Coalesce("num_in_stock", 0),
        promised=Coalesce("num_allocated", 0),
    ).order_by("pk")
    names = ("pk", "partner_sku", "on_shelf", "moved_on_shelf", "promised", "moved_promised", "wanted")
    for row in rows.values(*names).iterator(chunk_size=AT_ONCE):
        seen.records += 1
        what = f"stock record {row['pk']} ({row['partner_sku']})"
        if row["on_shelf"] != row["moved_on_shelf"]:
            yield Finding(what, f"{row['on_shelf']} on the shelf, and its movements come to {row['moved_on_shelf']}")
        if row["promised"] != row["moved_promised"]:
            yield Finding(what, f"{row['promised']} promised, and its movements come to {row['moved_promised']}")
        if row["promised"] != row["wanted"]:
            yield Finding(what, f"{row['promised']} promised, and open orders hold {row['wanted']}")
        if row["on_shelf"] < 0 or row["promised"] < 0:
            yield Finding(what, f"{row['on_shelf']} on the shelf, {row['promised']} promised: below nothing")


def _gone_records() -> Iterator[Finding]:
    """The movements of a stock record that was deleted come to nothing."""
    held = StockRecord.objects.filter(pk=OuterRef("stockrecord"))
    rows = StockMovement.objects.filter(~Exists(held)).order_by("stockrecord").values("stockrecord")
    sums = rows.annotate(shelf=Sum("on_shelf"), owed=Sum("promised")).exclude(shelf=0, owed=0)
    for row in sums.iterator(chunk_size=AT_ONCE):
        what = f"stock record {row['stockrecord']}, which is deleted"
        yield Finding(what, f"its movements come to {row['shelf']} on the shelf, {row['owed']} promised")


def _lines() -> Iterator[Finding]:
    """A line holds no more than is open of it, its state is what its numbers say, and its shipments are what left."""
    left = F("quantity") - F("dispatched") - F("cancelled")
    shipped = number_of(ShipmentLine.objects.filter(line=OuterRef("pk")), "quantity", "line")
    wrong = (
        Line.objects.annotate(left=left, shipped=shipped)
        .filter(
            Q(num_allocated__lt=0)
            | Q(num_allocated__gt=F("left"))
            | ~Q(shipped=F("dispatched"))
            | (Q(status="open") & Q(left__lte=0))
            | (~Q(status="open") & ~Q(left=0))
            | (Q(status="dispatched") & Q(dispatched=0))
            | (Q(status="cancelled") & Q(dispatched__gt=0))
            | (Q(dispatched=0) & ~Q(dispatched_amount=0))
            | (Q(dispatched=F("quantity")) & ~Q(dispatched_amount=F("line_price_incl_tax")))
            | Q(dispatched_amount__gt=F("line_price_incl_tax"))
        )
        .order_by("pk")
    )
    names = ("status", "num_allocated", "quantity", "dispatched", "cancelled", "shipped")
    for row in wrong.values("pk", "order__number", "dispatched_amount", *names).iterator(chunk_size=AT_ONCE):
        status, held, quantity, dispatched, cancelled, shipped_ = (row[name] for name in names)
        said = f"is “{status}” for {quantity}, and holds {held}"
        said += f"; {dispatched} dispatched for {row['dispatched_amount']:.2f}, {cancelled} cancelled"
        if shipped_ != dispatched:
            said += f"; its shipments have {shipped_}"
        yield Finding(f"line {row['pk']} of order {row['order__number']}", said)


def _returned() -> Iterator[Finding]:
    """No more comes back than has left, and the shelf got what returns put there."""
    rows = ReturnLine.objects.filter(line=OuterRef("pk"))
    movements = StockMovement.objects.filter(line=OuterRef("pk"), kind=StockMovement.Kind.RETURNED)
    lines = Line.objects.annotate(
        back=number_of(rows, HELD, "line"),
        restocked=number_of(rows, "restocked", "line"),
        moved=number_of(movements, "on_shelf", "line"),
    )
    # More movements than returns put there, too: whatever comes back on the shelf is of a return.
    wrong = lines.filter(Q(back__gt=F("dispatched")) | Q(restocked__gt=F("dispatched")) | ~Q(restocked=F("moved")))
    names = ("pk", "order__number", "dispatched", "back", "restocked", "moved")
    for row in wrong.order_by("pk").values(*names).iterator(chunk_size=AT_ONCE):
        said = f"{row['dispatched']} left, {row['back']} are in returns, {row['restocked']} of them put on the shelf"
        yield Finding(f"line {row['pk']} of order {row['order__number']}", f"{said}; its movements say {row['moved']}")


def _paid_back() -> Iterator[Finding]:
    """A return that is refunded has its refund; one that is not has none."""
    refunded = Q(state=Return.State.REFUNDED)
    rows = Return.objects.annotate(worth=Coalesce(Sum("lines__amount"), Decimal(0)))
    wrong = rows.filter((refunded & Q(refund=None)) | (~refunded & (Q(worth__gt=0) | Q(refund__isnull=False))))
    for number, state, worth in (
        wrong.order_by("pk").values_list("number", "state", "worth").iterator(chunk_size=AT_ONCE)
    ):
        yield Finding(f"return {number}", f"is “{state}”, {worth:.2f} of it is paid back, and nothing sends it")
