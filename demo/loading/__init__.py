"""Fills an empty shop with Fern & Kiln: what it sells, who bought it, and what is written about it."""
