"""What every picture is made of besides the thing itself: shadow, window light, paper, and the file around it."""

from demo.art.geometry import Box, ellipse, num, polygon
from demo.art.palette import INK, SHINE, light
from demo.art.pen import Drawn, Pen


def hung(pen: Pen, svg: str, box: Box, dx: int, dy: int) -> str:
    """A thing on the wall, or lying flat and seen from above: with a soft shadow of itself, ``dx`` and ``dy`` away.

    ``box`` is as much of the picture as the two take up: a renderer blurs all of it, and nothing outside.
    """
    x0, y0, x1, y1 = box
    name = f"s{len(pen.defs)}"
    # One pass draws thing and shadow, where a shadow of its own would draw everything twice.
    pen.defs.append(
        f'<filter id="{name}" filterUnits="userSpaceOnUse" x="{num(x0)}" y="{num(y0)}" width="{num(x1 - x0)}" '
        f'height="{num(y1 - y0)}" color-interpolation-filters="sRGB">'
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="7"/><feOffset dx="{dx}" dy="{dy}"/>'
        '<feComponentTransfer><feFuncA type="linear" slope=".34"/></feComponentTransfer>'
        '<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>'
    )
    return f'<g filter="url(#{name})">{svg}</g>'


def shadow(pen: Pen, drawn: Drawn, x: float, y: float, s: float = 1.0, opacity: float = 0.34) -> str:
    """A soft shadow that falls to the lower right, a tight dark one at the foot, and a stipple edge."""
    half = min(drawn.half, (drawn.foot or drawn.half) * 1.25) * s
    h = drawn.height * s
    rx, ry = half * 0.95 + h * 0.28, max(14, half * 0.19)
    cx = x + h * 0.26 + half * 0.06
    paint = pen.linear(x - half, 0, cx + rx, 0, (0, INK, opacity), (0.45, INK, opacity * 0.8), (1, INK, 0))
    d = (
        f"M{num(x - half * 0.82)} {num(y)}C{num(x - half * 0.6)} {num(y + ry * 1.5)} "
        f"{num(x + half)} {num(y + ry * 1.7)} {num(cx + rx)} {num(y + ry * 0.3)}"
        f"C{num(cx + rx * 0.7)} {num(y - ry * 1.2)} {num(x + half * 0.4)} {num(y - ry * 0.6)} "
        f"{num(x - half * 0.82)} {num(y)}Z"
    )
    stipple = []
    for _ in range(int(90 * s) + 20):
        t, q = pen.random.random() ** 0.7, pen.random.gauss(0, 0.6)
        stipple.append((x + t * (cx + rx - x), y + ry * 0.35 + q * ry * 0.7))
    return (
        pen.fill(d, paint)
        + pen.fill(ellipse(x + half * 0.05, y + 2, half * 0.82, ry * 0.62), INK, 0.3)
        + pen.dots(stipple, 3, INK, 0.22)
    )


def wall_light(pen: Pen, w: float, h: float, wall: str, which: int) -> str:
    """Window light on the wall, from the upper left.

    0 four panes, 1 a slanting beam, 2 a disc, 3 an arch, anything else none.
    """
    paint = light(wall, 0.5)
    if which == 0:
        out = ""
        for i in range(2):
            for j in range(2):
                x, y = w * 0.18 + i * w * 0.2, h * 0.1 + j * h * 0.22 + i * h * 0.035
                pane = (x, y), (x + w * 0.17, y + h * 0.03), (x + w * 0.25, y + h * 0.23), (x + w * 0.08, y + h * 0.2)
                out += pen.fill(polygon(*pane), paint, 0.4)
        return out
    if which == 1:
        return pen.fill(polygon((0, 0), (w * 0.34, 0), (w * 0.92, h), (w * 0.36, h), (0, h * 0.42)), paint, 0.26)
    if which == 2:
        return pen.fill(ellipse(w * 0.44, h * 0.42, w * 0.36, w * 0.36), paint, 0.4)
    if which == 3:
        arc = f"A{num(w * 0.3)} {num(w * 0.3)} 0 0 1 {num(w * 0.8)} {num(h * 0.42)}"
        return pen.fill(f"M{num(w * 0.2)} {h}V{num(h * 0.42)}{arc}V{h}Z", paint, 0.34)
    return ""


def paper(pen: Pen, w: float, h: float, count: int, colour: str = INK) -> str:
    """The tooth of the paper."""

    def scatter(k: int) -> list[tuple[float, float]]:
        return [(pen.random.uniform(0, w), pen.random.uniform(0, h)) for _ in range(k)]

    return pen.dots(scatter(count), 2.4, colour, 0.13) + pen.dots(scatter(count // 2), 2.4, SHINE, 0.3)


def document(pen: Pen, w: int, h: int, body: str, title: str) -> str:
    """The SVG file around a drawing, with the pen's gradients and clips."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img">'
        f"<title>{title}</title><defs>{''.join(pen.defs)}</defs>{body}</svg>\n"
    )
