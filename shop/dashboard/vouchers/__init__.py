"""Vouchers and sets of them."""
