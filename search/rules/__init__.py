"""What merchandisers say about searches and categories: rules and synonyms, from the draft to what a page asks."""
