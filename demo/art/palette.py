"""The inks: glazes, grounds and the arithmetic between two colours.

Colours are mixed in OKLab, where a straight line between two colours keeps its hue; mixed in RGB a rust
glaze in the shade would turn grey.
"""

#: Colours of things. A drawing may also be given a plain ``#rrggbb``.
GLAZE: dict[str, str] = {
    "chalk": "#efe9dc",
    "oat": "#d8c39a",
    "rust": "#b5522b",
    "fern": "#4d6f4f",
    "celadon": "#a5bfa8",
    "ink": "#2e4a63",
    "soot": "#3a3936",
    "butter": "#e2b54a",
    "sky": "#9cbac9",
    "rose": "#d7968a",
    "moss": "#7b8a48",
    "wood": "#b98a57",
    "walnut": "#7a5236",
    "steel": "#b9bfc0",
    "brass": "#c79a46",
    "copper": "#c77b52",
    "linen": "#ddd2bd",
    "brick": "#94412c",
}

#: Where a thing stands: the colour of the wall, and of the table under it.
GROUND: dict[str, tuple[str, str]] = {
    "oat": ("#e9dcc0", "#d9c49c"),
    "celadon": ("#ccdac8", "#b3c7b1"),
    "clay": ("#e3b596", "#cf9672"),
    "sky": ("#c7d7dd", "#abc2cb"),
    "blush": ("#ecd0c3", "#dcb3a3"),
    "butter": ("#f0d68f", "#e0bd66"),
    "fern": ("#5f7f66", "#4b6a54"),
    "night": ("#2b3f42", "#213134"),
    "chalk": ("#ebe7dc", "#d8d1c0"),
    "rust": ("#bd6a45", "#a25534"),
}

#: The dark ink of shadows and outlines.
INK = "#1c2b2e"
#: The warm white of highlights.
SHINE = "#fffaf0"

Lab = tuple[float, float, float]


def _to_oklab(colour: str) -> Lab:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b))
    cones = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    x, y, z = (c ** (1 / 3) for c in cones)
    return (
        0.2104542553 * x + 0.793617785 * y - 0.0040720468 * z,
        1.9779984951 * x - 2.428592205 * y + 0.4505937099 * z,
        0.0259040371 * x + 0.7827717662 * y - 0.808675766 * z,
    )


def _to_hex(lab: Lab) -> str:
    lightness, a, b = lab
    x, y, z = (
        (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
    )
    linear = (
        4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
        -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
        -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
    )
    channels = (max(0, min(1, 12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055)) for c in linear)
    return "#" + "".join(f"{round(c * 255):02x}" for c in channels)


def mix(a: str, b: str, t: float) -> str:
    """Colour ``a`` moved towards ``b`` by ``t`` (0 to 1)."""
    first, last = _to_oklab(a), _to_oklab(b)
    one, two, three = (i + (j - i) * t for i, j in zip(first, last, strict=True))
    return _to_hex((one, two, three))


def dark(colour: str, t: float = 0.3) -> str:
    """The colour in the shade."""
    return mix(colour, INK, t)


def light(colour: str, t: float = 0.3) -> str:
    """The colour in the light."""
    return mix(colour, SHINE, t)
