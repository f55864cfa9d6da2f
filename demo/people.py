"""Who can be signed in as with one click, and what each of the three is shown first."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "masthead-demo"  # noqa: S105  (printed by `make run`; the demo refuses to load where DEBUG is off)
MARKETER = "marketer@example.com"
MERCHANDISER = "merchandiser@example.com"
SUPPORT = "support@example.com"
SHOPPER = "shopper@example.com"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a tour: what to do, and what to look for."""

    title: str | Promise
    text: str | Promise


@dataclass(frozen=True, slots=True)
class Tour:
    """Three steps for one of the three users."""

    code: str
    name: str | Promise
    steps: tuple[Step, Step, Step]


TOURS = (
    Tour(
        "shopper",
        _("Shopper"),
        (
            Step(
                _("Read a story"), _("Open “Buy the bowl first”. The prices in its sentences are the shop’s own, now.")
            ),
            Step(
                _("Buy from the sentence"),
                _("Add two things from the story; the basket opens without leaving the page."),
            ),
            Step(_("Check out"), _("Choose bank transfer. The receipt is on the page “Mail”, at the end of this bar.")),
        ),
    ),
    Tour(
        "marketer",
        _("Marketer"),
        (
            Step(_("Edit this page"), _("The button above signs you in and opens the editor of the page you are on.")),
            Step(
                _("Put a product in"),
                _("Add a product grid, or name a product inside a sentence with the basket button."),
            ),
            Step(_("Preview and publish"), _("The preview shows the same price and stock as the product’s page.")),
        ),
    ),
    Tour(
        "merchandiser",
        _("Merchandiser"),
        (
            Step(
                _("Open the dashboard"), _("The button above signs you in. Change a price under Catalogue, Products.")
            ),
            Step(
                _("See it in the story"),
                _("Come back to the page: every place that shows the product has the new price."),
            ),
            Step(_("Send an order"), _("Under Orders, mark one as paid and dispatch it. The customer gets a mail.")),
        ),
    ),
)
