"""What titles call their things, and what questions are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.elastic import german
from search.elastic.heads import asked_for, named


@pytest.mark.parametrize(
    ("title", "heads", "beside"),
    [
        ("Laptop sleeve", {"sleeve", "laptop sleeve"}, {"laptop"}),
        ("Strand laptop 13 inch", {"laptop", "strand laptop"}, {"strand"}),
        ("Wireless laser mouse, black", {"mouse", "laser mouse", "wireless laser mouse"}, {"wireless", "laser"}),
        ("Felt sleeve for tablets", {"sleeve", "felt sleeve"}, {"felt", "tablet"}),
        ("Tablet with pen - for drawing", {"tablet"}, {"pen"}),
        ("Tablet PC", {"pc", "tablet pc", "tablet"}, set()),
        ("Case for iPhone 7", {"case"}, {"iphone"}),
        # A number belongs to what stands before it, and that tells more of what comes behind.
        ("iPhone 7 case", {"case"}, set()),
        ("iPhone 7 64 GB", {"iphone"}, set()),
        ("NP3250W data projector 4000 lumens LCD", {"projector", "data projector"}, {"data"}),
        ("Laptop 16 GB RAM 512 GB SSD", {"laptop"}, set()),
        ("500 GB disk", {"disk"}, set()),
        (
            "2.5in SATA hard drive enclosure",
            {"enclosure", "drive enclosure", "hard drive enclosure"},
            {"sata", "hard", "drive"},
        ),
        ("Set of six cups", {"cup", "six cup"}, {"six"}),
        ("Table & chairs", {"table", "chair"}, set()),
        ("Headphones/headset", {"headphone", "headset"}, set()),
        (
            "Camera/camcorder battery",
            {"battery", "camcorder battery", "camera camcorder battery"},
            {"camera", "camcorder"},
        ),
        # A word before an "and" shares the end of those behind it, but for a set of both, and where those say which.
        ("Monitor and laptop arm", {"arm", "laptop arm", "monitor laptop arm"}, {"monitor", "laptop"}),
        ("Pepper & salt mill", {"mill", "salt mill", "pepper salt mill"}, {"pepper", "salt"}),
        ("Keyboard and mouse set", {"keyboard", "set", "mouse set", "mouse"}, set()),
        ("Mouse and wireless keyboard", {"mouse", "keyboard", "wireless keyboard"}, {"wireless"}),
        ("USB to serial adapter", {"adapter", "serial adapter", "usb serial adapter"}, {"usb", "serial"}),
        ("Men's shoes", {"shoe", "men shoe"}, {"men"}),
        ("T-shirt", {"shirt", "t shirt"}, {"t"}),
        ("XP-610", set(), set()),
        ("Cat6-Kabel für Router", {"kabel"}, {"router"}),
        ("SlimBlade® Trackball", {"trackball", "slimblade trackball"}, {"slimblade"}),
        ("", set(), set()),
        ("!!! 12 ---", set(), set()),
    ],
)
def test_the_last_noun_before_the_description_says_what_it_is(title: str, heads: set[str], beside: set[str]) -> None:
    found = named(title)
    assert (set(found.heads), set(found.beside)) == (heads, beside)


def test_what_the_product_says_of_itself_is_no_name() -> None:
    said = ("Colour: mint, rose", "Connection: USB", "Type: mouse", "Socket: LGA 775", "Form: ATX")
    assert "mouse" in named("Quiet mouse USB mint", attributes=said).heads
    assert named("Quiet board LGA 775 ATX", attributes=said).heads[0] == "board"
    # A value with the attribute's name in it is what the thing is, and so is what would leave nothing.
    assert named("Plus battery", attributes=["Battery type: battery"]).heads[0] == "battery"
    assert named("Mint", attributes=said).heads == ("mint",)


def test_the_maker_is_no_part_of_it() -> None:
    assert named("Apple tablet", "Apple").beside == ()
    assert named("Case Logic notebook case", "Case Logic").heads[:2] == ("case", "notebook case")


@pytest.mark.parametrize(
    ("title", "heads", "beside"),
    [
        ("Laptoptasche für 13 Zoll", {"tasch", "laptop tasch"}, {"laptop", "zoll"}),
        ("Laptop-Tasche 13 Zoll", {"tasch", "laptop tasch"}, {"laptop"}),
        ("Druckerpatronen, 3 Stück", {"patron", "druck patron"}, {"druck"}),
        (
            "Schwarze Druckerpatrone für XP-610",
            {"patron", "druck patron", "schwarz druck patron"},
            {"druck", "schwarz"},
        ),
        ("Tasche für Laptops", {"tasch"}, {"laptop"}),
        ("Laptop 13 Zoll, silbern", {"laptop"}, set()),
        ("Hülle aus Leder", {"hull"}, set()),
        ("Huelle schwarz", {"hull"}, set()),
        ("Kühlschrank mit Gefrierfach", {"kuhlschrank"}, {"gefrierfach"}),
        ("Spielecontroller", {"controll", "spiel controll"}, {"spiel"}),
    ],
)
def test_german_compounds_are_taken_apart(title: str, heads: set[str], beside: set[str]) -> None:
    found = named(title, compounds=True)
    assert (set(found.heads), set(found.beside)) == (heads, beside)


def test_other_languages_have_no_compounds() -> None:
    assert named("Laptoptasche für 13 Zoll").heads == ("laptoptasche",)


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("Laptoptaschen", ("laptop tasch", "tasch")),
        ("Tasche für Laptop", ("tasch",)),
        ("Patrone für XP-610", ("patron",)),
        ("Kühlschränke", ("kuhlschrank",)),
    ],
)
def test_a_german_question_is_about_the_last_part(text: str, heads: tuple[str, ...]) -> None:
    assert asked_for(text, compounds=True) == heads


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haus", "Häuser"),
        ("Maus", "Mäuse"),
        ("Tasche", "Taschen"),
        ("Laptop", "Laptops"),
        ("Akku", "Akkus"),
        ("Stuhl", "Stuehle"),
        ("Kabel", "Kabeln"),
        ("Weinglas", "Weingläsern"),
        ("Festplattengehäuse", "festplattengehaeuse"),
        ("Batterie", "Batterien"),
    ],
)
def test_german_words_are_the_same_in_each_number(one: str, other: str) -> None:
    assert german.words(one) == german.words(other)


@pytest.mark.parametrize("word", ["Kühlschrank", "Kopfhörer", "Controller", "Quelle", "Uhr", "Notebooks", "Quadrat"])
def test_what_is_no_compound_stays_whole(word: str) -> None:
    assert len(german.words(word)) == 1


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("laptop", ("laptop",)),
        ("ink for XP-610", ("ink",)),
        ("external hard drive 2tb", ("external hard drive", "hard drive", "drive")),
        ("ethernet cable 10m", ("ethernet cable", "cable")),
        ("playstation 4 controller", ("controller",)),
        ('laptop 13"', ("laptop",)),
        ("desk lamp with clamp", ("desk lamp", "lamp")),
        ("shoes black", ("shoe",)),
        ("XP-610", ()),
        ("something to keep my laptop from scratches", ("something keep", "keep")),
    ],
)
def test_a_question_is_about_its_last_noun(text: str, heads: tuple[str, ...]) -> None:
    assert asked_for(text) == heads


@given(st.text(max_size=120), st.lists(st.text(max_size=30), max_size=5), st.booleans())
def test_no_text_is_too_odd(text: str, attributes: list[str], compounds: bool) -> None:
    found = named(text, text[:10], attributes, compounds=compounds)
    assert all(0 < len(head.split()) <= 3 for head in found.heads)
    assert not set(found.beside) & set(found.heads)


def test_words_behind_the_thing_that_a_question_names_can_be_left_out() -> None:
    assert asked_for("monitor samsung") == ("monitor samsung", "samsung")
    assert asked_for("monitor samsung", behind=1) == ("monitor",)
    assert asked_for("flat monitor for case logic", behind=0) == ("flat monitor", "monitor")
