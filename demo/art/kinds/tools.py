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
    for i, (a, shape) in enumerate(((-11, 0), (1, 1), (10, 2))):
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
            f'<g transform="translate({(-120, 0, 110)[i]} {(0, 20, -10)[i]}) rotate({a} 0 -80)">'
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


def _tine(pen: Pen, colour: str) -> str:
    """The head of a fork."""
    d = (
        "M-10 -430C-14 -520 -44 -530 -44 -590V-700Q-40 -712 -34 -700V-610H-20V-704Q-16 -716 -10 -704V-610H10V-704"
        "Q16 -716 20 -704V-610H34V-700Q40 -712 44 -700V-590C44 -530 14 -520 10 -430Z"
    )
    return pen.solid(d, colour, (-44, -714, 44, -430), "flat", edge=4)


@kind
def cutlery(pen: Pen) -> Drawn:
    """Fork, knife, spoon and small spoon, side by side."""
    steel = mix(GLAZE["steel"], "#ffffff", 0.25)

    def spoon_head(s: float) -> str:
        d = (
            f"M-9 -430C-12 -500 {-56 * s} -540 {-52 * s} -620"
            f"C{-46 * s} -700 {46 * s} -700 {52 * s} -620C{56 * s} -540 12 -500 9 -430Z"
        )
        bowl = pen.fill(ellipse(0, -618, 36 * s, 58 * s), dark(steel, 0.16), 0.7)
        return pen.solid(d, steel, (-54 * s, -690, 54 * s, -430), "flat", edge=6) + bowl

    blade = "M-12 -430V-690C-12 -720 30 -700 34 -620C36 -540 26 -480 12 -430Z"
    heads = (
        _tine(pen, steel),
        pen.solid(
            blade,
            steel,
            (-14, -712, 36, -430),
            "flat",
            pen.stroke("M32 -640C34 -560 24 -500 14 -440", "#fff", 9, 0.6),
            edge=5,
        ),
        spoon_head(1.0),
        spoon_head(0.74),
    )
    out = ""
    for i, head in enumerate(heads):
        grain = "".join(pen.stroke(f"M{x} -440V-90", dark(pen.colour, 0.4), 2, 0.45) for x in (-14, -4, 8))
        handle = pen.solid(
            "M-14 -434H14C22 -340 14 -240 24 -120C26 -84 -26 -84 -24 -120C-14 -240 -22 -340 -14 -434Z",
            pen.colour,
            (-24, -434, 24, -92),
            "cyl",
            grain,
        )
        pins = "".join(pen.fill(ellipse(0, y, 5, 5), GLAZE["brass"]) for y in (-400, -330))
        x, s = (-195, -66, 66, 190)[i], 1.0 if i < 3 else 0.78
        out += f'<g transform="translate({x} {0 if i < 3 else -60}) scale({s})">{head}{handle}{pins}</g>'
    return Drawn(out, half=250, height=800, stance="flat")


@kind
def scissors(pen: Pen) -> Drawn:
    """A pair of scissors, half open."""
    steel = mix(GLAZE["steel"], "#ffffff", 0.2)
    half = ""
    for side in (-1, 1):
        blade = pen.solid(
            "M-20 -330C-30 -480 -16 -640 0 -730C16 -640 26 -480 22 -330Z",
            steel if side > 0 else dark(steel, 0.08),
            (-28, -730, 26, -330),
            "flat",
            pen.stroke("M16 -350C20 -480 12 -620 0 -720", "#fff", 8, 0.6),
            edge=5,
        )
        shank = pen.tube("M0 -336C-4 -300 -30 -290 -40 -250", 34, pen.colour)
        loop = pen.tube("M-40 -250C-110 -220 -116 -90 -58 -74C0 -60 6 -170 -40 -250Z", 28, pen.colour)
        half += f'<g transform="rotate({side * 11} 0 -350) scale({side} 1)">{blade}{shank}{loop}</g>'
    screw = pen.fill(ellipse(0, -352, 18, 18), dark(steel, 0.4)) + pen.fill(ellipse(-2, -354, 14, 14), GLAZE["brass"])
    slot = pen.stroke("M-8 -360L6 -346", dark(GLAZE["brass"], 0.5), 4)
    return Drawn(f'<g transform="rotate(18 0 -400)">{half}{screw}{slot}</g>', half=230, height=800, stance="flat")


@kind
def brush(pen: Pen) -> Drawn:
    """A round dish brush, or with an odd seed a short broom."""
    wood = pen.colour
    grain = "".join(pen.stroke(f"M{x} -500V-60", dark(wood, 0.4), 2, 0.45) for x in (-18, -8, 3, 14))
    handle = pen.solid(
        "M-18 -500H18C24 -380 14 -260 28 -120C32 -70 -32 -70 -28 -120C-14 -260 -24 -380 -18 -500Z",
        wood,
        (-30, -500, 30, -80),
        "cyl",
        grain,
    )
    hole = pen.fill(ellipse(0, -118, 9, 9), dark(wood, 0.65)) + pen.stroke(
        "M0 -118C-30 -60 30 -60 2 -116", "#e9dcc0", 5, 0.9
    )
    hairs, fibre = "", "#d9bd86" if pen.seed % 2 == 0 else "#8a6a3e"
    wide, top, length = (150, -560, 190) if pen.seed % 2 else (92, -560, 130)
    for i in range(46):
        t = -1 + 2 * i / 45
        lean = t * wide * (0.16 if pen.seed % 2 else 0.42)
        x = t * wide * 0.92
        end = top - length + pen.random.uniform(-14, 10) + abs(t) * 22
        colour = (fibre, dark(fibre, 0.2), light(fibre, 0.25))[i % 3]
        hairs += pen.stroke(
            f"M{x:.0f} {top}Q{x + lean * 0.3:.0f} {(top + end) / 2:.0f} {x + lean:.0f} {end:.0f}", colour, 7
        )
    block = rounded(-wide, top - 12, wide, -490, 26)
    head = pen.solid(
        block,
        wood,
        (-wide, top - 12, wide, -490),
        "cyl",
        "".join(pen.stroke(f"M{-wide} {y}H{wide}", dark(wood, 0.4), 2, 0.4) for y in (-556, -540, -524, -508)),
    )
    return Drawn(
        f'<g transform="rotate(14 0 -400)">{handle}{hole}{hairs}{head}</g>', half=240, height=800, stance="flat"
    )
