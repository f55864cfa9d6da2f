#!/usr/bin/env python3
"""Take the pictures of README and the manuals, in a demo shop of their own. Needs Chromium (CHROMIUM names another).

    python3 scripts/screenshots.py [--address http://localhost:8000] [NAME ...]

Without --address the demo shop is made below var/screenshots-shop and started for as long as this takes; an order is
placed in it. Pictures go to docs/images/ as WebP, each under 150 kB. Names are those of the files, without the ending.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bootstrap
import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = bootstrap.ROOT
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 150_000
PHONE, DESK = (390, 844), (1440, 900)
SHOPPER, MARKETER, MERCHANDISER = "shopper@example.com", "marketer@example.com", "merchandiser@example.com"
STORY, STORY_PATH, PRODUCT_PATH = "Buy the bowl first", "/journal/buy-the-bowl-first/", "/products/ember-bowl/"

Prepare = Callable[["Page"], None]


def stay(page: Page) -> None:
    """The page as it comes."""


def to_the_product_in_the_text(page: Page) -> None:
    """A sentence with a price in it, in the middle of the window."""
    page.locator("a.mention").first.evaluate("element => element.scrollIntoView({block: 'center'})")


def into_the_basket(page: Page) -> None:
    """Add what the page sells, and see the small basket."""
    page.get_by_role("main").get_by_role("button", name=re.compile("Add to basket", re.IGNORECASE)).first.click()
    page.get_by_text(re.compile(r"in the basket\.")).first.wait_for()


def to_the_review(page: Page) -> None:
    """From the product's page to the last step of the checkout, with the account's own address."""
    into_the_basket(page)
    page.goto("/checkout/")
    page.get_by_role("main").get_by_role("button", name="Go to payment").click()
    page.wait_for_url("**/checkout/review/")


def order_once_more(page: Page) -> None:
    """Place an order, and look at all of them."""
    to_the_review(page)
    page.get_by_role("main").get_by_role("checkbox").last.check()
    page.get_by_role("main").get_by_role("button", name=re.compile("^Order for")).click()
    page.wait_for_url("**/checkout/done/**")
    page.goto("/account/orders/")


def open_the_editor(page: Page) -> None:
    """The demo's own button on the story."""
    page.get_by_role("button", name="Edit this page").click()
    page.wait_for_url("**/cms/pages/*/edit/**")
    page.locator("#id_title").wait_for()


def open_the_body(page: Page) -> None:
    """The editor at the first blocks of the story."""
    open_the_editor(page)
    page.locator("#panel-child-content-body-section").evaluate("element => element.scrollIntoView()")


def open_the_preview(page: Page) -> None:
    """The editor with the story beside it, as it would be published."""
    open_the_body(page)
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe#w-preview-iframe, iframe[title=Preview]").first
    preview.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(1500)


def open_the_chooser(page: Page) -> None:
    """The list of products that a block chooses from."""
    open_the_editor(page)
    page.get_by_title("Insert a block").last.click()
    page.get_by_role("option", name="One product", exact=True).click()
    page.get_by_role("button", name="Choose a product").last.click()
    page.get_by_role("dialog").get_by_role("row").nth(3).wait_for()


def open_the_product(page: Page) -> None:
    """The first product of the dashboard's list."""
    page.get_by_role("main").locator("table a[href*='/catalogue/products/']").first.click()
    # The editor of the description is drawn by its script, a moment after the page.
    page.locator(".tox-editor-container iframe").wait_for()
    page.wait_for_load_state("networkidle")


def open_the_order(page: Page) -> None:
    """The newest order."""
    page.get_by_role("main").locator("a[href*='/dashboard/orders/']").filter(has_text=re.compile(r"-")).first.click()
    page.get_by_role("heading", level=1, name=re.compile("^Order [0-9A-Z]")).wait_for()


def open_the_rule(page: Page) -> None:
    """The rule whose draft is not published yet."""
    page.get_by_role("main").get_by_role("link", name="teapot", exact=True).click()
    page.get_by_role("heading", name="What people will see").wait_for()


# Name, window, who looks, where, what is done there, whether the demo's bar stays in the picture.
Shot = tuple[str, tuple[int, int], str, str, Prepare, bool]
SHOTS: tuple[Shot, ...] = (
    ("home", DESK, "", "/", stay, False),
    ("story-phone", PHONE, "", STORY_PATH, to_the_product_in_the_text, False),
    ("story", DESK, "", STORY_PATH, to_the_product_in_the_text, False),
    ("demo-bar", DESK, "", STORY_PATH, stay, True),
    ("category", DESK, "", "/shop/", stay, False),
    ("product", DESK, "", PRODUCT_PATH, stay, False),
    ("mini-basket", PHONE, "", PRODUCT_PATH, into_the_basket, False),
    ("review", DESK, SHOPPER, PRODUCT_PATH, to_the_review, False),
    ("account-orders", DESK, SHOPPER, PRODUCT_PATH, order_once_more, False),
    ("editor", DESK, "", STORY_PATH, open_the_body, False),
    ("editor-preview", DESK, "", STORY_PATH, open_the_preview, False),
    ("chooser", DESK, "", STORY_PATH, open_the_chooser, False),
    ("dashboard-today", DESK, MERCHANDISER, "/dashboard/", stay, False),
    ("dashboard-products", DESK, MERCHANDISER, "/dashboard/catalogue/", stay, False),
    ("dashboard-product", DESK, MERCHANDISER, "/dashboard/catalogue/", open_the_product, False),
    ("dashboard-order", DESK, MERCHANDISER, "/dashboard/orders/", open_the_order, False),
    ("dashboard-import", DESK, MERCHANDISER, "/dashboard/import/", stay, False),
    ("dashboard-search-rule", DESK, MERCHANDISER, "/dashboard/search/rules/", open_the_rule, False),
)


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """One picture as PNG, from a window of its own."""
    _name, (width, height), who, path, prepare, with_bar = shot
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce",
        device_scale_factor=2 if width < 600 else 1,
    )  # fmt: skip
    try:
        page = context.new_page()
        page.set_default_timeout(20_000)
        if who:
            sign_in(page, who)
        page.goto(path, wait_until="networkidle")
        prepare(page)
        if not with_bar:
            page.evaluate("document.querySelectorAll('.demo-strip, .demo-office').forEach(bar => bar.remove())")
        wait_for_pictures(page)
        return page.screenshot(animations="disabled", caret="hide")
    finally:
        context.close()


def sign_in(page: Page, email: str) -> None:
    """Through the shop's one sign-in."""
    page.goto("/account/login/")
    page.get_by_label("E-mail").first.fill(email)
    page.get_by_label("Password").first.fill(run.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def wait_for_pictures(page: Page) -> None:
    """Until every picture in the window is drawn."""
    page.evaluate(
        """() => Promise.all([...document.images]
            .filter(image => image.getBoundingClientRect().top < innerHeight && !image.complete)
            .map(image => new Promise(done => { image.onload = image.onerror = done; setTimeout(done, 5000); })))"""
    )


def keep(name: str, png: bytes) -> int:
    """Write docs/images/<name>.webp, as good as fits into MAX_BYTES. Returns its size."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    IMAGES.mkdir(parents=True, exist_ok=True)
    for quality in (88, 80, 70, 60, 45):
        kept = io.BytesIO()
        picture.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() < MAX_BYTES:
            break
    (IMAGES / f"{name}.webp").write_bytes(kept.getvalue())
    return kept.tell()


@contextmanager
def shop(address: str) -> Iterator[str]:
    """The address of a demo shop: the one named, or one that is started here."""
    if address:
        yield address.rstrip("/")
        return
    os.environ["MASTHEAD_VAR"] = str(ROOT / "var" / "screenshots-shop")
    os.environ.pop("DATABASE_URL", None)
    run.compile_translations()
    run.prepare_database()
    # The sizes of pictures are made by the worker; the pages are to show them.
    run.manage("worker", "--once")
    port = run.free_port(8700)
    processes = run.start(port)
    try:
        run.wait_until_ready(port, processes)
        yield f"http://localhost:{port}"
    finally:
        run.stop(processes)


def browser_path() -> str:
    """Chromium. Raises RunError where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise run.RunError("There is no Chromium. Install it, or name a browser in CHROMIUM.")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="", help="a running demo shop; without it one is started")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(shot[0] for shot in SHOTS))
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - {shot[0] for shot in SHOTS}:
        parser.error(f"no picture called {', '.join(sorted(unknown))}")
    try:
        use_our_packages()
        failed = take_all(arguments.address, set(arguments.names))
    except (run.RunError, bootstrap.BootstrapError) as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if failed else 0


def use_our_packages() -> None:
    """Go on with the project's own Python, where this one has no Playwright."""
    if importlib.util.find_spec("playwright") is None:
        bootstrap.ensure(dev=True)
        os.execv(bootstrap.python(), [str(bootstrap.python()), *sys.argv])


def take_all(address: str, names: set[str]) -> list[str]:
    """Take every picture, or those of `names`. Returns the names of those that failed."""
    from playwright.sync_api import Error, sync_playwright

    failed: list[str] = []
    sandbox: list[Any] = ["--no-sandbox"] if os.geteuid() == 0 else []
    with shop(address) as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*sandbox, "--disable-dev-shm-usage"])
        for shot in SHOTS:
            if names and shot[0] not in names:
                continue
            started = time.monotonic()
            try:
                size = keep(shot[0], take(browser, at, shot))
            except Error as error:
                failed.append(shot[0])
                print(f"{shot[0]}: {str(error).splitlines()[0]}", file=sys.stderr)
            else:
                bootstrap.say(f"{shot[0]:20}{size / 1000:6.0f} kB {time.monotonic() - started:5.1f} s")
        browser.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
