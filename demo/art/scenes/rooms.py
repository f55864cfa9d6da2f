"""The rooms scenes take place in: walls, tables, shelves and a window. Each returns SVG text for the whole picture."""

from collections.abc import Callable

from demo.art.geometry import ellipse, num, polygon
from demo.art.palette import GLAZE, INK, SHINE, dark, light, mix
from demo.art.pen import Pen
from demo.art.picture import wall_light

#: Given a pen, width, height and the colours of wall and table.
Room = Callable[[Pen, int, int, str, str], str]


def planks(pen: Pen, y0: float, w: int, h: float, colour: str, count: int = 5) -> str:
    """A wooden surface from ``y0`` down to ``h``, its boards wider towards the front."""
    out = pen.fill(f"M0 {y0}H{w}V{h}H0Z", colour)
    for i in range(count):
        y = y0 + (h - y0) * ((i + 1) / count) ** 1.3
        out += pen.stroke(f"M0 {num(y)}H{w}", dark(colour, 0.4), 3, 0.35)
        for _ in range(9):
            x = pen.random.uniform(0, w)
            out += pen.stroke(
                f"M{num(x)} {num(y - pen.random.uniform(8, 40))}"
                f"q{num(60)} {num(pen.random.uniform(-7, 7))} {num(pen.random.uniform(120, 260))} 0",
                dark(colour, 0.35),
                2,
                0.25,
            )
    edge = pen.linear(0, y0, 0, y0 + 40, (0, dark(colour, 0.5), 0.35), (1, colour, 0))
    return out + pen.fill(f"M0 {y0}H{w}V{y0 + 40}H0Z", edge)


def table(pen: Pen, w: int, h: int, wall: str, table: str, window: int = 0, stripe: str = "celadon") -> str:
    """A table laid with a striped cloth; ``window`` is the light on the wall behind it."""
    body = wall_light(pen, w, h * 0.9, wall, window) + pen.fill(f"M0 {num(h * 0.56)}H{w}V{h}H0Z", table)
    cloth = (
        f"M{num(w * 0.04)} {num(h * 0.6)}C{num(w * 0.3)} {num(h * 0.585)} {num(w * 0.7)} {num(h * 0.615)} "
        f"{num(w * 0.97)} {num(h * 0.6)}L{w + 40} {h}H-40Z"
    )
    stripes = "".join(
        pen.stroke(
            f"M{num(w * 0.5 + (k * w * 0.05))} {num(h * 0.55)}L{num(w * 0.5 + k * w * 0.068)} {h}",
            GLAZE[stripe],
            8 + abs(k) * 0.6,
            0.8,
            "butt",
        )
        for k in range(-11, 12, 2)
    )
    body += planks(pen, h * 0.58, w, h, GLAZE["wood"])
    return body + pen.solid(cloth, GLAZE["chalk"], (0, h * 0.58, w, h), "flat", stripes, 0.6, edge=20)


def shelf(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """Two oak shelves on brass brackets, before tongue and groove."""
    out = wall_light(pen, w, h, wall, 1)
    for x in range(0, w, 80):  # tongue and groove
        out += pen.stroke(f"M{x} 0V{h}", dark(wall, 0.35), 2, 0.28)
        out += pen.stroke(f"M{x + 3} 0V{h}", light(wall, 0.5), 2, 0.3)
    for y in (h * 0.47, h * 0.9):
        for bracket in (w * 0.16, w * 0.84):
            out += pen.fill(f"M{num(bracket - 10)} {num(y + 20)}h20v70c0 30 -20 30 -20 0Z", dark(GLAZE["brass"], 0.2))
        out += pen.fill(
            f"M{num(w * 0.03)} {num(y + 44)}H{num(w * 0.99)}V{num(y + 84)}L{num(w * 0.1)} {num(y + 96)}Z", INK, 0.16
        )
        grain = "".join(
            pen.stroke(
                f"M{num(w * 0.04)} {num(y - 30 + q)}C{num(w * 0.3)} {num(y - 36 + q)} "
                f"{num(w * 0.6)} {num(y - 22 + q)} {num(w * 0.96)} {num(y - 30 + q)}",
                dark(GLAZE["wood"], 0.3),
                2,
                0.4,
            )
            for q in range(0, 56, 11)
        )
        out += pen.solid(
            f"M{num(w * 0.04)} {num(y - 34)}H{num(w * 0.96)}V{num(y + 30)}H{num(w * 0.04)}Z",
            GLAZE["wood"],
            (w * 0.04, y - 34, w * 0.96, y + 30),
            "flat",
            grain,
            edge=8,
        )
        front = f"M{num(w * 0.04)} {num(y + 8)}H{num(w * 0.96)}V{num(y + 30)}H{num(w * 0.04)}Z"
        out += pen.fill(front, dark(GLAZE["wood"], 0.4), 0.55)
    return out


def _hills(pen: Pen, w: int, h: int, x0: float, x1: float, y0: float, y1: float) -> str:
    """The view from the window: sky, a low sun, two rows of hills and a line of trees."""
    far = "#a9c3ad"
    sky = pen.linear(0, y0, 0, y1, (0, "#cfe0e2", 1), (1, "#f6ead0", 1))
    out = pen.fill(f"M{num(x0)} {num(y0)}H{num(x1)}V{num(y1)}H{num(x0)}Z", sky)
    out += pen.fill(ellipse(w * 0.27, h * 0.2, 62, 62), "#f8efcf")
    out += pen.fill(
        f"M{num(x0)} {num(h * 0.56)}C{num(w * 0.3)} {num(h * 0.44)} {num(w * 0.45)} {num(h * 0.6)} "
        f"{num(w * 0.6)} {num(h * 0.5)}S{num(w * 0.85)} {num(h * 0.44)} {num(x1)} {num(h * 0.5)}"
        f"V{num(y1)}H{num(x0)}Z",
        far,
    )
    out += pen.fill(
        f"M{num(x0)} {num(h * 0.66)}C{num(w * 0.3)} {num(h * 0.58)} {num(w * 0.55)} {num(h * 0.68)} "
        f"{num(x1)} {num(h * 0.6)}V{num(y1)}H{num(x0)}Z",
        mix(far, GLAZE["fern"], 0.45),
    )
    for i in range(9):
        x, y = w * (0.14 + i * 0.088) + pen.random.uniform(-20, 20), h * (0.6 + pen.random.uniform(-0.03, 0.03))
        tree = f"M{num(x)} {num(y)}c-26 -30 -18 -90 0 -104c18 14 26 74 0 104Z"
        out += pen.fill(tree, mix(GLAZE["fern"], far, pen.random.uniform(0.2, 0.6)))
    return out


def sill(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A deep windowsill, and hills behind it."""
    frame = GLAZE["chalk"]
    x0, x1, y0, y1 = w * 0.1, w * 0.9, h * 0.05, h * 0.74
    out = pen.solid(
        f"M{num(x0 - 34)} {num(y0 - 34)}H{num(x1 + 34)}V{num(y1 + 30)}H{num(x0 - 34)}Z",
        frame,
        (x0 - 34, y0 - 34, x1 + 34, y1 + 30),
        "flat",
        edge=8,
    )
    out += _hills(pen, w, h, x0, x1, y0, y1)
    for x in (w * 0.365, w * 0.635):
        out += pen.fill(f"M{num(x - 9)} {num(y0)}h18V{num(y1)}h-18Z", light(frame, 0.2))
        out += pen.fill(f"M{num(x + 5)} {num(y0)}h8V{num(y1)}h-8Z", dark(frame, 0.35), 0.5)
    out += pen.fill(f"M{num(x0)} {num(h * 0.33)}H{num(x1)}v14H{num(x0)}Z", light(frame, 0.2))
    out += pen.fill(f"M{num(x0)} {num(h * 0.33 + 12)}H{num(x1)}v7H{num(x0)}Z", dark(frame, 0.35), 0.5)
    out += pen.fill(f"M0 {num(h * 0.94)}H{w}V{h}H0Z", dark(wall, 0.14))
    front = pen.fill(f"M0 {num(h * 0.9)}H{w}V{num(h * 0.94)}H0Z", dark(frame, 0.25))
    board = f"M0 {num(h * 0.78)}H{w}V{num(h * 0.94)}H0Z"
    return out + pen.solid(board, frame, (0, h * 0.78, w, h * 0.94), "flat", front, edge=2)


def counter(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A wooden counter before a tiled wall, with a brass rail to hang things from."""
    tiles = ""
    tw, th = 120, 84
    for j in range(8):
        for i in range(-1, w // tw + 2):
            x, y = i * tw + (tw / 2 if j % 2 else 0), j * th
            colour = mix(wall, pen.random.choice((light(wall, 0.3), dark(wall, 0.12), wall)), 0.6)
            tiles += pen.fill(f"M{num(x + 3)} {y + 3}h{tw - 6}v{th - 6}h-{tw - 6}Z", colour)
            tiles += pen.stroke(f"M{num(x + 8)} {y + 10}h{tw - 40}", SHINE, 4, 0.35)
    beam = polygon((0, 0), (w * 0.3, 0), (w * 0.7, h * 0.64), (w * 0.2, h * 0.64), (0, h * 0.3))
    out = (
        f"<g {pen.clip(f'M0 0H{w}V{num(h * 0.64)}H0Z')}>"
        + pen.fill(f"M0 0H{w}V{h}H0Z", dark(wall, 0.18))
        + tiles
        + pen.fill(beam, SHINE, 0.2)
        + "</g>"
    )
    out += pen.tube(f"M{num(w * 0.06)} 96H{num(w * 0.94)}", 18, GLAZE["brass"])
    out += planks(pen, h * 0.64, w, h * 0.93, GLAZE["wood"], 4)
    return out + pen.fill(f"M0 {num(h * 0.93)}H{w}V{h}H0Z", dark(GLAZE["walnut"], 0.35))
