"""What else somebody may have meant whose words no product has all of.

One request asks how many products have each word, what words of the catalogue are near the unknown ones, and whether
they are two words in one or one in two. Only words that no product has are ever replaced: correcting known ones harms
more questions than it helps (docs/search.md). A word with a digit is a number and stays as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.spelling import SHORTEST, allowed, distance, is_slip
from search.stories.database import EVERYWHERE
from search.words import MAX_WORDS, fold, words

from . import client
from .conditions import Clause
from .question import SMALL, Question
from .vocabulary import vocabulary

# Each half of a word that was written as one.
HALF = 3
# A word that no title has is put right in so many letters or more.
TELLING = 6
NEAR = {"size": 10, "min_word_length": SHORTEST, "max_edits": 2}
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
    # Where something was left out that is near to a word of the catalogue, and yet may be one of its own.
    maybe: str = ""

    @property
    def is_told(self) -> bool:
        """Whether what is left still says what was asked for: the one known word of a long sentence does not."""
        return len(self.left_out) <= sum(word not in SMALL for word in words(self.text))


def _none(words: Collection[str]) -> Collection[str]:
    return ()


def repair(
    text: str,
    place: Place = PRODUCTS,
    *,
    said: Collection[str] = (),
    synonymous: Collection[str] = (),
    right: Callable[[Collection[str]], Collection[str]] = _none,
) -> Repair:
    """Replace the words that nothing there has by near ones that something has, and leave out what has none.

    Of `said`, words that merchandisers have an answer to, those that nothing has are neither replaced nor missed. Those
    that are `synonymous` with others stay, since the others are looked for in their place.
    `right` tells which words are no mistakes though nothing there has them; it is only asked about what has near ones.
    """
    chunks = _CHUNK.findall(fold(text))[:MAX_WORDS]
    if not chunks:
        return Repair(text="")
    known, ways, near, sure = _ask(chunks, place)
    mistaken = [chunk for chunk in near if chunk in chunks and chunk not in known]
    for word in right(mistaken) if mistaken else ():
        near.pop(word, None)
        sure.pop(word, None)
    kept: list[str] = []
    perhaps: list[str] = []
    left_out: list[str] = []
    corrected = skip = False
    for number, chunk in enumerate(chunks):
        if skip:
            skip = False
            continue
        pair = chunks[number : number + 2]
        together = "".join(pair) if len(pair) == 2 and SMALL.isdisjoint(pair) else ""
        # Where something has both, they are two words, even if others write them as one.
        if together and together in ways and f"{chunk} {chunks[number + 1]}" not in known:
            kept.append(together)
            perhaps.append(together)
            corrected = skip = True
            continue
        if chunk in known or (synonymous and set(words(chunk)) <= set(synonymous)):
            kept.append(chunk)
        elif said and set(words(chunk)) <= set(said):
            continue
        elif chunk in SMALL or chunk in EVERYWHERE:
            # "How do I": nobody misses it.
            continue
        elif instead := next((way for way in ways if way.replace(" ", "") == chunk), "") or sure.get(chunk, ""):
            kept.append(instead)
            corrected = True
        else:
            left_out.append(chunk)
            if chunk in near:
                perhaps.append(near[chunk])
            continue
        perhaps.append(kept[-1])
    maybe = " ".join(perhaps) if len(perhaps) > len(kept) else ""
    if left_out and all(word in SMALL or word in EVERYWHERE for word in kept):
        # "The xyzzy" is about no product that says "the".
        kept, corrected = [], False
    return Repair(text=" ".join(kept), corrected=corrected, left_out=tuple(left_out), maybe=maybe)


def better(text: str, matched: int, *, said: Collection[str] = ()) -> str:
    """Words near these that more products have than the `matched` few that have these, or nothing. Two requests.

    For words that somebody else mistyped in the same way: they are known, so that `repair` leaves them alone. What
    merchandisers have an answer to, `said`, is left alone here as well.
    """
    chunks = _CHUNK.findall(fold(text))[:MAX_WORDS]
    asked = {"text": " ".join(chunks), "near": PRODUCTS.near("popular", same=1)}
    near = _near(client.ask({"size": 0, "track_total_hits": False, "suggest": asked}).get("suggest", {}), _fits)
    other = " ".join(chunk if set(words(chunk)) & set(said) else near.get(chunk, chunk) for chunk in chunks)
    if not near or other == " ".join(chunks):
        return ""
    return other if finds(other, more_than=matched) else ""


def finds(text: str, *, more_than: int = 0) -> bool:
    """Whether more products than these have all the words."""
    body = {"size": 0, "track_total_hits": True, "query": Question(text).every()}
    return int(client.ask(body)["hits"]["total"]["value"]) > more_than


def _ask(chunks: Sequence[str], place: Place) -> tuple[set[str], list[str], dict[str, str], dict[str, str]]:
    """Which words and pairs are known, which joined and parted ones are, the best word near each unknown one, and the
    best of those that were surely meant.
    """
    filters: dict[str, Clause] = {f"word.{chunk}": place.every(chunk) for chunk in chunks}
    for first, second in itertools.pairwise(chunks):
        filters[f"way.{first}{second}"] = place.every(f"{first}{second}")
        filters[f"word.{first} {second}"] = place.every(f"{first} {second}")
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
    suggested = answer.get("suggest", {})
    sure = _is_surely_meant if place is PRODUCTS else is_slip
    return known, ways, _near(suggested, _fits), _near(suggested, sure)


def _is_surely_meant(word: str, other: str) -> bool:
    """Whether a shopper surely meant `other`: what something is called, or but one slip away.

    Descriptions say everything, and a catalogue without showers is no reason to look for what is slower.
    """
    if not is_slip(word, other):
        return False
    return vocabulary().says(other) or (len(word) >= TELLING and is_slip(word, other, most=1))


def _fits(word: str, other: str) -> bool:
    return distance(word, other, allowed(word)) <= allowed(word)


def _near(suggested: Mapping[str, Any], fits: Callable[[str, str], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("near", "far"):
        for token in suggested.get(name, ()):
            word = token["text"]
            if word in found or any(char.isdigit() for char in word):
                continue
            fitting = (option["text"] for option in token["options"] if fits(word, option["text"]))
            if (best := next(fitting, None)) is not None:
                found[word] = best
    return found
