"""Who signs in: the user model and the roles of staff."""
