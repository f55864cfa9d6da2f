"""Blocks of pages."""
