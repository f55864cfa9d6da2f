"""The shopper's journey: from a story to an order, on a phone and on a desk, with and without scripts."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .checks import assert_sound
from .conftest import Shop
from .seed import BOWL, BOWL_PRICE, JUG, LAMP, PASSWORD, SHOPPER, STORY, STORY_PATH

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
ORDER_NUMBER = re.compile(r"Order (\S+)")
# A new demo keeps the worker busy with pictures; mail comes in between.
MAIL_SECONDS = 90


def look(page: Page, javascript: bool, shoot: Any, name: str) -> None:
    """Keep a picture of the page, and hold it to what holds for every page (axe is a script itself)."""
    shoot(page, name)
    if javascript:
        assert_sound(page)


def put_into_the_basket(page: Page, javascript: bool) -> None:
    """From the panel in the story into the basket, ending on the basket's page."""
    page.goto(STORY_PATH)
    page.get_by_role("region", name=BOWL).get_by_role("button", name="Add to basket").click()
    if javascript:
        # Nothing is loaded anew; the visitor is told, and the count in the header follows.
        expect(page.get_by_text(f"{BOWL} is in the basket.")).to_be_visible()
        expect(page).to_have_url(re.compile(re.escape(STORY_PATH)))
        expect(page.locator("[data-count]").first).to_have_text("1")
        page.goto("/basket/")
    expect(page).to_have_url(re.compile(r"/basket/$"))


def fill_in_the_address(page: Page) -> None:
    """A British address."""
    page.get_by_label("Full name").first.fill("Ada Fenwick")
    page.get_by_label("Street and number").first.fill("4 Mill Lane")
    page.get_by_label("Town").first.fill("Leeds")
    page.get_by_label("Postcode").first.fill("LS1 4DY")


def mail_to(shop: Shop, address: str) -> str:
    """The text of the newest mail to `address`, once the worker has sent it."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in reversed(shop.mails()):
            if address in str(mail["To"]):
                body = mail.get_body(("plain",))
                assert body is not None, f"the mail {mail['Subject']!r} has no text"
                return str(body.get_content())
        time.sleep(0.3)
    pytest.fail(f"no mail to {address} within {MAIL_SECONDS} s")


@BOTH
def test_from_a_story_to_an_order(page: Page, shop: Shop, javascript: bool, shoot: Any, width: int) -> None:
    email = f"ada-{width}-{'js' if javascript else 'plain'}@example.com"
    page.goto(STORY_PATH)
    expect(page.get_by_role("heading", level=1)).to_have_text(STORY)
    expect(page.get_by_role("region", name=BOWL)).to_contain_text(BOWL_PRICE)
    look(page, javascript, shoot, "story")

    put_into_the_basket(page, javascript)
    expect(page.get_by_role("main")).to_contain_text(BOWL)
    expect(page.get_by_role("main")).to_contain_text(BOWL_PRICE)
    look(page, javascript, shoot, "basket")

    page.get_by_role("main").get_by_role("link", name="Check out").click()
    page.get_by_label("E-mail").fill(email)
    look(page, javascript, shoot, "checkout-email")
    page.get_by_role("button", name="Go on").click()

    fill_in_the_address(page)
    look(page, javascript, shoot, "checkout-address")
    page.get_by_role("button", name="Go to payment").click()

    expect(page.get_by_role("main")).to_contain_text("4 Mill Lane")
    look(page, javascript, shoot, "checkout-review")
    page.get_by_label(re.compile("^Bank transfer")).check()
    page.get_by_label(re.compile("I agree to the terms")).check()
    page.get_by_role("button", name=re.compile(r"^Order for £")).click()

    main = page.get_by_role("main")
    expect(main).to_contain_text(f"A receipt is on its way to {email}")
    found = ORDER_NUMBER.search(main.inner_text())
    assert found
    look(page, javascript, shoot, "order-placed")
    mail = mail_to(shop, email)
    assert found[1] in mail
    assert BOWL in mail

    # The order is placed once: what is behind the visitor is empty.
    page.goto("/basket/")
    expect(page.get_by_role("main")).not_to_contain_text(BOWL)
    expect(page.get_by_role("main")).to_contain_text("Nothing in here yet")


@BOTH
def test_signing_in_keeps_what_is_in_the_basket(page: Page, javascript: bool, shoot: Any) -> None:
    put_into_the_basket(page, javascript)
    page.goto("/account/login/?next=/basket/")
    look(page, javascript, shoot, "sign-in")
    page.get_by_label("E-mail").first.fill(SHOPPER)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/basket/$"))
    expect(page.get_by_role("main")).to_contain_text(BOWL)
    page.get_by_role("button", name=re.compile(f"Remove {BOWL}")).click()
    expect(page.get_by_role("main")).not_to_contain_text(BOWL_PRICE)


def test_what_is_wrong_with_an_address_is_said_beside_it(page: Page, shoot: Any) -> None:
    put_into_the_basket(page, javascript=True)
    page.goto("/checkout/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("button", name="Go on").click()
    fill_in_the_address(page)
    page.get_by_label("Postcode").first.fill("nowhere")
    page.get_by_role("button", name="Go to payment").click()
    expect(page.get_by_label("Postcode").first).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("main")).to_contain_text("Enter a full postcode, such as LS1 4DY.")
    look(page, True, shoot, "checkout-address-wrong")


@BOTH
def test_a_sold_out_product_cannot_be_added(page: Page, javascript: bool) -> None:
    page.goto(STORY_PATH)
    card = page.get_by_role("main").locator("article, li").filter(has_text=LAMP).last
    expect(card).to_contain_text(re.compile("sold out", re.IGNORECASE))
    expect(card.get_by_role("button", name="Add to basket")).to_have_count(0)


@BOTH
def test_a_product_in_sizes_is_chosen_on_its_page(page: Page, javascript: bool, shoot: Any) -> None:
    page.goto(STORY_PATH)
    page.get_by_role("main").get_by_role("link", name=JUG).first.click()
    expect(page).to_have_url(re.compile(r"/products/jug-for-cut-stems"))
    look(page, javascript, shoot, "product")
    page.locator("label").filter(has_text="Large").first.click()
    if javascript:
        expect(page.locator("[data-variant-price]")).to_contain_text("£39.50")
        expect(page.locator("[data-variant-details]")).to_contain_text("SEED-3")
        expect(page).to_have_url(re.compile(r"/products/jug-for-cut-stems[^?]*\?variant=\d+$"))
    page.get_by_role("main").get_by_role("button", name="Add to basket").first.click()
    if javascript:
        expect(page.get_by_text(f"{JUG}, Large is in the basket.").first).to_be_visible()
        page.goto("/basket/")
    expect(page.get_by_role("main")).to_contain_text("Large")
    expect(page.get_by_role("main")).to_contain_text("£39.50")


@BOTH
def test_a_product_is_found_by_its_name(page: Page, javascript: bool, shoot: Any) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Search products and stories").first
    field.fill("low rim")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?"))
    expect(page.get_by_role("main")).to_contain_text(BOWL)
    look(page, javascript, shoot, "search")


def test_another_country_shows_its_ways_at_once(page: Page) -> None:
    put_into_the_basket(page, javascript=True)
    page.goto("/checkout/")
    page.get_by_label("E-mail").first.fill("norah@example.org")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Full name").first.fill("Norah Berg")
    ways, sums = page.locator("[data-priced=ways]"), page.locator("[data-priced=sums]")
    before = (ways.inner_text(), sums.inner_text())
    page.get_by_label("Country").first.select_option("DE")
    expect(page.get_by_text("Prices now hold the tax of Germany")).to_be_visible()
    assert ways.inner_text() != before[0] and sums.inner_text() != before[1]
    expect(page.get_by_label("Full name").first).to_have_value("Norah Berg")


def test_who_is_quicker_than_the_script_sees_the_countrys_prices_as_well(page: Page) -> None:
    put_into_the_basket(page, javascript=True)
    page.goto("/checkout/")
    page.get_by_label("E-mail").first.fill("norah@example.org")
    # It arrives when its page is filled in already.
    script = re.compile(r"/js/checkout\b[^/]*\.js")
    held: list[Route] = []
    page.route(script, lambda route: held.append(route))
    with page.expect_request(script):
        page.get_by_role("button", name="Go on").click(no_wait_after=True)
    page.get_by_label("Country").first.select_option("DE")
    expect(page.get_by_text("Prices now hold the tax of Germany")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.get_by_text("Prices now hold the tax of Germany")).to_be_visible()
