"""Offers in the dashboard: Oscar's pages, in an order that does not change from page to page."""
