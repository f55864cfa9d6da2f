"""Windowsills."""

from demo.art.scenes import rooms
from demo.art.scenes.model import Thing, scene

scene(
    "windowsill",
    "Plants on a deep windowsill with a watering can",
    ground="blush",
    room=rooms.sill,
    seed=3,
    things=[
        Thing("monstera", "rust", "chalk", 1, 330, 940, 0.92, "split-leaf"),
        Thing("cactus", "chalk", "ink", 1, 630, 945, 0.82, "column-cactus"),
        Thing("watering_can", "fern", "chalk", 2, 960, 960, 0.82, "long-spout-can"),
        Thing("fern", "ink", "butter", 2, 1300, 940, 0.94, "house-fern"),
    ],
)
