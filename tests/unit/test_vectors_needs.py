"""Sentence vectors that are switched on where they cannot be: refused, with the reason and the cure."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from masthead.settings.environment import Environment

from search.elastic import mapping
from search.elastic.nearest import _says_something
from search.vectors import checks, model, needs

MODEL = "all-minilm-l6-v2"


def test_nothing_is_wrong_where_they_are_off() -> None:
    assert needs.faults("", "de") == []
    assert Environment.read({}).search_vectors == ""


def test_a_model_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SEARCH_VECTORS is 'word2vec'.*all-minilm-l6-v2.*Leave it out"):
        Environment.read({"SEARCH_VECTORS": "word2vec"})
    assert Environment.read({"SEARCH_VECTORS": MODEL}).search_vectors == MODEL


def test_missing_packages_are_named_with_the_command_that_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "PACKAGES", ("json", "no_such_runtime", "no_such_model"))
    (fault,) = needs.faults(MODEL, "en-gb")
    assert "no_such_runtime, no_such_model are not installed" in fault
    assert "pip install --no-deps -r requirements-vectors.txt" in fault


def test_another_language_than_the_models_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "PACKAGES", ())
    assert needs.faults(MODEL, "en") == needs.faults(MODEL, "en-gb") == []
    (fault,) = needs.faults(MODEL, "de-at")
    assert "English alone" in fault and "'de-at'" in fault


def test_djangos_checks_say_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.vectors_can_be_had() == []
    settings.SEARCH_VECTORS, settings.LANGUAGE_CODE = MODEL, "de"
    monkeypatch.setattr(needs, "PACKAGES", ("no_such_runtime",))
    assert [(one.id, one.is_serious()) for one in checks.vectors_can_be_had()] == [
        ("search.E001", True),
        ("search.E001", True),
        ("search.W001", False),
    ]


def test_a_switched_on_model_is_part_of_the_indexs_name(settings: Any) -> None:
    without = mapping.definition()
    settings.SEARCH_VECTORS = MODEL
    with_it = mapping.definition()
    assert set(with_it["mappings"]["properties"]) - set(without["mappings"]["properties"]) == {"vector"}
    assert mapping.fingerprint(with_it) != mapping.fingerprint(without)


def test_a_visitors_words_have_no_vector_where_they_are_off() -> None:
    assert model.of_query("a warm blanket") is None


@pytest.mark.parametrize("text", ["XP-610", "CF 280 X", "5012345678900", "tn-2110", "a4", "13", "", "?!"])
def test_a_number_means_nothing_to_the_model(text: str) -> None:
    assert not _says_something(text)


@pytest.mark.parametrize("text", ["tv", "ink for XP-610", "laptop 13 inch", "usb", "ps4 games"])
def test_a_word_means_something(text: str) -> None:
    assert _says_something(text)
