"""Production refuses what is unsafe, what is the demo's, and what was silently left out: each with its cure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from masthead import checks
from masthead.settings import dev
from masthead.settings.environment import DEMO_BANK, Environment
from masthead.settings.refusals import refusals

ROOT = Path(configured.BASE_DIR)
GOOD = {
    "SECRET_KEY": "a-key-for-one-test-run-0123456789-abcdefghijklmnopqrstuvwxyz-0123",
    "ALLOWED_HOSTS": "shop.example.com",
    "DATABASE_URL": "postgres://masthead@%2Frun%2Fpostgresql/masthead",
    "EMAIL_URL": "smtp://user:secret@mail.kiln.test:587/?tls=1&from=shop@kiln.test",
    "SHOP_BANK": "holder=Kiln & Sons; sort_code=12-34-56; account=12345678",
    "CACHE_URL": "redis://127.0.0.1:6379/0",
}
DEMO = ";".join(f"{name}={value}" for name, value in DEMO_BANK.items())
MAIL = "smtp://user:secret@mail.kiln.test:587/"


def test_a_whole_environment_is_not_refused() -> None:
    assert refusals(Environment.read(GOOD)) == []
    assert refusals(Environment.read({**GOOD, "SHOP_BANK": ""})) == [], "a shop may open before it takes money"
    assert refusals(Environment.read({**GOOD, "EMAIL_URL": "smtp://localhost/?from=shop@kiln.test"})) == []
    assert refusals(Environment.read({**GOOD, "SHOP_BANK": "holder=Kiln;iban=DE02120300000000202051"})) == []


@pytest.mark.parametrize(
    ("variable", "value", "reason", "cure"),
    [
        ("SECRET_KEY", "", "has 0 characters", "Make one: python3"),
        ("SECRET_KEY", "short", "has 5 characters", "Make one: python3"),
        ("SECRET_KEY", "a" * 60, "chosen at random", "Make one: python3"),
        ("SECRET_KEY", dev.DEVELOPMENT_KEY, "one of development", "Make one: python3"),
        ("SECRET_KEY_FALLBACKS", dev.DEVELOPMENT_KEY, "a key of development", "earlier keys of this shop"),
        ("SECRET_KEY_FALLBACKS", f"{'x' * 60} short", "fewer than 50", "earlier keys of this shop"),
        ("ALLOWED_HOSTS", "", "is empty", "own host names"),
        ("ALLOWED_HOSTS", "*", "or '*'", "own host names"),
        ("ALLOWED_HOSTS", "https://shop.kiln.test", "'https://shop.kiln.test'", "without https://"),
        ("DATABASE_URL", "", "left out", "postgres://user"),
        ("DATABASE_URL", "sqlite:////srv/shop.sqlite3", "no PostgreSQL", "postgres://user"),
        ("EMAIL_URL", "", "left out", "smtp://user"),
        ("EMAIL_URL", f"{MAIL}?tls=1", "no sender", "&from="),
        ("EMAIL_URL", f"{MAIL}?tls=1&from=nonsense", "no sender", "&from="),
        ("EMAIL_URL", f"{MAIL}?tls=1&from=shop@example.com", "nobody's", "that you read"),
        ("EMAIL_URL", f"{MAIL}?tls=1&from=Kiln <shop@mail.example.org>", "nobody's", "that you read"),
        ("EMAIL_URL", f"{MAIL}?from=shop@kiln.test", "mail.kiln.test in clear", "tls=1"),
        ("SHOP_BANK", DEMO, "the demo's", "own in"),
        ("SHOP_BANK", "holder=Kiln;account=00000000", "account of zeros", "own in"),
        ("SHOP_BANK", "holder=Kiln;iban=GB00DEMO00000000000000", "account of zeros", "own in"),
        ("MEDIA_URL", "http://media.kiln.test/", "by http", "https://"),
        ("STRIPE_SECRET_KEY", "sk_live_51", "nobody could tell", "/stripe/webhook/"),
    ],
)
def test_each_refusal_says_why_and_what_helps(variable: str, value: str, reason: str, cure: str) -> None:
    said = refusals(Environment.read({**GOOD, variable: value}))
    assert len(said) == 1, said
    assert variable in said[0] and reason in said[0] and cure in said[0]
    assert "secret" not in said[0].lower().replace("secret_key", "").replace("webhook_secret", "").replace(
        "import secrets", ""
    ).replace("secrets.token", "")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("THEME", "templatetags", "fern, workshop"),
        ("THEME", "base", "fern, workshop"),
        ("EMAIL_URL", "http://mail.kiln.test", "smtp://"),
        ("EMAIL_URL", "smtp://mail.kiln.test:many", "smtp://"),
        ("WEB_CONCURRENCY", "0", "from 1"),
        ("WEB_CONCURRENCY", "four", "from 1"),
        ("SHOP_BANK", "holder=Kiln", "an account or an iban"),
        ("SHOP_BANK", "Kiln, 12345678", "it may name holder"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_2,whsec_3", "two by a comma"),
        ("STRIPE_WEBHOOK_SECRET", "sk_test_1", "one whsec_"),
        ("STRIPE_API_BASE", "http://127.0.0.1:12111", "no test key"),
    ],
)
def test_what_cannot_be_read_is_refused_everywhere(variable: str, value: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{variable} .*{re.escape(says)}"):
        Environment.read({**GOOD, variable: value})


def test_a_live_key_is_shown_to_nobody_but_stripe() -> None:
    sandbox = {**GOOD, "STRIPE_API_BASE": "http://127.0.0.1:12111", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    for key in ("sk_live_51", "rk_live_51"):
        with pytest.raises(ImproperlyConfigured, match="a live key must never be shown"):
            Environment.read({**sandbox, "STRIPE_SECRET_KEY": key})
    [said] = refusals(Environment.read({**sandbox, "STRIPE_SECRET_KEY": "sk_test_51"}))
    assert "STRIPE_API_BASE" in said and "Leave it out" in said, "a sandbox takes nobody's money"


def start(**environ: str) -> subprocess.CompletedProcess[str]:
    """A new process with the production settings; prints some of them."""
    code = (
        "import json, django; from django.conf import settings as s; s.SECRET_KEY; "
        "print(json.dumps([s.DEBUG, s.DEMO, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.OSCAR_URL_SCHEMA, "
        "'demo.apps.DemoConfig' in s.INSTALLED_APPS, s.OSCAR_FROM_EMAIL, s.SHOP_BANK]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
             "DJANGO_SETTINGS_MODULE": "masthead.settings.production", **environ},
    )  # fmt: skip


def test_production_says_everything_at_once() -> None:
    ran = start()
    assert ran.returncode != 0
    for variable in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL"):
        assert f"- {variable} " in ran.stderr


def test_production_is_neither_debug_nor_demo_nor_http_whatever_the_environment_says() -> None:
    ran = start(**GOOD, DEBUG="1", DEMO="1")
    assert ran.returncode == 0, ran.stderr
    bank = {"holder": "Kiln & Sons", "sort_code": "12-34-56", "account": "12345678"}
    assert json.loads(ran.stdout) == [False, False, True, True, "https", False, "shop@kiln.test", bank]


@pytest.mark.parametrize(
    ("processes", "cache", "warned"), [("4", "", ["masthead.W001"]), ("1", "", []), ("4", "redis://127.0.0.1/0", [])]
)
def test_several_processes_should_share_a_cache(
    settings: object, processes: str, cache: str, warned: list[str]
) -> None:
    settings.ENVIRONMENT = Environment.read({**GOOD, "WEB_CONCURRENCY": processes, "CACHE_URL": cache})
    said = checks.processes_share_a_cache()
    assert [message.id for message in said] == warned
    assert all("4 web processes" in message.msg and "CACHE_URL" in message.hint for message in said)


def test_a_shop_where_nobody_can_pay_is_told(settings: object) -> None:
    assert checks.somebody_can_pay() == []
    settings.SHOP_BANK = {}
    [message] = checks.somebody_can_pay()
    assert message.id == "masthead.I001" and "SHOP_BANK" in message.hint
