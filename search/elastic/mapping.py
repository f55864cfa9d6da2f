"""Analysis and fields of the products' index, as plain data. Nothing here is beyond a stock Elasticsearch 9.

A change of anything here changes the fingerprint, and with it the index's name: the worker then builds a new one.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings

from search.vectors.minilm import DIMENSIONS

from . import german, measures

# How long a deleted product's version is remembered, so that what was read before the deletion cannot bring it back.
# Longer than any build takes.
DELETES_KEPT = "12h"


def definition() -> dict[str, Any]:
    """Settings and mappings of the index, for the language that the catalogue is written in."""
    mappings = MAPPINGS
    if settings.SEARCH_VECTORS:
        mappings = {**MAPPINGS, "properties": {**MAPPINGS["properties"], VECTOR: NEAREST}}
    return {"settings": {**INDEX, "analysis": analysis(settings.LANGUAGE_CODE)}, "mappings": mappings}


def fingerprint(body: dict[str, Any]) -> str:
    """A short name for an index's settings and mappings."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8]


def analysis(language: str) -> dict[str, Any]:
    """Analysers: `text` brings the forms of a word together, `asked` does so with a question, `plain` leaves words as they are."""
    is_german = language.partition("-")[0] == "de"
    text = {"type": "custom", "tokenizer": "standard", "filter": GERMAN if is_german else ENGLISH}
    spelt = ["inches"] if is_german else ["inches", "short"]
    return {
        "char_filter": {
            "inches": INCHES,
            "short": SHORT,
            "terabytes": measures.TERABYTES,
            "together": measures.TOGETHER,
        },
        "filter": {
            "possessive": {"type": "stemmer", "language": "possessive_english"},
            "plurals": {"type": "stemmer", "language": "minimal_english"},
            "german_endings": {"type": "stemmer", "language": "light_german"},
            "german_parts": {
                "type": "dictionary_decompounder",
                "word_list": list(german.PARTS),
                "min_word_size": 7,
                "min_subword_size": 4,
                "only_longest_match": True,
            },
        },
        "analyzer": {
            "text": {**text, "char_filter": spelt},
            "asked": {**text, "char_filter": [*spelt, "terabytes", "together"]},
            "plain": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]},
        },
        "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    }


ENGLISH = ["possessive", "lowercase", "asciifolding", "plurals"]
GERMAN = ["lowercase", "german_normalization", "asciifolding", "german_parts", "german_endings"]
# 13", 13'', 13in and 13-inch are all "13 inch".
INCHES = {
    "type": "pattern_replace",
    "pattern": r"(?i)(\d)\s?(?:[\"”″]|''|-?in(?:ch(?:es)?)?\b)",
    "replacement": "$1 inch",
}
# TVs are TVs, but neither UPS nor NAS is a plural: two letters with a vowel have none. The stemmer leaves a double s.
SHORT = {
    "type": "pattern_replace",
    "pattern": r"(?i)\b([aeiouy]\p{L}|\p{L}[aeiouy])s\b",
    "replacement": "$1ss",
}

INDEX: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    # Said, so that an index that nobody searched for a while does not make its next visitor wait.
    "refresh_interval": "1s",
    "gc_deletes": DELETES_KEPT,
}

# Between a facet's code, value and label; never part of any.
PART = "\x1f"

TEXT = {"type": "text", "analyzer": "text", "search_analyzer": "asked"}
COPIED = {**TEXT, "copy_to": "all"}
KEYWORD = {"type": "keyword", "ignore_above": 256}
FLAG = {"type": "boolean"}
LONG = {"type": "long"}

# Only where the shop has switched sentence vectors on: what the product's text means (search/vectors), a byte a number.
VECTOR = "vector"
NEAREST: dict[str, Any] = {
    "type": "dense_vector",
    "dims": DIMENSIONS,
    "element_type": "byte",
    "index": True,
    "similarity": "cosine",
    "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
}

MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "id": LONG,
        # What the product is called; the line under it and its variants' titles follow as further values.
        "title": COPIED,
        # The same as search/words.py spells it, so that "table lamps" is the title "Table lamp".
        "title_words": KEYWORD,
        # Part numbers and tags as they are written.
        "names": COPIED,
        "brand": {**COPIED, "fields": {"exact": {**KEYWORD, "normalizer": "folded"}}},
        "body": COPIED,
        # Numbers with their units, each as one word.
        "measures": {**TEXT, "norms": False},
        # Names and values: there are many, and most say little.
        "attributes": TEXT,
        # Long values: part numbers are looked for in them.
        "lists": {**TEXT, "norms": False},
        # Product type and categories: "laptop" is said here by what is one, and by few of its accessories.
        "shelves": TEXT,
        "shelf_words": KEYWORD,
        # What its title calls it, and what that says it only goes with (heads.py).
        "heads": KEYWORD,
        "beside": KEYWORD,
        # Unstemmed: what a shopper's word is corrected to.
        "all": {"type": "text", "analyzer": "plain", "norms": False},
        "numbers": {"type": "keyword", "ignore_above": 64},
        "brand_slug": KEYWORD,
        "categories": LONG,
        # What sort of thing it is, for feedback.py: its product type, deepest categories and the title's words.
        "kinds": KEYWORD,
        # The attributes that it can be filtered by.
        "codes": KEYWORD,
        # By code the values to filter by.
        "facets": {"type": "flattened"},
        # The same to be counted: code, PART, value, PART, label. One field, since each key of a flattened one would be
        # counted by going through all values of all keys.
        "choices": {"type": "keyword"},
        "prices": LONG,
        "price_low": LONG,
        "price_high": LONG,
        "tax_class": KEYWORD,
        "has_price": FLAG,
        "in_stock": FLAG,
        "reduced": FLAG,
        "in_offer": FLAG,
        "rating": {"type": "float"},
        "released": {"type": "date", "format": "strict_date"},
        "popularity": {"type": "integer"},
        "title_sort": KEYWORD,
    },
}
