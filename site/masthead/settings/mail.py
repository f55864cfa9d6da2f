"""Where mail goes. EMAIL_URL: smtp://user:password@host:587/?tls=1, or nothing for files below var/mail/."""

from urllib.parse import parse_qs, unquote, urlparse

from .environment import Environment

env = Environment.read()
# Production refuses this one (refusals.py).
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "shop@example.com"
EMAIL_TIMEOUT = 10
if env.email_url:
    _url = urlparse(env.email_url)
    _options = parse_qs(_url.query)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _url.hostname or "localhost"
    EMAIL_PORT = _url.port or 25
    EMAIL_HOST_USER = unquote(_url.username or "")
    EMAIL_HOST_PASSWORD = unquote(_url.password or "")
    EMAIL_USE_TLS = _options.get("tls", ["0"])[0] == "1"
    EMAIL_USE_SSL = _url.scheme == "smtps"
    if "from" in _options:
        DEFAULT_FROM_EMAIL = SERVER_EMAIL = _options["from"][0]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.var_dir / "mail"
