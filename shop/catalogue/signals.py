"""What rooms above may want to hear of the catalogue."""

from django.dispatch import Signal

# The page of a product was drawn for a visitor. Sent by `send_robust` with `request` and `product_id`, that of the page:
# a parent's or a standalone product's.
product_shown = Signal()
