"""Every component, made from its sample: it says what it is given, and nothing in it is without a name."""

import dataclasses
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from shop.catalogue import cards
from themes import samples
from themes.drawing import card as draw_card
from themes.paging import PageNumbers

FOLDER = Path(settings.BASE_DIR) / "themes" / "base" / "templates" / "components"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))

# What a visitor must be able to read in each component.
SAYS = {
    "banner": ["Teapots are 10 % off until Sunday."],
    "buy_all": ["Everything in this story", "£86", "for 2 things", "Sold out", "Choose"],
    "chip": ["Ines Calder"],
    "crumbs": ["Front page", "For the table", "Garden teapot"],
    "empty": ["Nothing in here yet", "Look at bowls"],
    "facet": ["Maker", "Harrow Pottery", "41", "14 more"],
    "facets": ["Show 62 things", "From, £", "In stock now", "Price fell"],
    "field": ["Postcode", "Enter a full postcode, such as LS1 4DY."],
    "field_notes": ["As on the letterbox."],
    "head": ["Out of the kilns this week", "All for the table"],
    "header_end": [],
    "hotspots": ["Kiln mug", "£22", "Sold out", "Choose a number for its price, or use the list."],
    "line": ["Kiln mug", "Rust", "2 at £22", "£44", "went from £20 to £22"],
    "listing_bar": ["62 things", "of 148", "Price, low first"],
    "margin_item": ["Brushed dot vase", "£64", "Last few", "no drip"],
    "mini_basket": ["Garden teapot", "£98", "Check out", "Free"],
    "notice": ["The price changed since you put it in."],
    "order": ["Order K7Q-2M4", "Being packed", "3 things", "£98", "Follow"],
    "pager": ["Previous", "3", "9", "Next"],
    "personal": ["3", "£98"],
    "price_range": [],
    "search_form": [],
    "site_footer": ["Deliver to", "Your orders"],
    "site_header": ["Everything in the shop", "Basket"],
    "stepper": [],
    "steps": ["E-mail", "Pay"],
    "sums": ["VAT included", "£16.33", "Total"],
    "tease": ["What lives on a north sill", "Plants"],
}


def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(f"components/{name}.html", samples.SAMPLES[name]), "html.parser")


def accessible_name(control: Tag, page: BeautifulSoup) -> str:
    """What a screen reader calls a control, as far as these components go."""
    if label := control.get("aria-label"):
        return str(label)
    if labels := control.get("aria-labelledby"):
        return " ".join(page.find(id=name).get_text() for name in str(labels).split())
    if control.name in ("input", "select", "textarea"):
        label = page.find("label", attrs={"for": control.get("id")}) if control.get("id") else None
        label = label or control.find_parent("label")
        return label.get_text(strip=True) if label else ""
    return control.get_text(strip=True)


def test_every_component_has_a_sample_and_is_tested() -> None:
    assert set(samples.SAMPLES) == set(NAMES) == set(SAYS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_component_says_what_matters(name: str) -> None:
    text = " ".join(soup(name).get_text(" ").split())
    missing = [words for words in SAYS[name] if words not in text]
    assert not missing, f"components/{name}.html does not say {missing}: {text}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_component_is_without_a_name(name: str) -> None:
    page = soup(name)
    nameless = [
        str(control)
        for control in page.find_all(["a", "button", "input", "select", "textarea"])
        if control.get("type") != "hidden" and not accessible_name(control, page)
    ]
    assert not nameless
    assert not [str(image) for image in page.find_all("img") if not image.has_attr("alt") or not image.get("width")]
    assert not page.find_all(style=True) and not page.find_all("script") and not page.find_all("style")
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("sample", "real"),
    [
        (samples.Picture, cards.Picture),
        (samples.Price, cards.Price),
        (samples.Stock, cards.Stock),
        (samples.Card, cards.ProductCard),
        (samples.OptionValue, cards.OptionValue),
        (samples.OptionAxis, cards.OptionAxis),
        (samples.Variant, cards.Variant),
    ],
)
def test_samples_have_the_shape_of_the_real_thing(sample: type, real: type) -> None:
    assert sample._fields == tuple(field.name for field in dataclasses.fields(real))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_the_style_guide_shows_every_component(client: Client, language: str) -> None:
    path = "/styleguide/" if language == "en-gb" else "/de/styleguide/"
    response = client.get(path)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert page.html is not None and page.html["lang"] == language
    shown = " ".join(heading.get_text() for heading in page.select(".specimen > h3"))
    frame = {
        "header_end",
        "personal",
        "search_form",
        "site_footer",
        "site_header",
        "field_notes",
        "facet",
        "price_range",
        "crumbs",
        "head",
    }
    assert not [name for name in NAMES if name not in shown and name not in frame]
    assert len(page.find_all("h1")) == 1
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))


def test_a_form_field_is_tied_to_its_error_and_help() -> None:
    page = BeautifulSoup(render_to_string("components/field.html", {"field": samples.FORM["postcode"]}), "html.parser")
    control = page.find("input")
    assert isinstance(control, Tag) and control["aria-invalid"] == "true"
    error = page.find(id=str(control["aria-describedby"]))
    assert error is not None and "LS1 4DY" in error.get_text()
    radios = BeautifulSoup(render_to_string("components/field.html", {"field": samples.FORM["when"]}), "html.parser")
    assert radios.find("legend") is not None and len(radios.find_all("label")) == 2


def test_a_hotspot_stands_where_its_classes_say() -> None:
    spot = soup("hotspots").find("button", class_="spot")
    assert isinstance(spot, Tag) and spot["class"] == ["spot", "x2_", "x_2", "y6_", "y_1"]


def test_variants_carry_what_the_script_reads() -> None:
    template = "catalogue/buy_form.html"
    page = BeautifulSoup(render_to_string(template, samples.PARTS[template]), "html.parser")
    radios = page.select("[data-variant]")
    assert [radio["value"] for radio in radios] == ["51", "52", "53"]
    assert radios[0]["data-options"] == "fern 1.1-l" and radios[0].has_attr("checked")
    assert "£72" in str(radios[0]["data-price"]) and "<span" in str(radios[0]["data-price"])
    assert radios[2].has_attr("data-unavailable") and radios[2]["data-picture"] == "view-2"
    values = [radio["value"] for radio in page.select('[data-option-group] [name="option-2"]')]
    assert values == ["1.1-l", "600-ml"]


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 0, 9]),
        (5, 9, [1, 0, 4, 5, 6, 0, 9]),
        (4, 9, [1, 2, 3, 4, 5, 0, 9]),
    ],
)
def test_page_links_lead_to_ends_and_neighbours(number: int, last: int, shown: list[int]) -> None:
    assert [link.number for link in PageNumbers(number, last).links] == shown


def test_a_page_of_a_list_has_one_address() -> None:
    pages = PageNumbers(2, 9, path="/shop/", query="sort=price")
    assert (pages.previous, pages.next) == ("/shop/?sort=price", "/shop/?sort=price&page=3")
    assert PageNumbers(2, 9, path="/shop/").previous == "/shop/"


def test_prices_follow_the_language_in_every_component() -> None:
    with translation.override("de"):
        assert "22\xa0£" in draw_card(samples.MUG)
        assert "22\xa0£" in render_to_string("components/hotspots.html", samples.SAMPLES["hotspots"])
