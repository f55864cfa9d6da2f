"""Ranges of products."""
