"""Cloth: its weave, its folds and its stripes."""

from collections.abc import Sequence

from demo.art.geometry import Box, num, polygon
from demo.art.palette import SHINE, dark
from demo.art.shading import Ink


class Weaving(Ink):
    """A pen that can draw cloth."""

    def cloth(self, d: str, box: Box, deco: str, folds: Sequence[str]) -> str:
        """A piece of cloth with pattern and folds; each fold is a path with a dark and a lit side."""
        shade = dark(self.colour, 0.5)
        creases = "".join(
            self.stroke(fold, shade, 5, 0.28) + f'<g transform="translate(-7 0)">{self.stroke(fold, SHINE, 4, 0.4)}</g>'
            for fold in folds
        )
        thread = dark(self.colour, 0.4)
        weave = "".join(
            self.stroke(f"M{num(box[0])} {y}H{num(box[2])}", thread, 1, 0.16)
            for y in range(int(box[1]), int(box[3]), 9)
        )
        return self.solid(d, self.colour, box, "flat", deco + weave + creases, 0.8, edge=10)

    def stripes(self, box: Box, colour: str) -> str:
        """The pattern of a cloth, chosen by the seed.

        0 border stripes, 1 ticking, 2 gingham, 3 a dipped hem.
        """
        x0, y0, x1, y1 = box
        w, h = x1 - x0, y1 - y0
        which = self.seed % 4
        if which == 0:
            return "".join(
                self.stroke(f"M{num(x0)} {num(y0 + h * t)}H{num(x1)}", colour, 9, 1, "butt")
                for t in (0.1, 0.14, 0.82, 0.86, 0.9)
            )
        if which == 1:
            return "".join(
                self.stroke(f"M{num(x0 + w * i / 12)} {num(y0)}V{num(y1)}", colour, 13, 0.85, "butt")
                for i in range(1, 12)
            )
        if which == 2:
            out = ""
            for i in range(9):
                out += self.stroke(f"M{num(x0 + w * (i + 0.5) / 9)} {num(y0)}V{num(y1)}", colour, w / 18, 0.45, "butt")
            for j in range(12):
                out += self.stroke(f"M{num(x0)} {num(y0 + w / 9 * (j + 0.5))}H{num(x1)}", colour, w / 18, 0.45, "butt")
            return out
        return self.fill(polygon((x0, y1 - h * 0.22), (x1, y1 - h * 0.22), (x1, y1), (x0, y1)), colour)
