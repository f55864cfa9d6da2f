"""Import and export in the dashboard. The work itself is shop.catalogue.importing's, done by the worker."""
