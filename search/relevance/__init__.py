"""How good the ranking is: judgements of people, what they say about an engine, and the gate before a rule goes live."""
