"""Kitchen counters."""

from demo.art.scenes import rooms
from demo.art.scenes.model import Thing, scene

scene(
    "counter",
    "A kitchen counter with knives, a kettle and a board",
    ground="sky",
    room=rooms.counter,
    seed=8,
    things=[
        Thing("towel", "linen", "rust", 1, 1330, 560, 0.68, "mill-towel"),
        Thing("whisk", "wood", None, 2, 170, 640, 0.62, "balloon-whisk"),
        Thing("spoon", "wood", None, 2, 450, 640, 0.6, "olive-spoons"),
        Thing("board", "walnut", None, 2, 850, 815, 0.86, "walnut-board"),
        Thing("kettle", "ink", "chalk", 2, 380, 890, 0.96, "ember-kettle"),
        Thing("mortar", "chalk", None, 2, 960, 895, 0.66, "stone-mortar"),
        Thing("jar", "celadon", "chalk", 4, 1170, 850, 0.62, "pantry-jar"),
        Thing("basket", "oat", "linen", 1, 1390, 900, 0.78, "market-basket"),
    ],
)
