"""The account and who may do what."""
