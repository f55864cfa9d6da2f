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
