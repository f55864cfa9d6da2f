"""For a server: refuses what is unsafe, with the reason."""

from django.core.exceptions import ImproperlyConfigured

from search.vectors import needs

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, ENVIRONMENT, LANGUAGE_CODE, MIDDLEWARE, STORAGES
from .refusals import refusals

if reasons := [*refusals(ENVIRONMENT), *needs.faults(ENVIRONMENT.search_vectors, LANGUAGE_CODE)]:
    raise ImproperlyConfigured("The shop does not start like this:\n" + "\n".join(f"- {reason}" for reason in reasons))

# After SecurityMiddleware, so that files are answered before anything else runs.
MIDDLEWARE = [MIDDLEWARE[0], "whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE[1:]]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Wagtail's previews show our own pages in a frame, so DENY is not for us; X_FRAME_OPTIONS is SAMEORIGIN.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "themes.storage.ThemeStaticFilesStorage"}}
WAGTAILADMIN_BASE_URL = f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
