"""What is near to a question in meaning, where the shop has sentence vectors: asked together with the words.

Scores of words and of vectors, each divided by its greatest, are added up half and half; adding inside one request was
measured to be worse. What is in the list at all, and how long it is, the words alone say. Only products that fill a first page
(engine.List.filled) may come from vectors alone. Whatever fails here, words answer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.vectors import model
from search.words import fold, words

from . import client
from .conditions import Clause, Conditions
from .feedback import Hit
from .mapping import VECTOR
from .vocabulary import vocabulary

logger = logging.getLogger(__name__)

# The share of the words in a score, and what belonging to the right kind is then worth (feedback.WEIGHT without vectors).
WORDS, KIND = 0.5, 0.05
# And being called what was asked for, or only going with it (feedback.py): vectors know more of the former.
THING, ASIDE = 0.03, 0.15
# The same where no product has all the words: to have some of them says less.
RELAXED_WORDS = 0.1
# A product without any of the words is shown from this cosine on: what is rated as good for a query has .5 in the middle,
# what is rated as wrong .3, and the nearest to letters without a meaning .3 as well.
NEAR_ENOUGH = 0.4
# Fewer letters are part of a number, unless they stand alone ("tv").
SHORTEST = 3
# So many of the nearest are asked for, and so many looked at on the way: more finds them more surely.
MOST, CANDIDATES = 100, 200
# So many are put into a list that has only some of the words, and what lifts them above its others before they are put in order:
# more than words ever score.
ADDED, LIFT = 50, 1000.0


@dataclass(frozen=True, slots=True)
class Near:
    """How near products are to the question: from -1 to 1, for the nearest. All others are further away than these."""

    scores: dict[int, float]
    hits: Sequence[dict[str, Any]] = ()

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return bool(self.scores)

    def and_also(self, other: Near) -> Near:
        """What two questions after the same words say together."""
        return Near({**other.scores, **self.scores})

    def joined(self, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What words found, and after it what only vectors did and is near enough."""
        there = {hit["fields"]["id"][0] for hit in found}
        more = [hit for hit in self.hits if hit["fields"]["id"][0] not in there and _cosine(hit) >= NEAR_ENOUGH]
        return [*found, *({**hit, "_score": 0.0} for hit in more)]


NOTHING = Near({})


def held(vector: bytes | None) -> dict[str, str]:
    """What a document says of its vector."""
    return {VECTOR: vector.hex()} if vector else {}


def request(
    text: str,
    conditions: Conditions,
    *,
    within: Clause | None = None,
    without: Sequence[Clause] = (),
    fields: Sequence[str] = ("id",),
) -> Clause | None:
    """What asks for the nearest products that all filters let through, of those that `within` finds.

    None where there is no vector to be had at once, and where the question is a number or a maker's name: these mean
    nothing to a model. Raises client.Unavailable.
    """
    vector = model.of_query(text) if _says_something(text) and not is_brand(text) else None
    if vector is None:
        return None
    filters = [*conditions.scope, *conditions.filters(), *([within] if within else [])]
    found: Clause = {"field": VECTOR, "query_vector": vector.hex(), "k": MOST, "num_candidates": CANDIDATES}
    found["filter"] = {"bool": {"filter": filters, "must_not": [*conditions.hidden, *without]}}
    return {
        "query": {"knn": found},
        "size": MOST,
        "stored_fields": "_none_",
        "docvalue_fields": list(fields),
        "track_total_hits": False,
    }


def _says_something(text: str) -> bool:
    """Whether there is a word in it, and not only the pieces of a part number: "XP-610", "CF 280 X", "5012345678900"."""
    found = words(text)
    return any(len(word) >= SHORTEST and word.isalpha() for word in found) or (len(found) == 1 and found[0].isalpha())


def is_brand(text: str) -> bool:
    """Whether this is the name of a maker and nothing else. Raises client.Unavailable."""
    return model.is_asked() and " ".join(fold(text).split()) in vocabulary().brands


def orders(text: str, *, partly: bool) -> bool:
    """Whether meaning has a say in the order of what has all the words: a model takes one number for another.

    "RTX 2060" is no "RTX 3070". Where products have some of the words only (`partly`), it still knows most.
    """
    return partly or not any(map(str.isdigit, text))


def ask(
    bodies: Sequence[Clause], near: Clause | None, *, needs: Sequence[Sequence[str]] = (("hits",),)
) -> tuple[list[dict[str, Any]], Near]:
    """What searches answer, and what is near, asked at once. Raises client.Unavailable where one of the former fails."""
    if near is not None:
        said, other = client.ask_with(bodies, near, needs=needs)
        return said, _read(other)
    if not bodies:
        return [], NOTHING
    if len(bodies) == 1:
        return [client.ask(bodies[0], needs=needs[0])], NOTHING
    return client.ask_many(bodies, needs=needs), NOTHING


def _read(answer: dict[str, Any] | None) -> Near:
    """Nothing where it was refused: the index that is asked may be one from before vectors were switched on."""
    hits = answer["hits"]["hits"] if answer else ()
    return Near({hit["fields"]["id"][0]: _cosine(hit) for hit in hits}, hits)


def lacking() -> int:
    """How many documents of the live index have no vector; 0 where vectors are off. Raises client.Unavailable."""
    if not model.is_on():
        return 0
    query = {"query": {"bool": {"must_not": {"exists": {"field": VECTOR}}}}}
    answer = client.perform(client.writing(), "POST", f"/{client.alias()}/_count", client.JSON, query)
    return int(answer["count"])


def _cosine(hit: dict[str, Any]) -> float:
    """Elasticsearch shows (1 + cosine) / 2."""
    return float(2 * hit["_score"] - 1)


def found(text: str, conditions: Conditions) -> list[int]:
    """The products that are near enough, whatever the filters say, so that these can be counted. Raises client.Unavailable."""
    (_said, near) = ask([], request(text, replace(conditions, switches=[], price=[], facets={})))
    return [pk for pk, cosine in near.scores.items() if cosine >= NEAR_ENOUGH][:ADDED]


def lifted(ids: Sequence[int]) -> Clause:
    """A clause that finds these products and has them come first, so that they are among those that are put in order."""
    return {"constant_score": {"filter": {"terms": {"id": list(ids)}}, "boost": LIFT}}


def grounded(score: float) -> float:
    """What words say of a product, lifted or not."""
    return score - LIFT if score >= LIFT else score


def blend(hits: Sequence[Hit], near: Near, *, relaxed: bool = False) -> list[Hit]:
    """The hits with what words and vectors say of them together, from 0 to 1."""
    if not near:
        return list(hits)
    share = RELAXED_WORDS if relaxed else WORDS
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    nearest = max(near.scores.values(), default=0.0) or 1.0
    # Further away than the last of those that are known.
    far = min(near.scores.values(), default=0.0)
    return [
        replace(
            hit,
            score=share * hit.score / best + (1 - share) * max(0.0, near.scores.get(hit.id, far)) / nearest,
        )
        for hit in hits
    ]
