"""Out of doors."""

from demo.art.scenes import outdoors
from demo.art.scenes.model import Thing, scene

scene(
    "potting-bench",
    "A potting bench with herbs, pots, a trowel and a can",
    ground="clay",
    room=outdoors.bench,
    seed=10,
    things=[
        Thing("trowel", "wood", None, 2, 470, 600, 0.62, "hand-trowel"),
        Thing("scissors", "rust", None, 2, 820, 560, 0.52, "garden-snips"),
        Thing("apron", "fern", "linen", 0, 1180, 640, 0.68, "workroom-apron"),
        Thing("herb", "rust", "chalk", 5, 260, 880, 0.8, "pot-rosemary"),
        Thing("herb", "celadon", "rust", 4, 580, 900, 0.8, "pot-thyme"),
        Thing("pot", "rust", "chalk", 1, 890, 890, 0.74, "deep-pot"),
        Thing("pot", "chalk", "ink", 3, 1110, 930, 0.46, "shelf-pots"),
        Thing("watering_can", "butter", "chalk", 1, 1340, 930, 0.74, "mist-can"),
    ],
)

scene(
    "picnic",
    "A blanket on the grass with a basket, tumblers and napkins",
    ground="chalk",
    room=outdoors.meadow,
    seed=13,
    things=[
        Thing("basket", "oat", "linen", 1, 380, 760, 0.94, "market-basket"),
        Thing("carafe", "celadon", "chalk", 1, 720, 740, 0.68, "table-carafe"),
        Thing("throw", "moss", "butter", 1, 1180, 740, 0.72, "field-blanket"),
        Thing("platter", "sky", "ink", 1, 720, 910, 0.84, "fish-platter"),
        Thing("tumbler", "rose", "chalk", 1, 1200, 950, 0.7, "water-tumblers"),
        Thing("napkin", "butter", "rust", 3, 330, 1000, 0.7, "picnic-napkins"),
    ],
)

scene(
    "washing-line",
    "Towels, aprons and a cloth on a line in the wind",
    ground="sky",
    room=outdoors.washing_line,
    seed=15,
    things=[
        Thing("towel", "linen", "rust", 1, 260, 730, 0.84, "mill-towel"),
        Thing("apron", "butter", "rust", 1, 560, 760, 0.82, "childs-apron"),
        Thing("towel", "chalk", "ink", 2, 830, 740, 0.84, "glass-cloths"),
        Thing("apron", "fern", "linen", 0, 1110, 760, 0.86, "workroom-apron"),
        Thing("towel", "celadon", "chalk", 0, 1390, 735, 0.86, "bath-towel"),
    ],
)
