"""Gift cards: sold, issued by hand, sent by mail, spent in the checkout, and given back to."""
