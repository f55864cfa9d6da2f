"""What shoppers search for: counted without knowing who. See docs/decisions/0012-searches-are-counted-without-people.md."""
