"""Products from files and back: Shopify's CSV, our own CSV and JSON lines, told apart by what is in them."""
