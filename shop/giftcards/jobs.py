"""What runs by the clock."""

from shop.outbox.periodic import every

from . import buying, operations


@every(600, "giftcards_send")
def giftcards_send() -> None:
    """Send the cards whose day has come; an order of nothing else is delivered by that."""
    operations.send_due()
    buying.close_sent()


@every(3600, "giftcards_rekey")
def giftcards_rekey() -> None:
    """After a change of the secret key, find cards by the new one."""
    operations.rekey()
