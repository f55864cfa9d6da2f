"""Credit notes take an invoice apart: whatever is taken in whatever order, every rate comes to exactly what was invoiced."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.invoices.parts import Part, Remaining, by_rate, rate_between
from shop.invoices.words import clean, rate_of, text_of
from shop.payment.currencies import rounded, smallest

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "ISK"])


@st.composite
def invoices(draw: st.DrawFn) -> tuple[str, list[Part]]:
    """Lines at several rates, in whole coins of a currency, tax in or out."""
    currency = draw(CURRENCIES)
    step = smallest(currency)
    parts = []
    for number in range(draw(st.integers(1, 6))):
        rate = draw(st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.19"), Decimal("0.2")]))
        gross = draw(st.integers(0, 50_000)) * step
        parts.append(Part(f"line-{number}", rate_of(rate), rounded(gross / (1 + rate), currency), gross, 1))
    return currency, parts


@given(invoices(), st.data())
def test_every_way_of_crediting_an_invoice_comes_to_all_of_it(
    invoice: tuple[str, list[Part]], data: st.DataObject
) -> None:
    currency, parts = invoice
    step, sums = smallest(currency), by_rate(parts)
    credited: list[Part] = []
    for _round in range(data.draw(st.integers(1, 5))):
        left = Remaining(parts, credited, currency)
        amount = data.draw(st.integers(0, int(left.gross / step))) * step
        if data.draw(st.booleans()):
            part = data.draw(st.sampled_from(parts))
            amount = min(amount, part.gross)
            taken = left.take(part.key, amount, 1)
        else:
            taken = left.spread(amount)
        assert sum((each.gross for each in taken), Decimal(0)) == amount
        assert all(each.net >= 0 and each.tax >= 0 and not each.gross % step for each in taken)
        credited += taken
    credited += Remaining(parts, credited, currency).all()
    for rate, total in by_rate(credited).items():
        assert (total.net, total.gross) == (sums[rate].net, sums[rate].gross)
    assert Remaining(parts, credited, currency).gross == 0


def test_a_line_that_goes_back_one_by_one_has_its_own_net() -> None:
    line = Part("line-1", "0.2", Decimal("2.50"), Decimal("3.00"), 3)
    left = Remaining([line, Part("line-2", "0.2", Decimal("8.33"), Decimal("10.00"), 1)], [], "GBP")
    nets = [left.take("line-1", Decimal(1), 1)[0].net for _ in range(3)]
    assert nets == [Decimal("0.83"), Decimal("0.84"), Decimal("0.83")] and left.gross == 10
    assert left.take("line-2", Decimal(10), 1)[0].net == Decimal("8.33")


def test_a_line_is_credited_in_full_after_a_reduction_and_the_rest_comes_off_the_others() -> None:
    bread, cup = Part("line-1", "0", Decimal(10), Decimal(10), 1), Part("line-2", "0.2", Decimal(10), Decimal(12), 1)
    left = Remaining([bread, cup], left_over := [], "GBP")
    left_over += left.spread(Decimal(11))
    assert [(part.rate, part.gross) for part in left_over] == [("0.2", Decimal(6)), ("0", Decimal(5))]
    parts = left.take("line-1", Decimal(10), 1)
    assert [(part.key, part.gross, part.net) for part in parts] == [
        ("line-1", Decimal(5), Decimal(5)), ("", Decimal(5), Decimal("4.17")),
    ]  # fmt: skip


def test_the_rate_of_a_delivery_is_the_one_that_comes_to_it() -> None:
    known = [Decimal("0.05"), Decimal("0.2")]
    assert rate_between(Decimal("3.29"), Decimal("3.95"), known, "GBP") == "0.2"
    assert rate_between(Decimal("3.00"), Decimal("3.30"), known, "GBP") == "0.1"
    assert rate_between(Decimal(0), Decimal(0), [Decimal(0)], "GBP") == "0"


def test_amounts_keep_the_places_of_their_currency() -> None:
    assert text_of(Decimal("3.5"), "GBP") == "3.50"
    assert text_of(Decimal("3300.00"), "JPY") == "3300"
    # Nothing is rounded away.
    assert text_of(Decimal("833.33"), "JPY") == "833.33"
    assert (rate_of("0.2000"), rate_of(Decimal("0.0000")), rate_of("0.0550")) == ("0.2", "0", "0.055")


def test_text_is_one_line_of_what_can_be_seen() -> None:
    assert clean("Ada\r\n\tFenwick\x00\x1b[31m") == "Ada Fenwick[31m"
    assert clean("\u202eevil\u202c\u200b\ufeff  bowl\u2028next") == "evil bowl next"
    assert clean("e\u0301") == "é" and clean(None) == "" and len(clean("x" * 5000)) == 600


def test_what_is_left_keeps_the_names_of_what_it_is_for() -> None:
    """A refund that goes two ways has two documents; the second is no reduction in price."""
    parts = [
        Part("line-1", "20", Decimal("50.00"), Decimal("60.00"), 3),
        Part("delivery", "20", Decimal(5), Decimal(6)),
    ]
    credited = [Part("line-1", "20", Decimal("16.67"), Decimal("20.00"), 2)]
    left = Remaining(parts, credited, "GBP").all()
    assert [(each.key, each.net, each.gross, each.quantity) for each in left] == [
        ("line-1", Decimal("33.33"), Decimal("40.00"), 1),
        ("delivery", Decimal(5), Decimal(6), 0),
    ]
    nameless = [Part("", "20", Decimal("8.33"), Decimal("10.00"))]
    [one] = Remaining(parts, nameless, "GBP").all()
    assert (one.key, one.gross) == ("", Decimal("56.00")), "who knows what was meant by those ten pounds"
