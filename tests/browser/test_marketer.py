"""The marketer's journey: sign in, write a story with products in it, preview it, publish it, see it live."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .checks import assert_sound
from .conftest import DESKTOP, PHONE
from .seed import BOWL, BOWL_PRICE, JUG, PASSWORD

pytestmark = pytest.mark.browser
# Wagtail's editor is a desk's work; what it makes is looked at on a phone as well.
DESK = pytest.mark.parametrize("width", [DESKTOP], ids=["desktop"])
TITLE = "What the rim is for"
PHONE_WINDOW = {"width": 390, "height": 844}


def sign_in(page: Page, email: str, then: str) -> None:
    """Through the shop's one sign-in, to `then`."""
    page.goto(f"/account/login/?next={then}")
    page.get_by_label("E-mail").first.fill(email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(re.escape(then)))


def insert_block(page: Page, name: str) -> None:
    """Add a block at the end of the body."""
    page.get_by_title("Insert a block").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def choose(page: Page, opener: Locator, product: str) -> None:
    """Pick a product in the chooser that `opener` opens, by searching for it."""
    opener.click()
    chooser = page.get_by_role("dialog")
    chooser.get_by_label("Search term").fill(product)
    row = chooser.get_by_role("row").filter(has_text=product)
    expect(row.first).to_be_visible()
    # The list is drawn anew while one types: what is clicked has to be there to stay.
    expect(chooser.get_by_role("row")).to_have_count(row.count() + 1)
    row.get_by_role("link", name=product).last.click()
    expect(chooser).to_have_count(0)


def choose_several(page: Page, opener: Locator, words: str, number: int) -> None:
    """Search in the chooser that `opener` opens, tick the first `number` of what it finds and take all of them."""
    opener.click()
    chooser = page.get_by_role("dialog")
    chooser.get_by_label("Search term").fill(words)
    row = chooser.get_by_role("row").filter(has_text=words)
    expect(row.first).to_be_visible()
    expect(chooser.get_by_role("row")).to_have_count(row.count() + 1)
    for place in range(number):
        row.nth(place).get_by_role("checkbox").check()
    chooser.get_by_role("button", name="Confirm selection").click()
    expect(chooser).to_have_count(0)


@DESK
def test_a_story_is_written_previewed_and_published(page: Page, shoot: Any) -> None:
    sign_in(page, "marketer@example.com", "/cms/")
    # The demo has a journal in each language: the bar of the demo opens the one that the reader is in.
    page.goto("/journal/")
    page.get_by_role("button", name="Edit this page").click()
    expect(page).to_have_url(re.compile(r"/cms/pages/\d+/edit/"))
    page.goto(page.url.replace("/edit/", "/"))
    page.get_by_role("link", name="Add child page").first.click()
    page.get_by_role("link", name="Story", exact=True).click()

    page.locator("#id_title").fill(TITLE)
    page.locator("#id_standfirst").fill("A finger's width of clay, and where it came from.")
    insert_block(page, "Text")
    editor = page.locator("[contenteditable=true]").last
    editor.click()
    page.keyboard.type("Begin with the bowl")
    page.keyboard.press("Control+Shift+ArrowLeft")
    choose(page, page.locator("button[name=PRODUCT]:visible"), BOWL)
    insert_block(page, "Products picked by hand")
    page.locator("input[name^='body-'][name$='-value-title']").last.fill("Beside the bowl")
    several = page.get_by_role("button", name="Choose several products").last
    # The first fills the empty place, the others come after it.
    choose_several(page, several, "napkins", 2)
    choose_several(page, several, JUG, 1)
    expect(page.locator("[data-streamfield-list-container]").last.locator("[data-chooser-title]")).to_have_count(3)
    shoot(page, "editor")

    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe#w-preview-iframe, iframe[title=Preview]").first
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    # The price in the running text and the one in the grid are today's, before anything is published.
    expect(preview.get_by_role("main")).to_contain_text(BOWL_PRICE)
    expect(preview.get_by_role("main")).to_contain_text("£31.50")
    shoot(page, "editor-preview")

    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile(f"{TITLE}.*published")).first).to_be_visible()

    page.context.clear_cookies()
    for window in (PHONE_WINDOW, page.viewport_size):
        assert window
        page.set_viewport_size(window)
        page.goto("/journal/what-the-rim-is-for/")
        main = page.get_by_role("main")
        expect(main.get_by_role("link", name=BOWL).or_(main.get_by_role("link", name="bowl")).first).to_be_visible()
        expect(main).to_contain_text(BOWL_PRICE)
        expect(main.get_by_role("region", name="Beside the bowl")).to_contain_text(JUG)
        assert_sound(page)
    shoot(page, "published")

    page.goto("/journal/")
    expect(page.get_by_role("main")).to_contain_text(TITLE)


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_bar_of_the_demo_lies_on_no_button_of_the_editor(page: Page) -> None:
    sign_in(page, "marketer@example.com", "/cms/")
    page.goto("/journal/")
    page.get_by_role("button", name="Edit this page").click()
    expect(page).to_have_url(re.compile(r"/cms/pages/\d+/edit/"))
    bar = page.locator(".demo-office").bounding_box()
    assert bar
    page.get_by_role("button", name="Toggle preview").click()
    panel = page.locator(".form-side").first
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box
    assert box["y"] + box["height"] <= bar["y"] + 1
    page.get_by_role("button", name="Toggle preview").click()
    save = page.get_by_role("button", name="Save draft")
    save.scroll_into_view_if_needed()
    held = save.bounding_box()
    assert held
    assert held["y"] + held["height"] <= bar["y"] + 1
    # Playwright presses only what nothing lies upon.
    page.get_by_role("button", name="More actions").last.click()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
