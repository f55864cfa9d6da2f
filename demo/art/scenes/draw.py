"""Put a scene on paper."""

from demo.art.palette import GROUND, dark
from demo.art.pen import KINDS, Pen
from demo.art.picture import document, hung, paper, shadow
from demo.art.scenes.model import SCENES, Hotspot

WIDTH, HEIGHT = 1600, 1100

#: Things that hang or lie flat are drawn this far above their foot.
_MIDDLE_OF_HANGING = 400


def draw_scene(name: str) -> tuple[str, list[Hotspot]]:
    """A scene for a story, 1600 x 1100, as SVG text, and where each product in it is."""
    if name not in SCENES:
        raise ValueError(f"There is no scene {name!r}; there are {', '.join(sorted(SCENES))}.")
    spec = SCENES[name]
    pen = Pen(spec.seed)
    wall, table = GROUND[spec.ground]
    body = f'<path d="M0 0H{WIDTH}V{HEIGHT}H0Z" fill="{wall}"/>' + spec.room(pen, WIDTH, HEIGHT, wall, table)
    spots = []
    for i, thing in enumerate(spec.things):
        # Every thing has a hand of its own, so that one more on the shelf does not change its neighbours. They write
        # into one list of gradients, so each counts from a number of its own.
        hand = Pen(thing.seed, thing.glaze, thing.second)
        hand.defs, hand.count, hand.bare = pen.defs, (i + 1) * 400, True
        drawn = KINDS[thing.kind](hand)
        x, y, s = thing.x, thing.y, thing.scale
        placed = f'<g transform="translate({x} {y}) scale({s})">{drawn.svg}</g>'
        if drawn.stance == "stand":
            body += shadow(hand, drawn, x, y + 3, s) + placed
        else:
            reach = drawn.half * s + 60
            body += hung(hand, placed, (x - reach, y - 1000 * s, x + reach, y + 60), 16, 20)
        if thing.product:
            middle = drawn.height * 0.45 if drawn.stance == "stand" else _MIDDLE_OF_HANGING
            spots.append(Hotspot(thing.product, round(100 * x / WIDTH, 1), round(100 * (y - middle * s) / HEIGHT, 1)))
    body += paper(pen, WIDTH, HEIGHT, 700, dark(wall, 0.6))
    return document(pen, WIDTH, HEIGHT, body, spec.title), spots


def scene_title(name: str) -> str:
    """What is seen in a scene, in words: the picture's alternative text."""
    return SCENES[name].title
