"""Numbers with their units: 500 GB and 500GB are one, and 2 TB is 2000 GB.

Each is one word in a product's `measures` and in a question. Apart, the number alone would find every 10 mm for "windows
10", and the unit nearly everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Letters only, and none that a part number or a name often ends with: C2G, PS4.
UNITS = (
    "mm|cm|m|km|ft|mg|g|kg|oz|lbs?|ml|cl|l|kb|mb|gb|tb|kbps|mbps|gbps|khz|hz|mhz|ghz|mah|ah|va|mw|w|kw|wh|kwh|v|kv"
    "|ma|db|dpi|ppm|rpm|fps|mp|btu|lm"
)
MOST = 200
_START = r"(?i)(?<![\w.,-])"
# As Elasticsearch takes them, for questions.
TERABYTES = {"type": "pattern_replace", "pattern": rf"{_START}(\d{{1,2}})\s?tb\b", "replacement": "$1000gb"}
TOGETHER = {
    "type": "pattern_replace",
    "pattern": rf"{_START}(\d+(?:[.,]\d+)?)\s({UNITS})\b",
    "replacement": "$1$2",
}
_MEASURE = re.compile(rf"{_START}(\d+(?:[.,]\d+)?)\s?({UNITS})\b", re.ASCII)
_LARGEST = 99


def measures(texts: Iterable[str]) -> list[str]:
    """Every number with a unit in these texts, as one word each: 500gb, 1.5l."""
    found: dict[str, None] = {}
    for text in texts:
        for number, unit in _MEASURE.findall(text):
            is_whole = number.isdigit() and int(number) <= _LARGEST
            found[f"{number}000gb" if unit.lower() == "tb" and is_whole else f"{number}{unit.lower()}"] = None
    return list(found)[:MOST]
