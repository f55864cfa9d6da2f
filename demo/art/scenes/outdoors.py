"""Out of doors: a potting bench against a wall, a meadow with a blanket, a washing line."""

import math

from demo.art.geometry import ellipse, num, polygon
from demo.art.palette import GLAZE, INK, SHINE, dark, light, mix
from demo.art.pen import Pen
from demo.art.scenes.rooms import planks

_FAR = "#a9c3ad"


def _sky(pen: Pen, w: int, h: int, low: str = "#f6ead0") -> str:
    sky = pen.linear(0, 0, 0, h * 0.6, (0, "#bcd5dc", 1), (1, low, 1))
    out = pen.fill(f"M0 0H{w}V{h}H0Z", sky) + pen.fill(ellipse(w * 0.22, h * 0.16, 66, 66), "#f8efcf")
    for x, y, s in ((0.52, 0.12, 1.0), (0.8, 0.2, 0.7)):
        cloud = f"M{num(w * x - 150 * s)} {num(h * y)}c0 -46 60 -58 86 -34c26 -50 110 -40 118 8c44 -6 62 14 60 26Z"
        out += pen.fill(cloud, "#fbf6e8", 0.75)
    return out


def _hills(pen: Pen, w: int, h: int, y: float) -> str:
    first = (
        f"M0 {num(y)}C{num(w * 0.2)} {num(y - 110)} {num(w * 0.4)} {num(y + 40)} {num(w * 0.6)} {num(y - 60)}"
        f"S{num(w * 0.9)} {num(y - 80)} {w} {num(y - 20)}V{h}H0Z"
    )
    second = f"M0 {num(y + 70)}C{num(w * 0.25)} {num(y)} {num(w * 0.55)} {num(y + 90)} {w} {num(y + 20)}V{h}H0Z"
    out = pen.fill(first, _FAR) + pen.fill(second, mix(_FAR, GLAZE["fern"], 0.4))
    for i in range(13):
        x = w * (0.03 + i * 0.08) + pen.random.uniform(-26, 26)
        yy, s = y + 56 + pen.random.uniform(-16, 20), pen.random.uniform(0.6, 1.05)
        tree = f'<g transform="translate({num(x)} {num(yy)}) scale({num(s * 10)}e-1)">'
        crown = pen.fill(
            "M0 0c-30 -26 -34 -92 0 -116c34 24 30 90 0 116Z", mix(GLAZE["fern"], _FAR, pen.random.uniform(0.1, 0.5))
        )
        out += tree + crown + "</g>"
    return out


def _grass(pen: Pen, w: int, y0: float, y1: float, colour: str, count: int) -> str:
    out = ""
    for _ in range(count):
        t = pen.random.random() ** 0.8
        x, y = pen.random.uniform(0, w), y0 + (y1 - y0) * t
        tall = 12 + 30 * t
        lean = pen.random.uniform(-9, 9)
        tone = dark(colour, 0.25) if pen.random.random() < 0.55 else light(colour, 0.3)
        out += pen.stroke(
            f"M{num(x)} {num(y)}q{num(lean * 0.3)} {num(-tall * 0.6)} {num(lean)} {num(-tall)}", tone, 3, 0.55
        )
    return out


def bench(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A potting bench before a garden wall, with something climbing on it and a rail of hooks."""
    brick = ""
    bw, bh = 118, 44
    clay = mix(wall, GLAZE["brick"], 0.28)
    for j in range(int(h * 0.68 / bh) + 1):
        for i in range(-1, w // bw + 2):
            bx, by = i * bw + (bw / 2 if j % 2 else 0), j * bh
            tone = mix(clay, pen.random.choice((light(clay, 0.3), dark(clay, 0.18), clay, dark(clay, 0.08))), 0.75)
            brick += pen.fill(f"M{num(bx + 3)} {by + 3}h{bw - 6}v{bh - 6}h-{bw - 6}Z", tone)
    out = f"<g {pen.clip(f'M0 0H{w}V{num(h * 0.68)}H0Z')}>" + pen.fill(f"M0 0H{w}V{h}H0Z", light(clay, 0.35)) + brick
    out += pen.fill(polygon((0, 0), (w * 0.34, 0), (w * 0.8, h * 0.68), (w * 0.3, h * 0.68), (0, h * 0.34)), SHINE, 0.2)
    for x0, turn in ((w * 0.03, 1), (w * 0.97, -1)):  # what climbs
        x, y, a = x0, h * 0.68, -math.pi / 2 + turn * 0.1
        for i in range(26):
            nx, ny = x + math.cos(a) * 26, y + math.sin(a) * 26
            out += pen.stroke(f"M{num(x)} {num(y)}L{num(nx)} {num(ny)}", dark(GLAZE["walnut"], 0.2), 6)
            for side in (-1, 1):
                tone = mix(GLAZE["fern"], GLAZE["moss"], pen.random.random() * 0.7)
                out += pen.leaf(nx, ny, a + side * pen.random.uniform(0.7, 1.3), pen.random.uniform(38, 66), 25, tone)
            a += math.sin(i * 0.9) * 0.16 + turn * 0.016
            x, y = nx, ny
    out += "</g>" + pen.tube(f"M{num(w * 0.18)} 92H{num(w * 0.82)}", 16, GLAZE["soot"])
    wood = mix(GLAZE["wood"], "#b9b2a0", 0.5)
    out += planks(pen, h * 0.68, w, h * 0.93, wood, 4)
    for _ in range(70):  # spilt earth
        x, y = pen.random.gauss(w * 0.55, w * 0.16), pen.random.uniform(h * 0.8, h * 0.91)
        out += pen.fill(ellipse(x, y, pen.random.uniform(2, 8), pen.random.uniform(1.5, 4)), "#4a3628", 0.75)
    return out + pen.fill(f"M0 {num(h * 0.93)}H{w}V{h}H0Z", dark(wood, 0.5))


def meadow(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A blanket on grass, hills behind."""
    green = mix(GLAZE["moss"], GLAZE["fern"], 0.35)
    out = _sky(pen, w, h) + _hills(pen, w, h, h * 0.34)
    top = h * 0.42
    field = (
        f"M0 {num(top + 20)}C{num(w * 0.3)} {num(top - 14)} {num(w * 0.7)} {num(top + 26)} {w} {num(top - 6)}V{h}H0Z"
    )
    depth = pen.linear(0, top, 0, h, (0, SHINE, 0.2), (0.4, SHINE, 0), (1, dark(green, 0.5), 0.4))
    out += pen.fill(field, green) + pen.fill(field, depth) + _grass(pen, w, top + 40, h, green, 420)
    corners = (w * 0.2, h * 0.56), (w * 0.83, h * 0.54), (w * 1.02, h * 0.97), (w * 0.01, h * 0.99)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    blanket = (
        f"M{num(ax)} {num(ay)}C{num(w * 0.4)} {num(ay - 18)} {num(w * 0.6)} {num(by + 16)} {num(bx)} {num(by)}"
        f"L{num(cx)} {num(cy)}C{num(w * 0.7)} {num(cy + 26)} {num(w * 0.3)} {num(dy - 20)} {num(dx)} {num(dy)}Z"
    )
    pattern = ""
    for i in range(1, 10):
        t = i / 10
        x0, x1 = ax + (bx - ax) * t, dx + (cx - dx) * t
        pattern += pen.stroke(f"M{num(x0)} {num(ay - 30)}L{num(x1)} {num(dy + 20)}", table, 34, 0.5, "butt")
    for i in range(1, 7):
        t = (i / 7) ** 1.25
        y = ay + (dy - ay) * t
        pattern += pen.stroke(f"M0 {num(y)}H{w}", table, 10 + 18 * t, 0.5, "butt")
    out += f'<g transform="translate(14 18)">{pen.fill(blanket, dark(green, 0.75), 0.5)}</g>'
    out += pen.solid(blanket, wall, (0, ay - 20, w, h), "flat", pattern, 0.6, edge=10)
    return out + _grass(pen, w, h * 0.985, h * 1.03, green, 90)


def washing_line(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A line between two posts, hills behind, grass below."""
    green = mix(GLAZE["moss"], GLAZE["celadon"], 0.25)
    out = _sky(pen, w, h, mix("#f6ead0", wall, 0.4)) + _hills(pen, w, h, h * 0.6)
    top = h * 0.76
    field = f"M0 {num(top)}C{num(w * 0.3)} {num(top - 30)} {num(w * 0.7)} {num(top + 26)} {w} {num(top - 10)}V{h}H0Z"
    out += pen.fill(field, green) + _grass(pen, w, top + 20, h, green, 380)
    for x in (w * 0.035, w * 0.965):
        out += pen.fill(ellipse(x + 60, h * 0.93, 120, 16), INK, 0.22)
        post = polygon((x - 14, h * 0.06), (x + 14, h * 0.06), (x + 17, h * 0.93), (x - 17, h * 0.93))
        out += pen.solid(post, GLAZE["wood"], (x - 17, h * 0.06, x + 17, h * 0.93), "cyl")
    y = h * 0.1
    return out + pen.stroke(
        f"M{num(w * 0.035)} {num(y)}Q{num(w * 0.5)} {num(y + 46)} {num(w * 0.965)} {num(y)}",
        dark(GLAZE["oat"], 0.45),
        6,
    )
