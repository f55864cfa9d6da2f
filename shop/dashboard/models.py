"""The dashboard keeps nothing of its own."""
