"""The one reader of the environment. Every variable is a field of `Environment`; docs/settings.md names each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from django.core.exceptions import ImproperlyConfigured

from search.vectors import needs

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent
# Folders of themes/, and what they are called.
THEMES = {"fern": "Fern", "workshop": "Workshop"}
BANK_NAMES = ("holder", "bank", "sort_code", "account", "iban", "bic")
# What development and the demo show; production refuses it.
DEMO_BANK = {
    "holder": "Fern & Kiln Ltd", "bank": "Demo Bank", "sort_code": "00-00-00", "account": "00000000",
    "iban": "GB00DEMO00000000000000", "bic": "DEMOGB00",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Environment:
    """What the machine tells the site. All values are text as given, split or made absolute where that is the use."""

    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    shop_address: str
    database_url: str
    elasticsearch_url: str
    search_index_prefix: str
    search_vectors: str
    stripe_secret_key: str
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_base: str
    staff_email: str
    return_address: tuple[str, ...]
    email_url: str
    cache_url: str
    web_processes: int
    bank: Mapping[str, str]
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
        if theme not in THEMES:
            raise ImproperlyConfigured(
                f"THEME is {theme!r}, and the themes are {', '.join(THEMES)}. Leave it out for 'fern'."
            )
        return cls(
            secret_key=env.get("SECRET_KEY", ""),
            secret_key_fallbacks=tuple(env.get("SECRET_KEY_FALLBACKS", "").split()),
            allowed_hosts=tuple(host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()),
            shop_address=env.get("SHOP_ADDRESS", "").rstrip("/") or "http://localhost:8000",
            database_url=env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'masthead.sqlite3'}",
            elasticsearch_url=_elasticsearch_url(env.get("ELASTICSEARCH_URL", "")),
            search_index_prefix=_index_prefix(env.get("SEARCH_INDEX_PREFIX") or "masthead"),
            search_vectors=_vectors(env.get("SEARCH_VECTORS", "")),
            stripe_secret_key=env.get("STRIPE_SECRET_KEY", ""),
            stripe_webhook_secrets=_webhook_secrets(env.get("STRIPE_WEBHOOK_SECRET", "")),
            stripe_api_base=_stripe_api_base(env.get("STRIPE_API_BASE", ""), env.get("STRIPE_SECRET_KEY", "")),
            staff_email=env.get("STAFF_EMAIL", ""),
            return_address=tuple(
                line.strip() for line in env.get("SHOP_RETURN_ADDRESS", "").split(";") if line.strip()
            ),
            email_url=_email_url(env.get("EMAIL_URL", "")),
            cache_url=env.get("CACHE_URL", ""),
            web_processes=_processes(env.get("WEB_CONCURRENCY", "")),
            bank=_bank(env.get("SHOP_BANK", "")),
            media_url=env.get("MEDIA_URL", "/media/"),
            storage_url=env.get("STORAGE_URL", ""),
            theme=theme,
            sentry_dsn=env.get("SENTRY_DSN", ""),
            data_dir=Path(env.get("MASTHEAD_DATA", BASE_DIR.parent / "shared" / "data")).resolve(),
            var_dir=var_dir,
        )


def _elasticsearch_url(text: str) -> str:
    try:
        parts = urlparse(text)
        is_usable = not text or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_usable = False
    if not is_usable:
        # Not the value itself: it may hold a password.
        raise ImproperlyConfigured(
            "ELASTICSEARCH_URL is no http:// or https:// address: http://127.0.0.1:9200, or https://user:password@host:9200. "
            "Leave it out to search with the database."
        )
    return text.rstrip("/")


def _index_prefix(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", text):
        raise ImproperlyConfigured(
            f"SEARCH_INDEX_PREFIX is {text!r}; Elasticsearch takes lower-case letters, digits, - and _, here 50 at the most. "
            "Leave it out for 'masthead'."
        )
    return text


def _vectors(text: str) -> str:
    if text and text not in needs.MODELS:
        raise ImproperlyConfigured(
            f"SEARCH_VECTORS is {text!r}, and the models are {', '.join(needs.MODELS)}. Leave it out to search with words alone."
        )
    return text


def _webhook_secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if len(secrets) > 2 or not all(secret.startswith("whsec_") for secret in secrets):
        raise ImproperlyConfigured(
            f"STRIPE_WEBHOOK_SECRET holds {len(secrets)} values; it is one whsec_… or, while one is changed, two by a comma."
        )
    return secrets


def _stripe_api_base(text: str, key: str) -> str:
    if text and not key.startswith(("sk_test_", "rk_test_")):
        raise ImproperlyConfigured(
            "STRIPE_API_BASE is set, which is for a sandbox, and STRIPE_SECRET_KEY is no test key (sk_test_…): a live key must "
            "never be shown to anybody but Stripe. Leave one of the two out."
        )
    if text and urlparse(text).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"STRIPE_API_BASE is {text!r}; give an address such as http://127.0.0.1:12111.")
    return text.rstrip("/")


def _email_url(text: str) -> str:
    try:
        parts = urlparse(text)
        is_usable = not text or (parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_usable = False
    if not is_usable:
        # Not the value itself: it holds a password.
        raise ImproperlyConfigured("EMAIL_URL is no smtp:// or smtps:// address: smtp://user:password@host:587/?tls=1")
    return text


def _processes(text: str) -> int:
    if text and not (text.isdecimal() and int(text)):
        raise ImproperlyConfigured(f"WEB_CONCURRENCY is {text!r}; it is a number from 1. Leave it out for one a core.")
    return int(text) if text else os.cpu_count() or 1


def _bank(text: str) -> dict[str, str]:
    """`name=value` by semicolons; nothing for nothing."""
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    bank = {name.strip(): value.strip() for name, _sign, value in parts if value.strip()}
    if unknown := sorted({name.strip() for name, *_ in parts} - set(BANK_NAMES)):
        raise ImproperlyConfigured(f"SHOP_BANK names {', '.join(unknown)}; it may name {', '.join(BANK_NAMES)}.")
    if text and not ("holder" in bank and ("account" in bank or "iban" in bank)):
        raise ImproperlyConfigured("SHOP_BANK needs a holder, and an account or an iban: holder=Shop Ltd;iban=GB00…")
    return bank
