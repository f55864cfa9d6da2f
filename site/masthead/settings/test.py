"""For the tests: fast hashes, files in a folder of their own, no whitespace in what they count."""

import tempfile

from .base import *  # noqa: F403
from .base import DATABASES, INSTALLED_APPS, MIDDLEWARE
from .environment import DEMO_BANK

SECRET_KEY = "test-key"  # noqa: S105
DEBUG = False
DEMO = True
INSTALLED_APPS = ["demo.apps.DemoConfig", *INSTALLED_APPS]
MIDDLEWARE = [*MIDDLEWARE, "demo.middleware.OfficeStripMiddleware"]
# Tests that want it say so (the fixture `elasticsearch`).
ELASTICSEARCH_URL = ""
SEARCH_VECTORS = ""
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver", "example.com", ".localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = tempfile.mkdtemp(prefix="masthead-media-")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
OSCAR_URL_SCHEMA = "http"
SHOP_BANK = DEMO_BANK
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 0
    if _database["ENGINE"].endswith("postgresql"):
        # What would wait for ever is an error that says so. A plan for a few rows takes longer to compile than to follow.
        _bounds = "-c lock_timeout=120s -c idle_in_transaction_session_timeout=240s -c jit=off"
        _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "options": _bounds}
