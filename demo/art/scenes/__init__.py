"""Pictures for stories: a room, and things of the shop in it. Importing this package registers every scene."""

from demo.art.scenes import counters, gardens, house, kitchens, shelves, tables, windows

__all__ = ["counters", "gardens", "house", "kitchens", "shelves", "tables", "windows"]
