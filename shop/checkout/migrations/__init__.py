"""Migrations of this app; Oscar has none here."""
