"""Checkout, placement and what follows."""
