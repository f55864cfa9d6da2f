"""The merchandiser's back office, on Oscar's dashboard."""
