"""The one reader of the environment. Every variable is a field of `Environment`; docs/settings.md names each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent


@dataclass(frozen=True, slots=True)
class Environment:
    """What the machine tells the site. All values are text as given, split or made absolute where that is the use."""

    secret_key: str
    allowed_hosts: tuple[str, ...]
    database_url: str
    elasticsearch_url: str
    stripe_secret_key: str
    stripe_webhook_secret: str
    stripe_api_base: str
    email_url: str
    cache_url: str
    media_url: str
    storage_url: str
    theme: str
    sentry_dsn: str
    data_dir: Path
    var_dir: Path

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Environment:
        """Read `environ` (the process's own when left out).

        Raises ImproperlyConfigured when a value cannot be used; the message names the variable and the cure.
        """
        env = os.environ if environ is None else environ
        var_dir = Path(env.get("MASTHEAD_VAR", BASE_DIR / "var")).resolve()
        theme = env.get("THEME", "fern")
        if not (BASE_DIR / "themes" / theme).is_dir() and theme != "fern":
            raise ImproperlyConfigured(f"THEME is {theme!r}, and themes/ has no such folder. Leave it out for 'fern'.")
        return cls(
            secret_key=env.get("SECRET_KEY", ""),
            allowed_hosts=tuple(host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()),
            database_url=env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'masthead.sqlite3'}",
            elasticsearch_url=env.get("ELASTICSEARCH_URL", ""),
            stripe_secret_key=env.get("STRIPE_SECRET_KEY", ""),
            stripe_webhook_secret=env.get("STRIPE_WEBHOOK_SECRET", ""),
            stripe_api_base=env.get("STRIPE_API_BASE", ""),
            email_url=env.get("EMAIL_URL", ""),
            cache_url=env.get("CACHE_URL", ""),
            media_url=env.get("MEDIA_URL", "/media/"),
            storage_url=env.get("STORAGE_URL", ""),
            theme=theme,
            sentry_dsn=env.get("SENTRY_DSN", ""),
            data_dir=Path(env.get("MASTHEAD_DATA", BASE_DIR.parent / "shared" / "data")).resolve(),
            var_dir=var_dir,
        )
