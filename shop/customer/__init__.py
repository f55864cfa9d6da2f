"""The shopper's account."""
