"""Payments with Stripe, and how long an order waits for its money."""

from datetime import timedelta

from .environment import Environment

_env = Environment.read()
STRIPE_SECRET_KEY = _env.stripe_secret_key
# Two while one is being changed for the other: what either signed is believed.
STRIPE_WEBHOOK_SECRETS = _env.stripe_webhook_secrets
STRIPE_API_BASE = _env.stripe_api_base
# Who among staff is written to where a payment needs a person; empty: the dashboard alone says so.
SHOP_STAFF_EMAIL = _env.staff_email

# So long is a payment page open, and the things on it are held. Stripe takes from 30 minutes to 24 hours.
SHOP_CHECKOUT_TIME = timedelta(hours=1)
# So long an order waits for another try after its payment failed, or never began.
SHOP_RETRY_TIME = timedelta(hours=24)

# What numbers of invoices and of credit notes begin with. Each is a series of its own, from 1 and without a gap; another word
# begins a new one, as for a new year.
SHOP_INVOICE_SERIES = {"invoice": "INV-", "credit-note": "CN-"}
