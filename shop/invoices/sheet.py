"""Paper: text that is wrapped, columns, and pages that begin by themselves. Nothing here knows what an invoice is.

Text is drawn as it is, never read as markup: what a customer is called cannot become a command.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PAPERS = {"a4": A4, "letter": LETTER}
MARGIN = 51.0
# What the foot of a page takes, with its own margin below.
FOOT = 84.0
REGULAR, BOLD = "Invoice", "Invoice-Bold"
# The face has Latin, Greek and Cyrillic letters; what it lacks is written by its number (`shown`).
FACES = {REGULAR: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Semibold.ttf"}
INK, QUIET, RULE = HexColor("#1d2722"), HexColor("#56605b"), HexColor("#c9d1cc")
# Spaces and hyphens that the face lacks, and the ones that look the same.
ALIKE = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0", "\u2011": "-"})
SMALLEST = 6.0
_fonts = threading.Lock()


@cache
def _face(name: str) -> Any:
    """A face, read once for each process."""
    found = find_spec("font_source_sans_pro")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("The package font-source-sans-pro is missing: pip install -r requirements.txt")
    with _fonts:
        pdfmetrics.registerFont(TTFont(name, str(Path(found.submodule_search_locations[0], "files", FACES[name]))))
    return pdfmetrics.getFont(name)


def has_signs_for(text: str) -> bool:
    """Whether the face can show all of a text."""
    return not lacking(text)


def lacking(text: str) -> str:
    """The signs of a text that the face lacks, each once."""
    known = _face(REGULAR).face.charToGlyph
    return "".join(dict.fromkeys(sign for sign in text.translate(ALIKE) if ord(sign) not in known))


@lru_cache(maxsize=2048)
def shown(text: str) -> str:
    """A text as it is drawn. What the face lacks is not lost but written by its number in Unicode: [U+5C71 U+7530]."""
    text = text.translate(ALIKE)
    if not (missing := lacking(text)):
        return text
    runs = re.compile(f"[{re.escape(missing)}]+")
    return runs.sub(lambda run: f"[{' '.join(f'U+{ord(sign):04X}' for sign in run[0])}]", text)


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is."""
    _face(font)
    return float(pdfmetrics.stringWidth(shown(text), font, size))


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """A text in lines that are no wider than `width`; a word that is wider by itself is broken where it has to be."""
    lines: list[str] = []
    line = ""
    for word in shown(text).split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, font, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while width_of(word, font, size) > width:
            fits = max(1, _most(word, font, size, width))
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def _most(word: str, font: str, size: float, width: float) -> int:
    """How many letters of a word fit."""
    total = 0.0
    for number, sign in enumerate(word):
        total += width_of(sign, font, size)
        if total > width:
            return number
    return len(word)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks."""

    size: float = 9.5
    font: str = REGULAR
    colour: Any = INK
    # How far the next line is below.
    leading: float = 13.0


BODY = Style()
STRONG = Style(font=BOLD)
SMALL = Style(size=8.0, colour=QUIET, leading=10.5)
LABEL = Style(size=8.0, font=BOLD, colour=QUIET, leading=12.0)
TITLE = Style(size=21, leading=26)
NAME = Style(size=14, font=BOLD, leading=18)
TOTAL = Style(size=11, font=BOLD, leading=16)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, from `x` on. `right` columns stand at its right edge."""

    title: str
    x: float
    width: float
    right: bool = False


@dataclass(slots=True)
class Sheet:
    """The pages of one document. `y` is how far from the top the next thing stands."""

    paper: str
    # Draws what stands at the head of every page but the first.
    running_head: Callable[[Sheet], None]
    y: float = MARGIN
    pages: list[list[Callable[[Canvas], None]]] = field(default_factory=lambda: [[]])

    @property
    def width(self) -> float:
        """Between the margins."""
        return float(PAPERS[self.paper][0]) - 2 * MARGIN

    @property
    def height(self) -> float:
        """Of the paper."""
        return float(PAPERS[self.paper][1])

    @property
    def bottom(self) -> float:
        """Where the foot begins."""
        return self.height - FOOT

    def need(self, height: float) -> bool:
        """Begin a page where so much does not fit on this one. Returns whether it did."""
        if self.y + height <= self.bottom or self.y <= MARGIN:
            return False
        self.pages.append([])
        self.y = MARGIN
        self.running_head(self)
        return True

    def text(
        self, text: str, x: float, y: float, style: Style = BODY, *, right: bool = False, within: float = 0
    ) -> None:
        """One line with its top at `y`. `x` is from the left margin. With `within` it is made smaller until it fits."""
        line, size = shown(text), style.size
        while within and size > SMALLEST and width_of(line, style.font, size) > within:
            size -= 0.25
        width_of(line, style.font, size)
        baseline = self.height - y - style.size

        def draw(canvas: Canvas) -> None:
            canvas.setFont(style.font, size)
            canvas.setFillColor(style.colour)
            (canvas.drawRightString if right else canvas.drawString)(MARGIN + x, baseline, line)

        self.pages[-1].append(draw)

    def lines(self, lines: Sequence[str], x: float, y: float, width: float, style: Style = BODY) -> float:
        """Several lines, each wrapped. Returns where the next thing may stand."""
        for line in lines:
            for part in wrapped(line, style.font, style.size, width):
                self.text(part, x, y, style)
                y += style.leading
        return y

    def rule(self, y: float, x: float = 0) -> None:
        """A thin line from `x` to the right margin."""
        left, right = MARGIN + x, MARGIN + self.width
        height = self.height - y

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.6)
            canvas.line(left, height, right, height)

        self.pages[-1].append(draw)

    def heads(self, columns: Sequence[Column]) -> None:
        """The head of a table, here."""
        for column in columns:
            x = column.x + column.width if column.right else column.x
            self.text(column.title, x, self.y, LABEL, right=column.right, within=column.width)
        self.y += LABEL.leading + 2
        self.rule(self.y)
        self.y += 6

    def document(self, *, foot: Callable[[Sheet, int, int], None], facts: dict[str, str]) -> bytes:
        """The PDF. `foot` draws the foot of a page, given its number and how many there are.

        The same pages give the same bytes: there is no clock and no chance in it.
        """
        file = BytesIO()
        canvas = Canvas(file, pagesize=PAPERS[self.paper], pageCompression=1, invariant=1, lang=facts["language"])
        canvas.setTitle(facts["title"])
        canvas.setAuthor(facts["author"])
        canvas.setSubject(facts["subject"])
        canvas.setCreator("Masthead")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        count = len(self.pages)
        for number in range(count):
            ops = self.pages[number]
            kept, self.pages = self.pages, [[]]
            foot(self, number + 1, count)
            for draw in (*ops, *self.pages[0]):
                draw(canvas)
            self.pages = kept
            canvas.showPage()
        canvas.save()
        return file.getvalue()
