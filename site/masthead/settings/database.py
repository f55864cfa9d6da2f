"""Database, cache and background tasks."""

import dj_database_url

from .environment import Environment

env = Environment.read()

# Before the first migration: Oscar's own migrations read it.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_database = dj_database_url.parse(env.database_url, conn_max_age=600, conn_health_checks=True)
if _database["ENGINE"].endswith("sqlite3"):
    env.var_dir.mkdir(parents=True, exist_ok=True)
    # Measured under a web server and a worker: with these no request failed, with Django's defaults nine of ten did.
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000",
    }
elif _database["ENGINE"].endswith("postgresql"):
    # How often a query of shop/prepared.py runs on a connection before the server keeps its plan.
    _database["OPTIONS"] = {"prepare_threshold": 2, **_database.get("OPTIONS", {})}
DATABASES = {"default": _database}

_local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.cache_url}
        if env.cache_url
        else {**_local, "LOCATION": "default"}
    ),
    # Wagtail keeps the addresses of picture sizes here, so that a page asks the database for none.
    "renditions": {**_local, "LOCATION": "renditions", "TIMEOUT": 600, "OPTIONS": {"MAX_ENTRIES": 5000}},
}

# django_tasks only wakes things up; what must not be lost is an outbox row (shop/outbox).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
