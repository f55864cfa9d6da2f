"""The arrows between the rooms, where import-linter cannot see them: strings that are imported later."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from shop import slots

ROOT = Path(settings.BASE_DIR)
# From the left to the right: each room may import those to its right. `site` holds the package masthead.
ROOMS = ["masthead", "demo", "content", "search", "shop", "themes"]
FOLDERS = {room: ROOT / ("site/masthead" if room == "masthead" else room) for room in ROOMS}
# What may stand at the top of the project. A new name belongs into a room, or here with a reason.
TOP_LEVEL = {
    "site", "demo", "content", "search", "shop", "themes",
    "tests", "docs", "deploy", "scripts", "bench",
    "manage.py", "Makefile", "README.md", "LICENSE", "pyproject.toml",
    "requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt", "requirements-vectors.txt",
}  # fmt: skip
LOADERS = {"get_class": "label", "get_classes": "label", "get_model": "label"}


def python_files(room: str) -> list[Path]:
    """The room's modules, without its migrations (Oscar's and Django's names are frozen there)."""
    return [path for path in sorted(FOLDERS[room].rglob("*.py")) if "migrations" not in path.parts]


def room_of(dotted: str) -> str | None:
    """The room of a dotted path, or None where it is not ours."""
    first = dotted.split(".")[0]
    return first if first in ROOMS else None


def room_of_label(label: str) -> str | None:
    """The room that fills an app label, as Oscar's loaders are asked: 'catalogue', 'dashboard.orders.views', 'search'."""
    parts = label.split(".")
    for config in apps.get_app_configs():
        last = config.name.split("apps.")[-1].split(".")
        names = {config.label, ".".join(last), ".".join(last[1:])}
        if any(".".join(parts[:length]) in names for length in range(1, len(parts) + 1)):
            found = room_of(config.name)
            if found:
                return found
    return None


def loaded_labels(path: Path) -> Iterator[tuple[int, str]]:
    """Line and label of each call of Oscar's or Django's loaders with a string."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in LOADERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield node.lineno, first.value


def settings_paths(value: object) -> Iterator[str]:
    """Each string in a settings value that names something of ours to import."""
    if isinstance(value, str):
        if re.fullmatch(rf"({'|'.join(ROOMS)})(\.\w+)+", value):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from settings_paths(item)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from settings_paths(item)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_loads_by_name_follows_the_arrows(room: str) -> None:
    allowed = set(ROOMS[ROOMS.index(room) :]) | {None}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} loads {label!r} of {room_of_label(label)}"
        for path in python_files(room)
        for line, label in loaded_labels(path)
        if room_of_label(label) not in allowed
    ]
    assert wrong == []


def test_the_reader_sees_labels_and_knows_their_rooms(tmp_path: Path) -> None:
    example = tmp_path / "example.py"
    example.write_text('X = get_class("search.views", "Y")\nZ = loading.get_model("catalogue", "Product")\n')
    assert list(loaded_labels(example)) == [(1, "search.views"), (2, "catalogue")]
    assert room_of_label("search.views") == "search"
    assert room_of_label("catalogue.models") == "shop"
    assert room_of_label("dashboard.views") == "shop"
    assert room_of_label("wishlists") is None


def test_what_the_settings_name_can_be_imported() -> None:
    skipped = {"ROOT_URLCONF", "SETTINGS_MODULE"}
    names = [name for name in dir(settings) if name.isupper() and name not in skipped]
    paths = {path for name in names for path in settings_paths(getattr(settings, name))}
    # Log channels are named after rooms and are no modules.
    paths -= set(settings.LOGGING["loggers"])
    assert "masthead.middleware.MarketMiddleware" in paths
    for path in sorted(paths):
        import_string(path)


def test_lower_rooms_do_not_read_the_settings_module_of_the_site() -> None:
    # django.conf.settings is how a room gets at a setting; the site's own modules are wiring.
    wrong = [
        str(path.relative_to(ROOT))
        for room in ROOMS[1:]
        for path in python_files(room)
        if re.search(r"['\"]masthead\.[a-z]", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_everything_at_the_top_belongs_into_a_room() -> None:
    ignored = {"var", "node_modules", "__pycache__"}
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - ignored
    assert names - TOP_LEVEL == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_file_stays_short_enough_to_be_read(room: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files(room)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_slot_is_rendered_somewhere_and_filled_by_somebody() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("themes/**/*.html"))
    python = "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in python_files(room))
    unfilled = {name for name in slots.NAMES if not slots._providers.get(name)}
    unused = {name for name in slots.NAMES if f'slot "{name}"' not in templates and f'render("{name}"' not in python}
    assert (unfilled, unused) == (set(), set())
