"""Gift cards: bought for somebody, mailed, and spent with a card for the rest; and issued by staff."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .checks import assert_sound
from .conftest import Shop
from .test_marketer import sign_in
from .test_paying import expect_thanks, expect_to_be_paid, use_card
from .test_shopper import BOTH, fill_in_the_address, mail_to, put_into_the_basket

pytestmark = pytest.mark.browser
CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


def to_the_review(page: Page, email: str) -> None:
    """Through the first two steps of the checkout."""
    page.goto("/checkout/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Go on").click()
    fill_in_the_address(page)
    page.get_by_role("button", name="Go to payment").click()


def order(page: Page) -> None:
    """Press the last button."""
    page.get_by_label(re.compile("I agree to the terms")).check()
    page.get_by_role("button", name=re.compile(r"^Order")).click()


def code_mailed_to(shop: Shop, email: str) -> str:
    """The code in the mail to this address."""
    found = CODE.search(mail_to(shop, email))
    assert found
    return found.group()


@BOTH
def test_bought_for_somebody_and_spent(page: Page, shop: Shop, javascript: bool, shoot: Any, width: int) -> None:
    name = f"{width}-{javascript}".lower()
    recipient = f"recipient-{name}@example.com"
    page.goto("/products/gift-card/")
    page.get_by_label("£25").check()
    page.get_by_label("For", exact=False).first.fill("Cy")
    page.get_by_label(re.compile("E-mail address of whom")).fill(recipient)
    page.get_by_label(re.compile("A few words")).fill("For the new kitchen")
    shoot(page, "gift-card")
    if javascript:
        assert_sound(page)
    page.get_by_role("button", name="Add to basket").click()
    if javascript:
        expect(page.locator("[data-count]").first).to_have_text("1")
        page.goto("/basket/")
    expect(page.get_by_role("main")).to_contain_text("for Cy")
    to_the_review(page, f"giver-{name}@example.com")
    page.get_by_label(re.compile("^Card")).check()
    order(page)
    use_card(page, "Succeeds")
    expect_thanks(page, shop, "Thank you. It goes by e-mail.")
    code = code_mailed_to(shop, recipient)
    assert "For the new kitchen" in mail_to(shop, recipient)

    page.context.clear_cookies()
    put_into_the_basket(page, javascript)
    page.goto("/basket/")
    to_the_review(page, f"spender-{name}@example.com")
    page.get_by_label(re.compile("Code of your gift card")).fill("0000-0000-0000-0000")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("alert")).to_contain_text("No gift card has that code")
    shoot(page, "gift-card-wrong")
    page.get_by_label(re.compile("Code of your gift card")).fill(code.lower())
    # Enter in the field is the same as its button, and orders nothing.
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("pays £")
    shoot(page, "gift-card-used")
    if javascript:
        assert_sound(page)
    rest = page.get_by_role("button", name=re.compile(r"^Order and pay £"))
    if rest.count():
        page.get_by_label(re.compile("^Card")).check()
        order(page)
        expect(page.get_by_role("main")).to_contain_text("gift card")
        shoot(page, "gift-card-rest")
        use_card(page, "Succeeds")
    else:
        order(page)
    expect_to_be_paid(page, shop, f"spender-{name}@example.com")
    expect(page.get_by_role("main")).to_contain_text(f"Gift card …{code[-4:]}")
    shoot(page, "gift-card-paid")
    page.goto("/gift-cards/balance/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("status").filter(has_text="holds £")).to_be_visible()
    shoot(page, "gift-card-balance")


@pytest.mark.parametrize("javascript", [True], ids=["scripts"])
def test_staff_issues_blocks_and_frees_one(page: Page, shop: Shop, shoot: Any, width: int) -> None:
    email = f"sorry-{width}@example.com"
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    page.goto("/dashboard/gift-cards/")
    page.get_by_role("link", name="Issue a gift card").click()
    page.get_by_label("Amount").fill("15")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Reason").fill("A late parcel")
    shoot(page, "office-gift-card-new")
    page.get_by_role("button", name="Issue and send it").click()
    code = code_mailed_to(shop, email)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(code[-4:])
    page.get_by_label("Reason").first.fill("Lost")
    page.get_by_role("button", name="Block the card").click()
    expect(page.get_by_role("main")).to_contain_text("nobody can spend it")
    page.get_by_label("Reason").first.fill("Found")
    page.get_by_role("button", name="Unblock the card").click()
    shoot(page, "office-gift-card")
    assert_sound(page)
    page.goto(f"/dashboard/gift-cards/?q={code}")
    expect(page.get_by_role("main")).to_contain_text(email)
    shoot(page, "office-gift-cards")
