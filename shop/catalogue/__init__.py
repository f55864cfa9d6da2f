"""Products, categories, pictures, import and export."""
