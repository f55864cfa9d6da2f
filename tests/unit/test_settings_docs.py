"""The environment, its one reader and its one page of documentation say the same."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from masthead.settings.environment import THEMES, Environment

ROOT = Path(settings.BASE_DIR)
READER = ROOT / "site" / "masthead" / "settings" / "environment.py"
# Processes of Django's are told which settings to use before anything of ours can read the environment.
ENTRY_POINTS = {"manage.py", "site/masthead/wsgi.py"}


def names_read() -> list[str]:
    """Every variable that the reader asks for, in the order in which it does."""
    return re.findall(r"env\.get\(\s*\"([A-Z_]+)\"", READER.read_text(encoding="utf-8"))


def documented() -> list[str]:
    """Every variable with a heading of its own."""
    return re.findall(r"^## ([A-Z_]+)$", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)


def files_that_read_the_environment() -> Iterator[str]:
    """Our modules that use os.environ or os.getenv."""
    for room in ("site", "demo", "content", "search", "shop", "themes"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}:
                    yield str(path.relative_to(ROOT))


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    assert sorted(documented()) == sorted(set(names_read()))
    assert len(documented()) == len(set(documented()))


def test_each_variable_fills_one_field() -> None:
    assert len(fields(Environment)) == len(set(names_read()))


def test_nothing_else_reads_the_environment() -> None:
    assert set(files_that_read_the_environment()) - ENTRY_POINTS == {str(READER.relative_to(ROOT))}


def test_an_empty_environment_is_enough_to_try_the_shop_out() -> None:
    environment = Environment.read({})
    assert environment.database_url.startswith("sqlite:///")
    assert environment.theme == "fern"
    assert environment.allowed_hosts == ()


def test_host_names_are_split_and_trimmed() -> None:
    environment = Environment.read({"ALLOWED_HOSTS": " shop.example.com, www.example.com ,"})
    assert environment.allowed_hosts == ("shop.example.com", "www.example.com")


def test_earlier_keys_are_split_by_spaces() -> None:
    keys = Environment.read({"SECRET_KEY_FALLBACKS": "one-before,with-a-comma  two-before\n"}).secret_key_fallbacks
    assert keys == ("one-before,with-a-comma", "two-before") and Environment.read({}).secret_key_fallbacks == ()


def test_the_themes_are_the_ones_with_colours_of_their_own() -> None:
    assert set(THEMES) == {path.parent.name for path in (ROOT / "themes").glob("*/static/themes/*/tokens.css")}
    assert Environment.read({"THEME": "workshop"}).theme == "workshop"


def test_an_unknown_theme_is_refused_with_the_cure() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"THEME is 'nowhere'.*fern, workshop.*Leave it out"):
        Environment.read({"THEME": "nowhere"})
