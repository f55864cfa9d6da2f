"""Payments for staff: what was taken, what goes back, what needs somebody, and what Stripe said."""
