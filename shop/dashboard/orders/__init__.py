"""Orders in the dashboard: our own pages, because Oscar's write states past shop/order/states.py."""
