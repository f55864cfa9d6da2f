"""Filters of a list: with the keyboard alone, with the back button, with late answers, and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .checks import assert_sound
from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser
LIST = "/shop/"
COUNT = "[data-listing-count]"
DESK = pytest.mark.parametrize("width", [DESKTOP], ids=["desktop"])
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


def number(page: Page) -> int:
    """How many things the list says it has."""
    found = re.match(r"(\d+) ", page.locator(f"{COUNT} strong").inner_text())
    assert found
    return int(found[1])


def open_filters(page: Page, width: int) -> None:
    """On a phone the filters are a sheet."""
    if width == PHONE:
        page.get_by_role("button", name="Filter", exact=True).click()


def brand_box(page: Page, place: int = 0) -> Locator:
    return page.locator("#facet-brand input[type=checkbox]").nth(place)


@BOTH
def test_a_filter_narrows_has_a_chip_and_an_address(page: Page, width: int, javascript: bool, shoot: Any) -> None:
    page.goto(LIST)
    before = number(page)
    open_filters(page, width)
    brand_box(page).check()
    if javascript:
        # At once, behind the sheet; the button says how many there are.
        expect(page.locator(f"{COUNT} strong")).not_to_have_text(f"{before} things")
        assert_sound(page)
        shoot(page, "list-filters")
    page.locator(".facets__apply button").click()
    # Without scripts the browser sends empty fields too.
    expect(page).to_have_url(re.compile(r"\?brand=[a-z-]+" + ("$" if javascript else "&min=")))
    assert 0 < number(page) < before
    chip = page.get_by_role("list", name="Active filters").get_by_role("link").first
    expect(chip).to_have_accessible_name(re.compile("^Remove filter: "))
    chip.click()
    expect(page).to_have_url(re.compile(r"/shop/$"))
    assert number(page) == before


@pytest.mark.parametrize("width", [PHONE], ids=["phone"])
def test_the_button_has_the_focus_once_the_sheet_is_closed(page: Page, width: int) -> None:
    page.goto(LIST)
    before = number(page)
    open_filters(page, width)
    brand_box(page).check()
    expect(page.locator(f"{COUNT} strong")).not_to_have_text(f"{before} things")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_focused()


@DESK
def test_features_that_are_ticked_are_all_wanted(page: Page) -> None:
    page.goto("/shop/table/")
    page.locator("summary", has_text="Features").click()
    lines = page.locator("[id='facet-features.'] label")
    first, second = lines.filter(has_text="Dishwasher safe"), lines.filter(has_text="Microwave safe")
    first.click()
    expect(page).to_have_url(re.compile("dishwasher_safe=true"))
    both = int(second.locator("span").inner_text())
    second.click()
    expect(page).to_have_url(re.compile("dishwasher_safe=true&microwave_safe=true"))
    expect(page.locator(f"{COUNT} strong")).to_have_text(f"{both} things")
    expect(page.get_by_role("link", name="Remove filter: Microwave safe")).to_be_visible()


@DESK
def test_filters_with_the_keyboard_alone(page: Page, shoot: Any) -> None:
    page.goto(LIST)
    before = number(page)
    brand_box(page).focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"\?brand="))
    # The focus is where it was, on a box that the answer brought, and the new number was read out.
    expect(brand_box(page)).to_be_focused()
    expect(brand_box(page)).to_be_checked()
    expect(page.locator("[data-listing-says]")).to_have_text(page.locator(COUNT).inner_text())
    page.keyboard.press("Space")
    expect(page.locator(f"{COUNT} strong")).to_have_text(f"{before} things")

    handle = page.get_by_role("slider", name="Highest price")
    handle.focus()
    all_said = handle.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    said = handle.get_attribute("aria-valuetext")
    assert said and said.startswith("£") and said != all_said
    expect(page).to_have_url(re.compile(rf"max={said.removeprefix('£')}$"))
    expect(handle).to_be_focused()
    expect(page.get_by_label("To, £")).to_have_value(said.removeprefix("£"))
    assert number(page) < before
    shoot(page, "list-price")
    assert_sound(page)
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile(r"/shop/$"))
    expect(page.locator(f"{COUNT} strong")).to_have_text(f"{before} things")
    # One bar stays between the handles.
    page.get_by_role("slider", name="Lowest price").focus()
    page.keyboard.press("End")
    low, high = (page.get_by_role("slider", name=f"{end} price").input_value() for end in ("Lowest", "Highest"))
    assert int(low) == int(high) - 1


@DESK
def test_a_value_of_a_long_filter_is_found_by_its_name(page: Page) -> None:
    page.goto(LIST)
    facet = page.locator("#facet-material")
    assert facet.locator("li").count() == 10
    find = page.get_by_label("Find in Material")
    find.click()
    expect(facet.get_by_role("link", name=re.compile("more$"))).to_have_count(0)
    expect(facet.locator("li").nth(10)).to_be_visible()
    page.keyboard.type("STEEL")
    expect(facet.locator("li:visible").first).to_contain_text("steel")
    number_found = facet.locator("li:visible").count()
    assert 1 < number_found < 10
    expect(facet.get_by_role("status")).to_have_text(f"{number_found} are called that")
    facet.locator("li:visible input").first.check()
    expect(page).to_have_url(re.compile("material=.*all=material"))
    # The answer brought all of them again, and they are still narrowed.
    expect(find).to_have_value("STEEL")
    expect(facet.locator("li:visible")).to_have_count(number_found)
    find.fill("xyzzy")
    expect(facet.get_by_role("status")).to_have_text("None is called that")
    # What is chosen stays in sight.
    expect(facet.locator("li:visible")).to_have_count(1)


@DESK
def test_back_and_forward_bring_list_scroll_and_focus(page: Page) -> None:
    page.goto(LIST)
    before = number(page)
    box = page.locator("#facet-material input").nth(2)
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("material="))
    after = number(page)
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_function("scrollY === 700")
    page.get_by_label("Sort by").select_option("price")
    expect(page).to_have_url(re.compile("sort=price"))
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_function("scrollY === 300")

    page.go_back()
    expect(page).to_have_url(re.compile(r"material=[a-z+%0-9]+$"))
    expect(page.get_by_label("Sort by")).to_have_value("")
    expect(box).to_be_checked()
    page.wait_for_function("scrollY === 700")
    assert number(page) == after
    page.go_back()
    expect(page).to_have_url(re.compile(r"/shop/$"))
    expect(box).not_to_be_checked()
    assert number(page) == before
    page.go_forward()
    expect(box).to_be_checked()
    page.go_forward()
    expect(page.get_by_label("Sort by")).to_have_value("price")
    page.wait_for_function("scrollY === 300")
    # To a product and back again: the whole page comes anew, with the same state.
    page.locator(".card h3 a").first.click()
    expect(page).to_have_url(re.compile("/products/"))
    page.go_back()
    expect(box).to_be_checked()
    expect(page.get_by_label("Sort by")).to_have_value("price")


@DESK
def test_the_focus_goes_to_the_number_where_its_link_is_gone(page: Page) -> None:
    page.goto(f"{LIST}?in_stock=1")
    page.get_by_role("link", name="Remove filter: In stock now").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/shop/$"))
    expect(page.locator(COUNT)).to_be_focused()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").press("Enter")
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.locator(COUNT)).to_be_focused()
    expect(page.locator(COUNT)).to_be_in_viewport()


@DESK
def test_an_answer_that_comes_late_changes_nothing(page: Page) -> None:
    page.goto(LIST)
    held: list[Route] = []
    page.route(re.compile(r"/shop/\?brand=[^&]*$"), lambda route: held.append(route))
    page.route(re.compile(r"/shop/\?brand=.*&brand=.*"), lambda route: route.continue_())
    brand_box(page).check()
    expect(page.locator("[data-listing=results]")).to_have_attribute("aria-busy", "true")
    brand_box(page, 1).check()
    expect(page).to_have_url(re.compile(r"brand=.*&brand="))
    after = number(page)
    # The first question was given up; its answer, should it still come, finds nobody.
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    expect(page).to_have_url(re.compile(r"brand=.*&brand="))
    assert number(page) == after
    expect(page.locator("[data-listing=results]")).not_to_have_attribute("aria-busy", "true")


@DESK
def test_where_fetching_fails_the_browser_goes_there_itself(page: Page) -> None:
    page.goto(LIST)
    page.evaluate("window.same = true")
    asked: list[str] = []

    def refuse_the_script(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.resource_type == "fetch":
            route.fulfill(status=404)
        else:
            route.continue_()

    page.route(re.compile(r"/shop/\?brand="), refuse_the_script)
    brand_box(page).check()
    expect(page).to_have_url(re.compile(r"brand="))
    page.wait_for_function("!window.same")
    expect(brand_box(page)).to_be_checked()
    assert len(asked) == 2


@pytest.mark.parametrize("javascript", [False], ids=["no-scripts"])
def test_without_scripts_fields_and_links_do_it_all(page: Page, width: int, shoot: Any) -> None:
    page.goto(LIST)
    open_filters(page, width)
    shoot(page, "list-filters-open")
    expect(page.get_by_role("slider")).to_have_count(0)
    expect(page.get_by_label("Find in Material")).to_be_hidden()
    page.locator("details[open] .facets__more").first.click()
    expect(page).to_have_url(re.compile(r"all="))
    open_filters(page, width)
    page.get_by_label("To, £").fill("20")
    page.locator(".facets__apply button").click()
    expect(page).to_have_url(re.compile(r"max=20"))
    expect(page.get_by_role("link", name="Remove filter: Up to £20")).to_be_visible()
