"""Something leaves with its tracking, comes back, and is paid back: for a guest on a phone, and for a member at a desk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .checks import assert_sound
from .conftest import DESKTOP, PHONE, Shop
from .seed import BOWL, SHOPPER
from .test_marketer import sign_in
from .test_paying import expect_to_be_paid, order, use_card
from .test_shopper import MAIL_SECONDS, fill_in_the_address, mail_to, put_into_the_basket

pytestmark = pytest.mark.browser
NARROW = pytest.mark.parametrize("width", [PHONE], indirect=True, ids=["phone"])
DESK = pytest.mark.parametrize("width", [DESKTOP], indirect=True, ids=["desktop"])
NewContext = Callable[..., BrowserContext]


def mail_with(shop: Shop, email: str, words: str) -> str:
    """The text of a mail to somebody that says this, once the worker has sent it."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in shop.mails():
            body = mail.get_body(("plain",))
            if body is not None and email in str(mail["To"]) and words in (text := str(body.get_content())):
                return text
        time.sleep(0.5)
    pytest.fail(f"no mail to {email} that says {words!r} within {MAIL_SECONDS} s")


def staff(new_context: NewContext) -> Page:
    """Somebody of the shop, in a window of their own."""
    page = new_context().new_page()
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    return page


def let_it_leave(desk: Page, number: str, shoot: Any) -> None:
    """With its tracking, by the form of the dashboard."""
    desk.goto(f"/dashboard/orders/{number}/")
    desk.get_by_role("link", name="Dispatch, with tracking or in parts").click()
    desk.get_by_label("Carrier").select_option("dhl")
    desk.get_by_label("Tracking number").fill("00340434161094042557")
    assert_sound(desk)
    shoot(desk, "dashboard-dispatch")
    desk.get_by_role("button", name="Dispatch").click()
    expect(desk.get_by_role("region", name="Shipments")).to_contain_text("00340434161094042557")


def ask_for_it(page: Page, shoot: Any) -> str:
    """From the order's page. Returns the return's number."""
    page.get_by_role("link", name="Send something back").click()
    page.get_by_role("button", name="Ask for the return").click()
    expect(page.get_by_role("main")).to_contain_text("choose how many of a thing")
    page.get_by_label("How many").fill("1")
    page.get_by_label("Why").select_option(label="It arrived damaged")
    page.get_by_label("Anything we should know").fill("A chip at the rim.")
    assert_sound(page)
    shoot(page, "return-ask")
    page.get_by_role("button", name="Ask for the return").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("^Return "))
    assert_sound(page)
    return heading.inner_text().removeprefix("Return ")


def take_it_back(desk: Page, number: str, shoot: Any, *, reference: str = "") -> None:
    """Approved, received, back on the shelf, and paid back."""
    desk.goto("/dashboard/returns/?state=waiting")
    desk.get_by_role("link", name=number).click()
    expect(desk.get_by_role("main")).to_contain_text("A chip at the rim.")
    desk.get_by_label("Where it is to be sent").fill("Returns\nUnit 4, Mill Lane\nLeeds LS1 4DY")
    assert_sound(desk)
    desk.get_by_role("button", name="Approve the return").click()
    desk.get_by_label("Of those back on the shelf").fill("1")
    assert_sound(desk)
    desk.get_by_role("button", name="Take it in").click()
    if reference:
        desk.get_by_label("Reference").fill(reference)
    desk.get_by_role("button", name="See what it comes to").click()
    expect(desk.get_by_role("main")).to_contain_text("It comes to £24.50.")
    assert_sound(desk)
    shoot(desk, "dashboard-return")
    desk.get_by_role("button", name=re.compile("£24.50")).click()
    expect(desk.get_by_role("main")).to_contain_text("The return is now “Refunded”.")


@NARROW
def test_a_guest_sends_it_back_by_the_link_in_the_mail(
    page: Page, shop: Shop, new_context: NewContext, shoot: Any
) -> None:
    email = "comes-back@example.com"
    order(page, email)
    use_card(page, "Succeeds")
    expect_to_be_paid(page, shop, email)
    # The order's own address; the invoice's begins with it.
    found = re.search(r"/account/order/([^/\s]+)/[^/\s]+/(?=\s)", mail_to(shop, email))
    assert found
    desk = staff(new_context)
    let_it_leave(desk, found[1], shoot)
    assert "tracking-id=00340434161094042557" in mail_with(shop, email, "Follow the parcel")
    # Whoever has the mail on another machine has nothing but its link.
    page.context.clear_cookies()
    page.goto(found[0])
    expect(page.get_by_role("link", name="00340434161094042557")).to_be_visible()
    number = ask_for_it(page, shoot)
    mail_with(shop, email, number)
    take_it_back(desk, number, shoot)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("£24.50 went back the way you paid")
    shoot(page, "return-refunded")
    text = mail_with(shop, email, "Sent back to you: £24.50")
    assert f"/returns/{number}/" in text


@DESK
def test_a_member_sends_it_back_and_withdraws_another(page: Page, new_context: NewContext, shoot: Any) -> None:
    sign_in(page, SHOPPER, "/account/")
    put_into_the_basket(page, True)
    page.goto("/checkout/")
    expect(page).to_have_url(re.compile("/checkout/address/"))
    # An address of the book is chosen already where the account has one.
    if page.get_by_label("Full name").first.is_visible():
        fill_in_the_address(page)
    page.get_by_role("button", name="Go to payment").click()
    page.get_by_label(re.compile("^Bank transfer")).check()
    page.get_by_label(re.compile("I agree to the terms")).check()
    page.get_by_role("button", name=re.compile(r"^Order for £")).click()
    expect(page).to_have_url(re.compile("/checkout/done/"))
    found = re.search(r"\b\w{3}-\w{3}-\w{3}\b", page.get_by_role("main").inner_text())
    assert found
    number = found[0]
    desk = staff(new_context)
    desk.goto(f"/dashboard/orders/{number}/")
    desk.get_by_role("button", name="Mark as paid").click()
    let_it_leave(desk, number, shoot)
    page.goto(f"/account/orders/{number}/")
    ask_for_it(page, shoot)
    page.get_by_text("Send nothing back").click()
    page.get_by_role("button", name="Yes, withdraw the return").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing of it is expected any more.")
    page.goto(f"/account/orders/{number}/")
    back = ask_for_it(page, shoot)
    take_it_back(desk, back, shoot, reference="FT 4711")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("£24.50 went back the way you paid")
    page.goto(f"/account/orders/{number}/")
    expect(page.get_by_role("region", name="Sending back")).to_contain_text(BOWL)
    assert_sound(page)
