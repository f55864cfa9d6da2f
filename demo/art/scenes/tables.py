"""Laid tables."""

from functools import partial

from demo.art.scenes import rooms
from demo.art.scenes.model import Thing, scene

scene(
    "set-table",
    "A table laid for supper: a vase, a casserole, a bowl and candles under a lamp",
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

scene(
    "tea",
    "Six ways to pour: teapots, cups and a jug on a striped cloth",
    ground="butter",
    room=partial(rooms.table, window=1, stripe="rust"),
    seed=12,
    things=[
        Thing("teapot", "soot", "oat", 2, 500, 735, 0.76, "night-teapot"),
        Thing("jug", "rose", "chalk", 3, 870, 715, 0.62, "milk-jug"),
        Thing("teapot", "celadon", "rust", 2, 1230, 730, 0.74, "infuser-pot"),
        Thing("tray", "walnut", "chalk", 2, 850, 920, 0.92, "ferry-tray"),
        Thing("teapot", "fern", "chalk", 3, 240, 930, 0.86, "garden-teapot"),
        Thing("cup", "rust", "butter", 1, 1180, 900, 0.6, "sunday-cup"),
        Thing("teapot", "butter", "chalk", 5, 1420, 980, 0.58, "one-cup-teapot"),
        Thing("mug", "ink", "chalk", 2, 560, 1035, 0.62, "river-mug"),
    ],
)

scene(
    "by-candlelight",
    "A table after dark: candles, a carafe, tumblers and a platter",
    ground="night",
    room=partial(rooms.table, window=2, stripe="ink"),
    seed=21,
    things=[
        Thing("pendant", "rust", "chalk", 1, 640, 360, 0.58, "dusk-pendant"),
        Thing("carafe", "celadon", "chalk", 1, 330, 760, 0.86, "table-carafe"),
        Thing("candle", "brass", "ink", 3, 900, 740, 0.92, "taper-holders"),
        Thing("bowl", "butter", "chalk", 3, 1310, 780, 0.62, "ember-bowl"),
        Thing("platter", "rust", "chalk", 2, 720, 940, 0.92, "round-platter"),
        Thing("tumbler", "moss", "chalk", 2, 1240, 960, 0.72, "wine-tumblers"),
        Thing("napkin", "fern", "linen", 2, 270, 980, 0.66, "tide-napkins"),
    ],
)

scene(
    "breakfast",
    "A breakfast table: eggs, toast plates, a mug and a milk jug",
    ground="sky",
    room=partial(rooms.table, window=3, stripe="sky"),
    seed=33,
    things=[
        Thing("crock", "sky", "chalk", 1, 370, 760, 0.62, "butter-crock"),
        Thing("jug", "rose", "chalk", 3, 690, 740, 0.56, "milk-jug"),
        Thing("bowl", "celadon", "rust", 2, 1040, 740, 0.6, "noodle-bowl"),
        Thing("vase", "rose", "chalk", 1, 1330, 750, 0.5, "bud-vases"),
        Thing("plate", "butter", "chalk", 3, 380, 980, 0.78, "toast-plates"),
        Thing("eggcup", "chalk", "rust", 2, 830, 940, 0.86, "egg-cups"),
        Thing("mug", "chalk", "ink", 3, 1240, 940, 0.82, "breakfast-mug"),
    ],
)
