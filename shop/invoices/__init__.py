"""Invoices and credit notes: numbers without a gap, words that are frozen when they are issued, and the PDF."""
