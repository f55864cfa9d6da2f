"""What a document is about, part by part, each with its tax. Parts always add up to the whole, to the smallest coin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.payment.currencies import rounded, smallest

from .words import rate_of, text_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a rate, for a line, the delivery, or nothing that has a name. `key` is "line-<id>", "delivery" or empty."""

    key: str
    rate: str
    net: Decimal
    gross: Decimal
    quantity: int = 0

    @property
    def tax(self) -> Decimal:
        """What of it is tax."""
        return self.gross - self.net

    def data(self, currency: str) -> dict[str, Any]:
        """As JSON."""
        amounts = {"net": self.net, "tax": self.tax, "gross": self.gross}
        return {
            "key": self.key,
            "rate": self.rate,
            "quantity": self.quantity,
            **{name: text_of(amount, currency) for name, amount in amounts.items()},
        }


def read(row: Mapping[str, Any]) -> Part:
    """A part out of JSON."""
    return Part(row["key"], row["rate"], Decimal(row["net"]), Decimal(row["gross"]), row["quantity"])


def by_rate(parts: Iterable[Part]) -> dict[str, Part]:
    """The sums of each rate, the highest first."""
    sums: dict[str, Part] = {}
    for part in parts:
        held = sums.get(part.rate, Part("", part.rate, ZERO, ZERO))
        sums[part.rate] = Part("", part.rate, held.net + part.net, held.gross + part.gross)
    return dict(sorted(sums.items(), key=lambda each: -Decimal(each[0])))


def rate_between(net: Decimal, gross: Decimal, known: Sequence[Decimal], currency: str) -> str:
    """The rate by which `gross` has `net` in it: the first of `known` that comes to it, else what it comes to itself."""
    for rate in known:
        if rounded(gross / (1 + rate), currency) == net:
            return rate_of(rate)
    return rate_of(((gross - net) / net).quantize(Decimal("0.001"))) if net > 0 else "0"


class Remaining:
    """What of an invoice is not credited yet. Whatever is taken from it, its rates never fall below 0 and all of it comes to all."""

    def __init__(self, invoiced: Sequence[Part], credited: Iterable[Part], currency: str) -> None:
        """`credited` are the parts of earlier credit notes; those of cancelled ones with their amounts below 0."""
        self.currency, self.step = currency, smallest(currency)
        self.invoiced = {part.key: part for part in invoiced}
        self.rates = {rate: [sums.net, sums.gross] for rate, sums in by_rate(invoiced).items()}
        self.taken: dict[str, Decimal] = {}
        self.counted: dict[str, int] = {}
        self.is_whole = True
        for part in credited:
            self.is_whole = False
            self._note(part)

    @property
    def gross(self) -> Decimal:
        """All that is left."""
        return sum((gross for _net, gross in self.rates.values()), ZERO)

    def all(self) -> list[Part]:
        """Everything that is left: part by part, but for the rates of which something was credited to nothing by name."""
        if self.is_whole:
            return [part for part in self.invoiced.values() if part.gross]
        return [part for rate in list(self.rates) for part in self._all_of(rate)]

    def _all_of(self, rate: str) -> list[Part]:
        net, gross = self.rates[rate]
        named = [(whole, self._left_of(whole)) for whole in self.invoiced.values() if whole.rate == rate]
        named = [(whole, left) for whole, left in named if left]
        if not gross or min((left for _whole, left in named), default=ZERO) < 0:
            return [Part("", rate, net, gross)] if gross else []
        if sum((left for _whole, left in named), ZERO) != gross:
            return [Part("", rate, net, gross)]
        parts = []
        for whole, left in named:
            exact = whole.net - self._share(whole, whole.gross - left)
            number = max(whole.quantity - self.counted.get(whole.key, 0), 0)
            # The last one takes what net is left, so that all of it comes to all.
            parts.append(self._take(Part(whole.key, rate, exact, left, number)))
        return parts

    def _left_of(self, whole: Part) -> Decimal:
        return whole.gross - self.taken.get(whole.key, ZERO)

    def take(self, key: str, gross: Decimal, quantity: int = 0) -> list[Part]:
        """Credit so much of a line or the delivery. More than is left of its rate is taken off the others."""
        whole = self.invoiced[key]
        own = min(gross, self.rates[whole.rate][1])
        parts = []
        if own:
            before = self.taken.get(key, ZERO)
            exact = self._share(whole, before + own) - self._share(whole, before)
            parts.append(self._take(Part(key, whole.rate, exact, own, quantity)))
        return parts + self.spread(gross - own)

    def spread(self, gross: Decimal) -> list[Part]:
        """Credit so much of nothing by name: off every rate, by what is left of each."""
        left = {rate: sums[1] for rate, sums in self.rates.items() if sums[1] > 0}
        total = sum(left.values(), ZERO)
        gross = min(gross, total)
        if gross <= 0:
            return []
        shares = {rate: gross * amount / total // self.step * self.step for rate, amount in left.items()}
        rest = gross - sum(shares.values(), ZERO)
        # A coin each for those that lost most by rounding, and what is left after that wherever there is room.
        for rate in sorted(left, key=lambda each: (shares[each] - gross * left[each] / total, each)):
            extra = min(rest, self.step, left[rate] - shares[rate])
            shares[rate] += extra
            rest -= extra
        for rate in left:
            extra = min(rest, left[rate] - shares[rate])
            shares[rate] += extra
            rest -= extra
        parts = []
        for rate, share in shares.items():
            if share:
                net, all_of_it = self.rates[rate]
                parts.append(self._take(Part("", rate, rounded(net * share / all_of_it, self.currency), share)))
        return parts

    def _share(self, whole: Part, gross: Decimal) -> Decimal:
        """The net in the first so much of a part: all of it has all of its net."""
        return rounded(whole.net * gross / whole.gross, self.currency) if gross < whole.gross else whole.net

    def _take(self, wanted: Part) -> Part:
        """The part, with a net that leaves neither net nor tax of its rate below 0, and the rest of both with the rest."""
        net, gross = self.rates[wanted.rate]
        exact = net if wanted.gross == gross else min(max(wanted.net, wanted.gross - (gross - net)), net)
        part = Part(wanted.key, wanted.rate, exact, wanted.gross, wanted.quantity)
        self._note(part)
        return part

    def _note(self, part: Part) -> None:
        sums = self.rates.setdefault(part.rate, [ZERO, ZERO])
        sums[0] -= part.net
        sums[1] -= part.gross
        if part.key:
            self.taken[part.key] = self.taken.get(part.key, ZERO) + part.gross
            self.counted[part.key] = self.counted.get(part.key, 0) + part.quantity
