"""What rooms above may want to hear of baskets."""

from django.dispatch import Signal

# A visitor put a product into the basket. Sent by `send_robust` with `request`, `product_id` (of the page it is on: a
# variant's parent), and `source`, what the form said of where it came from.
product_added = Signal()
