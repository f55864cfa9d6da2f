"""The basket: lines, vouchers, merging."""
