"""Cooking."""

from demo.art.scenes import indoors
from demo.art.scenes.model import Thing, scene

scene(
    "bread-day",
    "A baking day: a casserole, a loaf board, flour bowls and a book lying ready",
    ground="oat",
    room=indoors.niche,
    seed=14,
    things=[
        Thing("towel", "linen", "rust", 1, 1350, 600, 0.66, "mill-towel"),
        Thing("whisk", "wood", None, 2, 160, 660, 0.62, "balloon-whisk"),
        Thing("crock", "oat", "rust", 2, 380, 800, 0.92, "bread-crock"),
        Thing("casserole", "rust", "chalk", 2, 800, 790, 0.92, "hearth-casserole"),
        Thing("book", "rust", "chalk", 1, 1190, 800, 0.66, "bread-that-forgives"),
        Thing("bowl", "chalk", "ink", 0, 560, 970, 0.86, "moon-bowl"),
        Thing("jar", "oat", "chalk", 2, 960, 960, 0.5, "pantry-jar"),
        Thing("tray", "wood", "chalk", 1, 1290, 985, 0.66, "tea-tray"),
    ],
)

scene(
    "one-pot",
    "Supper in one pot: a low casserole, a mortar, a mill and herbs",
    ground="clay",
    room=indoors.niche,
    seed=19,
    things=[
        Thing("spoon", "wood", None, 2, 250, 660, 0.62, "olive-spoons"),
        Thing("grater", "rust", "chalk", 1, 1360, 740, 0.66, "box-grater"),
        Thing("herb", "rust", "chalk", 5, 450, 800, 0.66, "pot-rosemary"),
        Thing("casserole", "ink", "chalk", 1, 830, 830, 1.05, "low-casserole"),
        Thing("mill", "walnut", "wood", 1, 1180, 800, 0.74, "pepper-mill"),
        Thing("mortar", "chalk", None, 2, 480, 985, 0.62, "stone-mortar"),
        Thing("dish", "butter", "rust", 2, 1180, 990, 0.74, "pie-dish"),
    ],
)

scene(
    "edges",
    "Knives, scissors and a board laid out on a cloth to be looked after",
    ground="sky",
    room=indoors.tabletop,
    seed=8,
    things=[
        Thing("board", "walnut", None, 2, 330, 990, 1.0, "walnut-board"),
        Thing("knife", "walnut", None, 2, 690, 960, 0.94, "cooks-knife"),
        Thing("knife", "soot", None, 1, 960, 960, 0.94, "vegetable-cleaver"),
        Thing("knife", "brick", None, 4, 1180, 860, 0.62, "paring-knife"),
        Thing("scissors", "soot", None, 3, 1380, 930, 0.8, "kitchen-scissors"),
    ],
)
