"""Customers in the dashboard."""
