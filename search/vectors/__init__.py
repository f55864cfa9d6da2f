"""Sentence vectors: an option that a shop switches on with SEARCH_VECTORS, so that search finds what words only mean."""
