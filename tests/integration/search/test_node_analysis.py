"""The node's analysis gives what Elastic's reference says that a stock Elasticsearch gives.

Each case is the example of the filter's own page, below
https://www.elastic.co/docs/reference/text-analysis/ — so the index settings that pass here mean the same on any server.
"""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError

import pytest

from tests.elastic import call

pytestmark = pytest.mark.elasticsearch


def analysed(address: str, text: str, *filters: Any, tokenizer: str = "standard", **rest: Any) -> list[str]:
    """The tokens that a custom analyser makes of a text."""
    body = {"tokenizer": tokenizer, "filter": list(filters), "text": text, **rest}
    return [token["token"] for token in call(address, "POST", "/_analyze", body)["tokens"]]


def stemmer(language: str) -> dict[str, str]:
    return {"type": "stemmer", "language": language}


def test_asciifolding(elasticsearch_url: str) -> None:
    # analysis-asciifolding-tokenfilter
    assert analysed(elasticsearch_url, "açaí à la carte", "asciifolding") == ["acai", "a", "la", "carte"]


def test_asciifolding_keeps_the_original_where_it_is_told_to(elasticsearch_url: str) -> None:
    # analysis-asciifolding-tokenfilter: preserve_original emits both, the folded one first.
    both = {"type": "asciifolding", "preserve_original": True}
    assert analysed(elasticsearch_url, "açaí la", both) == ["acai", "açaí", "la"]


def test_german_normalization(elasticsearch_url: str) -> None:
    # analysis-normalization-tokenfilter names Lucene's GermanNormalizationFilter, and that its rules: ß is ss; ä, ö and ü
    # are a, o and u, and so are ae, oe and ue, the last one not after a vowel or q.
    german = "weiß ä ö ü haeuser quelle bauen gruen"
    expected = ["weiss", "a", "o", "u", "hauser", "quelle", "bauen", "grun"]
    assert analysed(elasticsearch_url, german, "german_normalization") == expected


def test_edge_ngram(elasticsearch_url: str) -> None:
    # analysis-edgengram-tokenfilter
    edges = {"type": "edge_ngram", "min_gram": 1, "max_gram": 2}
    expected = ["t", "th", "q", "qu", "b", "br", "f", "fo", "j", "ju"]
    assert analysed(elasticsearch_url, "the quick brown fox jumps", edges) == expected


def test_edge_ngram_has_the_defaults_of_a_custom_filter(elasticsearch_url: str) -> None:
    # analysis-edgengram-tokenfilter: from 1 to 2 "for custom token filters"; preserve_original emits the whole token.
    assert analysed(elasticsearch_url, "fox", {"type": "edge_ngram"}) == ["f", "fo"]
    assert analysed(elasticsearch_url, "fox", {"type": "edge_ngram", "preserve_original": True}) == ["f", "fo", "fox"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        # analysis-stemmer-tokenfilter: "when not customized, the porter stemming algorithm for English"
        ("stemmer", ["the", "fox", "jump", "quickli"]),
        (stemmer("english"), ["the", "fox", "jump", "quickli"]),
        # analysis-kstem-tokenfilter: "equivalent to the stemmer filter's light_english variant"
        (stemmer("light_english"), ["the", "fox", "jump", "quick"]),
    ],
    ids=["default", "english", "light_english"],
)
def test_stemmer(elasticsearch_url: str, filters: Any, expected: list[str]) -> None:
    assert analysed(elasticsearch_url, "the foxes jumping quickly", filters) == expected


def test_minimal_english_takes_plurals_off_and_nothing_else(elasticsearch_url: str) -> None:
    # analysis-stemmer-tokenfilter links to Harman's "s-stemmer": ies becomes y (not eies, aies), s goes (not us, ss),
    # and so es becomes e (not aes, ees, oes).
    words = "speakers batteries cases glass status shoes jumping"
    expected = ["speaker", "battery", "case", "glass", "status", "shoes", "jumping"]
    assert analysed(elasticsearch_url, words, stemmer("minimal_english")) == expected


def test_possessive_english(elasticsearch_url: str) -> None:
    # analysis-stemmer-tokenfilter: Lucene's EnglishPossessiveFilter takes 's off, whichever apostrophe.
    assert analysed(elasticsearch_url, "children's O’Neil’s dogs'", stemmer("possessive_english")) == [
        "children",
        "O’Neil",
        "dogs",
    ]


def test_light_german_takes_endings_off(elasticsearch_url: str) -> None:
    # analysis-stemmer-tokenfilter recommends it for German: Savoy's light stemmer, which folds ä, ö and ü too.
    words = "häuser hauses tisch tische tischen"
    assert analysed(elasticsearch_url, words, stemmer("light_german")) == ["haus", "haus", "tisch", "tisch", "tisch"]


def test_an_unknown_stemmer_is_refused(elasticsearch_url: str) -> None:
    with pytest.raises(HTTPError, match="400"):
        analysed(elasticsearch_url, "words", stemmer("klingon"))


def test_dictionary_decompounder(elasticsearch_url: str) -> None:
    # analysis-dict-decomp-tokenfilter
    parts = {"type": "dictionary_decompounder", "word_list": ["Donau", "dampf", "meer", "schiff"]}
    expected = ["Donaudampfschiff", "Donau", "dampf", "schiff"]
    assert analysed(elasticsearch_url, "Donaudampfschiff", parts) == expected


def test_dictionary_decompounder_minds_the_sizes(elasticsearch_url: str) -> None:
    # analysis-dict-decomp-tokenfilter: min_word_size 5, min_subword_size 2, max_subword_size 15; only_longest_match
    parts = {"type": "dictionary_decompounder", "word_list": ["schiff", "schiffbau", "bau"]}
    assert analysed(elasticsearch_url, "bau schiffbau", parts) == ["bau", "schiffbau", "schiff", "schiffbau", "bau"]
    assert analysed(elasticsearch_url, "schiffbau", {**parts, "min_subword_size": 4, "max_subword_size": 6}) == [
        "schiffbau",
        "schiff",
    ]
    longest = analysed(elasticsearch_url, "schiffbau", {**parts, "only_longest_match": True})
    assert "schiff" not in longest


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "expected"),
    [
        # analysis-pattern-replace-charfilter, both examples
        (r"(\d+)-(?=\d)", "$1_", "My credit card is 123-456-789", ["My", "credit", "card", "is", "123_456_789"]),
        (r"(?<=\p{Lower})(?=\p{Upper})", " ", "The fooBarBaz method", ["The", "foo", "Bar", "Baz", "method"]),
    ],
    ids=["card", "camel"],
)
def test_pattern_replace(
    elasticsearch_url: str, pattern: str, replacement: str, text: str, expected: list[str]
) -> None:
    replace = {"type": "pattern_replace", "pattern": pattern, "replacement": replacement}
    assert analysed(elasticsearch_url, text, char_filter=[replace]) == expected


def test_keyword_tokenizer(elasticsearch_url: str) -> None:
    # analysis-keyword-tokenizer
    assert analysed(elasticsearch_url, "New York", tokenizer="keyword") == ["New York"]


def test_asciifolding_stands_in_a_normalizer(elasticsearch_url: str) -> None:
    # reference/elasticsearch/mapping-reference/normalizer: "BÀR" becomes "bar" by lowercase and asciifolding.
    body = {"filter": ["lowercase", "asciifolding"], "text": "BÀR"}
    tokens = call(elasticsearch_url, "POST", "/_analyze", body)["tokens"]
    assert [token["token"] for token in tokens] == ["bar"]
