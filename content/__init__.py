"""Wagtail: pages, blocks, stories for products and categories. Imports search, shop and themes."""
