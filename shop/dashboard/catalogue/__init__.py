"""Products in the dashboard: Oscar's pages with the fields that this shop has besides."""
