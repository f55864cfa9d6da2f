"""Parts of German compounds that shops sell, as german_normalization leaves them: a word that holds some is found by each.

And how German words are compared where it is read what a thing is called (heads.py): a "Laptoptasche" is a "Tasche" for
a "Laptop", and "Taschen" are the same. Rules and a list, no grammar: what is done to a title is done to a question, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

from search.words import LONGEST_WORD, fold

_WORDS = """
    abfall absatz adapter akku anhanger antenne anzug apfel arbeit arbeits armatur armband aufbewahrung auflage
    aufsatz aussen auto babys backofen bade balkon ball band bank batterie baum baumwoll baumwolle becher beistell
    beleuchtung beton bett beutel bezug bild bilder bildschirm blech blitz bluetooth blumen bluse boden bohrer
    bohrmaschine box brett brille brot buch bucher buro burste camping controller couch cover creme dach damen dampf
    dauer decke deckel decken dose draht drohne drucker dusche edelstahl eier eimer einlage einsatz eisen ersatzteil
    esstisch etui fahrrad familien farbe faser feder fenster fernseher festplatte feuer filter filz finger flasche
    flaschen fleisch folie foto frauen frisch fuss futter gabel gardine garten gefass gehause gemuse geschirr gestell gewurz
    giess gitarre glas glaser gold grafikkarte griff grill gummi gurt gurtel haar hafen halter halterung hammer hand
    handschuh handtuch handy haus heizung helm hemd herren herz hocker holz honig horer hose hulle hund hunde
    instrument jacke jahr jalousie jeans junge kabel kaffee kamera kamin kanne karte karten kartoffel kasten katze
    katzen keller keramik kerze kerzen kessel kette kinder kissen klappe klavier kleid kleider klinge knopf koch
    koffer kompost konferenz kopf kopfhorer korb korper kran krug kuche kuchen kugel kuhl kuhlschrank kunst
    kunststoff lade ladegerat laden laken lampe lampen laptop lattenrost latzhose laufschuh lautsprecher leder leim
    leinen leinwand leiste leiter lenker leuchte licht liege linse loffel luft magnet maler mantel maschine masse
    material matratze maus messer metall mikrofon mikrowelle milch mobel monitor motor mulleimer mund mutze nacht
    nagel nahrung netz netzteil notebook notiz nuss oberteil objektiv obst ofen ohr ordner papier parfum patrone
    pedal pfanne pfannen pfeffer pflanze pflanzen pflege pinsel platte polster porzellan post presse projektor
    pullover pumpe putz rad radio rahmen rasen rasierer raum regal regen regenschirm reifen reinigung reise ring
    roboter rock rohr rolle rollen rollo rosen router rucksack sack saft sage salat salz sand sandale sattel sauger
    scanner schal schale schalter schaum schere schirm schlaf schlauch schloss schlussel schmuck schnee schneide
    schnur schrank schrauben schrauber schreib schreibtisch schuh schuhe schule schurze schussel schutz schwamm
    schwimm seide seife server sessel shirt silber sitz socken sofa sommer sonnen spachtel speicher speicherkarte
    speise spender spiegel spiel spielzeug spitze sport spray spritze spul stahl stander stange station stativ staub
    staubsauger steck steckdose stecker stein stiefel stift stoff streifen strick strom stuhl suppe switch tablet
    tablett tafel tank tapete tasche taschen tasse tassen tastatur teig telefon teller teppich textil thermo tier
    tinte tinten tisch tischdecke toaster toilette toner tonne topf topfe tragetasche trink trocken trommel tuch uhr
    unter unterlage untersetzer vase vasen verpackung vogel vorhang waage wachs wagen wand wanduhr wanne wasch
    waschmaschine wasser wasserkocher wecker weihnachts wein werkbank werkzeug weste winter wolle wurfel zahn
    zahnburste zange zaun zeit zelt zettel ziegel zimmer zitronen zubehor zucker
"""
PARTS = tuple(_WORDS.split())

# A compound has two parts or more, of which the shortest have so many letters.
SHORTEST_COMPOUND, SHORTEST_PART = 7, 3
_PARTS = frozenset(PARTS)
# Of cases and plurals; never so much that hardly a word is left: Taschen, Kindern, but Uhr. And "Laptops", but "Haus".
_ENDING = re.compile(r"(?<=\w{3})(?:ern|en|er|em|es|e|(?<=[lr])n)$")
_PLURAL = re.compile(r"(?<=\w{4})(?<!s)s$")
# The part itself, or its plural where that adds letters alone.
_PLURALS = ("", "n", "en", "e", "s")
_WORD = re.compile(r"[^\W_]+")
# Umlauts that are written with an e, as german_normalization takes them.
_UMLAUT = re.compile(r"(?<=[ao])e|(?<![aeiouq]u)(?<=u)e")


def is_spoken() -> bool:
    """Whether the catalogue is written in German."""
    return settings.LANGUAGE_CODE.partition("-")[0] == "de"


def words(text: str) -> list[str]:
    """The words of a text, each without its ending; a compound as its parts, of which the last says what the thing is."""
    return [stem(part) for part in parts(text)]


def parts(text: str) -> list[str]:
    """The words of a text, a compound as its parts: whoever asks for a Laptoptasche wants what says Tasche and Laptop."""
    return [part for word in _WORD.findall(_UMLAUT.sub("", fold(text))) for part in parted(word[:LONGEST_WORD])]


def stem(word: str) -> str:
    """Take off what cases and plurals add. Crude on purpose: both sides of a comparison are cut alike."""
    return _PLURAL.sub("", _ENDING.sub("", word)) if word.isalpha() else word


@lru_cache(maxsize=10_000)
def parted(word: str) -> tuple[str, ...]:
    """The parts of a compound: of druckerpatronen they are drucker and patronen. A word that is none is its only part."""
    if len(word) < SHORTEST_COMPOUND or not word.isalpha() or _is_part(word):
        return (word,)
    for start in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        if _is_part(word[start:]):
            return (*parted(word[:start]), word[start:])
    return (word,)


def _is_part(word: str) -> bool:
    return any(form in _PARTS for form in _singulars(word))


def _singulars(word: str) -> Iterator[str]:
    """What it may be without a plural's letters."""
    for ending in _PLURALS:
        if word.endswith(ending):
            yield word[: len(word) - len(ending)]
