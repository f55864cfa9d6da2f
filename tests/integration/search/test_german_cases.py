"""What shoppers type in a German catalogue, by kind, each with the reason why its answer is right.

The catalogue is our own and small: titles as German shops write them, without categories, so that words alone tell a thing
from what goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from search.selectors import find_products
from search.types import ListingQuery
from tests.factories import make_market, make_product

from .test_elastic_cases import Case

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)]  # fmt: skip

PRODUCTS: tuple[tuple[str, str], ...] = (
    ("Nordlys Laptop 13 Zoll, silbern", "Ein leichtes Gerät mit 16 GB Speicher."),
    ("Fjell Laptop 15 Zoll 512 GB", "Für Filme und lange Texte."),
    ("Laptoptasche 13 Zoll schwarz", "Eine Laptoptasche für Laptops bis 13 Zoll. Der Laptop sitzt fest, das Ladegerät auch."),
    ("Tasche für Laptops aus Filz", "Schützt den Laptop auf dem Weg zur Arbeit."),
    ("Laptopständer aus Holz", "Hebt den Laptop auf Augenhöhe."),
    ("Umhängetasche aus Leder", "Für alles, was unterwegs gebraucht wird."),
    ("Inkwell Tintenstrahldrucker XP-610", "Druckt, scannt und kopiert."),
    ("Laserdrucker für das Büro", "Ein leiser Drucker."),
    ("Druckerpatrone schwarz für XP-610", "Tinte für den Drucker XP-610. Hält 300 Seiten im Drucker."),
    ("Druckerpatronen farbig, 3 Stück", "Tinte für Drucker, die Farbe brauchen."),
    ("Druckerkabel 2 m", "Verbindet den Drucker mit dem Rechner."),
    ("Druckerpapier 500 Blatt", "Papier für jeden Drucker."),
    ("Pixel Kamera mit Zoomobjektiv", "Zwanzig Megapixel."),
    ("Kamerataschen-Set", "Zwei Taschen für die Kamera und ihr Zubehör."),
    ("Kameraakku NB-4", "Der Akku für die Kamera."),
    ("Brook Kopfhörer", "Offen und leicht."),
    ("Kopfhörerkabel 3 m", "Verlängert das Kabel der Kopfhörer."),
    ("Kühlschrank mit Gefrierfach", "Leise und sparsam."),
    ("Kühlschrankmagnete, 6 Stück", "Halten Zettel am Kühlschrank."),
    ("Schreibtischlampe Glim", "Mit Klemme."),
    ("Schreibtisch aus Eiche", "Groß genug für zwei Bildschirme."),
    ("Bürostuhl mit Rollen", "Zum langen Sitzen am Schreibtisch."),
    ("Stuhlkissen, rund", "Macht den Stuhl weicher."),
    ("Kaffeemaschine Aroma", "Zwölf Tassen."),
    ("Kaffeetassen, 4 Stück", "Aus Porzellan, auch für die Kaffeemaschine mit hohem Auslauf."),
    ("Entkalker für Kaffeemaschinen", "Die Kaffeemaschine dankt es."),
    ("Handyhülle Model 7", "Aus Silikon, für das Handy dieses Namens."),
    ("Handy Model 7", "Klingelt."),
    ("Akkuschrauber 18 V", "Mit zwei Akkus."),
    ("Staubsauger Wirbel", "Ohne Beutel."),
    ("Staubsaugerbeutel, 10 Stück", "Beutel für den Staubsauger, passend für jeden Staubsauger."),
)  # fmt: skip
LAPTOPS = ("Nordlys Laptop 13 Zoll, silbern", "Fjell Laptop 15 Zoll 512 GB")
CASES = (
    Case("exact", "Schreibtischlampe Glim", ("Schreibtischlampe Glim",), "the very title"),
    Case("product type", "laptop", LAPTOPS, "a Laptoptasche is a bag, though its text says Laptop more often"),
    Case("product type", "Laptops", LAPTOPS, "a plural is the same"),
    Case(
        "product type",
        "drucker",
        ("Inkwell Tintenstrahldrucker XP-610", "Laserdrucker für das Büro"),
        "what a Druckerpatrone, -kabel and -papier are for",
    ),
    Case("product type", "kamera", ("Pixel Kamera mit Zoomobjektiv",), "the thing before its bags and its battery"),
    Case("product type", "kühlschrank", ("Kühlschrank mit Gefrierfach",), "a magnet is none"),
    Case("product type", "kopfhörer", ("Brook Kopfhörer",), "a cable for them is a cable"),
    Case("product type", "stuhl", ("Bürostuhl mit Rollen",), "the last part says what it is: a cushion is no chair"),
    Case("product type", "schreibtisch", ("Schreibtisch aus Eiche",), "the lamp only stands on it"),
    Case("product type", "handy", ("Handy Model 7",), "its case is none"),
    Case("product type", "staubsauger", ("Staubsauger Wirbel",), "bags for it say the word three times"),
    Case("product type", "kaffeemaschine", ("Kaffeemaschine Aroma",), "cups and descaler only name it"),
    Case(
        "product type",
        "patronen",
        ("Druckerpatrone schwarz für XP-610", "Druckerpatronen farbig, 3 Stück"),
        "a part of a compound, in another number",
    ),
    Case("compatibility", "Laptoptasche", ("Laptoptasche 13 Zoll schwarz", "Tasche für Laptops aus Filz"), "both are bags for laptops"),
    Case("compatibility", "Laptop Tasche", ("Laptoptasche 13 Zoll schwarz", "Tasche für Laptops aus Filz"), "written as two words"),
    Case("compatibility", "Patrone für XP-610", ("Druckerpatrone schwarz für XP-610",), "the printer is not asked for"),
    Case("compatibility", "Beutel für Staubsauger", ("Staubsaugerbeutel, 10 Stück",), "said in two words, sold as one"),
    Case("compatibility", "Handyhülle", ("Handyhülle Model 7",), "whoever wants the accessory gets it"),
    Case("misspelt", "Kuehlschrank", ("Kühlschrank mit Gefrierfach",), "an umlaut written with an e"),
    Case("misspelt", "kopfhorer", ("Brook Kopfhörer",), "an umlaut left out"),
    Case("misspelt", "Kafeemaschine", ("Kaffeemaschine Aroma",), "one letter left out of a long word"),
    Case("part number", "akku nb-4", ("Kameraakku NB-4",), "its number in the title, and a part of the compound"),
)  # fmt: skip


@pytest.fixture
def shop(settings: Any, index: Callable[[], None]) -> dict[int, str]:
    """The catalogue, in German."""
    settings.LANGUAGE_CODE = "de"
    made = {make_product(title, description=said).pk: title for title, said in PRODUCTS}
    index()
    return made


def test_what_german_shoppers_type(shop: dict[int, str]) -> None:
    told = []
    for case in CASES:
        found = find_products(ListingQuery(text=case.query), market=make_market())
        assert found.engine == "elasticsearch"
        titles = [shop[pk] for pk in found.mixed or (*found.ids, *found.similar)]
        if set(titles[: len(case.first)]) != set(case.first):
            told.append(f"{case.kind}: “{case.query}” gives {titles[:4]}, not {case.first}: {case.reason}")
    assert told == []
