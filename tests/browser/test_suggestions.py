"""Suggestions while typing: with the keyboard alone, with answers out of order, and on a phone."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from .checks import assert_sound
from .conftest import DESKTOP, PATIENCE

pytestmark = pytest.mark.browser
DESK = pytest.mark.parametrize("width", [DESKTOP], ids=["desktop"])
ASKED = re.compile(r"/search/suggest/\?q=")


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search products and stories")


def box(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions")


def type_in(page: Page, text: str) -> None:
    """As somebody types whose page has its scripts."""
    page.wait_for_load_state("networkidle")
    field(page).click()
    page.keyboard.type(text)


def wait_for_questions(page: Page, held: list[Route], number: int) -> None:
    """Until so many are on their way, however busy the machine is."""
    deadline = time.monotonic() + PATIENCE / 1000
    while len(held) < number:
        assert time.monotonic() < deadline, f"{len(held)} of {number} questions were asked"
        page.wait_for_timeout(20)


def chosen(page: Page) -> str:
    """What a screen reader says to be chosen: the option that the field names."""
    name = field(page).get_attribute("aria-activedescendant")
    if not name:
        assert page.locator("[role=option][aria-selected=true]").count() == 0
        return ""
    option = page.locator(f"#{name}")
    expect(option).to_have_attribute("aria-selected", "true")
    return option.inner_text().split("\n")[0]


def test_the_box_has_groups_and_is_sound(page: Page, width: int, shoot: Any) -> None:
    page.goto("/")
    type_in(page, "bow")
    expect(box(page)).to_be_visible()
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    for group in ("Searches", "Shelves", "Products"):
        expect(box(page).get_by_role("group", name=group)).to_be_visible()
    product = box(page).get_by_role("group", name="Products").get_by_role("option").first
    expect(product.locator("img")).to_be_visible()
    expect(product).to_contain_text("£")
    number = box(page).get_by_role("option").count()
    expect(page.locator("[data-suggest-says]")).to_have_text(f"{number} suggestions, with the arrow keys")
    shoot(page, "suggestions")
    assert_sound(page)
    # All of it can be reached, however small the window is.
    last = box(page).get_by_role("option").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


@DESK
def test_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    type_in(page, "bow")
    options = box(page).get_by_role("option")
    expect(options.first).to_be_visible()
    number = options.count()
    texts = [text.split("\n")[0] for text in options.all_inner_texts()]
    page.keyboard.press("ArrowDown")
    assert chosen(page) == texts[0]
    page.keyboard.press("ArrowDown")
    assert chosen(page) == texts[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    # Above the first lies the field itself, and above that the last.
    assert chosen(page) == ""
    page.keyboard.press("ArrowUp")
    assert chosen(page) == texts[number - 1]
    # Home and End are the text's own: the caret goes there, and nothing is chosen any more.
    page.keyboard.press("Home")
    assert chosen(page) == ""
    assert field(page).evaluate("field => field.selectionStart") == 0
    page.keyboard.press("End")
    assert field(page).evaluate("field => field.selectionStart") == 3
    expect(field(page)).to_be_focused()
    # The first Escape closes, the second empties.
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    expect(field(page)).to_have_value("bow")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Alt+ArrowDown")
    expect(box(page)).to_be_visible()
    assert chosen(page) == ""
    page.keyboard.press("Alt+ArrowUp")
    expect(box(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    # Enter opens what is chosen; Tab leaves without choosing.
    page.keyboard.type("bow")
    expect(box(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(box(page)).to_be_hidden()
    field(page).focus()
    page.keyboard.press("ArrowDown")
    assert chosen(page) == texts[0]
    target = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(str(target)) + "$"))


@DESK
def test_enter_without_a_choice_searches_for_what_is_typed(page: Page) -> None:
    page.goto("/")
    type_in(page, "bow")
    expect(box(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=bow$"))


@DESK
def test_only_the_answer_to_the_last_key_is_shown(page: Page) -> None:
    held: list[Route] = []
    page.goto("/")
    page.route(ASKED, lambda route: held.append(route))
    type_in(page, "bo")
    wait_for_questions(page, held, 1)
    # At once: of a slow typist "bow" would be asked too.
    page.keyboard.insert_text("wl")
    wait_for_questions(page, held, 2)
    assert [route.request.url.rpartition("=")[2] for route in held] == ["bo", "bowl"]
    # The answers come in the wrong order, the first one long after the second.
    held[1].continue_()
    expect(box(page)).to_be_visible()
    texts = box(page).inner_text()
    held[0].continue_()
    page.wait_for_timeout(600)
    assert box(page).inner_text() == texts
    assert "bowl" in texts.lower()


@DESK
def test_an_arrow_waits_for_the_answer_to_what_is_typed(page: Page) -> None:
    page.goto("/")
    type_in(page, "teapot")
    expect(box(page)).to_be_visible()
    held: list[Route] = []
    page.route(ASKED, lambda route: held.append(route))
    field(page).fill("bowl")
    page.keyboard.press("ArrowDown")
    wait_for_questions(page, held, 1)
    # What is on show answers another text: nothing of it can be chosen by a key.
    assert chosen(page) == ""
    held[0].continue_()
    expect(field(page)).to_have_attribute("aria-activedescendant", re.compile("."))
    assert "teapot" not in chosen(page).lower()


@DESK
def test_nothing_is_asked_twice_or_for_nothing(page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if ASKED.search(request.url):
            asked.append(request.url.rpartition("=")[2])

    page.goto("/")
    page.on("request", note)
    type_in(page, "b")
    page.wait_for_timeout(300)
    assert asked == []
    page.keyboard.insert_text("owl")
    expect(box(page)).to_be_visible()
    assert asked == ["bowl"]
    # A space at the end, and taking it away, is the same text; so is what was asked before.
    page.keyboard.type(" ")
    page.keyboard.press("Backspace")
    page.keyboard.type("s")
    page.wait_for_timeout(600)
    page.keyboard.press("Backspace")
    page.wait_for_timeout(600)
    assert asked == ["bowl", "bowls"]
    field(page).fill("")
    page.wait_for_timeout(300)
    expect(box(page)).to_be_hidden()
    assert asked == ["bowl", "bowls"]


@pytest.mark.parametrize("javascript", [False], ids=["no-scripts"])
def test_without_scripts_the_field_searches(page: Page, width: int) -> None:
    page.goto("/")
    field(page).fill("bowl")
    field(page).press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=bowl$"))
    expect(page.locator("[data-listing-count]")).to_contain_text("thing")
