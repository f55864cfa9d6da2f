"""The merchandiser's journey: a product with variants and a picture, from the dashboard into the shop."""

from __future__ import annotations

import re
import time
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
# The worker puts a product into lists and search; under load it may take a while.
WORKER_SECONDS = 60


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


def choose(page: Page, name: str, label: str) -> None:
    """Choose from a list that select2 may have taken over: the list itself is set, as the keyboard would."""
    field = page.locator(f"select[name='{name}']")
    value = field.evaluate("(f, l) => [...f.options].find(o => o.text.trim().endsWith(l))?.value", label)
    assert value, f"{name} offers no {label}"
    field.evaluate("(f, v) => { f.value = v; f.dispatchEvent(new Event('change', {bubbles: true})); }", value)


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def found_in_the_shop(page: Page, path: str, title: str) -> None:
    """Wait until a list names the product."""
    until = time.monotonic() + WORKER_SECONDS
    while True:
        page.goto(path)
        link = page.get_by_role("main").get_by_role("link", name=title)
        if link.count() or time.monotonic() > until:
            break
        page.wait_for_timeout(1000)
    expect(link.first).to_be_visible()


def test_a_new_kind_of_product_on_a_phone_and_a_desk(page: Page, shoot: Any, width: int) -> None:
    title = f"Pitcher for the porch {width}"
    sign_in(page, "merchandiser@example.com", "/dashboard/")
    page.goto("/dashboard/catalogue/")
    check(page)
    shoot(page, "dashboard-products")

    # The type tells what variants differ in.
    page.goto("/dashboard/catalogue/attribute-option-group/create/")
    page.locator("input[name=name]").fill(f"Pitcher sizes {width}")
    page.locator(".bs-docs-sidenav a[data-toggle=tab]").last.click()
    page.locator("input[name='options-0-option']").fill("Half a litre")
    page.locator("input[name='options-1-option']").fill("One litre")
    page.locator("form button[type=submit]:visible").last.click()
    expect(page).to_have_url(re.compile(r"/attribute-option-group/$"))
    page.goto("/dashboard/catalogue/product-type/create/")
    page.locator("input[name=name]").fill(f"Pitchers {width}")
    page.locator("a[href='#product_attributes']").click()
    page.locator("input[name='attributes-0-name']").fill("Size")
    choose(page, "attributes-0-type", "Option")
    choose(page, "attributes-0-option_group", f"Pitcher sizes {width}")
    page.locator("form button[type=submit]:visible").last.click()
    expect(page).to_have_url(re.compile(r"/product-types/$"))

    page.goto("/dashboard/catalogue/")
    choose(page, "product_class", f"Pitchers {width}")
    button(page, "New product")
    page.locator("input[name=title]").fill(title)
    page.locator("input[name=tags]").fill("porch, summer")
    page.locator("textarea[name=specification]").fill("Height: 24 cm")
    choose(page, "productcategory_set-0-category", "Jugs")
    page.locator("input[name='images-0-original']").set_input_files(
        {"name": "pitcher.png", "mimeType": "image/png", "buffer": picture_bytes(800, 1000)}
    )
    page.locator("input[name='images-0-alt_text']").fill("A pitcher on a step")
    check(page)
    shoot(page, "dashboard-product-new")
    button(page, "Save and add a variant")

    for size, price, done in (
        ("Half a litre", "28.00", "Save and add another variant"),
        ("One litre", "36.00", "Save and go on editing"),
    ):
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        choose(page, "attr_size", size)
        page.locator("input[name='stockrecords-0-partner_sku']").fill(f"PIT-{width}-{size[0]}")
        page.locator("input[name='stockrecords-0-price']").fill(price)
        page.locator("input[name='stockrecords-0-num_in_stock']").fill("7")
        check(page)
        button(page, done)
        expect(page.locator("#messages")).to_contain_text("is saved")
    shoot(page, "dashboard-variant")

    page.goto(f"/dashboard/catalogue/?q=PIT-{width}-H")
    page.get_by_role("main").get_by_role("link", name=title, exact=True).click()
    variants = page.get_by_role("region", name="Variants").first
    expect(variants).to_contain_text("One litre")
    expect(variants).to_contain_text("£36")
    shoot(page, "dashboard-product")

    found_in_the_shop(page, f"/search/?q={title.replace(' ', '+')}", title)
    found_in_the_shop(page, "/shop/seeds-of-the-browser-tests/jugs/", title)
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    main = page.get_by_role("main")
    expect(main).to_contain_text("One litre")
    expect(main).to_contain_text("£28")
    expect(main.get_by_alt_text("A pitcher on a step").first).to_be_visible()


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
