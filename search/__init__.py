"""Product lists, search and suggestions behind one function. Imports shop and themes."""
