"""The books: every movement of an order's money and of stock, as rows that are only ever added."""
