"""What a thing is, by its title: a "wireless laser mouse for laptops" is a mouse, and a laptop sleeve is a sleeve.

Of nouns that stand together the last one says what the thing is, and what comes behind a "for", a comma or a measure only
describes it. No grammar and no list of products: a title is cut at its signs, numbers and some small words, colours and the
product's own attribute values are left off its parts' ends, and the last words of each part are its heads. A question is
read in the same way; there the last part counts. In a German catalogue compounds are taken apart before (german.py).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.words import fold, words

from . import german
from .measures import UNITS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


Spell = Callable[[str], list[str]]
Values = frozenset[tuple[str, ...]]

# Heads of so many words at most: drive, hard drive, external hard drive.
LONGEST = 3
MOST = 24
# Behind a number and a hyphen, fewer letters are a unit or a model: 160-GB.
SHORTEST = 3
# A value of more words is a sentence, and ends no title but by chance.
LONGEST_VALUE, MOST_LETTERS = 4, 40

# What follows says what the thing is for, goes with, is made of or does.
ENDS = _set(
    "for with w without of by from in on at under over beside between behind near into onto against when while that which "
    "who incl inc including compatible fits the a an my your "
    "fur fuer mit ohne aus von vom zu zum zur im am auf bei neben unter uber zwischen hinter inkl inklusive passend "
    "der die das den dem ein eine einen mein meine"
)
# Of these, what the thing only goes with.
FOR = _set("for with w fits compatible fur fuer mit passend")
# Two things are named.
BREAKS = _set("and or und oder")
# "USB to serial adapter" is one thing.
GLUE = frozenset(("to",))
SLASH, AND, OF = frozenset("/"), frozenset("&"), frozenset(("of", "von"))
SIGNS = frozenset("/&+")
# "Set of six cups" are cups.
HOLDERS = _set("set pack pair box bundle")
# A tablet PC is a tablet, and a speaker set are speakers.
LOOSE = _set("pc computer set system unit device gerat")
# What titles end with and nobody looks for as a thing.
QUALITIES = _set(
    "black white grey gray silver gold red blue green yellow orange pink purple brown beige cyan magenta turquoise navy "
    "color colour multicolor multicolour transparent clear light dark matt matte original new wired wireless cordless "
    "indoor outdoor internal external universal portable small medium large "
    "schwarz weiss grau silbern blau rot grun gelb rosa lila braun turkis bunt farbig neu klein gross"
)
# What stands before a model's number: "Model 7", "Series 3000".
QUALITIES |= frozenset(
    " ".join(words(word)) for word in _set("model modell series serie typ type version generation gen nr no")
)
# As they are spelt in a German catalogue.
LOOSE |= frozenset(map(german.stem, LOOSE))
QUALITIES |= frozenset(map(german.stem, QUALITIES))
# An attribute that is called so says what the thing is, and no quality of it.
SORTS = frozenset(("type", "product type", "typ", "produkttyp", "art", "produktart", "kind", "category", "kategorie"))

# A word or number with its apostrophes, hyphens and points, a dash between blanks, a sign.
_TOKEN = re.compile(r"\w+(?:['’-]\w+|(?<=\d)[.,]\d\w*)*|\s-+\s|[^\s\w]")
_UNIT = (
    rf"(?:{UNITS}|nm|mbit|gbit|in|inch|inches|min|h|ansi|lumens?|zoll|stuck|stk|pcs?|pages?|pixels?|sheets?|channels?)"
)
_NUMBER = r"\d[\d.,x]*"
_MEASURE = re.compile(rf"{_NUMBER}-?{_UNIT}|\d+x[\dx.,]+", re.ASCII)
_DIGITS = re.compile(_NUMBER, re.ASCII)
# Behind a number.
_UNITS = re.compile(rf"{_UNIT}|[\"”″x]", re.ASCII)
_STOPS = frozenset(",;:.(|–—")
_LISTED = re.compile("[,/]")


@dataclass(frozen=True, slots=True)
class Named:
    """`heads` are what a title calls its thing, in one to three words each: drive, hard drive. `beside` are words that it only goes with."""

    heads: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def named(title: str, brand: str = "", attributes: Iterable[str] = (), *, compounds: bool = False) -> Named:
    """What a title says that the thing is, in words as words.py spells them. `attributes` are "Name: value".

    With `compounds` words are taken apart and spelt as in German: a "Laptoptasche" is a "Tasche".
    """
    spell = spelling(compounds=compounds)
    parts, behind = _read(title, frozenset(spell(brand)), _values(attributes, spell), spell)
    found: dict[str, None] = {}
    for part in parts:
        found |= dict.fromkeys(_ends(part))
        if part[-1] in LOOSE and len(part) > 1:
            found |= dict.fromkeys(_ends(part[:-1]))
    beside = dict.fromkeys(word for word in (*(word for part in parts for word in part[:-1]), *behind))
    return Named(tuple(found)[:MOST], tuple(word for word in beside if word not in found)[:MOST])


def asked_for(text: str, *, compounds: bool = False, behind: int = 0) -> tuple[str, ...]:
    """What a question calls the thing that it is about, the most exact first; nothing where it names none.

    So many words `behind` it only tell which one: "monitor samsung".
    """
    parts, _beside = _read(text, frozenset(), frozenset(), spelling(compounds=compounds))
    return tuple(reversed(_ends(parts[-1][: len(parts[-1]) - behind]))) if parts else ()


def spelling(*, compounds: bool) -> Spell:
    """How words are spelt where things' names are compared."""
    return german.words if compounds else words


def _ends(part: Sequence[str]) -> list[str]:
    """The last word, the last two, the last three."""
    return [" ".join(part[-length:]) for length in range(1, min(LONGEST, len(part)) + 1)]


def _values(attributes: Iterable[str], spell: Spell) -> Values:
    """What the product's attributes say of it, in words."""
    return frozenset().union(*(_said(attribute, spell) for attribute in attributes))


# Thousands of products share a value.
@lru_cache(maxsize=20_000)
def _said(attribute: str, spell: Spell) -> Values:
    """What one attribute says of its product, in words: several things where it lists them."""
    name, _colon, value = attribute.partition(": ")
    if fold(name) in SORTS:
        return frozenset()
    called = spell(name)
    # "LGA 775" ends in a number, and what is before a number is a part of its own.
    parts = (tuple(itertools.takewhile(str.isalpha, spell(part[:MOST_LETTERS]))) for part in _LISTED.split(value))
    # "Battery type: single-use battery" says that it is a battery.
    return frozenset(part for part in parts if 0 < len(part) <= LONGEST_VALUE and part[-1] not in called)


def _read(text: str, brand: frozenset[str], values: Values, spell: Spell) -> tuple[list[list[str]], list[str]]:
    """The parts of a text that name things, until it begins to describe; and the words behind a "for" that ends them."""
    parts: list[list[str]] = []
    part: list[str] = []
    tokens = [*_TOKEN.findall(fold(text)), ","]
    skip = numbered = slashed = joined = False
    for place, token in enumerate(tokens):
        if skip:
            skip = False
            continue
        if token in GLUE:
            continue
        is_word = _is_word(token)
        if is_word and token not in ENDS and token not in BREAKS:
            spelt = [word for word in spell(token) if word.isalpha() and word != "s"]
            if part or not brand.issuperset(spelt):
                part += spelt
            continue
        is_measure, skip = _measure(token, tokens[place + 1 : place + 2])
        is_stop = token in _STOPS or token[0].isspace()
        if not (is_word or is_measure or is_stop or token in SIGNS or token[0].isalnum()):
            # Signs such as ® and ! belong to the word before.
            continue
        held, part = _stripped(part, values, is_first=not parts), []
        if held and not (token in OF and held[-1] in HOLDERS):
            if numbered:
                parts.pop()
            elif (slashed and len(held) > 1) or (joined and _shares_its_end(parts[-1], held)):
                held = parts.pop() + held
            # "iPhone 7 case" is a case, and "iPhone 7" is what it says. "Camera/camcorder battery" is a battery.
            numbered, slashed = token[0].isdigit() and not is_measure, token in SLASH
            joined = token in BREAKS or token in AND
            parts.append(held)
        if parts and (token in ENDS or is_measure or is_stop):
            return parts, _behind(tokens[place + 1 :], spell) if token in FOR else []
    return parts, []


def _shares_its_end(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a word before an "and" belongs to what ends the words behind it: a "monitor and laptop arm" is an arm.

    A "keyboard and mouse set" is both, and so is a "mouse and wireless keyboard".
    """
    return len(first) == 1 and len(second) > 1 and second[-1] not in LOOSE and second[0] not in QUALITIES


def _is_word(token: str) -> bool:
    """Whether this names something: not a model's number (XP-610), but one that ends in a word (Cat6-Kabel)."""
    last = token.rpartition("-")[2].replace("'", "").replace("’", "")
    return token[0].isalpha() and last.isalpha() and (len(last) >= SHORTEST or not any(map(str.isdigit, token)))


def _measure(token: str, following: Sequence[str]) -> tuple[bool, bool]:
    """Whether a number with its unit begins here, and whether the unit is a word of its own."""
    if not token[0].isdigit():
        return False, False
    apart = bool(following and _DIGITS.fullmatch(token) and _UNITS.fullmatch(following[0]))
    return apart or bool(_MEASURE.fullmatch(token)), apart


def _stripped(part: Sequence[str], values: Values, *, is_first: bool) -> list[str]:
    """A part without what its end says of the thing: colours, and values of the product's attributes.

    What would leave nothing of the first part is a name, if an odd one.
    """
    held = list(part)
    while held:
        lengths = range(min(LONGEST_VALUE, len(held) - is_first), 0, -1)
        length = next((length for length in lengths if tuple(held[-length:]) in values), 0)
        if not length and (held[-1] in QUALITIES or len(held[-1]) == 1):
            length = 1
        if not length:
            break
        del held[-length:]
    return held


def _behind(tokens: Sequence[str], spell: Spell) -> list[str]:
    """The words up to the next sign."""
    found: list[str] = []
    for token in tokens:
        if token in _STOPS or token[0].isspace():
            break
        if token.isalpha() and token not in ENDS and token not in BREAKS and token not in GLUE:
            found += spell(token)
    return found
