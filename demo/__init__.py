"""The demo shop: Fern & Kiln."""
