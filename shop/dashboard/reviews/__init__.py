"""Reviews in the dashboard: Oscar's pages, read and approved in one list."""
