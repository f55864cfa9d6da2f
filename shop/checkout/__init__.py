"""From the basket to an order: address, delivery, review, payment."""
