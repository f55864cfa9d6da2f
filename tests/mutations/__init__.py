"""Guards taken out on purpose. A test that is still green without the guard that it is about proves nothing."""
