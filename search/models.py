"""The database engine's flat tables."""
