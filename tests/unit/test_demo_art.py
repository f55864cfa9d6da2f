"""The drawings of the demo shop: the same every time, and something to see in each."""

import io
import subprocess
import sys
from hashlib import sha256
from xml.etree import ElementTree

import pytest
from PIL import Image

from demo.art import (
    GROUND,
    KINDS,
    MARKS,
    PEOPLE,
    SCENES,
    VIEWS,
    draw_mark,
    draw_portrait,
    draw_product,
    draw_scene,
    rasterise,
    to_jpeg,
    to_webp,
)
from demo.loading.data import catalogue


def product(kind: str, seed: int = 3, view: str = "main") -> str:
    return draw_product(kind, glaze="rust", second="chalk", ground="oat", seed=seed, view=view)


def colours(png: bytes) -> int:
    """How many colours a picture has."""
    with Image.open(io.BytesIO(png)) as picture:
        return len(picture.convert("RGB").getcolors(maxcolors=1 << 20))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_drawing_depends_on_its_arguments_alone(kind):
    drawings = {product(kind) for _ in range(2)}
    assert len(drawings) == 1
    assert product(kind, seed=4) not in drawings


def test_a_drawing_is_the_same_in_another_process():
    # A set or a hash in the wrong place shows only here: strings hash differently in every process.
    code = (
        "import sys; from demo.art import KINDS, draw_product; from hashlib import sha256;"
        "text = ''.join(draw_product(k, glaze='rust', second='chalk', ground='oat', seed=3) for k in sorted(KINDS));"
        "sys.stdout.write(sha256(text.encode()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert other == sha256("".join(product(kind) for kind in sorted(KINDS)).encode()).hexdigest()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_renders_to_a_picture(kind):
    # Grounds and shadow alone come to a few dozen colours.
    assert colours(rasterise(product(kind), width=120)) > 400


@pytest.mark.parametrize("view", VIEWS)
def test_views_differ_and_are_well_formed(view):
    svg = product("teapot", view=view)
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 800 1000"
    assert (svg == product("teapot")) == (view == "main")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_paint_clip_and_filter_that_is_used_is_defined_once(kind):
    svg = product(kind)
    names = [e.get("id") for e in ElementTree.fromstring(svg).iter() if e.get("id")]
    assert len(names) == len(set(names))
    used = {part.split(")")[0] for part in svg.split("url(#")[1:]}
    assert used <= set(names)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_scenes_have_hotspots_inside_the_picture(name):
    svg, spots = draw_scene(name)
    assert (svg, spots) == draw_scene(name)
    assert len(spots) >= 3
    assert len({spot.product for spot in spots}) == len(spots)
    assert all(3 <= spot.x <= 97 and 3 <= spot.y <= 97 for spot in spots)
    names = [e.get("id") for e in ElementTree.fromstring(svg).iter() if e.get("id")]
    assert len(names) == len(set(names))


def test_a_scene_renders():
    assert colours(rasterise(draw_scene("shelf")[0], width=320)) > 2000


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "zeppelin"}, {"ground": "lava"}, {"view": "behind"}],
)
def test_what_cannot_be_drawn_says_what_can(wrong):
    arguments = {"kind": "mug", "glaze": "rust", "ground": "oat", "seed": 1, **wrong}
    with pytest.raises(ValueError, match="There is no"):
        draw_product(**arguments)


def test_an_unknown_scene_says_what_there_is():
    with pytest.raises(ValueError, match="set-table"):
        draw_scene("the-moon")


def test_grounds_come_with_a_wall_and_a_table():
    assert all(wall != table for wall, table in GROUND.values())


def test_jpeg_and_webp_are_smaller_than_png():
    png = rasterise(product("mug"), width=200)
    for smaller, file_format in ((to_jpeg(png), "JPEG"), (to_webp(png), "WEBP")):
        assert len(smaller) < len(png)
        with Image.open(io.BytesIO(smaller)) as picture:
            assert picture.format == file_format
            assert picture.size == (200, 250)


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_everyone_has_a_portrait(name):
    assert draw_portrait(name) == draw_portrait(name)
    assert colours(rasterise(draw_portrait(name), width=120)) > 400


def test_every_maker_has_a_mark():
    assert {maker["slug"] for maker in catalogue().makers} == set(MARKS)
    marks = {draw_mark(name) for name in MARKS}
    assert len(marks) == len(MARKS)
    assert all(colours(rasterise(mark, width=80)) > 200 for mark in marks)


@pytest.mark.parametrize(("draw", "known"), [(draw_portrait, "hana-osei"), (draw_mark, "lowmill")])
def test_who_is_not_known_is_not_drawn(draw, known):
    with pytest.raises(ValueError, match=known):
        draw("nobody")


def test_stories_have_enough_pictures_to_choose_from():
    assert len(SCENES) >= 15
    assert len({scene.title for scene in SCENES.values()}) == len(SCENES)


def test_a_part_of_a_drawing_can_be_had_alone():
    with Image.open(io.BytesIO(rasterise(product("mug"), width=160, part=(0, 340, 800, 550)))) as part:
        assert part.size == (160, 110)
        with Image.open(io.BytesIO(rasterise(product("mug"), width=160))) as whole:
            assert part.getpixel((80, 60)) == whole.getpixel((80, 60 + 68))
