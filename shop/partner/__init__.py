"""Stock records, tax rates and what a visitor pays."""
