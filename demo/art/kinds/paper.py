"""What is printed."""

import math

from demo.art.geometry import Box, ellipse, num, polygon
from demo.art.palette import dark, light, mix
from demo.art.pen import Drawn, Pen, kind

_PAGES = "#efe6d2"


def _motif(pen: Pen, x: float, y: float, r: float) -> str:
    """The picture on a cover, by the seed: stripes, a loaf, a pot, a leaf."""
    ink, which = pen.second, pen.seed % 4
    if which == 1:
        cuts = "".join(
            pen.stroke(
                f"M{num(x + k * r * 0.4 - r * 0.1)} {num(y - r * 0.42)}q{num(r * 0.16)} {num(r * 0.2)} {num(r * 0.1)} {num(r * 0.5)}",
                pen.colour,
                r * 0.1,
            )
            for k in (-1, 0, 1)
        )
        loaf = (
            f"M{num(x - r)} {num(y + r * 0.5)}"
            f"C{num(x - r * 1.3)} {num(y - r * 0.9)} {num(x + r * 1.3)} {num(y - r * 0.9)} {num(x + r)} {num(y + r * 0.5)}Z"
        )
        return pen.fill(loaf, ink) + cuts
    if which == 2:
        body = (
            f"M{num(x - r * 0.9)} {num(y - r * 0.2)}H{num(x + r * 0.9)}"
            f"C{num(x + r * 0.9)} {num(y + r)} {num(x - r * 0.9)} {num(y + r)} {num(x - r * 0.9)} {num(y - r * 0.2)}Z"
        )
        lid = (
            f"M{num(x - r)} {num(y - r * 0.32)}"
            f"C{num(x - r * 0.7)} {num(y - r * 0.8)} {num(x + r * 0.7)} {num(y - r * 0.8)} {num(x + r)} {num(y - r * 0.32)}Z"
        )
        return pen.fill(body, ink) + pen.fill(lid, ink) + pen.fill(ellipse(x, y - r * 0.78, r * 0.16, r * 0.13), ink)
    if which == 3:
        out = pen.stroke(f"M{num(x)} {num(y + r)}V{num(y - r)}", ink, r * 0.06)
        for k in range(5):
            yy, size = y + r * (0.8 - k * 0.36), r * (0.86 - k * 0.1)
            out += pen.leaf(x, yy, -0.7, size, size * 0.36, ink) + pen.leaf(
                x, yy, math.pi + 0.7, size, size * 0.36, ink
            )
        return out
    return "".join(
        pen.stroke(f"M{num(x - r)} {num(y - r + i * r * 0.4)}H{num(x + r)}", ink, r * 0.16, 1, "butt") for i in range(6)
    )


def _lines(pen: Pen, x: float, y: float, width: float, sizes: tuple[float, ...], colour: str) -> str:
    """Lines of type, too far away to read."""
    out, yy = "", y
    for i, size in enumerate(sizes):
        reach = width * (1.0, 0.72, 0.5, 0.62)[i % 4]
        out += pen.stroke(f"M{num(x)} {num(yy)}h{num(reach)}", colour, size, 0.92, "butt")
        yy += size * 1.9
    return out


@kind
def book(pen: Pen) -> Drawn:
    """A hardback standing a little open, its picture on the cover."""
    box: Box = (-180, -470, 190, 10)
    front = polygon((-150, -470), (190, -452), (190, 4), (-150, 10))
    spine = polygon((-196, -452), (-150, -470), (-150, 10), (-196, -8))
    pages = polygon((-140, -466), (198, -440), (204, -8), (-140, 4))
    back = polygon((-150, -474), (214, -444), (214, -2), (-150, 6))
    edges = "".join(pen.stroke(f"M{194 + i * 3} {-436 + i}V{-6 - i}", dark(_PAGES, 0.3), 1.6, 0.6) for i in range(4))
    cover = _motif(pen, 20, -190, 96) + _lines(pen, -104, -400, 230, (26, 26), light(pen.second, 0.1))
    cover += pen.stroke("M-104 -40H60", pen.second, 8, 0.8, "butt")
    hinge = pen.stroke("M-128 -468V8", dark(pen.colour, 0.5), 5, 0.35)
    bands = pen.stroke("M-196 -400L-150 -414M-196 -70L-150 -60", pen.second, 10, 0.9, "butt")
    return Drawn(
        pen.solid(back, dark(pen.colour, 0.3), (-150, -474, 214, 6), "flat", edge=4)
        + pen.solid(pages, _PAGES, (-140, -466, 206, 4), "flat", edges, 0.3, edge=3)
        + pen.solid(spine, dark(pen.colour, 0.16), (-196, -470, -150, 10), "flat", bands, edge=4)
        + pen.solid(front, pen.colour, box, "flat", cover + hinge, edge=7),
        half=215,
        height=480,
        foot=190,
    )


@kind
def magazine(pen: Pen) -> Drawn:
    """Two copies of an issue lying on each other."""
    out = ""
    for turn, dx, dy, tone in ((-7, -22, 14, 0.22), (5, 10, -10, 0.0)):
        d = polygon((-215, -690), (215, -690), (215, -120), (-215, -120))
        colour = mix(pen.colour, "#ffffff", 0.04) if not tone else dark(pen.colour, tone)
        cover = _lines(pen, -180, -636, 360, (50,), pen.second)
        cover += pen.fill(ellipse(0, -370, 178, 178), light(pen.colour, 0.18)) + _motif(pen, 0, -370, 112)
        cover += _lines(pen, -180, -168, 200, (14, 14), pen.second)
        fold = pen.stroke("M-203 -690V-120", dark(colour, 0.5), 4, 0.35) + pen.stroke(
            "M-209 -560v44M-209 -300v44", "#c9cccb", 4
        )
        leaves = pen.fill(polygon((-209, -684), (221, -684), (221, -114), (-209, -114)), _PAGES)
        leaves += pen.fill(polygon((-209, -690), (221, -684), (225, -110), (-209, -110)), dark(_PAGES, 0.25), 0.5)
        page = leaves + pen.solid(d, colour, (-215, -690, 215, -120), "flat", cover + fold, 0.7, edge=7)
        out += f'<g transform="translate({dx} {dy}) rotate({turn} 0 -400)">{page}</g>'
    return Drawn(out, half=265, height=800, stance="flat")


@kind
def gift_card(pen: Pen) -> Drawn:
    """A card half out of its envelope."""
    envelope = polygon((-250, -330), (250, -330), (250, 0), (-250, 0))
    flap = polygon((-250, -330), (0, -150), (250, -330))
    card = polygon((-215, -560), (215, -560), (215, -120), (-215, -120))
    front = pen.fill(ellipse(0, -440, 88, 88), light(pen.colour, 0.2)) + _motif(pen, 0, -440, 58)
    front += _lines(pen, -180, -528, 150, (16,), pen.second)
    page = pen.solid(card, pen.colour, (-215, -560, 215, -120), "flat", front, 0.7, edge=5)
    paper = pen.solid(envelope, _PAGES, (-250, -330, 250, 0), "flat", "", 0.7, edge=5)
    seams = pen.stroke("M-250 0L-20 -170M250 0L20 -170", dark(_PAGES, 0.3), 4, 0.5)
    paper += (
        seams + pen.fill(flap, dark(_PAGES, 0.08)) + pen.stroke("M-250 -330L0 -150L250 -330", dark(_PAGES, 0.4), 5, 0.6)
    )
    paper += pen.fill(ellipse(0, -160, 34, 34), pen.colour)
    return Drawn(page + paper, half=260, height=580, stance="flat")
