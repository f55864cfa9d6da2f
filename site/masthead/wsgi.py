"""The WSGI entry point for gunicorn and every other server."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
for folder in (BASE_DIR / "site", BASE_DIR):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings.production")

from django.core.wsgi import get_wsgi_application  # noqa: E402  (the path comes first)

application = get_wsgi_application()
