"""The rest of the house."""

from demo.art.scenes import indoors
from demo.art.scenes.model import Thing, scene

scene(
    "studio",
    "Ines Calder’s studio: finished pots on a board, and a bench with slip on it",
    ground="chalk",
    room=indoors.studio,
    seed=6,
    things=[
        Thing("vase", "ink", "chalk", 4, 180, 414, 0.72, "river-vase"),
        Thing("vase", "rust", "chalk", 0, 360, 414, 0.66),
        Thing("bowl", "rose", "chalk", 5, 600, 414, 0.6, "fluted-bowl"),
        Thing("vase", "celadon", "rust", 5, 830, 414, 0.7, "straight-vase"),
        Thing("vase", "butter", "chalk", 4, 1030, 414, 0.72, "dot-vase"),
        Thing("mug", "rust", "chalk", 1, 1220, 414, 0.6),
        Thing("mug", "celadon", "chalk", 1, 1380, 414, 0.6),
        Thing("bowl", "butter", "chalk", 3, 290, 860, 0.82, "ember-bowl"),
        Thing("mug", "rust", "chalk", 1, 600, 830, 0.74, "kiln-mug"),
        Thing("mug", "ink", "chalk", 2, 810, 880, 0.74, "river-mug"),
        Thing("platter", "rust", "chalk", 2, 1120, 900, 0.72, "round-platter"),
        Thing("lamp", "celadon", "linen", 1, 1430, 860, 0.72, "pebble-lamp"),
    ],
)

scene(
    "hall",
    "A hall with pegs, a mirror, a stool and a basket",
    ground="celadon",
    room=indoors.hall,
    seed=4,
    things=[
        Thing("pegs", "wood", "rust", 2, 480, 690, 0.86, "peg-rail"),
        Thing("mirror", "wood", "sky", 1, 1180, 640, 0.74, "hall-mirror"),
        Thing("stool", "wood", "chalk", 1, 270, 1030, 0.8, "milking-stool"),
        Thing("basket", "oat", "linen", 1, 760, 1030, 0.84, "market-basket"),
        Thing("monstera", "rust", "chalk", 1, 1350, 1000, 0.84, "split-leaf"),
    ],
)

scene(
    "evening",
    "A corner in the evening: a lamp on a stool, a throw and a cushion",
    ground="rust",
    room=indoors.hall,
    seed=11,
    things=[
        Thing("clock", "ink", "chalk", 1, 420, 560, 0.6, "kitchen-clock"),
        Thing("stool", "walnut", "chalk", 1, 860, 1000, 0.82),
        Thing("lamp", "ink", "chalk", 4, 860, 650, 0.7, "sill-lamp"),
        Thing("basket", "walnut", "oat", 3, 280, 1010, 0.9, "log-basket"),
        Thing("throw", "oat", "rust", 2, 1280, 1040, 0.86, "fold-throw"),
        Thing("cushion", "chalk", "ink", 1, 1290, 820, 0.74, "ticking-cushion"),
        Thing("lantern", "soot", "chalk", 1, 590, 1040, 0.56, "porch-lantern"),
    ],
)
