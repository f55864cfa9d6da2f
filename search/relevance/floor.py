"""What each engine has to reach, kept in a file with the reason for every figure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .scoring import Score

# What may have a floor, and how it is called.
NAMES = {
    "ndcg": "NDCG@10",
    "condensed_ndcg": "condensed NDCG@10",
    "typo_kept": "share of the score that mistyped queries keep",
    "times_plain": "NDCG@10 over that of the plain engine",
}


class FloorError(Exception):
    """The file of floors cannot be used; the message says why."""


def read(path: Path) -> dict[str, dict[str, float]]:
    """Engine to floors. The file says for each engine a `since` and a `reason` too. Raises FloorError."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FloorError(f"{path}: cannot be read as JSON ({error}).") from error
    found: dict[str, dict[str, float]] = {}
    for engine, values in held.items():
        floors = {name: value for name, value in values.items() if name not in {"since", "reason"}}
        if unknown := sorted(set(floors) - set(NAMES)):
            raise FloorError(f"{path}: {engine} has {', '.join(unknown)}; floors are {', '.join(NAMES)}.")
        if not values.get("since") or not values.get("reason"):
            raise FloorError(f"{path}: {engine} lacks since or reason: say when its floors were set, and why there.")
        found[engine] = {name: float(value) for name, value in floors.items()}
    return found


def below(floors: Mapping[str, Mapping[str, float]], scores: Mapping[str, Score]) -> list[str]:
    """A sentence for each floor that a measured engine is under, or that was not measured."""
    return [
        sentence
        for engine, score in scores.items()
        for name, floor in floors.get(engine, {}).items()
        if (sentence := _fault(engine, name, floor, _value(name, score, scores)))
    ]


def _value(name: str, score: Score, scores: Mapping[str, Score]) -> float | None:
    if name != "times_plain":
        value: Any = getattr(score, name)
        return value
    plain = scores.get("plain")
    return score.ndcg / plain.ndcg if plain and plain.ndcg else None


def _fault(engine: str, name: str, floor: float, value: float | None) -> str:
    if value is None:
        return f"{engine}: the {NAMES[name]} was not measured, and its floor is {floor:.3f}."
    return f"{engine}: the {NAMES[name]} is {value:.3f}, under its floor of {floor:.3f}." if value < floor else ""
