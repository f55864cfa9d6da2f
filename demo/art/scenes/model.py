"""What a scene is, and the register of them."""

from dataclasses import dataclass
from typing import NamedTuple

from demo.art.scenes.rooms import Room


@dataclass(frozen=True)
class Hotspot:
    """Where a product is in a scene, in per cent of the picture from its upper left corner."""

    product: str
    x: float
    y: float


class Thing(NamedTuple):
    """One thing in a scene: what it is, its colours and seed, where its foot is, and how large it is drawn."""

    kind: str
    glaze: str
    second: str | None
    seed: int
    x: int
    y: int
    scale: float
    #: The product it shows; without one it is scenery.
    product: str | None = None


@dataclass(frozen=True)
class Scene:
    """A room with things in it, drawn from the back to the front."""

    name: str
    #: What is seen, in words; the picture's title.
    title: str
    ground: str
    room: Room
    seed: int
    things: tuple[Thing, ...]


#: Every scene, by name.
SCENES: dict[str, Scene] = {}


def scene(name: str, title: str, *, ground: str, room: Room, seed: int, things: list[Thing]) -> None:
    """Add a scene to the register."""
    SCENES[name] = Scene(name, title, ground, room, seed, tuple(things))
