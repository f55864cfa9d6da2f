"""The merchandiser's journey: a product with variants and a picture, from the dashboard into the shop."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import picture_bytes

from .checks import assert_accessible, assert_fits, assert_sound
from .conftest import DESKTOP
from .test_marketer import sign_in

pytestmark = pytest.mark.browser
DESK = pytest.mark.parametrize("width", [DESKTOP], ids=["desktop"])
TITLE = "Colander with three feet"
CATEGORY = "Seeds of the browser tests › Bowls"


def fill_variant(page: Page, *, size: str, sku: str, price: str) -> None:
    """What a variant has of its own."""
    page.locator("[name=attr_size]").select_option(label=size)
    page.locator("[name=stockrecords-0-partner_sku]").fill(sku)
    page.locator("[name=stockrecords-0-price]").fill(price)
    page.locator("[name=stockrecords-0-num_in_stock]").fill("7")


@DESK
def test_a_product_with_variants_is_added_and_found(page: Page, shoot: Any, tmp_path: Path) -> None:
    picture = tmp_path / "colander.png"
    picture.write_bytes(picture_bytes(900, 1100))
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    page.goto("/dashboard/catalogue/")
    page.locator("[name=product_class]").select_option(label="Things")
    page.get_by_role("button", name="New product").click()

    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=is_public]").check()
    page.locator("[name=productcategory_set-0-category]").select_option(label=CATEGORY)
    page.locator("[name=images-0-original]").set_input_files(picture)
    page.locator("[name=images-0-alt_text]").fill("A colander on its three feet")
    shoot(page, "dashboard-product")
    page.get_by_role("button", name="Save and add a variant").click()

    fill_variant(page, size="Small", sku="SEED-C1", price="18.50")
    shoot(page, "dashboard-variant")
    page.get_by_role("button", name=re.compile("Save and add another|Save and add a variant")).click()
    fill_variant(page, size="Large", sku="SEED-C2", price="26.50")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("SEED-C2|Colander")).first).to_be_visible()

    page.context.clear_cookies()
    # The worker puts the product into the lists within a second or two.
    for _ in range(20):
        page.goto("/search/?q=colander")
        if page.get_by_role("main").get_by_role("link", name=TITLE).count():
            break
        page.wait_for_timeout(1000)
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(main).to_contain_text("£18.50")
    expect(main.get_by_role("img", name="A colander on its three feet").first).to_be_visible()
    page.locator("label").filter(has_text="Large").first.click()
    expect(page.locator("[data-variant-price]")).to_contain_text("£26.50")
    assert_sound(page)
    shoot(page, "dashboard-product-in-the-shop")


def check(page: Page) -> None:
    assert_fits(page)
    # The editor of descriptions is TinyMCE's.
    assert_accessible(page, leave_out=".tox")


def test_the_back_office_on_a_phone_and_a_desk(page: Page, shoot: Any) -> None:
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    for name, path in (
        ("import", "/dashboard/import/"), ("tax-rates", "/dashboard/tax-rates/"), ("offers", "/dashboard/offers/"),
        ("delivery", "/dashboard/shipping/"), ("reviews", "/dashboard/reviews/"), ("orders", "/dashboard/orders/"),
        ("categories", "/dashboard/catalogue/categories/"), ("vouchers", "/dashboard/vouchers/"),
        ("today", "/dashboard/"),
    ):  # fmt: skip
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(page)
        shoot(page, f"dashboard-{name}")
