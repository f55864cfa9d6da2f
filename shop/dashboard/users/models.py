"""Oscar's app has no models; its loader still looks for the module."""
