"""Shelves."""

from demo.art.scenes import rooms
from demo.art.scenes.model import Thing, scene

scene(
    "shelf",
    "Two oak shelves of pots, jars and a trailing fern",
    ground="clay",
    room=rooms.shelf,
    seed=9,
    things=[
        Thing("plate", "chalk", "sky", 1, 300, 500, 0.8, "supper-plates"),
        Thing("vase", "rust", "chalk", 1, 590, 500, 0.84, "river-vase"),
        Thing("mug", "chalk", "rust", 3, 800, 500, 0.74, "kiln-mug"),
        Thing("mug", "celadon", "chalk", 1, 985, 500, 0.74),
        Thing("fern", "ink", "chalk", 2, 1290, 500, 0.78, "house-fern"),
        Thing("jar", "celadon", "chalk", 4, 250, 974, 0.8, "pantry-jar"),
        Thing("jar", "celadon", "chalk", 7, 470, 974, 0.66),
        Thing("teapot", "fern", "chalk", 3, 770, 974, 0.9, "garden-teapot"),
        Thing("bottle", "moss", "chalk", 3, 1100, 974, 0.74, "oil-bottle"),
        Thing("bowl", "butter", "chalk", 3, 1360, 974, 0.74, "ember-bowl"),
    ],
)

scene(
    "larder",
    "A larder: jars, crocks and bottles on two shelves",
    ground="sky",
    room=rooms.shelf,
    seed=17,
    things=[
        Thing("crock", "chalk", "ink", 3, 240, 500, 0.7, "salt-crock"),
        Thing("jar", "oat", "chalk", 6, 470, 500, 0.5, "spice-jars"),
        Thing("jar", "oat", "chalk", 9, 610, 500, 0.5),
        Thing("jar", "oat", "chalk", 12, 750, 500, 0.5),
        Thing("bottle", "moss", "chalk", 3, 950, 500, 0.72, "oil-bottle"),
        Thing("bottle", "rust", "chalk", 3, 1100, 500, 0.62, "vinegar-bottle"),
        Thing("mill", "walnut", "wood", 1, 1270, 500, 0.7, "pepper-mill"),
        Thing("dish", "butter", "rust", 2, 1440, 500, 0.4, "pie-dish"),
        Thing("crock", "oat", "rust", 2, 350, 974, 0.98, "bread-crock"),
        Thing("jar", "celadon", "chalk", 4, 680, 974, 0.8, "pantry-jar"),
        Thing("jar", "celadon", "chalk", 11, 880, 974, 0.66),
        Thing("basket", "oat", "linen", 1, 1170, 974, 0.76, "market-basket"),
        Thing("bowl", "chalk", "ink", 0, 1430, 974, 0.46, "moon-bowl"),
    ],
)

scene(
    "glass",
    "Tumblers and carafes on a shelf in the light",
    ground="blush",
    room=rooms.shelf,
    seed=26,
    things=[
        Thing("tumbler", "sky", "chalk", 1, 350, 500, 0.86, "water-tumblers"),
        Thing("carafe", "celadon", "chalk", 1, 700, 500, 0.86, "table-carafe"),
        Thing("vase", "celadon", "rust", 5, 960, 500, 0.8, "straight-vase"),
        Thing("tumbler", "moss", "chalk", 2, 1290, 500, 0.86, "wine-tumblers"),
        Thing("ivy", "chalk", "ink", 3, 360, 974, 0.78, "trailing-ivy"),
        Thing("carafe", "sky", "chalk", 2, 760, 974, 0.84, "bedside-carafe"),
        Thing("bottle", "moss", "chalk", 3, 1000, 974, 0.8, "oil-bottle"),
        Thing("tumbler", "rose", "chalk", 1, 1300, 974, 0.86),
    ],
)
