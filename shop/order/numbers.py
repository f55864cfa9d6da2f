"""Order numbers: easy to read out, and they tell nobody how many orders there were."""

from __future__ import annotations

import secrets

# Without vowels (no words), and without what is mistaken for something else: 0 O, 1 I L, 5 S, U V.
ALPHABET = "2346789BCDFGHJKMNPQRTVWXYZ"
GROUPS = 3
GROUP = 3


def new_number() -> str:
    """A random number such as J9P-4R2-K7M: one of 5 million million."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
