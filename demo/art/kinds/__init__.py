"""What can be drawn. Importing this package registers every kind in ``demo.art.pen.KINDS``.

A kind is a function that takes a pen and gives back what it drew. The pen brings the colours and a seed; a kind
may look at ``pen.seed`` to draw a variation of itself, and must draw the same thing for the same seed.
"""

from demo.art.kinds import (
    cooking,
    electronics,
    furniture,
    garden,
    glass,
    light,
    paper,
    plants,
    textiles,
    tools,
    vessels,
)

__all__ = [
    "cooking",
    "electronics",
    "furniture",
    "garden",
    "glass",
    "light",
    "paper",
    "plants",
    "textiles",
    "tools",
    "vessels",
]
