"""Leaves."""

import math

from demo.art.geometry import num, spline
from demo.art.palette import dark, light
from demo.art.shading import Ink


class Growing(Ink):
    """A pen that can draw what grows. Angles are in radians, 0 to the right and clockwise."""

    def leaf(
        self, x: float, y: float, angle: float, length: float, width: float, colour: str, bend: float = 0.15
    ) -> str:
        """One pointed leaf from (x, y): a lit half, a shaded half, a midrib."""
        cos, sin = math.cos(angle), math.sin(angle)

        def at(t: float, s: float) -> tuple[float, float]:
            """The point ``t`` of the way along and ``s`` widths to the side."""
            u, v = t * length, s * width + bend * length * t * t
            return x + u * cos - v * sin, y + u * sin + v * cos

        along = (0, 0.12, 0.3, 0.5, 0.7, 0.88, 1)
        shape = (0, 0.5, 0.92, 1, 0.78, 0.4, 0)
        one = [at(t, -0.5 * q) for t, q in zip(along, shape, strict=True)]
        other = [at(t, 0.5 * q) for t, q in zip(along, shape, strict=True)]
        rib = [at(t, 0) for t in along]
        back = "L" + spline(list(reversed(rib)))[1:] + "Z"
        lit, shaded = light(colour, 0.16), dark(colour, 0.24)
        first, second = (lit, shaded) if cos > -0.2 else (shaded, lit)
        return (
            self.fill(spline(one) + back, first)
            + self.fill(spline(other) + back, second)
            + self.stroke(spline(rib), light(colour, 0.4), max(1.2, width * 0.05), 0.7)
        )

    def frond(
        self,
        x: float,
        y: float,
        angle: float,
        length: float,
        colour: str,
        curl: float = 1.2,
        width: float = 0.3,
        steps: int = 13,
    ) -> str:
        """A fern frond: a bending stem with paired leaflets that shrink to the tip."""
        out, stem, a = "", [(x, y)], angle
        for _ in range(steps):
            a += curl / steps
            stem.append((stem[-1][0] + math.cos(a) * length / steps, stem[-1][1] + math.sin(a) * length / steps))
        for i in range(2, steps + 1):
            t = i / steps
            reach = math.sin(math.pi * min(1, t * 0.82 + 0.14)) * length * width
            px, py = stem[i]
            along = math.atan2(stem[i][1] - stem[i - 1][1], stem[i][0] - stem[i - 1][0])
            out += self.leaf(px, py, along + 1.15, reach, length * 0.075, dark(colour, 0.16), -0.1)
            out += self.leaf(px, py, along - 1.15, reach, length * 0.075, light(colour, 0.06), 0.1)
        tip = self.leaf(*stem[-1], a, length * 0.1, length * 0.05, colour)
        return out + self.stroke(spline(stem), dark(colour, 0.3), 4) + tip

    def monstera_leaf(self, x: float, y: float, angle: float, size: float, colour: str) -> str:
        """A split heart of a leaf."""
        outline = []
        for i in range(61):
            t = -math.pi + 2 * math.pi * i / 60
            r = size * (0.62 + 0.38 * math.cos(t / 2) ** 2) * (1 - 0.28 * math.exp(-(((abs(t) - math.pi) / 0.35) ** 2)))
            if 0.35 < abs(t) < 2.5:  # the splits
                r *= 1 - 0.5 * max(0, math.cos(abs(t) * 7.2)) ** 8
            outline.append((math.cos(t) * r, math.sin(t) * r * 0.82))
        cos, sin = math.cos(angle), math.sin(angle)
        turned = [
            (x + (px + size * 0.42) * cos - py * sin, y + (px + size * 0.42) * sin + py * cos) for px, py in outline
        ]
        d = "M" + "L".join(f"{num(a)} {num(b)}" for a, b in turned) + "Z"
        rib = [(x, y), (x + size * 0.7 * cos, y + size * 0.7 * sin), (x + size * 1.35 * cos, y + size * 1.35 * sin)]
        xs, ys = [a for a, _ in turned], [b for _, b in turned]
        veins = ""
        for side in (-1, 1):
            for q in (0.25, 0.5, 0.75, 1.0):
                bx, by = x + size * q * cos, y + size * q * sin
                va = angle + side * 0.95
                vein = f"M{num(bx)} {num(by)}l{num(math.cos(va) * size * 0.4)} {num(math.sin(va) * size * 0.4)}"
                veins += self.stroke(vein, light(colour, 0.35), 2, 0.5)
        veins += self.stroke(spline(rib), light(colour, 0.45), 3.5, 0.8)
        return self.solid(d, colour, (min(xs), min(ys), max(xs), max(ys)), "flat", veins, 0.6, edge=size * 0.06)
