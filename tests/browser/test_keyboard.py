"""Buying with the keyboard alone: every stop is seen, nothing lies over it, and nothing holds the focus fast.

On a desk in the light it is the first theme, on a phone in the dark the other one, so that both have their rings looked at.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .checks import wait_until_whole
from .conftest import PHONE, Shop
from .seed import JUG

pytestmark = pytest.mark.browser
# More stops than any page here has between two things that one wants.
MOST_STOPS = 150
# WCAG 2.2: a ring is 2 px wide, has a contrast of 3 to what is around it, and what has it is not hidden.
WHAT_IS_WRONG_WITH_THE_FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return [];
    const name = `${at.localName} "${(at.ariaLabel || at.textContent || at.name || '').trim().slice(0, 40)}"`;
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const paint = colour => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
        .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
    const ringed = [at, at.closest('label'), at.closest('.card')].filter(Boolean).find(element => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    });
    if (!ringed) return [`no ring around ${name}`];
    const found = [];
    let ground = ringed.parentElement;
    while (ground && paint(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
    const [high, low] = [paint(getComputedStyle(ringed).outlineColor), paint(ground ? getComputedStyle(ground).backgroundColor : '#fff')]
        .map(light).sort((a, b) => b - a);
    const contrast = (high + .05) / (low + .05);
    if (contrast < 3) found.push(`the ring around ${name} has a contrast of ${contrast.toFixed(1)}`);
    const box = ringed.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, innerHeight / 2)];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) found.push(`${name} is out of the window`);
    else {
        const top = document.elementFromPoint(x, y);
        if (top && !ringed.contains(top) && !top.contains(ringed)) found.push(`${top.localName}.${top.className} lies over ${name}`);
    }
    return found;
}"""


class Hands:
    """Ten fingers and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []

    def press(self, key: str) -> None:
        """Press one key and look where the focus is."""
        self.page.keyboard.press(key)
        if "Tab" in key:
            self.wrong += [f"{self.page.url}: {each}" for each in self.page.evaluate(WHAT_IS_WRONG_WITH_THE_FOCUS)]

    def go_to(self, target: Locator, *, key: str = "Tab") -> None:
        """Press Tab until the target has the focus."""
        wait_until_whole(self.page)
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        pytest.fail(f"{self.page.url}: no way with {key} to {target}")

    def write(self, target: Locator, text: str) -> None:
        """Fill in a field."""
        self.go_to(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


def skip_to_the_page(hands: Hands) -> None:
    """The first stop of the page leads past the head."""
    page = hands.page
    skip = page.get_by_role("link", name="Skip to the page")
    hands.go_to(skip)
    expect(skip).to_be_in_viewport()
    hands.press("Enter")
    expect(page.locator("#main:target")).to_have_count(1)
    hands.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), "the link skips nothing"


def open_and_close_the_menu(hands: Hands) -> None:
    """A sheet opens by Enter and Space, takes the focus, and gives it back when Escape closes it."""
    page = hands.page
    opener, menu = page.locator("[popovertarget=menu]:visible").first, page.locator("#menu")
    hands.go_to(opener, key="Shift+Tab")
    for key in ("Enter", "Space"):
        hands.press(key)
        expect(menu).to_be_visible()
        hands.press("Tab")
        assert page.evaluate("document.querySelector('#menu').contains(document.activeElement)"), "Tab leaves the menu"
        hands.press("Escape")
        expect(menu).to_be_hidden()
        expect(opener).to_be_focused()


def find_the_jug(hands: Hands) -> None:
    """By the suggestions under the search field."""
    page = hands.page
    field = page.get_by_role("combobox", name="Search products and stories").first
    hands.write(field, JUG)
    option = page.get_by_role("option").filter(has_text=JUG).first
    expect(option).to_be_visible()
    hands.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(JUG)


def choose_and_buy(hands: Hands) -> None:
    """The large one, twice."""
    page = hands.page
    main = page.get_by_role("main")
    hands.go_to(main.locator("input[type=radio]:checked:visible").first)
    hands.press("ArrowRight")
    expect(page.locator("[data-variant-price]")).to_contain_text("£39.50")
    quantity = main.get_by_role("spinbutton", name="Quantity")
    hands.go_to(quantity)
    hands.press("ArrowUp")
    expect(quantity).to_have_value("2")
    hands.go_to(main.get_by_role("button", name="Add to basket").first)
    hands.press("Space")
    expect(page.get_by_text(f"{JUG}, Large is in the basket.").first).to_be_visible()


def open_the_basket(hands: Hands) -> None:
    """From the head of the page into the checkout."""
    page = hands.page
    opener, sheet = page.locator("[popovertarget=mini-basket]:visible").first, page.locator("#mini-basket")
    hands.go_to(opener, key="Shift+Tab")
    hands.press("Enter")
    expect(sheet).to_be_visible()
    hands.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    hands.press("Enter")
    hands.go_to(sheet.get_by_role("link", name="Check out"))
    hands.press("Enter")
    expect(page).to_have_url(re.compile("/checkout/"))


def check_out(hands: Hands, email: str) -> None:
    """Who, where to, and yes."""
    page = hands.page
    hands.write(page.get_by_label("E-mail"), email)
    hands.press("Enter")
    expect(page).to_have_url(re.compile("/checkout/address/"))
    for label, text in (
        ("Full name", "Ada Fenwick"), ("Street and number", "4 Mill Lane"), ("Town", "Leeds"), ("Postcode", "LS1 4DY"),
    ):  # fmt: skip
        hands.write(page.get_by_label(label).first, text)
    hands.go_to(page.locator("input[name=ship]:checked"))
    hands.go_to(page.get_by_role("button", name="Go to payment"))
    hands.press("Enter")
    expect(page).to_have_url(re.compile("/checkout/review/"))
    # The first way to pay leads to a page that is not the shop's; test_paying.py goes there.
    hands.go_to(page.locator("input[name=payment]:checked"))
    hands.press("ArrowDown")
    expect(page.get_by_label(re.compile("^Bank transfer"))).to_be_checked()
    hands.go_to(page.get_by_label(re.compile("I agree to the terms")))
    hands.press("Space")
    hands.go_to(page.get_by_role("button", name=re.compile("^Order for")))
    hands.press("Enter")
    expect(page).to_have_url(re.compile("/checkout/done/"))
    expect(page.get_by_role("main")).to_contain_text(f"A receipt is on its way to {email}")


def test_a_purchase_with_the_keyboard_alone(page: Page, shop: Shop, width: int, shoot: Any) -> None:
    on_a_phone = width == PHONE
    page.emulate_media(color_scheme="dark" if on_a_phone else "light", reduced_motion="reduce")
    page.goto(f"{shop.in_the_other_theme if on_a_phone else shop.address}/")
    hands = Hands(page)
    skip_to_the_page(hands)
    open_and_close_the_menu(hands)
    find_the_jug(hands)
    choose_and_buy(hands)
    shoot(page, "keyboard")
    open_the_basket(hands)
    check_out(hands, f"keys-{width}@example.com")
    assert hands.wrong == [], "\n".join(hands.wrong)


def test_every_stop_of_a_page_is_seen(page: Page, shop: Shop, width: int) -> None:
    on_a_phone = width == PHONE
    page.emulate_media(color_scheme="light" if on_a_phone else "dark", reduced_motion="reduce")
    hands = Hands(page)
    for path in ("/shop/table/", "/journal/a-kitchen-with-the-lights-off/", "/account/register/"):
        page.goto(f"{shop.in_the_other_theme if not on_a_phone else shop.address}{path}")
        for _ in range(MOST_STOPS):
            hands.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
    assert hands.wrong == [], "\n".join(hands.wrong)
