"""Invoices and credit notes for staff and for whoever keeps the accounts."""
