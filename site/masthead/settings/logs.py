"""What is logged: warnings and worse from everybody, our own rooms from info up. No line holds a key (masthead/log_lines.py)."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "masthead.log_lines.Line", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": "INFO"} for name in ("masthead", "content", "search", "shop", "demo")},
        # It counts a node's failures; search.elastic says what they mean.
        "elastic_transport": {"level": "ERROR"},
    },
}
