"""Delivery methods by country and weight."""
