"""Stories and pages in the shop's search: what the content room says of them, and how they are found."""
