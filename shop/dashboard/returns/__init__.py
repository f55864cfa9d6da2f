"""Returns in the dashboard."""
