"""Laid tables."""

from demo.art.scenes import rooms
from demo.art.scenes.model import Thing, scene

scene(
    "set-table",
    "A table laid for supper, with a teapot, bowls and candles",
    ground="celadon",
    room=rooms.table,
    seed=5,
    things=[
        Thing("pendant", "rust", "chalk", 1, 820, 470, 0.62, "dusk-pendant"),
        Thing("jug", "chalk", "ink", 1, 330, 760, 0.86, "field-jug"),
        Thing("vase", "ink", "chalk", 4, 590, 740, 0.74, "river-vase"),
        Thing("candle", "brass", "ink", 3, 1120, 750, 0.7, "taper-holders"),
        Thing("casserole", "rust", "chalk", 2, 900, 800, 0.8, "hearth-casserole"),
        Thing("plate", "chalk", "celadon", 2, 640, 965, 0.92, "supper-plates"),
        Thing("bowl", "butter", "chalk", 3, 1230, 925, 0.68, "ember-bowl"),
        Thing("napkin", "ink", "linen", 2, 300, 990, 0.66, "tide-napkins"),
        Thing("mug", "celadon", "chalk", 1, 1440, 850, 0.66, "kiln-mug"),
    ],
)
