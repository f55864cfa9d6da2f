"""The PDF of a document, drawn from what was frozen when it was issued, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from django.utils.translation import gettext as _
from django.utils.translation import override, to_locale

from .models import Invoice
from .sheet import (
    BODY,
    LABEL,
    NAME,
    SMALL,
    STRONG,
    TITLE,
    TOTAL,
    Column,
    Sheet,
    Style,
    has_signs_for,
    width_of,
    wrapped,
)

KIND = Invoice.Kind
Data = Mapping[str, Any]
GAP = 10.0


def render(data: Data) -> bytes:
    """The PDF of a document. The same data is always the same bytes."""
    with override(data["language"]):
        return _Drawing(data).bytes()


def title_of(data: Data) -> str:
    """What a document is called: Invoice INV-000123. In the active language."""
    words = {
        KIND.INVOICE: _("Invoice"),
        KIND.CREDIT_NOTE: _("Credit note"),
        KIND.REVERSAL: _("Cancellation of a credit note"),
    }
    return f"{words[KIND(data['kind'])]} {data['code']}"


class _Drawing:
    """One document while it is drawn, from the top to the bottom."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.locale = Locale.parse(to_locale(data["language"]))
        self.sheet = Sheet(data["paper"], self._running_head)
        self.is_invoice = data["kind"] == KIND.INVOICE
        self.columns = self._columns()

    def bytes(self) -> bytes:
        """All of it."""
        self._top()
        self._addresses()
        self.sheet.heads(self.columns)
        for row in self.data["lines"]:
            self._row(row)
        self._sums()
        self._taxes()
        self._closing()
        facts = {
            "title": title_of(self.data),
            "author": self.data["seller"]["name"],
            "subject": _("Order %(number)s") % {"number": self.data["order"]},
            "language": self.data["language"],
        }
        return self.sheet.document(foot=self._foot, facts=facts)

    # ------------------------------------------------------------------ values
    def money(self, amount: str, *, sign: int = 1) -> str:
        """An amount with all its places, in the document's language; by its code where the face lacks the currency's sign."""
        value, currency = sign * Decimal(amount), self.data["currency"]
        text = format_currency(value, currency, locale=self.locale)
        if not has_signs_for(text):
            text = format_currency(value, currency, format="#,##0.00\xa0¤¤", locale=self.locale)
        return text.replace("-", "−")

    def rate(self, rate: str) -> str:
        """A rate of tax: 20 %."""
        return format_percent(Decimal(rate), format="#,##0.##\xa0%", locale=self.locale)

    def day(self, day: str) -> str:
        """A day in words."""
        return format_date(date.fromisoformat(day), format="long", locale=self.locale)

    # ------------------------------------------------------------------ above the table
    def _top(self) -> None:
        sheet, seller = self.sheet, self.data["seller"]
        half = sheet.width * 0.54
        left = sheet.lines([seller["name"]], 0, sheet.y, half - GAP, NAME)
        left = sheet.lines([line for line in seller["address"] if line != seller["name"]], 0, left, half - GAP, SMALL)
        right = sheet.lines(
            [title_of(self.data).removesuffix(self.data["code"]).strip()], half, sheet.y - 5, sheet.width - half, TITLE
        )
        for name, value in self._facts():
            sheet.text(name, half, right + 1, LABEL, within=76)
            for part in wrapped(value, BODY.font, BODY.size, sheet.width - half - 82):
                sheet.text(part, half + 82, right, BODY)
                right += BODY.leading
        sheet.y = max(left, right) + 22

    def _facts(self) -> list[tuple[str, str]]:
        facts = [
            (_("Document number"), self.data["code"]),
            (_("Date"), self.day(self.data["on"])),
            (_("Order number"), self.data["order"]),
            (_("Ordered on"), self.day(self.data["placed_on"])),
        ]
        if not self.is_invoice:
            invoice = self.data["corrects"]
            facts.append((_("For invoice"), f"{invoice['code']}, {self.day(invoice['on'])}"))
        return facts

    def _addresses(self) -> None:
        sheet, buyer, goes_to = self.sheet, self.data["buyer"], self.data["goes_to"]
        half = sheet.width * 0.54
        top, ends = sheet.y, [sheet.y]
        if buyer:
            sheet.text(_("Bill to"), 0, top, LABEL)
            ends.append(sheet.lines(buyer, 0, top + LABEL.leading + 1, half - GAP))
        if goes_to and goes_to != buyer:
            sheet.text(_("Goes to"), half, top, LABEL)
            ends.append(sheet.lines(goes_to, half, top + LABEL.leading + 1, sheet.width - half))
        sheet.y = max(ends) + 22

    # ------------------------------------------------------------------ the table
    def _columns(self) -> Sequence[Column]:
        if self.is_invoice:
            widths = [(_("Quantity"), 46.0), (_("Each"), 68.0), (_("VAT"), 44.0), (_("Amount"), 74.0)]
            if any(Decimal(row["discount"]) for row in self.data["lines"]):
                widths.insert(2, (_("Discount"), 64.0))
        else:
            widths = [(_("Quantity"), 46.0), (_("VAT"), 44.0), (_("Net"), 68.0), (_("Amount"), 74.0)]
        x = self.sheet.width - sum(width for _title, width in widths)
        columns = [Column(_("Description"), 0, x - GAP)]
        for title, width in widths:
            columns.append(Column(title, x + 4, width - 4, right=True))
            x += width
        return columns

    def _row(self, row: Data) -> None:
        first = self.columns[0]
        title = wrapped(row.get("title") or self._unnamed(row), BODY.font, BODY.size, first.width)
        below = wrapped(row.get("options", ""), SMALL.font, SMALL.size, first.width)
        below += wrapped(row.get("sku", ""), SMALL.font, SMALL.size, first.width)
        height = len(title) * BODY.leading + len(below) * SMALL.leading + 5
        if self.sheet.need(height):
            self.sheet.heads(self.columns)
        y = self.sheet.y
        for column, value in zip(self.columns[1:], self._cells(row), strict=True):
            self.sheet.text(value, column.x + column.width, y, right=True, within=column.width)
        for part in title:
            self.sheet.text(part, 0, y)
            y += BODY.leading
        for part in below:
            self.sheet.text(part, 0, y, SMALL)
            y += SMALL.leading
        self.sheet.y = y + 5

    def _unnamed(self, row: Data) -> str:
        """What a part of a correction is called that is for no line."""
        return _("Delivery") if row["key"] == "delivery" else _("Reduction in price")

    def _cells(self, row: Data) -> list[str]:
        quantity = str(row["quantity"]) if row["quantity"] else ""
        if not self.is_invoice:
            return [quantity, self.rate(row["rate"]), self.money(row["net"]), self.money(row["gross"])]
        cells = [quantity, self.money(row["each"]), self.rate(row["rate"]), self.money(row["gross"])]
        if len(self.columns) > 5:
            cells.insert(2, self.money(row["discount"], sign=-1) if Decimal(row["discount"]) else "")
        return cells

    # ------------------------------------------------------------------ below the table
    def _sums(self) -> None:
        sheet, data = self.sheet, self.data
        rows: list[tuple[str, str, Style]] = []
        if self.is_invoice:
            rows.append((_("Goods"), self.money(data["goods"]), BODY))
            rows += [
                (each["title"] or _("Discount"), self.money(each["amount"], sign=-1), BODY)
                for each in data["discounts"]
            ]
            if delivery := data["delivery"]:
                rows.append((delivery["title"] or _("Delivery"), self.money(delivery["gross"]), BODY))
        total = _("Total") if self.is_invoice else _("Amount credited")
        if data["kind"] == KIND.REVERSAL:
            total = _("Amount charged again")
        rows.append((total, self.money(data["totals"]["gross"]), TOTAL))
        amount = 92.0
        x, width = sheet.width * 0.46, sheet.width * 0.54 - amount
        names = [wrapped(name, style.font, style.size, width) or [""] for name, _value, style in rows]
        # All of it together with what comes below, where that is not longer than a page.
        below = 70 + len(data["rates"]) * SMALL.leading + len(self._sentences()) * BODY.leading
        sheet.need(min(sum(len(each) for each in names) * BODY.leading + 40 + below, sheet.bottom - 120))
        sheet.rule(sheet.y)
        sheet.y += 8
        for parts, (_name, value, style) in zip(names, rows, strict=True):
            sheet.need(len(parts) * style.leading + 6)
            if style is TOTAL and len(rows) > 1:
                sheet.rule(sheet.y + 1, x)
                sheet.y += 6
            sheet.text(value, sheet.width, sheet.y, style, right=True, within=amount)
            for part in parts:
                sheet.text(part, x, sheet.y, style)
                sheet.y += style.leading
        sheet.y += 8

    def _taxes(self) -> None:
        """Each rate with what is taxed at it; the sums where there are several."""
        sheet, rates = self.sheet, self.data["rates"]
        if not any(Decimal(each["tax"]) for each in rates):
            sheet.need(BODY.leading * 2)
            sheet.text(_("No VAT is charged on this."), sheet.width * 0.46, sheet.y, SMALL)
            sheet.y += SMALL.leading + 12
            return
        x, width = sheet.width * 0.46, sheet.width * 0.54 / 4
        titles = (_("VAT rate"), _("Net"), _("VAT"), _("Gross"))
        sheet.need(LABEL.leading + (len(rates) + 2) * SMALL.leading + 20)
        for number, title in enumerate(titles):
            right = number > 0
            sheet.text(title, x + width * (number + right), sheet.y, LABEL, right=right, within=width - 4)
        sheet.y += LABEL.leading + 1
        rows = [(self.rate(each["rate"]), each) for each in rates]
        if len(rates) > 1:
            rows.append((_("Together"), self.data["totals"]))
        for name, each in rows:
            sheet.text(name, x, sheet.y, SMALL, within=width - 4)
            for number, key in enumerate(("net", "tax", "gross")):
                sheet.text(
                    self.money(each[key]), x + width * (number + 2), sheet.y, SMALL, right=True, within=width - 6
                )
            sheet.y += SMALL.leading
        sheet.y += 14

    def _closing(self) -> None:
        """How it was paid, or what a correction is about."""
        sheet = self.sheet
        for text in self._sentences():
            lines = wrapped(text, BODY.font, BODY.size, sheet.width)
            sheet.need(len(lines) * BODY.leading)
            sheet.y = sheet.lines([text], 0, sheet.y, sheet.width) + 2

    def _sentences(self) -> list[str]:
        data = self.data
        if self.is_invoice:
            words = {
                "captured": _("%(amount)s was paid online on %(date)s."),
                "received": _("%(amount)s was paid by bank transfer on %(date)s."),
                "gift-card-spent": _("%(amount)s was paid by gift card on %(date)s."),
            }
            paid = [
                words[each["kind"]] % {"amount": self.money(each["amount"]), "date": self.day(each["on"])}
                for each in data["payments"]
            ]
            return paid or [_("There was nothing to pay.")]
        values = {"code": data["corrects"]["code"], "date": self.day(data["corrects"]["on"])}
        if data["kind"] == KIND.REVERSAL:
            text = _(
                "The money that we sent you came back to us. Invoice %(code)s of %(date)s holds again by this amount, until it "
                "is sent once more."
            )
        else:
            text = _("This amount of invoice %(code)s of %(date)s is given back to you.")
        return [text % values]

    # ------------------------------------------------------------------ every page
    def _running_head(self, sheet: Sheet) -> None:
        sheet.text(title_of(self.data), 0, sheet.y, STRONG, within=sheet.width * 0.6)
        sheet.text(self.data["seller"]["name"], sheet.width, sheet.y, SMALL, right=True, within=sheet.width * 0.38)
        sheet.y += 26

    def _foot(self, sheet: Sheet, number: int, count: int) -> None:
        seller = self.data["seller"]
        facts = [
            seller["name"],
            ", ".join(line for line in seller["address"] if line != seller["name"]),
            _("VAT number %(number)s") % {"number": seller["tax_id"]} if seller["tax_id"] else "",
            seller["register"],
            seller["email"],
            seller["phone"],
        ]
        y = sheet.bottom + 16
        sheet.rule(y - 6)
        page = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
        sheet.text(page, sheet.width, y, SMALL, right=True)
        room = sheet.width - width_of(page, SMALL.font, SMALL.size) - 24
        text = "  ·  ".join(fact for fact in facts if fact)
        for part in wrapped(text, SMALL.font, SMALL.size, room)[:4]:
            sheet.text(part, 0, y, SMALL)
            y += SMALL.leading
