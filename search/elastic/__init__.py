"""The engine that a shop has beside its database: Elasticsearch 9, spoken to through client.py and index.py alone."""
