"""The shopper's journey: from a story to an order, on a phone and on a desk, with and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .checks import assert_sound
from .seed import BOWL, BOWL_PRICE, JUG, LAMP, STORY, STORY_PATH

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@BOTH
def test_from_a_story_into_the_basket(page: Page, javascript: bool, shoot: Any) -> None:
    page.goto(STORY_PATH)
    expect(page.get_by_role("heading", level=1)).to_have_text(STORY)
    panel = page.get_by_role("region", name=BOWL)
    expect(panel).to_contain_text(BOWL_PRICE)
    if javascript:
        assert_sound(page)
    shoot(page, "story")

    panel.get_by_role("button", name="Add to basket").click()
    if javascript:
        # Nothing is loaded anew: the sheet at the side comes with the thing in it.
        expect(page).to_have_url(re.compile(re.escape(STORY_PATH)))
        sheet = page.locator("#mini-basket")
        expect(sheet).to_contain_text(BOWL)
        shoot(page, "mini-basket")
        page.goto("/basket/")
    expect(page).to_have_url(re.compile(r"/basket/$"))
    expect(page.get_by_role("main")).to_contain_text(BOWL)
    expect(page.get_by_role("main")).to_contain_text(BOWL_PRICE)
    if javascript:
        assert_sound(page)
    shoot(page, "basket")


@BOTH
def test_a_sold_out_product_cannot_be_added(page: Page, javascript: bool) -> None:
    page.goto(STORY_PATH)
    card = page.get_by_role("main").locator("article, li").filter(has_text=LAMP).last
    expect(card).to_contain_text(re.compile("sold out", re.IGNORECASE))
    expect(card.get_by_role("button", name="Add to basket")).to_have_count(0)


def test_a_product_in_sizes_leads_to_its_page(page: Page) -> None:
    page.goto(STORY_PATH)
    page.get_by_role("main").get_by_role("link", name=JUG).first.click()
    expect(page).to_have_url(re.compile(r"/products/jug-for-cut-stems"))
