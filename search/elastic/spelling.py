"""What else somebody may have meant whose words no product has all of.

One request asks how many products have each word, what words of the catalogue are near the unknown ones, and whether
they are two words in one or one in two. Only words that no product has are ever replaced: correcting known ones harms
more questions than it helps (docs/search.md). A word with a digit is a number and stays as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.spelling import SHORTEST, allowed, distance
from search.words import MAX_WORDS, fold

from . import client
from .conditions import Clause
from .question import Question

# Each half of a word that was written as one.
HALF = 3
NEAR = {"size": 5, "min_word_length": SHORTEST, "max_edits": 2}
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words are looked for: an index, its field of unstemmed words, and the clause for what has some words."""

    kind: str
    field: str
    every: Callable[[str], Clause]

    def near(self, mode: str, *, same: int) -> Clause:
        """What asks for near words whose first `same` letters are the same."""
        return {"term": {**NEAR, "field": self.field, "suggest_mode": mode, "prefix_length": same}}


PRODUCTS = Place(client.PRODUCTS, "all", lambda text: Question(text).every())


@dataclass(frozen=True, slots=True)
class Repair:
    """`text` is what to look for instead, empty where nothing is known; `corrected` tells whether a word was replaced."""

    text: str
    corrected: bool = False
    left_out: tuple[str, ...] = ()


def repair(text: str, place: Place = PRODUCTS) -> Repair:
    """Replace the words that nothing there has by near ones that something has, and leave out what has none."""
    chunks = _CHUNK.findall(fold(text))[:MAX_WORDS]
    if not chunks:
        return Repair(text="")
    known, ways, near = _ask(chunks, place)
    kept: list[str] = []
    left_out: list[str] = []
    corrected = skip = False
    for number, chunk in enumerate(chunks):
        if skip:
            skip = False
            continue
        together = f"{chunk}{chunks[number + 1]}" if number + 1 < len(chunks) else ""
        if together and together in ways and not (chunk in known and chunks[number + 1] in known):
            kept.append(together)
            corrected = skip = True
        elif chunk in known:
            kept.append(chunk)
        elif instead := next((way for way in ways if way.replace(" ", "") == chunk), "") or near.get(chunk, ""):
            kept.append(instead)
            corrected = True
        else:
            left_out.append(chunk)
    return Repair(text=" ".join(kept), corrected=corrected, left_out=tuple(left_out))


def better(text: str, matched: int) -> str:
    """Words near these that more products have than the `matched` few that have these, or nothing. Two requests.

    For words that somebody else mistyped in the same way: they are known, so that `repair` leaves them alone.
    """
    chunks = _CHUNK.findall(fold(text))[:MAX_WORDS]
    asked = {"text": " ".join(chunks), "near": PRODUCTS.near("popular", same=1)}
    near = _near(client.ask({"size": 0, "track_total_hits": False, "suggest": asked}).get("suggest", {}))
    other = " ".join(near.get(chunk, chunk) for chunk in chunks)
    if not near or other == " ".join(chunks):
        return ""
    body = {"size": 0, "track_total_hits": True, "query": Question(other).every()}
    return other if client.ask(body)["hits"]["total"]["value"] > matched else ""


def _ask(chunks: Sequence[str], place: Place) -> tuple[set[str], list[str], dict[str, str]]:
    """Which words are known, which joined and parted ones are, and the best word near each unknown one."""
    filters: dict[str, Clause] = {f"word.{chunk}": place.every(chunk) for chunk in chunks}
    for first, second in itertools.pairwise(chunks):
        filters[f"way.{first}{second}"] = place.every(f"{first}{second}")
    for chunk in chunks:
        for end in range(HALF, len(chunk) - HALF + 1) if chunk.isalpha() and len(chunk) < 24 else ():
            parted = f"{chunk[:end]} {chunk[end:]}"
            filters[f"way.{parted}"] = {"match_phrase": {place.field: parted}}
    answer = client.ask(
        {
            "size": 0,
            "track_total_hits": False,
            "aggs": {"found": {"filters": {"filters": filters}}},
            "suggest": {
                "text": " ".join(chunks),
                # Hardly anybody errs in the first letter, and asking for the same one finds better words.
                "near": place.near("missing", same=1),
                "far": place.near("missing", same=0),
            },
        },
        kind=place.kind,
    )
    found = {name for name, bucket in answer["aggregations"]["found"]["buckets"].items() if bucket["doc_count"]}
    known = {name.removeprefix("word.") for name in found if name.startswith("word.")}
    ways = sorted(name.removeprefix("way.") for name in found if name.startswith("way."))
    return known, ways, _near(answer.get("suggest", {}))


def _near(suggested: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("near", "far"):
        for token in suggested.get(name, ()):
            word = token["text"]
            if word in found or any(char.isdigit() for char in word):
                continue
            fitting = (
                option["text"]
                for option in token["options"]
                if distance(word, option["text"], allowed(word)) <= allowed(word)
            )
            if (best := next(fitting, None)) is not None:
                found[word] = best
    return found
