"""More rooms of the house: a plastered kitchen, a pottery, a hall, and a table seen from above."""

from demo.art.geometry import ellipse, num, polygon
from demo.art.palette import GLAZE, INK, SHINE, dark, light, mix
from demo.art.pen import Pen
from demo.art.picture import wall_light
from demo.art.scenes.rooms import planks


def niche(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A plastered wall with an arched niche in it, over a worktop of stone."""
    out = wall_light(pen, w, h, wall, 1)
    trowelled = ""
    for _ in range(60):
        x, y = pen.random.uniform(0, w), pen.random.uniform(0, h * 0.64)
        trowelled += pen.stroke(
            f"M{num(x)} {num(y)}q{num(pen.random.uniform(40, 120))} {num(pen.random.uniform(-26, 26))} "
            f"{num(pen.random.uniform(120, 240))} 0",
            light(wall, 0.5),
            pen.random.uniform(5, 16),
            0.13,
        )
    out += trowelled
    arch = (
        f"M{num(w * 0.3)} {num(h * 0.68)}V{num(h * 0.3)}"
        f"A{num(w * 0.2)} {num(w * 0.17)} 0 0 1 {num(w * 0.7)} {num(h * 0.3)}V{num(h * 0.68)}Z"
    )
    depth = pen.linear(
        w * 0.3, 0, w * 0.7, 0, (0, dark(wall, 0.55), 0.55), (0.3, dark(wall, 0.3), 0.3), (1, light(wall, 0.4), 0.5)
    )
    out += pen.fill(arch, dark(wall, 0.12)) + pen.fill(arch, depth) + pen.stroke(arch, light(wall, 0.6), 6, 0.7)
    y0 = h * 0.66
    stone = mix(table, "#d9d4c6", 0.6)
    veins = ""
    for _ in range(9):
        x, y = pen.random.uniform(0, w), pen.random.uniform(y0, h)
        veins += pen.stroke(
            (f"M{num(x)} {num(y)}" f"c60 {num(pen.random.uniform(-40, 40))} 160 {num(pen.random.uniform(-40, 40))} 260 {num(pen.random.uniform(-30, 30))}"),
            dark(stone, 0.25), 3, 0.22,
        )  # fmt: skip
    veins += pen.specks(0, y0, w, h * 0.95, 260, dark(stone, 0.5), 3)
    out += pen.solid(f"M0 {num(y0)}H{w}V{num(h * 0.95)}H0Z", stone, (0, y0, w, h * 0.95), "flat", veins, 0.6, edge=6)
    out += pen.fill(f"M0 {num(y0)}H{w}V{num(y0 + 36)}H0Z", pen.linear(0, y0, 0, y0 + 36, (0, INK, 0.3), (1, INK, 0)))
    return out + pen.fill(f"M0 {num(h * 0.95)}H{w}V{h}H0Z", dark(stone, 0.45))


def studio(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A pottery: whitewashed brick, one long board on brackets, a bench with clay on it."""
    brick = ""
    bw, bh = 132, 46
    for j in range(int(h * 0.7 / bh) + 1):
        for i in range(-1, w // bw + 2):
            bx, by = i * bw + (bw / 2 if j % 2 else 0), j * bh
            tone = mix(wall, pen.random.choice((light(wall, 0.45), dark(wall, 0.1), light(wall, 0.2), wall)), 0.7)
            brick += pen.fill(f"M{num(bx + 3)} {by + 3}h{bw - 7}v{bh - 7}h-{bw - 7}Z", tone)
    out = f"<g {pen.clip(f'M0 0H{w}V{num(h * 0.7)}H0Z')}>" + pen.fill(f"M0 0H{w}V{h}H0Z", dark(wall, 0.14)) + brick
    out += wall_light(pen, w, h * 0.9, wall, 0) + "</g>"
    wood, y = GLAZE["wood"], h * 0.4
    for x in (w * 0.12, w * 0.5, w * 0.88):
        out += pen.fill(f"M{num(x - 9)} {num(y)}h18v96h-18Z", dark(GLAZE["soot"], 0.1))
        out += pen.stroke(f"M{num(x)} {num(y + 90)}L{num(x + 4)} {num(y + 20)}", light(GLAZE["soot"], 0.3), 3, 0.6)
    out += pen.fill(
        f"M{num(w * 0.02)} {num(y + 30)}H{num(w * 0.99)}V{num(y + 62)}L{num(w * 0.08)} {num(y + 74)}Z", INK, 0.16
    )
    grain = "".join(
        pen.stroke(
            (
                f"M0 {num(y - 22 + q)}"
                f"C{num(w * 0.3)} {num(y - 28 + q)} {num(w * 0.7)} {num(y - 16 + q)} {w} {num(y - 22 + q)}"
            ),
            dark(wood, 0.35),
            2,
            0.4,
        )
        for q in range(0, 44, 9)
    )
    board = f"M{num(w * 0.02)} {num(y - 26)}H{num(w * 0.98)}V{num(y + 22)}H{num(w * 0.02)}Z"
    out += pen.solid(board, wood, (w * 0.02, y - 26, w * 0.98, y + 22), "flat", grain, edge=7)
    out += pen.fill(
        f"M{num(w * 0.02)} {num(y + 4)}H{num(w * 0.98)}V{num(y + 22)}H{num(w * 0.02)}Z", dark(wood, 0.4), 0.5
    )
    out += planks(pen, h * 0.7, w, h * 0.95, mix(GLAZE["wood"], "#cbbfa9", 0.45), 4)
    for _ in range(16):  # slip that nobody wiped off
        x, yy = pen.random.uniform(0, w), pen.random.uniform(h * 0.72, h * 0.93)
        out += pen.fill(ellipse(x, yy, pen.random.uniform(16, 74), pen.random.uniform(4, 11)), "#e8dfcc", 0.5)
    return out + pen.fill(f"M0 {num(h * 0.95)}H{w}V{h}H0Z", dark(GLAZE["walnut"], 0.3))


def hall(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A painted wall above panels, a skirting board, floorboards."""
    out = wall_light(pen, w, h * 0.95, wall, 0)
    rail, skirting, floor = h * 0.52, h * 0.765, h * 0.8
    panel = mix(table, wall, 0.25)
    out += pen.fill(f"M0 {num(rail)}H{w}V{num(floor)}H0Z", panel)
    out += pen.fill(f"M0 {num(rail - 14)}H{w}V{num(rail + 6)}H0Z", light(panel, 0.25))
    out += pen.fill(f"M0 {num(rail + 6)}H{w}V{num(rail + 16)}H0Z", dark(panel, 0.4), 0.5)
    for i in range(6):
        x0, x1 = w * (i / 6) + 30, w * ((i + 1) / 6) - 30
        frame = polygon((x0, rail + 50), (x1, rail + 50), (x1, skirting - 30), (x0, skirting - 30))
        out += pen.stroke(frame, dark(panel, 0.32), 6, 0.6)
        out += f'<g transform="translate(5 5)">{pen.stroke(frame, light(panel, 0.5), 4, 0.7)}</g>'
    out += pen.fill(f"M0 {num(skirting)}H{w}V{num(floor)}H0Z", light(panel, 0.3))
    out += pen.fill(f"M0 {num(skirting)}H{w}V{num(skirting + 7)}H0Z", SHINE, 0.5)
    return out + planks(pen, floor, w, h, GLAZE["wood"], 4)


def tabletop(pen: Pen, w: int, h: int, wall: str, table: str) -> str:
    """A table seen from above, with a cloth across it."""
    wood = GLAZE["wood"]
    out = pen.fill(f"M0 0H{w}V{h}H0Z", wood)
    for i in range(7):
        y = h * i / 6
        out += pen.stroke(f"M0 {num(y)}H{w}", dark(wood, 0.5), 4, 0.4)
        for _ in range(12):
            x, yy = pen.random.uniform(-100, w), y + pen.random.uniform(12, h / 6 - 12)
            out += pen.stroke(
                f"M{num(x)} {num(yy)}q140 {num(pen.random.uniform(-10, 10))} {num(pen.random.uniform(240, 460))} 0",
                dark(wood, 0.35),
                2.4,
                0.28,
            )
    cloth = polygon((w * 0.05, h * 0.1), (w * 0.955, h * 0.07), (w * 0.965, h * 0.92), (w * 0.04, h * 0.94))
    shadow = polygon((w * 0.056, h * 0.12), (w * 0.965, h * 0.09), (w * 0.974, h * 0.945), (w * 0.048, h * 0.965))
    stripes = "".join(
        pen.stroke(f"M{num(w * t)} 0L{num(w * (t - 0.006))} {h}", dark(table, 0.22), 12, 0.6, "butt")
        for t in (0.08, 0.095, 0.905, 0.92)
    )
    weave = "".join(pen.stroke(f"M0 {y}H{w}", dark(wall, 0.35), 1.2, 0.16) for y in range(0, h, 11))
    folds = "".join(
        pen.stroke(f"M{num(w * t)} {num(h * 0.08)}L{num(w * (t - 0.004))} {num(h * 0.93)}", dark(wall, 0.5), 6, 0.16)
        + pen.stroke(f"M{num(w * t + 9)} {num(h * 0.08)}L{num(w * (t - 0.004) + 9)} {num(h * 0.93)}", SHINE, 5, 0.35)
        for t in (0.355, 0.645)
    )
    return (
        out
        + pen.fill(shadow, INK, 0.28)
        + pen.solid(cloth, wall, (0, 0, w, h), "flat", stripes + weave + folds, 0.5, edge=6)
    )
