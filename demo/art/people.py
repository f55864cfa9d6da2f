"""Portraits of the people who write, drawn like everything else: a few shapes, one light."""

import math
from dataclasses import dataclass
from typing import Literal

from demo.art.geometry import ellipse, num, spline
from demo.art.palette import GLAZE, GROUND, INK, dark, light, mix
from demo.art.pen import Pen
from demo.art.picture import document, paper

SIZE = 800


@dataclass(frozen=True)
class Person:
    """What somebody looks like."""

    ground: str
    skin: str
    hair: str
    style: Literal["cropped", "bob", "bun", "wrap", "parted"]
    top: str
    apron: str = ""
    #: The colour of a cloth tied round the hair.
    cloth: str = ""
    beard: bool = False
    glasses: bool = False
    seed: int = 1


#: The authors of the magazine, and the potter it visits.
PEOPLE: dict[str, Person] = {
    "hana-osei": Person("butter", "#8a5636", "#241b18", "wrap", "chalk", "rust", cloth="ink", seed=3),
    "tom-ridley": Person("sky", "#e5b592", "#a5562b", "parted", "moss", beard=True, glasses=True, seed=5),
    "maud-ferris": Person("blush", "#ecc6a8", "#c9c5bb", "bun", "fern", "linen", seed=8),
    "ines-calder": Person("celadon", "#c98f66", "#33241d", "bob", "ink", "oat", seed=11),
}


def _hair_behind(pen: Pen, person: Person) -> str:
    hair = person.hair
    if person.style == "bob":
        d = "M-172 -420C-200 -660 200 -660 172 -420C186 -330 176 -270 150 -236H-150C-176 -270 -186 -330 -172 -420Z"
        return pen.solid(d, dark(hair, 0.1), (-186, -600, 186, -236), "flat")
    if person.style == "bun":
        knot = pen.solid(ellipse(26, -640, 78, 66), hair, (-52, -706, 104, -574), "ball")
        coils = pen.stroke(
            "M-22 -650C0 -690 60 -690 78 -650M-10 -622C10 -648 50 -648 66 -618", dark(hair, 0.35), 5, 0.6
        )
        return knot + coils
    if person.style == "wrap":
        cloth = GLAZE[person.cloth]
        one = pen.solid(
            "M24 -612C20 -700 92 -742 112 -690C122 -650 88 -622 44 -606Z", cloth, (20, -730, 122, -606), "flat"
        )
        other = "M40 -606C100 -676 176 -664 172 -620C164 -580 100 -586 48 -596Z"
        return one + pen.solid(other, dark(cloth, 0.1), (40, -660, 174, -586), "flat")
    return ""


def _hair_over(pen: Pen, person: Person) -> str:
    hair = person.hair
    box = (-170, -650, 170, -400)
    if person.style == "wrap":
        cloth = GLAZE[person.cloth]
        d = "M-152 -452C-176 -590 -96 -640 0 -638C96 -640 176 -590 152 -452C100 -524 -100 -524 -152 -452Z"
        folds = pen.stroke(
            "M-132 -516C-70 -566 60 -576 136 -528M-100 -580C-40 -606 50 -608 106 -584", dark(cloth, 0.45), 6, 0.5
        )
        dots = "".join(
            pen.fill(ellipse(x, y, 8, 8), light(cloth, 0.6))
            for x, y in ((-100, -546), (-44, -590), (24, -596), (84, -566), (-8, -552), (52, -536), (-62, -534))
        )
        return pen.solid(d, cloth, (-160, -640, 160, -450), "flat", folds + dots)
    if person.style == "parted":
        d = (
            "M-150 -430C-176 -580 -96 -642 0 -640C104 -644 178 -576 150 -428"
            "C140 -470 124 -506 96 -526C30 -512 -40 -520 -84 -546C-120 -520 -140 -478 -150 -430Z"
        )
    elif person.style == "bun":
        d = (
            "M-148 -426C-170 -590 -76 -634 0 -632C80 -634 170 -590 148 -426"
            "C134 -500 84 -540 10 -548C-70 -540 -130 -500 -148 -426Z"
        )
    elif person.style == "bob":
        d = (
            "M-160 -360C-200 -590 -90 -646 0 -644C92 -646 200 -590 160 -360"
            "C150 -430 140 -480 118 -506C50 -486 -50 -486 -112 -512C-140 -480 -152 -430 -160 -360Z"
        )
    else:
        d = (
            "M-146 -440C-160 -570 -90 -606 0 -606C90 -606 160 -570 146 -440"
            "C120 -520 60 -540 0 -540C-60 -540 -120 -520 -146 -440Z"
        )
    strands = "".join(
        pen.stroke(f"M{x} -612C{x + 20} -570 {num(x * 1.3)} -530 {num(x * 1.45)} -470", dark(hair, 0.35), 4, 0.4)
        for x in range(-90, 110, 24)
    )
    return pen.solid(d, hair, box, "flat", strands)


def _face(pen: Pen, person: Person) -> str:
    skin, line = person.skin, dark(person.skin, 0.62)
    out = ""
    for side in (-1, 1):
        x = side * 56
        out += pen.fill(ellipse(x, -398, 9, 11), INK) + pen.fill(ellipse(x - 3, -402, 3, 3), "#fffaf0")
        brow = dark(person.hair, 0.1) if person.style != "bun" else dark(person.hair, 0.3)
        out += pen.stroke(f"M{x - 30} -436Q{x} -{452} {x + 30} -434", brow, 9, 0.9)
        out += pen.fill(ellipse(side * 88, -346, 30, 20), mix(skin, "#d0563c", 0.5), 0.28)
    out += pen.stroke("M6 -398C-10 -366 -18 -346 -4 -340Q6 -336 16 -342", line, 6, 0.75)
    out += pen.stroke("M-38 -294Q2 -266 46 -298", line, 8, 0.9)
    if person.glasses:
        frame = dark(GLAZE["walnut"], 0.2)
        for side in (-1, 1):
            out += pen.fill(ellipse(side * 58, -396, 44, 40), "#fffaf0", 0.22) + pen.stroke(
                ellipse(side * 58, -396, 44, 40), frame, 8
            )
        out += pen.stroke("M-14 -402Q0 -412 14 -402M-102 -404L-146 -420M102 -404L146 -420", frame, 7)
    return out


def _beard(pen: Pen, person: Person) -> str:
    d = (
        "M-144 -380C-150 -250 -90 -196 0 -192C90 -196 150 -250 144 -380C128 -330 100 -322 70 -326"
        "C40 -344 -40 -344 -70 -326C-100 -322 -128 -330 -144 -380Z"
    )
    curls = ""
    for i in range(44):
        a = math.pi * (0.06 + 0.88 * i / 43)
        r = pen.random.uniform(0.66, 0.98)
        x, y = math.cos(a) * 136 * r, -350 + math.sin(a) * 150 * r
        curls += pen.stroke(
            f"M{num(x)} {num(y)}q{num(pen.random.uniform(-9, 9))} 9 {num(pen.random.uniform(-6, 6))} 20",
            dark(person.hair, 0.3),
            4,
            0.5,
        )
    return pen.solid(d, person.hair, (-148, -380, 148, -192), "flat", curls, edge=9) + pen.stroke(
        "M-34 -294Q2 -272 40 -296", dark(person.skin, 0.5), 9
    )


def _shoulders(pen: Pen, person: Person) -> str:
    top = GLAZE[person.top]
    box = (-330, -210, 330, 130)
    d = (
        "M-330 140C-330 -60 -250 -120 -110 -158C-70 -170 -66 -196 -64 -214"
        "H64C66 -196 70 -170 110 -158C250 -120 330 -60 330 140Z"
    )
    knit = "".join(
        pen.stroke(spline([(-330, y), (0, y + 26), (330, y)]), dark(top, 0.35), 2, 0.3) for y in range(-160, 130, 15)
    )
    seams = pen.stroke("M-214 -104C-206 -20 -204 60 -210 130M214 -104C206 -20 204 60 210 130", dark(top, 0.45), 5, 0.4)
    out = pen.solid(d, top, box, "cyl", knit + seams)
    out += pen.stroke("M-78 -176C-50 -120 50 -120 78 -176", dark(top, 0.4), 12, 0.8)
    if person.apron:
        cloth = GLAZE[person.apron]
        bib = "M-142 140C-150 60 -146 -30 -128 -84C-60 -66 60 -66 128 -84C146 -30 150 60 142 140Z"
        straps = pen.stroke(
            "M-122 -80C-116 -130 -100 -156 -88 -170M122 -80C116 -130 100 -156 88 -170", dark(cloth, 0.18), 24
        )
        hem = pen.stroke("M-126 -66C-60 -48 60 -48 126 -66", dark(cloth, 0.4), 3, 0.6)
        smear = pen.specks(-110, -40, 110, 120, 10, light(cloth, 0.7), 9)
        out += straps + pen.solid(bib, cloth, (-150, -84, 150, 130), "flat", hem + smear, edge=9)
    return out


def draw_portrait(name: str) -> str:
    """Somebody's portrait, 800 x 800, as SVG text; ``name`` is the slug of one of ``PEOPLE``."""
    if name not in PEOPLE:
        raise ValueError(f"There is no portrait of {name!r}; there are {', '.join(sorted(PEOPLE))}.")
    person = PEOPLE[name]
    pen = Pen(person.seed)
    wall, _ = GROUND[person.ground]
    skin = person.skin
    body = pen.fill(f"M0 0H{SIZE}V{SIZE}H0Z", wall) + pen.fill(ellipse(372, 380, 320, 320), light(wall, 0.5), 0.45)
    head = (
        "M-146 -420C-150 -560 -90 -596 0 -596C90 -596 150 -560 146 -420"
        "C142 -300 76 -226 0 -224C-76 -226 -142 -300 -146 -420Z"
    )
    ears = "".join(
        pen.solid(ellipse(x, -396, 26, 38), dark(skin, 0.08), (x - 26, -434, x + 26, -358), "ball") for x in (-148, 148)
    )
    neck = pen.solid("M-62 -300H62V-190C40 -150 -40 -150 -62 -190Z", dark(skin, 0.12), (-62, -300, 62, -150), "cyl")
    neck += (
        f"<g {pen.clip('M-62 -300H62V-190C40 -150 -40 -150 -62 -190Z')}>"
        f"{pen.fill(ellipse(8, -226, 90, 40), dark(skin, 0.55), 0.4)}</g>"
    )
    bust = (
        _hair_behind(pen, person)
        + _shoulders(pen, person)
        + neck
        + (ears if person.style != "bob" else "")
        + pen.solid(head, skin, (-148, -596, 148, -224), "ball", grain=0.7, edge=14)
        + _face(pen, person)
        + (_beard(pen, person) if person.beard else "")
        + _hair_over(pen, person)
    )
    body += f'<g transform="translate(400 700) scale(.94)">{bust}</g>'
    return document(pen, SIZE, SIZE, body + paper(pen, SIZE, SIZE, 200, dark(wall, 0.6)), name.replace("-", " "))
