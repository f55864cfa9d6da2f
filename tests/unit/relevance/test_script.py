"""`make relevance`: what it needs, and that its floors and the real judgements can be read."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from search.relevance import files, floor

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def relevance(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("relevance")


def test_without_the_data_it_says_what_to_set(tmp_path):
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "relevance.py")],
        env={**os.environ, "MASTHEAD_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "electronics/products.jsonl.gz is not there: set MASTHEAD_DATA" in ran.stderr


def test_our_engine_the_plain_one_and_the_database_have_floors(relevance):
    floors = floor.read(relevance.FLOOR)
    assert set(floors) == {"elasticsearch", "vectors", "plain", "database"}
    assert {"ndcg", "condensed_ndcg", "typo_kept", "times_plain"} <= set(floors["elasticsearch"])
    assert all(0 < value <= 1 or name == "times_plain" for held in floors.values() for name, value in held.items())


def test_every_floor_says_why_it_is_there(relevance):
    held = json.loads(relevance.FLOOR.read_text(encoding="utf-8"))
    assert all(len(values["reason"]) > 40 for values in held.values())


def test_nothing_of_another_shop_reaches_the_measured_one(relevance, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody/else")
    monkeypatch.setenv("CACHE_URL", "redis://somebody/else")
    monkeypatch.setenv("SEARCH_VECTORS", "all-minilm-l6-v2")
    found = relevance.settings_for(tmp_path, "http://127.0.0.1:9200", "relevance-1")
    assert not {"DATABASE_URL", "CACHE_URL"} & set(found)
    assert found["SEARCH_VECTORS"] == ""
    assert (found["MASTHEAD_VAR"], found["SEARCH_INDEX_PREFIX"]) == (str(tmp_path), "relevance-1")


def test_loaded_products_are_kept_until_the_file_or_a_migration_changes(relevance, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(relevance, "run", lambda what, command, settings: ran.append(what))
    data = tmp_path / "data"
    (data / "electronics").mkdir(parents=True)
    (data / relevance.PRODUCTS).write_bytes(b"one")
    relevance.load(tmp_path, data, {})
    assert ran == ["Making the database", "Setting the shop up", "Importing the products"]
    relevance.load(tmp_path, data, {})
    assert len(ran) == 3
    (data / relevance.PRODUCTS).write_bytes(b"two")
    relevance.load(tmp_path, data, {})
    assert len(ran) == 6


@pytest.mark.data
def test_the_real_judgements_are_read_without_a_fault(relevance):
    held = files.read(relevance.data_folder() / relevance.JUDGMENTS)
    assert (len(held), sum(map(len, held.values()))) == (67, 1877)
