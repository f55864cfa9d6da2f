"""The smallest components: what they say, and that they escape what they are given."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from shop.catalogue.cards import Picture, Price, ProductCard, Stock
from themes import drawing
from themes.formats import money
from themes.samples import PRICES, Box

CARD = ProductCard(
    id=7,
    title='Bowl "Ember" & co',
    url="/products/ember-bowl/",
    subtitle="Ines Calder, 22 cm",
    brand="Ines Calder",
    picture=Picture("/media/ember.jpg", "A yellow bowl", 800, 1000, (("image/avif", "/m/e-400.avif 400w"),)),
    price=Price(Decimal("28.00"), "GBP", was=Decimal("35")),
    stock=Stock("low", 3),
    rating=4.8,
    review_count=174,
    flag="Seconds week",
    buy_id=7,
)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("22", "GBP", "en-gb", "£22"),
        ("22.00", "GBP", "en-gb", "£22"),
        ("0.85", "GBP", "en-gb", "£0.85"),
        ("1250", "GBP", "en-gb", "£1,250"),
        ("1250.5", "GBP", "en-gb", "£1,250.50"),
        ("22", "EUR", "de", "22 €"),
        ("1250.5", "GBP", "de", "1.250,50 £"),
    ],
)
def test_money_reads_as_the_language_writes_it(amount: str, currency: str, language: str, expected: str) -> None:
    with translation.override(language):
        assert money(Decimal(amount), currency).replace("\xa0", " ") == expected


def test_a_card_tells_name_price_stock_and_rating() -> None:
    html = drawing.card(CARD, level=2)
    assert '<h2 class="card__name"><a href="/products/ember-bowl/">Bowl &quot;Ember&quot; &amp; co</a></h2>' in html
    assert "£28" in html and "£35" in html and "price--sale" in html
    assert "Last few" in html and 'aria-label="4.8 out of 5"' in html and "<span>174</span>" in html
    assert 'alt=""' in html and 'width="800" height="1000"' in html and 'type="image/avif"' in html
    assert 'value="7" aria-label="Add Bowl &quot;Ember&quot; &amp; co to basket"' in html


def test_a_card_that_cannot_be_bought_has_no_button() -> None:
    sold_out = drawing.card(replace(CARD, stock=Stock("out", 0)))
    assert "<form" not in sold_out and "Sold out" in sold_out
    assert "<form" not in drawing.card(replace(CARD, buy_id=None, has_variants=True))


def test_a_card_follows_its_value_and_the_language() -> None:
    assert "£28" in drawing.card(CARD)
    assert "£29" in drawing.card(replace(CARD, price=Price(Decimal(29), "GBP")))
    with translation.override("de"):
        assert "28\xa0£" in drawing.card(CARD)


def test_the_place_a_card_stands_in_travels_with_its_form() -> None:
    assert '<input type="hidden" name="from" value="/a-story/#b&lt;1">' in drawing.card(CARD, source="/a-story/#b<1")


def test_a_mention_keeps_its_price_at_the_last_word() -> None:
    html = drawing.mention(CARD, "the ember bowl")
    assert 'the ember <span class="nowrap">bowl<span class="chip-price">£28</span></span>' in html
    assert "mention--out" in drawing.mention(replace(CARD, stock=Stock("out")))
    assert "sold out" in drawing.mention(replace(CARD, stock=Stock("out")))


def test_without_price_or_picture_a_card_still_stands() -> None:
    html = drawing.card(replace(CARD, price=None, picture=None, rating=None, subtitle=""))
    assert "No price yet" in html and "<img" not in html and "card__foot" in html


def test_values_of_a_filter_are_ticked_or_out_of_reach_and_escaped() -> None:
    html = drawing.facet_values(
        [
            Box("colour", "r&b", "Red <deep>", 1234, selected=True),
            Box("colour", "blue", "Blue", 7),
            Box("colour", "grey", "Grey", 0),
            Box("colour", "gone", "Gone", 0, selected=True),
        ]
    )
    chosen, other, none, gone = html.split("</li>")[:4]
    assert 'value="r&amp;b" checked>Red &lt;deep&gt;<span>1234</span>' in chosen and "zero" not in chosen
    assert 'value="blue">Blue<span>7</span>' in other
    assert 'class="zero"' in none and "disabled" in none
    assert 'class="zero"' in gone and "checked" in gone and "disabled" not in gone


def test_bars_show_what_is_within_the_handles() -> None:
    html = drawing.bars(PRICES)
    assert html.count("<rect") == len(PRICES.bars) == 6
    assert html.count('class="on"') == 5
    assert 'viewBox="0 0 60 40"' in html
