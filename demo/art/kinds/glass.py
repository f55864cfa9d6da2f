"""Blown glass."""

from demo.art.geometry import TILT, ellipse
from demo.art.palette import SHINE, dark, light, mix
from demo.art.pen import Drawn, Pen, kind
from demo.art.turning import Profile

_CLEAR = "#e4ece8"


def _blown(pen: Pen, profile: Profile, level: float | None, colour: str) -> str:
    """A vessel one can see into, filled up to ``level``: far wall, water, near wall, lip."""
    radius, top = profile[-1]
    foot = profile[0][0]
    glass = mix(colour, _CLEAR, 0.5)
    deco = ""
    if level is not None:
        deco += pen.fill(f"M-200 {level}H200V60H-200Z", mix(colour, "#dfeaf0", 0.3), 0.75)
        deco += pen.fill(ellipse(0, level, 200, 26), light(colour, 0.55), 0.8)
    # The base is thick, and dark where one looks along it.
    deco += pen.fill(ellipse(0, profile[0][1] - 4, foot, foot * TILT), dark(colour, 0.35), 0.5)
    deco += pen.stroke(ellipse(0, profile[0][1] - 12, foot * 0.8, foot * TILT * 0.8), light(colour, 0.7), 4, 0.7)
    body = pen.lathe(profile, glass, deco, gloss=1.2, grain=0.35)
    lip = pen.fill(ellipse(0, top, radius, radius * TILT), mix(glass, dark(colour, 0.3), 0.35))
    lip += pen.fill(ellipse(4, top + 4, radius - 7, (radius - 7) * TILT), mix(glass, dark(colour, 0.2), 0.18))
    return body + lip + pen.stroke(ellipse(0, top, radius - 2, radius * TILT - 1), SHINE, 4, 0.75)


@kind
def tumbler(pen: Pen) -> Drawn:
    """Three tumblers; with an odd seed straight, with an even one short and round."""
    straight = [(66, 0), (72, -10), (78, -120), (84, -224)]
    short = [(58, 0), (80, -20), (96, -90), (88, -150), (82, -178)]
    profile = straight if pen.seed % 2 else short
    out = ""
    for x, y, level in ((-134, -30, None), (128, -36, -70.0), (0, 14, -120.0)):
        under = pen.fill(ellipse(16, 4, 96, 17), dark(pen.colour, 0.5), 0.3)
        if level is not None:
            level = max(level, profile[-1][1] + 60)
        out += f'<g transform="translate({x} {y})">{under}{_blown(pen, profile, level, pen.colour)}</g>'
    return Drawn(out, half=225, height=240, foot=190)


@kind
def carafe(pen: Pen) -> Drawn:
    """A carafe of water; with an even seed a glass stands on its neck as a lid."""
    body = [(100, 0), (118, -14), (124, -90), (108, -190), (62, -264), (50, -318), (58, -372)]
    out = _blown(pen, body, -150, pen.colour)
    if pen.seed % 2:
        return Drawn(out, half=124, height=380, foot=120)
    cap = [(70, -330), (72, -352), (64, -440), (60, -456)]
    glass = mix(pen.colour, _CLEAR, 0.35)
    upside_down = pen.lathe(cap, glass, gloss=1.2, grain=0.35)
    upside_down += pen.fill(ellipse(0, -456, 60, 12), light(glass, 0.4)) + pen.stroke(
        "M-70 -332A70 14 0 0 0 70 -332", SHINE, 4, 0.7
    )
    return Drawn(out + upside_down, half=124, height=460, foot=120)
