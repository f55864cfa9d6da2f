"""Bodies of revolution: what comes off a wheel or a lathe, and how it is glazed."""

import math
from collections.abc import Iterable, Sequence

from demo.art.geometry import TILT, Point, ellipse, num, spline
from demo.art.palette import SHINE, dark, light
from demo.art.shading import Ink

#: Radius and height, from the foot up.
Profile = Sequence[Point]


class Turning(Ink):
    """A pen that can throw a pot."""

    def lathe_path(self, profile: Profile, tilt: float = TILT) -> str:
        """The silhouette of a profile turned round its axis."""
        left = [(-r, y) for r, y in reversed(profile)]
        (r0, y0), (rt, yt) = profile[0], profile[-1]
        return (
            spline(left)
            + f"A{num(r0)} {num(r0 * tilt)} 0 0 0 {num(r0)} {num(y0)}"
            + spline(profile, start=False)
            + f"A{num(rt)} {num(rt * tilt)} 0 0 0 {num(-rt)} {num(yt)}Z"
        )

    def lathe(
        self,
        profile: Profile,
        colour: str | None = None,
        deco: str = "",
        tilt: float = TILT,
        form: str = "cyl",
        gloss: float = 0.5,
        grain: float = 1.0,
    ) -> str:
        """A turned body with its pattern; ``gloss`` is how clearly the window shows in it."""
        colour = colour or self.colour
        widest = max(r for r, _ in profile)
        top = profile[-1][1] - profile[-1][0] * tilt
        bottom = profile[0][1] + profile[0][0] * tilt
        tall = bottom - top
        d = self.lathe_path(profile, tilt)
        out = self.solid(d, colour, (-widest, top, widest, bottom), form, deco, grain, edge=widest * 0.16)
        if gloss:  # a crisp window of light down the left
            middle = [(-r * 0.66, y) for r, y in profile if y < bottom - tall * 0.16 and y > top + tall * 0.2]
            if len(middle) > 1:
                out += self.stroke(spline(middle), SHINE, max(5, widest * 0.05), gloss * 0.7)
        return out

    def rim(
        self,
        r: float,
        y: float,
        colour: str | None = None,
        wall: float = 9,
        tilt: float = TILT,
        fill: str | None = None,
        depth: float = 0.0,
    ) -> str:
        """The open mouth: lip, inside wall lit on the right, and what is in it (``fill``, ``depth`` down)."""
        colour = colour or self.colour
        inside = self.linear(
            -r, 0, r, 0, (0, dark(colour, 0.62), 1), (0.55, dark(colour, 0.38), 1), (1, light(colour, 0.12), 1)
        )
        mouth = ellipse(0, y, r - wall, (r - wall) * tilt)
        out = self.fill(ellipse(0, y, r, r * tilt), light(colour, 0.38)) + self.fill(mouth, inside)
        if fill:
            level, rr = y + r * depth * 0.5, (r - wall) * (1 - depth * 0.6)
            arc = f"a{num(rr * 0.7)} {num(rr * 0.7 * tilt)} 0 0 1 {num(rr * 0.6)} {num(-rr * 0.7 * tilt)}"
            out += (
                f"<g {self.clip(mouth)}>"
                + self.fill(ellipse(0, level, rr, rr * tilt), fill)
                + self.stroke(f"M{num(-rr * 0.7)} {num(level)}{arc}", SHINE, 3, 0.5)
                + "</g>"
            )
        return out

    def bands(
        self, heights: Iterable[float], r: float, colour: str, width: float = 6, tilt: float = TILT, opacity: float = 1
    ) -> str:
        """Painted rings."""
        return "".join(
            self.stroke(
                f"M{num(-r)} {num(y)}A{num(r)} {num(r * tilt)} 0 0 0 {num(r)} {num(y)}", colour, width, opacity, "butt"
            )
            for y in heights
        )

    def dip(self, y: float, top: float, r: float, colour: str, drip: float = 16, tilt: float = TILT) -> str:
        """Glaze poured from ``top`` down to a line: an uneven edge that follows the round of the pot."""
        edge, steps = [], 9
        for i in range(steps + 1):
            t = -1 + 2 * i / steps
            round_of_pot = r * tilt * math.sqrt(max(0, 1 - t * t))
            edge.append((t * r * 1.05, y + round_of_pot + self.random.uniform(-drip, drip)))
        line = spline(edge)
        return self.fill(f"{line}V{num(top - r * tilt - 30)}H{num(-r * 1.05)}Z", colour) + self.stroke(
            line, dark(colour, 0.25), 3, 0.5
        )

    def brushed_dots(self, r: float, y0: float, h: float) -> str:
        """Three rows of dots that narrow as they go round the pot."""
        out = ""
        for row in range(3):
            for i in range(-5, 6):
                a = (i + (0.5 if row % 2 else 0)) / 5.5 * 1.5
                x, y = math.sin(a) * r * 0.95, y0 - h * (0.3 + row * 0.2) + math.cos(a) * r * TILT
                out += self.fill(ellipse(x, y, 9 * math.cos(a) + 2, 12), self.second)
        return out

    def flutes(self, r: float, y0: float, y1: float) -> str:
        """Upright grooves, closer together towards the sides."""
        shade = dark(self.colour, 0.35)
        return "".join(
            self.stroke(f"M{num(math.sin(a / 9 * 1.55) * r * 1.02)} {num(y0 + 60)}V{num(y1)}", shade, 3, 0.5)
            for a in range(-9, 10)
        )

    def decoration(self, r: float, y0: float, y1: float) -> str:
        """How a pot from ``y0`` up to ``y1`` is decorated, chosen by the seed.

        0 plain, 1 dipped, 2 banded, 3 speckled, 4 brushed dots, 5 fluted.
        """
        which, h = self.seed % 6, y0 - y1
        if which == 1:
            return self.dip(y0 - h * 0.42, y1, r, self.second)
        if which == 2:
            return self.bands([y0 - h * t for t in (0.62, 0.68, 0.82)], r, self.second, h * 0.028)
        if which == 3:
            return self.specks(-r, y1, r, y0, int(h / 6))
        if which == 4:
            return self.brushed_dots(r, y0, h)
        if which == 5:
            return self.flutes(r, y0, y1)
        return ""
