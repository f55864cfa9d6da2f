"""What comes back: asked for, approved, received, put on the shelf again, and paid back."""
