"""Settings, put together from small parts: see base.py for the order."""
