"""The delivery methods in the dashboard, in the place of Oscar's charges by weight band."""
