"""Gift cards for staff: found, issued by hand, blocked, sent again, changed."""
