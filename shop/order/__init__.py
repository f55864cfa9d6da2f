"""Orders: placement, states, what follows a sale."""
