"""One slip of the finger a query, always the same ones: what a ranking keeps of its score when shoppers mistype."""

from __future__ import annotations

import hashlib
import random
import string

# Shorter words are not mistyped here: one letter of four changed is often another word.
SHORTEST = 4
# Where its neighbours on a keyboard are: what a finger hits instead.
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KINDS = ("swap", "drop", "double", "neighbour")


def with_typo(query: str, *, seed: int = 20) -> str | None:
    """`query` with one edit in its longest word of letters (the first of equals), never in the word's first letter.

    None where no word has four letters. The edit hangs on the query and `seed` only, so that every engine and every run
    get the same one.
    """
    words = query.split()
    long_words = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
    if not long_words:
        return None
    longest = max(long_words, key=len)
    chance = random.Random(hashlib.sha256(f"{seed}:{query}".encode()).digest())
    wrong = _edit(longest, chance)
    place = words.index(longest)
    return " ".join([*words[:place], wrong, *words[place + 1 :]])


def _edit(word: str, chance: random.Random) -> str:
    """One edit that changes the word: two letters swapped, one left out, doubled, or its neighbour on the keyboard."""
    places = list(range(1, len(word)))
    while True:
        kind, place = chance.choice(KINDS), chance.choice(places)
        if kind == "swap":
            if place + 1 == len(word):
                continue
            wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        elif kind == "drop":
            wrong = word[:place] + word[place + 1 :]
        elif kind == "double":
            wrong = word[:place] + word[place] + word[place:]
        else:
            wrong = word[:place] + _neighbour(word[place], chance) + word[place + 1 :]
        if wrong != word:
            return wrong


def _neighbour(letter: str, chance: random.Random) -> str:
    for row in ROWS:
        if (place := row.find(letter.lower())) >= 0:
            return chance.choice([row[near] for near in (place - 1, place + 1) if 0 <= near < len(row)])
    return chance.choice(string.ascii_lowercase)
