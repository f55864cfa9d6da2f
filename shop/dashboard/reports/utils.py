"""Which reports there are.

Oscar's others are left out. The shop keeps no record of who looked at what or put it into a basket, so those about
products, users and vouchers would be empty or show noughts for ever; the list of vouchers has their orders. Submitted
baskets are the orders once more, and open ones are nobody's business before they are bought.
"""

from __future__ import annotations

from typing import ClassVar

from oscar.apps.dashboard.reports import utils as oscar
from oscar.core.loading import get_class


class GeneratorRepository(oscar.GeneratorRepository):
    """The reports, in the order of the choice."""

    generators: ClassVar = [
        get_class("order.reports", "OrderReportGenerator"),
        get_class("offer.reports", "OfferReportGenerator"),
    ]
