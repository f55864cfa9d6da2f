"""Production's settings over plain http on loopback: what only makes sense behind a proxy with a certificate is off."""

from masthead.settings.production import *  # noqa: F403

SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = None
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
OSCAR_BASKET_COOKIE_SECURE = OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = False
OSCAR_URL_SCHEMA = "http"
# Mails of orders are written and drawn, and nobody takes them.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
