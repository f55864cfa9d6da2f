"""Oscar's seam for delivery methods, filled with ours."""

from __future__ import annotations

from typing import Any

from oscar.apps.shipping.methods import FixedPrice
from oscar.apps.shipping.repository import Repository as OscarRepository

from shop.markets import home_market

from .selectors import options_for


class Repository(OscarRepository):
    """What Oscar's own code is told when it asks how a basket may be delivered."""

    def get_available_shipping_methods(self, basket: Any, shipping_addr: Any = None, **kwargs: Any) -> list[Any]:
        """Our methods for the address's country, or for the shop's own where there is no address."""
        country = shipping_addr.country_id if shipping_addr else home_market().country
        methods = []
        for option in options_for(basket.all_lines(), country, basket.total_incl_tax):
            method = FixedPrice(charge_excl_tax=option.charge, charge_incl_tax=option.charge)
            method.code, method.name, method.description = option.code, option.name, option.description
            methods.append(method)
        return methods
