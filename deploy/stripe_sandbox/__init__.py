"""A stand-in for Stripe on loopback, for development and tests: no money moves. Standard library only; see README.md."""

# The version of Stripe's API whose objects these are: that of the description which stripe-mock carries.
API_VERSION = "2026-08-26.dahlia"
