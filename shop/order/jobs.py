"""What runs by the clock."""

from shop.outbox.periodic import every

from .operations import expire_unpaid


@every(600, "orders_expire")
def orders_expire() -> None:
    """Cancel the orders that nobody paid."""
    expire_unpaid()
