"""Vectors for products: out of the table where their text is as it was, and by the model where it is not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from search.texts import Said

from . import model
from .models import ProductVector


def vectors_of(products: Mapping[int, Said]) -> dict[int, bytes]:
    """By id what the texts of these products mean; what has none now is kept for the next time.

    For the worker and commands: a product takes the model some four milliseconds. Empty where vectors are off. Where the
    model fails (which it logs) only those that are kept are there.
    """
    if not model.is_on() or not products:
        return {}
    texts = {pk: text(said) for pk, said in products.items()}
    digests = {pk: _digest(words) for pk, words in texts.items()}
    held = ProductVector.objects.filter(product_id__in=list(texts)).values_list("product_id", "digest", "vector")
    found = {pk: bytes(vector) for pk, digest, vector in held if digest == digests[pk]}
    made = _encode({pk: words for pk, words in texts.items() if pk not in found})
    ProductVector.objects.bulk_create(
        [ProductVector(product_id=pk, digest=digests[pk], vector=vector) for pk, vector in made.items()],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["digest", "vector"],
    )
    return {**found, **made}


def text(said: Said) -> str:
    """What the model reads of a product: what it is called, then how it is described. Attributes were measured to add nothing."""
    return ". ".join(part for part in (*said.titles, said.body) if part)


def _digest(words: str) -> str:
    return hashlib.md5(f"{model.describe()}{words}".encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _encode(texts: Mapping[int, str]) -> dict[int, bytes]:
    """Those that the model takes. Several at once: it works outside Python's lock."""
    if not texts:
        return {}
    try:
        model.load()
    except model.ModelError:
        return {}
    with ThreadPoolExecutor(os.cpu_count() or 1, "search-vectors") as pool:
        return {pk: vector for pk, vector in zip(texts, pool.map(_one, texts.values()), strict=True) if vector}


def _one(words: str) -> bytes | None:
    try:
        return model.encode(words)
    except model.ModelError:
        return None
