"""Oscar: the forks that are needed and no more, orders, stock, prices, dashboards. Imports themes only."""
