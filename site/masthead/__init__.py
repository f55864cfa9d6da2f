"""Wiring: settings, addresses, middleware and health. No business rule lives here."""
