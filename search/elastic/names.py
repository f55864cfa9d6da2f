"""Words of the language that may name one thing. Whether they do here, the catalogue says (vocabulary.py).

Short on purpose. What a shop knows better stands in its synonyms, and those count first.
"""

from __future__ import annotations

# Whoever says one of these means the other, whatever a shop sells.
SAME = {
    "en": "sofa couch settee, tv television, fridge refrigerator, torch flashlight, nappy diaper, faucet tap, "
    "rucksack backpack, sneaker trainer, duvet comforter",
    "de": "sofa couch, fernseher tv, rucksack backpack, sneaker turnschuh, smartphone handy",
}
# Notebooks may be of paper. They are the same where both have cases: "laptop case", "notebook case".
SOMETIMES = {"en": "laptop notebook, screen monitor", "de": "laptop notebook"}
# So many things that go with the one have to be there for the other too.
SHARED = 2


def partners(sets: str) -> dict[str, tuple[str, ...]]:
    """By each word the others of its set."""
    groups = [group.split() for group in sets.split(",")]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}
