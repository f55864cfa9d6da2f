"""The pen that draws the shop, and the register of what it can draw."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from demo.art.growing import Growing
from demo.art.turning import Turning
from demo.art.weaving import Weaving


class Pen(Turning, Growing, Weaving):
    """Everything a drawing needs: clay, leaves and cloth, in the same light."""


#: Standing on a table, lying flat and seen from above, or hanging on the wall.
Stance = Literal["stand", "flat", "hang"]


class Drawn(NamedTuple):
    """A drawn thing, and what a picture needs to know to place it."""

    svg: str
    #: Half of its width.
    half: float
    height: float
    stance: Stance = "stand"
    #: Half of what touches the table, where that is less than the whole width: a mug's handle throws no shadow.
    foot: float | None = None


Drawing = Callable[[Pen], Drawn]

#: Every kind of thing there is a drawing for, by name.
KINDS: dict[str, Drawing] = {}


def kind(drawing: Drawing) -> Drawing:
    """Register a drawing under the name of its function."""
    KINDS[drawing.__name__] = drawing
    return drawing
