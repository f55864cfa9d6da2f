"""What runs by the clock."""

from shop.outbox.periodic import every

from .nightly import prove_if_due


@every(3600, "ledger_prove")
def ledger_prove() -> None:
    """Prove the books once a night."""
    prove_if_due()
