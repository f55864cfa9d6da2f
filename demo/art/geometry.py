"""Paths: every function returns the text of an SVG ``d`` attribute. y grows downwards, as in SVG."""

from collections.abc import Sequence

Point = tuple[float, float]
#: Left, top, right, bottom.
Box = tuple[float, float, float, float]

#: How far the ellipses of rims and feet open: the height of the eye above the table.
TILT = 0.2


def num(value: float) -> str:
    """A number with one decimal at most; a picture holds thousands of them."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def spline(points: Sequence[Point], start: bool = True, closed: bool = False) -> str:
    """A Catmull-Rom curve through the points, as cubic Béziers; without ``start`` it goes on from where the pen is."""
    run = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    path = f"M{num(run[1][0])} {num(run[1][1])}" if start else ""
    for i in range(1, len(run) - 2):
        p0, p1, p2, p3 = run[i - 1 : i + 3]
        curve = (
            p1[0] + (p2[0] - p0[0]) / 6,
            p1[1] + (p2[1] - p0[1]) / 6,
            p2[0] - (p3[0] - p1[0]) / 6,
            p2[1] - (p3[1] - p1[1]) / 6,
            p2[0],
            p2[1],
        )
        path += "C" + " ".join(num(v) for v in curve)
    return path + ("Z" if closed else "")


def polygon(*points: Point) -> str:
    """A closed shape with straight sides."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "Z"


def ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    """An ellipse, as two arcs."""
    half = f"a{num(rx)} {num(ry)} 0 1 0"
    return f"M{num(cx - rx)} {num(cy)}{half} {num(2 * rx)} 0{half} {num(-2 * rx)} 0Z"


def rounded(x0: float, y0: float, x1: float, y1: float, r: float) -> str:
    """A rectangle with round corners."""
    return (
        f"M{num(x0 + r)} {num(y0)}H{num(x1 - r)}Q{num(x1)} {num(y0)} {num(x1)} {num(y0 + r)}"
        f"V{num(y1 - r)}Q{num(x1)} {num(y1)} {num(x1 - r)} {num(y1)}"
        f"H{num(x0 + r)}Q{num(x0)} {num(y1)} {num(x0)} {num(y1 - r)}"
        f"V{num(y0 + r)}Q{num(x0)} {num(y0)} {num(x0 + r)} {num(y0)}Z"
    )
