"""Who sells, as invoices say it. A room above knows, and registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from shop.mail.operations import shop_name


@dataclass(frozen=True, slots=True)
class Seller:
    """The shop in the words of the law. What is empty is left out."""

    name: str = ""
    address: str = ""
    tax_id: str = ""
    register: str = ""
    email: str = ""
    phone: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What an invoice has to say and does not yet."""
        wanted = {"address": self.address, "tax_id": self.tax_id}
        return tuple(name for name, value in wanted.items() if not value.strip())


_providers: list[Callable[[], Seller]] = []


def seller_from(provider: Callable[[], Seller]) -> None:
    """Let `provider` say who sells. Call it in AppConfig.ready()."""
    _providers[:] = [provider]


def seller() -> Seller:
    """Who sells now; at least the name by which mails call the shop."""
    found = _providers[0]() if _providers else Seller()
    return found if found.name else replace(found, name=shop_name())
