"""Oscar's checkout app has no models; ours follow with the checkout itself."""
