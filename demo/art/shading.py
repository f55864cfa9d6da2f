"""One light, one press: everything drawn is shaded here, so that a mug and a monstera look printed together."""

from __future__ import annotations

import random
from collections.abc import Sequence

from demo.art.geometry import Box, Point, num, polygon
from demo.art.palette import GLAZE, SHINE, dark, light, mix

#: Where along a gradient, which colour, how opaque.
Stop = tuple[float, str, float]

_WARM = "#fff8ea"


class Ink:
    """A pen with two colours and a seeded hand.

    Every method returns SVG text; gradients and clips collect in ``defs`` and are written once per picture.
    The origin is the middle of the thing's foot, and up is negative.
    """

    def __init__(self, seed: int = 1, glaze: str = "chalk", second: str | None = None) -> None:
        self.random = random.Random(seed)
        self.defs: list[str] = []
        #: The last number given to a gradient or clip.
        self.count = 0
        self.colour = GLAZE.get(glaze, glaze)
        self.second = GLAZE.get(second, second) if second else light(self.colour, 0.55)
        self.seed = seed
        #: Without its own rail or flowers: scenes bring those.
        self.bare = False

    def _id(self) -> str:
        self.count += 1
        return f"a{self.count}"

    def _gradient(self, tag: str, place: str, stops: Sequence[Stop]) -> str:
        name = self._id()
        marks = "".join(f'<stop offset="{o}" stop-color="{c}" stop-opacity="{a}"/>' for o, c, a in stops)
        self.defs.append(f'<{tag} id="{name}" gradientUnits="userSpaceOnUse" {place}>{marks}</{tag}>')
        return f"url(#{name})"

    def linear(self, x1: float, y1: float, x2: float, y2: float, *stops: Stop) -> str:
        """A gradient along a line, as a paint."""
        return self._gradient("linearGradient", f'x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"', stops)

    def radial(self, cx: float, cy: float, r: float, *stops: Stop) -> str:
        """A gradient around a point, as a paint."""
        return self._gradient("radialGradient", f'cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}"', stops)

    def clip(self, d: str) -> str:
        """The attribute that keeps a group inside a path."""
        name = self._id()
        self.defs.append(f'<clipPath id="{name}"><path d="{d}"/></clipPath>')
        return f'clip-path="url(#{name})"'

    def dots(self, points: Sequence[Point], width: float, colour: str, opacity: float = 1.0) -> str:
        """Round dots; one path however many there are."""
        if not points:
            return ""
        d = "".join(f"M{round(x)} {round(y)}h0" for x, y in points)
        return (
            f'<path d="{d}" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" fill="none" '
            f'stroke-opacity="{opacity}"/>'
        )

    def fill(self, d: str, paint: str, opacity: float | None = None, extra: str = "") -> str:
        """A flat shape."""
        return (
            f'<path d="{d}" fill="{paint}"'
            + (f' fill-opacity="{opacity}"' if opacity is not None else "")
            + f" {extra}/>"
        )

    def stroke(self, d: str, colour: str, width: float = 3, opacity: float = 1, cap: str = "round") -> str:
        """A line."""
        return (
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{num(width)}" stroke-linecap="{cap}" '
            f'stroke-linejoin="round" stroke-opacity="{opacity}"/>'
        )

    def _turn(self, form: str, box: Box, shade: str) -> str:
        """The soft change of light over a form."""
        x0, y0, x1, y1 = box
        w, h = x1 - x0, y1 - y0
        if form == "cyl":
            return self.linear(
                x0, 0, x1, 0,
                (0, shade, 0.26), (0.16, _WARM, 0.1), (0.3, _WARM, 0.34), (0.5, _WARM, 0),
                (0.68, shade, 0.1), (0.9, shade, 0.42), (1, shade, 0.3),
            )  # fmt: skip
        if form == "ball":
            return self.radial(
                x0 + w * 0.34, y0 + h * 0.28, max(w, h) * 0.8,
                (0, _WARM, 0.42), (0.35, _WARM, 0.05), (0.7, shade, 0.2), (1, shade, 0.5),
            )  # fmt: skip
        return self.linear(x0, y0, x1, y1, (0, _WARM, 0.22), (0.5, _WARM, 0), (1, shade, 0.3))

    def solid(
        self,
        d: str,
        colour: str,
        box: Box,
        form: str = "cyl",
        deco: str = "",
        grain: float = 1.0,
        edge: float | None = None,
    ) -> str:
        """One shaded silhouette: flat ink, pattern, soft turn of form, hard crescent of shade, stipple.

        ``form`` is ``cyl``, ``ball`` or ``flat``; ``edge`` is how wide the crescent is.
        """
        x0, y0, x1, y1 = box
        w, h = x1 - x0, y1 - y0
        shade = mix(dark(colour, 0.75), "#14232b", 0.4)
        e = edge if edge is not None else max(8, min(w, h) * 0.1)
        # Everything but the silhouette; moved a little, it throws its shade inwards over the edge. No larger than it
        # need be: renderers make a layer of this size for every shape.
        pad = abs(e) + 16
        outside = polygon((x0 - pad, y0 - pad), (x1 + pad, y0 - pad), (x1 + pad, y1 + pad), (x0 - pad, y1 + pad)) + d
        soft = self._turn(form, box, shade)
        stipple = []
        for _ in range(int(min(380, w * h / 260) * grain)):
            u, v = self.random.random(), self.random.random()
            # Thick towards the lower right, where the light does not reach.
            if self.random.random() < (0.78 * u + 0.22 * v) ** 2.2:
                stipple.append((x0 + u * w, y0 + v * h))
        lit = [
            (x0 + (0.1 + 0.35 * self.random.random()) * w, y0 + self.random.random() * h)
            for _ in range(int(min(60, w * h / 1600) * grain))
        ]
        foot = self.linear(0, y1 - h * 0.3, 0, y1, (0, shade, 0), (1, shade, 0.22))

        def crescent(paint: str, opacity: str, dx: float, dy: float) -> str:
            move = f"translate({num(dx)} {num(dy)})"
            return (
                f'<path d="{outside}" fill="{paint}" fill-rule="evenodd" fill-opacity="{opacity}" transform="{move}"/>'
            )

        return (
            f"<g {self.clip(d)}>"
            + self.fill(d, colour)
            + deco
            + self.fill(d, soft)
            + crescent(shade, ".2", -e, -e * 0.35)
            + crescent(SHINE, ".3", e * 0.35, e * 0.3)
            + self.fill(polygon((x0, y1 - h * 0.3), (x1, y1 - h * 0.3), (x1, y1), (x0, y1)), foot)
            + self.dots(stipple, 3, shade, 0.34)
            + self.dots(lit, 2.6, SHINE, 0.4)
            + "</g>"
        )

    def tube(self, d: str, width: float, colour: str) -> str:
        """A rod or handle of round section along a path."""
        return (
            self.stroke(d, dark(colour, 0.5), width)
            + f'<g transform="translate(-1.6 -1.8)">{self.stroke(d, colour, width * 0.76)}</g>'
            + f'<g transform="translate({num(-width * 0.16)} {num(-width * 0.18)})">'
            + f"{self.stroke(d, light(colour, 0.55), width * 0.16, 0.8)}</g>"
        )

    def specks(
        self, x0: float, y0: float, x1: float, y1: float, count: int, colour: str = "#4a3a2c", width: float = 4
    ) -> str:
        """Iron specks in a glaze, of two sizes."""

        def scatter(size: float) -> str:
            spread = [(self.random.uniform(x0, x1), self.random.uniform(y0, y1)) for _ in range(count)]
            return self.dots(spread, size, colour, 0.6)

        return scatter(width) + scatter(width * 0.55)
