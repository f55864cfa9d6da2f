"""What production refuses to start with: values of the demo, silent defaults, and what is not safe."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import parse_qs, urlparse

from .environment import Environment

NEW_KEY = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
DEVELOPMENTS = ("development-only", "django-insecure")
# Domains that documents use for examples, and nobody can write to.
NOBODYS = ("example.com", "example.org", "example.net", "example", "invalid", "localhost")
# A mail server on this machine may be spoken to in clear.
LOCAL = {"localhost", "127.0.0.1", "::1"}


def refusals(env: Environment) -> list[str]:
    """Why the shop must not start with this environment, each with the cure; empty where it may."""
    return [*_site(env), *_mail(env), *_money(env)]


def _site(env: Environment) -> Iterator[str]:
    if env.secret_key.startswith(DEVELOPMENTS):
        yield f"SECRET_KEY is one of development ({env.secret_key[:16]}…), which everybody knows. {NEW_KEY}"
    elif len(env.secret_key) < 50 or len(set(env.secret_key)) < 5:
        yield (
            f"SECRET_KEY has {len(env.secret_key)} characters; sessions and order links need 50 or more, "
            f"chosen at random. {NEW_KEY}"
        )
    if any(key.startswith(DEVELOPMENTS) or len(key) < 50 for key in env.secret_key_fallbacks):
        yield (
            "SECRET_KEY_FALLBACKS holds a key of development, or one with fewer than 50 characters; what it signed is believed. "
            "Put earlier keys of this shop there, split by spaces, and nothing else."
        )
    if not env.allowed_hosts or "*" in env.allowed_hosts:
        yield "ALLOWED_HOSTS is empty or '*'. Set it to the shop's own host names, split by commas."
    elif wrong := [host for host in env.allowed_hosts if "/" in host or ":" in host]:
        yield f"ALLOWED_HOSTS has {wrong[0]!r}; give host names alone, without https:// and without a port."
    if not env.database_url.startswith(("postgres://", "postgresql://")):
        yield (
            "DATABASE_URL is left out, or names no PostgreSQL; SQLite is for trying things out. "
            "Set it to postgres://user:password@host:5432/name."
        )
    if env.media_url.startswith("http://"):
        yield f"MEDIA_URL is {env.media_url!r}: browsers load nothing by http into a page of https. Use https:// or /media/."


def _mail(env: Environment) -> Iterator[str]:
    if not env.email_url:
        yield (
            "EMAIL_URL is left out, so that mails would be files that nobody reads. "
            "Set it to smtp://user:password@host:587/?tls=1&from=shop@your-domain."
        )
        return
    url = urlparse(env.email_url)
    options = parse_qs(url.query)
    sender = parseaddr(options.get("from", [""])[0])[1]
    domain = sender.rpartition("@")[2].lower()
    if "@" not in sender:
        yield "EMAIL_URL names no sender. Add &from=shop@your-domain to it, an address that you read."
    elif domain in NOBODYS or domain.endswith(tuple(f".{name}" for name in NOBODYS)):
        yield f"EMAIL_URL has {sender} for a sender, which is nobody's. Put an address there that you read."
    in_clear = url.scheme == "smtp" and options.get("tls", ["0"])[0] != "1"
    if in_clear and url.hostname not in LOCAL:
        yield (
            f"EMAIL_URL sends mails and the password to {url.hostname} in clear. "
            "Add ?tls=1 (port 587), or use smtps:// (port 465)."
        )


def _money(env: Environment) -> Iterator[str]:
    numbers = [env.bank[name] for name in ("account", "sort_code", "iban") if name in env.bank]
    if not all(set(number) & set("123456789") for number in numbers):
        yield "SHOP_BANK is the demo's, or has an account of zeros: nobody's money would arrive. Put the shop's own in."
    if env.stripe_secret_key and not env.stripe_webhook_secrets:
        yield (
            "STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET: nobody could tell the shop that an order is paid. "
            "Make an endpoint for /stripe/webhook/ at Stripe, and put its whsec_… there."
        )
    if env.stripe_api_base:
        yield "STRIPE_API_BASE is set, which is for a sandbox on one's own machine. Leave it out."
