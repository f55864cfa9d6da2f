"""Paying on the sandbox's page: at once, after a decline, with 3-D Secure, and not at all."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .checks import assert_sound
from .conftest import PHONE, Shop
from .test_keyboard import Hands
from .test_shopper import BOTH, fill_in_the_address, mail_to, put_into_the_basket

pytestmark = pytest.mark.browser
# What the worker and the webhooks may take, on a busy machine.
SETTLED_SECONDS = 60
# Pictures and both widths are the journey's business; these tests are about what happens.
NARROW = pytest.mark.parametrize("width", [PHONE], indirect=True, ids=["phone"])


def order(page: Page, email: str, *, javascript: bool = True) -> None:
    """From a story to the payment page."""
    put_into_the_basket(page, javascript)
    page.goto("/checkout/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Go on").click()
    fill_in_the_address(page)
    page.get_by_role("button", name="Go to payment").click()
    page.get_by_label(re.compile("^Card")).check()
    page.get_by_label(re.compile("I agree to the terms")).check()
    page.get_by_role("button", name=re.compile(r"^Order for £")).click()
    expect(page).to_have_url(re.compile(r"/c/pay/cs_test_"))
    expect(page.get_by_role("banner")).to_contain_text("no money moves")


def use_card(page: Page, says: str) -> None:
    """Fill in one of the test cards by its button, and pay."""
    page.get_by_role("button", name=re.compile(f"^{says}")).click()
    page.get_by_role("button", name=re.compile("^Pay £")).click()


def expect_thanks(page: Page, shop: Shop, words: str) -> None:
    """The thank-you page, which asks for no payment once the message has come. Until then it loads itself again and again."""
    expect(page).to_have_url(re.compile(re.escape(shop.address)))
    deadline = time.monotonic() + SETTLED_SECONDS
    while page.get_by_role("button", name=re.compile("^Pay £")).count() and time.monotonic() < deadline:
        page.reload()
    expect(page.get_by_role("main")).to_contain_text(words)


def expect_to_be_paid(page: Page, shop: Shop, email: str) -> None:
    """The thank-you page, and the receipt."""
    expect_thanks(page, shop, "It is yours. We are wrapping it.")
    assert "Bowl with a low rim" in mail_to(shop, email)


@BOTH
def test_a_card_pays(page: Page, shop: Shop, javascript: bool, shoot: Any, width: int) -> None:
    email = f"card-{width}-{javascript}@example.com".lower()
    order(page, email, javascript=javascript)
    shoot(page, "payment-page")
    if javascript:
        assert_sound(page)
    use_card(page, "Succeeds")
    expect_to_be_paid(page, shop, email)
    shoot(page, "order-paid")


@NARROW
def test_a_declined_card_and_then_another(page: Page, shop: Shop, shoot: Any) -> None:
    order(page, "declined@example.com")
    use_card(page, "Is declined")
    expect(page.get_by_role("alert")).to_contain_text("Your card has been declined.")
    shoot(page, "payment-declined")
    assert_sound(page)
    use_card(page, "Succeeds")
    expect_to_be_paid(page, shop, "declined@example.com")


@NARROW
def test_the_bank_asks_is_refused_and_asks_again(page: Page, shop: Shop, shoot: Any) -> None:
    order(page, "secure@example.com")
    use_card(page, "Asks for 3-D Secure 2")
    shoot(page, "payment-3d-secure")
    assert_sound(page)
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
    use_card(page, "Asks for 3-D Secure 2")
    page.get_by_role("button", name="Complete authentication").click()
    expect_to_be_paid(page, shop, "secure@example.com")


@NARROW
def test_the_payment_page_with_the_keyboard_alone(page: Page, shop: Shop) -> None:
    order(page, "keys-pay@example.com")
    hands = Hands(page)
    hands.go_to(page.get_by_role("button", name=re.compile("^Asks for 3-D Secure 2")))
    hands.press("Enter")
    expect(page.get_by_label("Card number")).to_have_value("4000 0000 0000 3220")
    hands.write(page.get_by_label("Card number"), "4242 4242 4242 4242")
    hands.go_to(page.get_by_role("button", name=re.compile("^Pay £")))
    hands.press("Enter")
    expect_to_be_paid(page, shop, "keys-pay@example.com")
    assert hands.wrong == []


@NARROW
def test_a_closed_window_leaves_the_order_until_the_page_expires(page: Page, shop: Shop, shoot: Any) -> None:
    order(page, "closed@example.com")
    address = page.url
    page.get_by_role("link", name="Back to the shop").click()
    expect(page).to_have_url(re.compile(re.escape(shop.address)))
    thanks = page.url
    shoot(page, "payment-left")
    assert_sound(page)
    try:
        shop.stripe.advance(2 * 3600)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("This payment page has expired")
        deadline = time.monotonic() + SETTLED_SECONDS
        page.goto(thanks)
        while "This order is cancelled." not in page.get_by_role("main").inner_text() and time.monotonic() < deadline:
            time.sleep(0.5)
            page.reload()
        expect(page.get_by_role("main")).to_contain_text("This order is cancelled.")
    finally:
        # Whichever test comes next opens a page for an hour, and that has to lie before it.
        shop.stripe.put_clock_right()


@NARROW
@BOTH
def test_a_declined_card_leads_to_a_transfer_and_back(
    page: Page, shop: Shop, javascript: bool, shoot: Any, width: int
) -> None:
    email = f"transfer-{javascript}@example.com".lower()
    order(page, email, javascript=javascript)
    use_card(page, "Is declined")
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_role("heading", name="Or pay another way")).to_be_visible()
    if javascript:
        assert_sound(page)
    page.get_by_role("button", name="Bank transfer").click()
    expect(page.get_by_role("main")).to_contain_text("You pay this order by “Bank transfer” now.")
    expect(page.get_by_role("main")).to_contain_text("Send the money within")
    shoot(page, "turned-to-a-transfer")
    if javascript:
        assert_sound(page)
    assert "Bowl with a low rim" in mail_to(shop, email)
    # By card after all: on a new page, because the first one is closed.
    page.get_by_role("button", name=re.compile("^Card")).click()
    expect(page).to_have_url(re.compile(r"/c/pay/cs_test_"))
    use_card(page, "Succeeds")
    expect_to_be_paid(page, shop, email)
