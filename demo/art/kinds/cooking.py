"""What goes on the stove, or keeps in the larder."""

from demo.art.geometry import TILT, ellipse
from demo.art.palette import GLAZE, INK, dark, light, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def pan(pen: Pen) -> Drawn:
    """A frying pan, its handle to the right."""
    c = pen.colour
    handle = pen.solid(
        "M196 -112L470 -152C492 -154 494 -122 472 -118L200 -74Z",
        GLAZE["walnut"] if pen.seed % 2 else dark(c, 0.25),
        (190, -156, 490, -70),
        "flat",
        edge=7,
    )
    profile = [(178, 0), (206, -30), (224, -100)]
    return Drawn(
        f'<g transform="translate(-90 0)">{handle}{pen.lathe(profile, c, tilt=0.3)}{pen.rim(224, -100, c, 9, 0.3)}'
        + pen.fill(ellipse(4, -84, 186, 46), dark(c, 0.5))
        + pen.fill(ellipse(-16, -90, 150, 32), light(dark(c, 0.45), 0.12))
        + "</g>",
        half=330,
        height=170,
        foot=250,
    )


@kind
def casserole(pen: Pen) -> Drawn:
    """A lidded casserole with a brass knob."""
    profile = [(190, 0), (212, -30), (216, -150)]
    ears = pen.tube("M-206 -134C-282 -150 -282 -92 -208 -98", 22, pen.colour) + pen.tube(
        "M206 -134C282 -150 282 -92 208 -98", 22, pen.colour
    )
    lid = [(224, -148), (222, -166), (150, -204), (46, -222)]
    knob = [(18, -222), (20, -240), (40, -252), (36, -268), (6, -274)]
    return Drawn(
        ears + pen.lathe(profile) + pen.lathe(lid) + pen.lathe(knob, GLAZE["brass"], gloss=0),
        half=270,
        height=274,
        foot=200,
    )


@kind
def kettle(pen: Pen) -> Drawn:
    """A stove kettle with a wire handle."""
    profile = [(168, 0), (186, -40), (172, -130), (104, -196), (70, -206)]
    spout = pen.solid(
        "M146 -120C196 -130 206 -176 258 -200L276 -176C244 -160 232 -92 164 -66Z",
        pen.colour,
        (140, -200, 280, -60),
        "flat",
        edge=8,
    )
    handle = pen.tube("M-118 -182C-128 -360 128 -360 118 -182", 16, GLAZE["steel"]) + pen.tube(
        "M-62 -302C-30 -320 30 -320 62 -302", 32, GLAZE["walnut"]
    )
    knob = [(12, -222), (22, -232), (18, -250), (4, -254)]
    return Drawn(
        handle
        + spout
        + pen.lathe(profile)
        + pen.lathe([(72, -204), (56, -220), (14, -226)], dark(pen.colour, 0.15), gloss=0)
        + pen.lathe(knob, GLAZE["walnut"], gloss=0),
        half=270,
        height=330,
        foot=172,
    )


@kind
def mortar(pen: Pen) -> Drawn:
    """A mortar with its pestle."""
    profile = [(104, 0), (112, -22), (150, -90), (178, -170)]
    pestle = pen.solid(
        "M20 -176L126 -372C134 -390 168 -374 160 -354L72 -150Z",
        pen.colour,
        (20, -380, 165, -150),
        "flat",
        pen.specks(20, -380, 160, -150, 20),
        edge=9,
    )
    rim = pen.rim(178, -170, wall=24)
    front = f"<g {pen.clip(ellipse(0, -170, 154, 31) + 'M-400 -700H400V-170H-400Z')}>{pestle}</g>"
    return Drawn(
        pen.lathe(profile, deco=pen.specks(-178, -200, 178, 0, 60)) + rim + front, half=180, height=370, foot=108
    )


@kind
def jar(pen: Pen) -> Drawn:
    """A storage jar with something in it and a label."""
    glass = pen.colour
    profile = [(118, 0), (134, -20), (134, -250), (112, -290), (112, -312)]
    filling = pen.random.choice(("#c98a3b", "#8e4a2a", "#b9a26b", "#6f7f45"))
    fill = (
        pen.fill("M-200 -170C-90 -186 60 -150 200 -176V80H-200Z", filling)
        + pen.dots(
            [(pen.random.uniform(-130, 130), pen.random.uniform(-168, 20)) for _ in range(110)],
            9,
            dark(filling, 0.3),
            0.55,
        )
        + pen.dots(
            [(pen.random.uniform(-130, 130), pen.random.uniform(-168, 20)) for _ in range(70)],
            8,
            light(filling, 0.35),
            0.6,
        )
    )
    label = pen.fill("M-70 -150H76V-60H-70Z", "#f3ecdb") + pen.stroke(
        "M-50 -122H50M-50 -102H20M-50 -84H36", "#7b6a55", 5, 0.7
    )
    lid = [(118, -312), (120, -330), (118, -356)]
    return Drawn(
        pen.lathe(profile, mix(glass, "#dfe8e2", 0.5), deco=fill + label, gloss=0.9)
        + pen.lathe(
            lid,
            GLAZE["wood"],
            deco="".join(pen.stroke(f"M{x} -380V-300", dark(GLAZE["wood"], 0.3), 2, 0.4) for x in range(-110, 120, 22)),
            gloss=0,
        )
        + pen.fill(ellipse(0, -356, 118, 23), light(GLAZE["wood"], 0.25)),
        half=134,
        height=380,
    )


@kind
def bottle(pen: Pen) -> Drawn:
    """A corked bottle with a label."""
    profile = [(86, 0), (96, -16), (96, -230), (70, -290), (28, -330), (26, -420), (34, -426), (34, -444)]
    label = pen.fill("M-120 -200Q0 -160 120 -200V-90Q0 -50 -120 -90Z", "#f3ecdb") + pen.stroke(
        "M-50 -140Q0 -132 54 -142M-50 -112Q0 -104 30 -110", "#6c5a44", 6, 0.8
    )
    cork = [(20, -444), (22, -478)]
    return Drawn(
        pen.lathe(cork, GLAZE["wood"], gloss=0)
        + pen.fill(ellipse(0, -478, 22, 5), light(GLAZE["wood"], 0.3))
        + pen.lathe(profile, deco=label, gloss=0.9),
        half=96,
        height=480,
    )


@kind
def dish(pen: Pen) -> Drawn:
    """A baking dish with ears, something golden in it."""
    tilt = 0.34
    ears = pen.tube("M-214 -96C-290 -112 -290 -64 -212 -62", 24, pen.colour)
    ears += pen.tube("M214 -96C290 -112 290 -64 212 -62", 24, pen.colour)
    profile = [(186, 0), (204, -20), (228, -112)]
    deco = pen.dip(-58, -112, 228, pen.second, 9, tilt) if pen.seed % 2 else pen.bands([-84], 228, pen.second, 9, tilt)
    body = pen.lathe(profile, deco=deco, tilt=tilt) + pen.rim(228, -112, wall=13, tilt=tilt)
    crust = ellipse(0, -104, 208, 208 * tilt)
    toasted = [(pen.random.gauss(0, 90), -104 + pen.random.gauss(0, 26)) for _ in range(70)]
    top = (
        pen.fill(crust, "#d9a04e") + pen.dots(toasted, 22, "#a8602c", 0.35) + pen.dots(toasted[::3], 13, "#7c3d1c", 0.4)
    )
    slits = "".join(
        pen.stroke(f"M{x} {-122 - abs(x) * 0.04:.0f}q10 14 4 34", dark("#a8602c", 0.3), 6, 0.7) for x in (-66, 0, 66)
    )
    return Drawn(ears + body + f"<g {pen.clip(crust)}>{top}{slits}</g>", half=280, height=200, foot=200)


@kind
def crock(pen: Pen) -> Drawn:
    """A straight crock with a wooden lid."""
    profile = [(128, 0), (138, -16), (144, -120), (140, -236), (132, -252)]
    deco = pen.decoration(144, 0, -250)
    wood = GLAZE["wood"]
    grain = "".join(pen.stroke(f"M-150 {y}Q0 {y + 34} 150 {y}", dark(wood, 0.35), 2, 0.4) for y in range(-300, -230, 9))
    lid = pen.lathe([(146, -250), (148, -262), (142, -276)], wood, deco=grain, gloss=0)
    lid += pen.fill(ellipse(0, -276, 142, 142 * TILT), light(wood, 0.2))
    lid += pen.stroke(ellipse(0, -277, 104, 104 * TILT), dark(wood, 0.3), 3, 0.4)
    knob = pen.lathe([(18, -278), (16, -292), (32, -306), (34, -324), (10, -336)], dark(wood, 0.08), gloss=0.3)
    ears = pen.tube("M-138 -196C-180 -204 -180 -160 -140 -160", 20, pen.colour)
    ears += pen.tube("M138 -196C180 -204 180 -160 140 -160", 20, pen.colour)
    return Drawn(ears + pen.lathe(profile, deco=deco) + lid + knob, half=170, height=340, foot=140)


@kind
def mill(pen: Pen) -> Drawn:
    """A turned pepper mill with a metal knob."""
    body = [(62, 0), (66, -12), (60, -34), (44, -96), (40, -150), (56, -232), (60, -262), (44, -280)]
    head = [(46, -286), (60, -300), (64, -340), (54, -384), (26, -412), (14, -418)]

    def grain(colour: str, y0: int, y1: int) -> str:
        return "".join(
            pen.stroke(
                f"M{x} {y0}C{x + 7} {(y0 + y1) // 2} {x - 8} {(y0 + y1) // 2 - 30} {x + 2} {y1}",
                dark(colour, 0.4),
                2,
                0.45,
            )
            for x in range(-58, 60, 12)
        )

    ring = pen.lathe([(47, -278), (47, -288)], pen.second, gloss=0)
    knob = pen.lathe([(10, -416), (20, -428), (18, -444), (4, -450)], GLAZE["brass"], gloss=0)
    peppercorns = [(pen.random.uniform(-190, -90), pen.random.uniform(-8, 30)) for _ in range(6)]
    spill = "".join(
        pen.fill(ellipse(x + 4, y + 5, 11, 6), INK, 0.25)
        + pen.solid(ellipse(x, y, 9, 8), "#4a3a2c", (x - 9, y - 8, x + 9, y + 8), "ball", grain=0)
        for x, y in peppercorns
    )
    lower = pen.lathe(body, deco=grain(pen.colour, 20, -290))
    return Drawn(
        spill + lower + ring + pen.lathe(head, deco=grain(pen.colour, -280, -420)) + knob, half=110, height=450, foot=66
    )
