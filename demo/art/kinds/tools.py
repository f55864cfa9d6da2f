"""What hangs above the worktop."""

from demo.art.geometry import ellipse, num, rounded
from demo.art.palette import GLAZE, dark, light, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def knife(pen: Pen) -> Drawn:
    """A knife lying on its side: a cook's knife, or with an odd seed a cleaver."""
    steel = mix(GLAZE["steel"], "#ffffff", 0.25)
    b = pen.solid(
        "M30 -392C-66 -270 -78 -40 -52 84L30 84Z",
        steel,
        (-80, -392, 30, 84),
        "flat",
        pen.stroke("M-62 84C-86 -40 -60 -230 26 -386", "#ffffff", 14, 0.55),
        edge=6,
    )
    if pen.seed % 2:
        b = pen.solid(
            "M26 -300L26 84H-66V-280Q-66 -300 -46 -300Z",
            steel,
            (-66, -300, 26, 84),
            "flat",
            pen.stroke("M-60 84V-300", "#fff", 12, 0.5),
            edge=6,
        )
    bolster = pen.solid(rounded(-30, 80, 30, 112, 4), dark(steel, 0.2), (-30, 80, 30, 112), "cyl")
    handle = pen.solid(
        "M-26 108H28C36 180 20 240 40 330C44 372 -30 376 -34 330C-44 250 -26 190 -26 108Z",
        pen.colour,
        (-40, 108, 44, 372),
        "cyl",
        "".join(
            pen.stroke(
                f"M{num(x)} 100C{num(x + 8)} 200 {num(x - 10)} 280 {num(x + 4)} 380", dark(pen.colour, 0.4), 2, 0.5
            )
            for x in (-22, -8, 8, 20)
        ),
    )
    rivets = "".join(pen.fill(ellipse(0, y, 8, 8), GLAZE["brass"]) for y in (160, 226, 292))
    return Drawn(
        f'<g transform="translate(0 -400) rotate(24)">{b}{bolster}{handle}{rivets}</g>',
        half=150,
        height=800,
        stance="flat",
    )


@kind
def board(pen: Pen) -> Drawn:
    """A board with a hole to hang it by: round with an odd seed."""
    c = pen.colour
    grain = "".join(
        pen.stroke(
            (
                f"M{num(-230 + i * 34)} -700"
                f"C{num(-210 + i * 34 + pen.random.uniform(-14, 14))} -500 {num(-244 + i * 34)} -300 {num(-226 + i * 34)} 60"
            ),
            dark(c, 0.35),
            pen.random.choice((2, 3, 5)),
            0.4,
        )
        for i in range(15)
    )
    if pen.seed % 2:
        d = ellipse(0, -330, 240, 240) + "M-44 -550H44V-690Q44 -730 0 -730Q-44 -730 -44 -690Z"
    else:
        d = (
            "M-180 -560Q-180 -590 -150 -592C-70 -598 -52 -620 -50 -680Q-50 -730 0 -730Q50 -730 50 -680"
            "C52 -620 70 -598 150 -592Q180 -590 180 -560V-110Q180 -80 150 -80H-150Q-180 -80 -180 -110Z"
        )
    hole = pen.fill(ellipse(0, -686, 18, 18), dark(c, 0.65))
    ln = "" if pen.seed % 3 else pen.stroke("M-130 -130H130", dark(c, 0.4), 5, 0.5)
    return Drawn(
        pen.solid(d, c, (-240, -730, 240, -80), "flat", grain + ln, edge=12) + hole, half=240, height=800, stance="flat"
    )


@kind
def whisk(pen: Pen) -> Drawn:
    """A balloon whisk."""
    w = mix(GLAZE["steel"], "#ffffff", 0.2)
    out = ""
    for k in (-1, -0.62, -0.25, 0.25, 0.62, 1):
        out += pen.stroke(
            (
                f"M{num(k * 12)} -420C{num(k * 128)} -560 {num(k * 128)} -730 0 -740"
                f"C{num(-k * 40)} -740 {num(-k * 60)} -700 {num(-k * 60)} -690"
            ),
            dark(w, 0.42),
            7,
        ) + pen.stroke(f"M{num(k * 12 - 2)} -421C{num(k * 128 - 2)} -562 {num(k * 128 - 2)} -732 -2 -742", w, 4)
    handle = pen.solid(
        "M-24 -424H24C34 -320 18 -240 30 -110C32 -70 -32 -70 -30 -110C-18 -240 -34 -320 -24 -424Z",
        pen.colour,
        (-34, -424, 34, -74),
        "cyl",
        "".join(pen.stroke(f"M{x} -430V-70", dark(pen.colour, 0.4), 2, 0.4) for x in (-14, -2, 12)),
    )
    collar = pen.solid(rounded(-27, -442, 27, -412, 4), w, (-27, -442, 27, -412))
    return Drawn(f'<g transform="rotate(12 0 -400)">{out}{handle}{collar}</g>', half=150, height=800, stance="flat")


@kind
def spoon(pen: Pen) -> Drawn:
    """Three spoons, one of them a fork."""
    out = ""
    for i, (a, shape) in enumerate(((-14, 0), (4, 1), (20, 2))):
        c = (pen.colour, mix(pen.colour, GLAZE["walnut"], 0.5), light(pen.colour, 0.25))[i]
        g = "".join(
            pen.stroke(f"M{x} -760C{x + 6} -500 {x - 4} -300 {x} -60", dark(c, 0.35), 2, 0.4)
            for x in (-50, -30, -8, 6, 24, 44)
        )
        head = (
            "M-14 -90V-500C-80 -560 -84 -700 0 -716C84 -700 80 -560 14 -500V-90Q0 -70 -14 -90Z",
            "M-14 -90V-520C-62 -540 -66 -720 -52 -724H52C66 -720 62 -540 14 -520V-90Q0 -70 -14 -90Z",
            "M-13 -90V-560C-54 -600 -54 -712 0 -722C54 -712 54 -600 13 -560V-90Q0 -70 -13 -90Z",
        )[shape]
        inner = (ellipse(-2, -612, 50, 76), "M-20 -690V-580M0 -690V-570M20 -690V-580", ellipse(-2, -646, 30, 52))[shape]
        dip = pen.stroke(inner, dark(c, 0.5), 7, 0.6) if shape == 1 else pen.fill(inner, dark(c, 0.2), 0.7)
        out += (
            f'<g transform="translate({(-130, 0, 120)[i]} {(0, 20, -10)[i]}) rotate({a} 0 -80)">'
            f"{pen.solid(head, c, (-80, -724, 80, -70), 'flat', g, edge=9)}{dip}</g>"
        )
    return Drawn(out, half=260, height=800, stance="flat")


@kind
def grater(pen: Pen) -> Drawn:
    """A box grater."""
    c = GLAZE["steel"]
    d = "M-100 0L-62 -360H62L100 0Q0 26 -100 0Z"
    holes = "".join(
        pen.fill(ellipse(x * (1 - 0.34 * (-y / 360)), y, 8, 10), dark(c, 0.65))
        + pen.stroke(f"M{num(x * (1 - 0.34 * (-y / 360)) - 8)} {y}a8 8 0 0 1 16 0", "#fff", 3, 0.8)
        for j, y in enumerate(range(-310, -40, 36))
        for x in range(-66 + (11 if j % 2 else 0), 80, 24)
        if abs(x) < 76
    )
    return Drawn(
        pen.tube("M-40 -372C-60 -480 60 -480 40 -372", 18, pen.colour)
        + pen.solid(d, c, (-100, -360, 100, 14), "cyl", holes)
        + pen.solid(rounded(-70, -378, 70, -352, 8), pen.colour, (-70, -378, 70, -352)),
        half=100,
        height=450,
    )
