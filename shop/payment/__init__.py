"""How an order is paid; the seam that a payment provider fits in."""
