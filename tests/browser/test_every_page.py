"""Every page that a visitor, a member or the staff can reach: whole, readable and of use, in both lights and both themes.

Each page is opened once on a phone in light colours, and then, without loading it anew, looked at on a desk in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from .checks import (
    RULES_OF_LOOKS,
    what_axe_finds,
    what_does_not_fit,
    what_is_cut_off,
    what_is_missing,
)
from .conftest import DESKTOP, HEIGHTS, PHONE, Shop
from .pages import ACCOUNT, BROWSING, EDITING, IN_THE_OTHER_THEME, OFFICE, READING, Place
from .seed import SHOPPER
from .test_marketer import sign_in
from .test_shopper import fill_in_the_address, put_into_the_basket

pytestmark = pytest.mark.browser
# These tests change the window themselves.
BOTH_WIDTHS = pytest.mark.parametrize("width", [PHONE], ids=["every-width"])
# What a visitor may press that does something without a script.
DEAD_BUTTONS = """() => [...document.querySelectorAll('button, [role=button]')]
    .filter(button => button.checkVisibility() && !button.popoverTargetElement && !button.closest('[popover]')
        && !(button.type === 'submit' && button.form))
    .map(button => `without scripts this button does nothing: ${button.textContent.trim() || button.ariaLabel}`)"""


class Eye:
    """Looks at pages one after the other and remembers what was wrong with each."""

    def __init__(self, page: Page, *, leave_out: str | None = None) -> None:
        self.page = page
        self.leave_out = leave_out
        self.wrong: list[str] = []

    def window(self, width: int, colours: str) -> None:
        """Another window and other colours, without loading the page anew."""
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.page.emulate_media(color_scheme="dark" if colours == "dark" else "light", reduced_motion="reduce")

    def go(self, place: Place) -> bool:
        """Open a page; whether it is there."""
        self.page.goto(place.path)
        if place.link:
            links = self.page.locator(place.link)
            here = self.page.url
            ways = [str(way) for way in links.evaluate_all("links => links.map(link => link.href)") if way != here]
            if not ways:
                self.wrong.append(f"{place.name}: {place.path} leads nowhere by {place.link}")
                return False
            self.page.goto(ways[0])
        return True

    def look(self, name: str) -> None:
        """On a phone in light colours, then on a desk in the dark."""
        self.window(PHONE, "light")
        found = [*what_is_missing(self.page), *what_does_not_fit(self.page), *what_is_cut_off(self.page)]
        found += what_axe_finds(self.page, leave_out=self.leave_out)
        self.window(DESKTOP, "dark")
        found += [f"dark, desk: {each}" for each in self.again()]
        self.wrong += [f"{name} ({self.page.url}): {each}" for each in found]

    def again(self) -> list[str]:
        """What other widths and colours can break."""
        return [
            *what_does_not_fit(self.page),
            *what_is_cut_off(self.page),
            *what_axe_finds(self.page, leave_out=self.leave_out, rules=RULES_OF_LOOKS),
        ]

    def look_at(self, places: Sequence[Place]) -> None:
        """All of them."""
        for place in places:
            self.window(PHONE, "light")
            if self.go(place):
                self.look(place.name)

    @property
    def report(self) -> str:
        """Everything that was found, a line each."""
        return "\n".join(self.wrong)


@BOTH_WIDTHS
@pytest.mark.parametrize("places", [READING, BROWSING], ids=["reading", "browsing"])
def test_pages_for_everybody(page: Page, places: Sequence[Place]) -> None:
    eye = Eye(page)
    eye.look_at(places)
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_pages_of_a_member(page: Page) -> None:
    sign_in(page, SHOPPER, "/account/")
    eye = Eye(page)
    eye.look_at(ACCOUNT)
    assert not eye.wrong, eye.report


def without_the_browsers_help(page: Page) -> None:
    """Let the page's forms be sent as they are, so that the shop says itself what is wrong."""
    page.locator("main form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true; })")


@BOTH_WIDTHS
def test_what_a_wrong_form_looks_like(page: Page) -> None:
    eye = Eye(page)
    for name, path, button in (
        ("contact form, wrong", "/contact/", "Send"),
        ("sign in, wrong", "/account/login/", "Sign in"),
        ("register, wrong", "/account/register/", "Make the account"),
        ("forgotten password, wrong", "/account/password/", re.compile("link", re.IGNORECASE)),
    ):
        page.goto(path)
        without_the_browsers_help(page)
        page.get_by_role("main").get_by_role("button", name=button).click()
        expect(page.get_by_role("main").locator("[aria-invalid=true]").first).to_be_visible()
        eye.look(name)
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_every_step_of_the_checkout(page: Page) -> None:
    eye = Eye(page)
    main = page.get_by_role("main")
    put_into_the_basket(page, javascript=True)
    eye.look("basket")
    page.goto("/checkout/")
    without_the_browsers_help(page)
    page.get_by_role("button", name="Go on").click()
    expect(main.locator("[aria-invalid=true]")).to_be_visible()
    eye.look("e-mail, wrong")
    page.get_by_label("E-mail").fill("every@example.com")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/checkout/address/"))
    eye.look("address")
    page.get_by_role("button", name="Go to payment").click()
    expect(main.locator("[aria-invalid=true]").first).to_be_visible()
    eye.look("address, wrong")
    fill_in_the_address(page)
    page.get_by_role("button", name="Go to payment").click()
    expect(page).to_have_url(re.compile("/checkout/review/"))
    eye.look("review")
    without_the_browsers_help(page)
    page.get_by_role("button", name=re.compile("^Order for")).click()
    expect(main.get_by_role("alert")).to_be_visible()
    eye.look("review, wrong")
    page.get_by_label(re.compile("^Bank transfer")).check()
    page.get_by_label(re.compile("I agree to the terms")).check()
    page.get_by_role("button", name=re.compile("^Order for")).click()
    expect(page).to_have_url(re.compile("/checkout/done/"))
    eye.look("thank you")
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_the_menus_that_open(page: Page) -> None:
    eye = Eye(page)
    page.goto("/shop/")
    for name, selector in (("menu", "menu"), ("basket", "mini-basket"), ("filters", "facets")):
        eye.window(PHONE, "light")
        page.locator(f"[popovertarget={selector}]:visible").first.click()
        expect(page.locator(f"#{selector}")).to_be_visible()
        eye.look(name)
        if page.locator(f"#{selector}").is_visible():
            page.keyboard.press("Escape")
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_the_dashboard(page: Page) -> None:
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    # The editor of descriptions is TinyMCE's.
    eye = Eye(page, leave_out=".tox")
    eye.look_at(OFFICE)
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_our_own_pages_in_wagtail(page: Page) -> None:
    sign_in(page, "marketer@example.com", "/cms/")
    eye = Eye(page)
    for place in EDITING:
        eye.window(DESKTOP, "light")
        if eye.go(place):
            eye.wrong += [f"{place.name}: {each}" for each in what_axe_finds(page)]
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
def test_the_other_theme(page: Page, shop: Shop) -> None:
    """Workshop, on the address that the seeds gave it: light on a desk and dark on a phone."""
    eye = Eye(page)
    for place in [*READING, *BROWSING]:
        if place.name not in IN_THE_OTHER_THEME:
            continue
        eye.window(DESKTOP, "light")
        page.goto(shop.in_the_other_theme + place.path)
        expect(page.locator("link[href*='themes/workshop/tokens']")).to_have_count(1)
        found = eye.again()
        eye.window(PHONE, "dark")
        found += [f"dark, phone: {each}" for each in eye.again()]
        eye.wrong += [f"{place.name}: {each}" for each in found]
    assert not eye.wrong, eye.report


@BOTH_WIDTHS
@pytest.mark.parametrize("javascript", [False], ids=["no-scripts"])
@pytest.mark.parametrize(
    ("places", "who"), [([*READING, *BROWSING], ""), (ACCOUNT, SHOPPER)], ids=["everybody", "member"]
)
def test_nothing_is_dead_without_scripts(page: Page, places: Sequence[Place], who: str) -> None:
    if who:
        sign_in(page, who, "/account/")
    eye = Eye(page)
    for place in places:
        eye.window(PHONE, "light")
        # The style guide shows buttons that belong to no page.
        if place.path == "/styleguide/" or not eye.go(place):
            continue
        found = [*what_is_missing(page), *what_does_not_fit(page), *page.evaluate(DEAD_BUTTONS)]
        eye.window(DESKTOP, "light")
        found += [*what_does_not_fit(page), *page.evaluate(DEAD_BUTTONS)]
        eye.wrong += [f"{place.name} ({page.url}): {each}" for each in found]
    assert not eye.wrong, eye.report
