"""Drawings of everything Fern & Kiln sells: kind x glaze x ground x seed, as SVG.

One light from the upper left, one viewpoint a little above the table, one set of inks. Every silhouette is shaded by
the same function, ``Ink.solid``, so that a mug and a monstera look printed on the same press. A drawing depends on its
arguments alone: the same arguments give the same bytes.

To add a kind, write a function in ``demo/art/kinds`` and decorate it with ``@kind``; to add a scene, call ``scene`` in
``demo/art/scenes``.
"""

from demo.art import kinds, scenes
from demo.art.marks import MARKS, draw_mark
from demo.art.palette import GLAZE, GROUND
from demo.art.pen import KINDS
from demo.art.people import PEOPLE, draw_portrait
from demo.art.product import VIEWS, draw_product
from demo.art.render import rasterise, to_jpeg, to_webp
from demo.art.scenes.draw import draw_scene, scene_title
from demo.art.scenes.model import SCENES, Hotspot

__all__ = [
    "GLAZE",
    "GROUND",
    "KINDS",
    "MARKS",
    "PEOPLE",
    "SCENES",
    "VIEWS",
    "Hotspot",
    "draw_mark",
    "draw_portrait",
    "draw_product",
    "draw_scene",
    "kinds",
    "rasterise",
    "scene_title",
    "scenes",
    "to_jpeg",
    "to_webp",
]
