"""Loads the demo, part by part, and takes it out again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from content.models import HomePage
from content.operations import ensure_site
from demo.people import MERCHANDISER, SHOPPER
from search.operations import rebuild
from shop.accounts.models import User
from shop.accounts.roles import sync_roles
from shop.catalogue.models import Product
from shop.ledger.noting import noting
from shop.partner.operations import ensure_partner, ensure_tax_rates
from shop.planner import analyze
from shop.progress import Progress
from shop.shipping.operations import ensure_countries, ensure_shipping_methods

from . import accounts, data, offers, orders, pages, queries, reviews, searches, shelves
from .drawing import Studio

Say = Callable[[str], None]

#: What some of the latest orders were placed with.
VOUCHERS_USED = ("FRIDAY", "POSTFREE")


class DemoError(Exception):
    """The demo cannot be loaded as things are. `str()` says what to do."""


def is_loaded() -> bool:
    """Whether the demo is there, whole. Raises DemoError where only a part of it is."""
    slugs = [row["slug"] for row in data.catalogue().products]
    held = Product.objects.filter(slug__in=slugs).exists()
    # The front page is written last.
    whole = HomePage.objects.filter(cover_story__slug=data.read("pages")["home"]["cover_story"]).exists()
    if held and not whole:
        raise DemoError(
            "Part of the demo shop is there: loading it was interrupted, or its front page was changed. "
            "To begin again: manage.py load_demo --reset"
        )
    return held


def load(*, say: Say, plain_pictures: bool = False) -> None:
    """Load everything. Expects a shop without the demo (`is_loaded`)."""
    started = time.monotonic()
    catalogue, words, people = data.catalogue(), data.read("pages"), data.read("people")
    stories = data.stories()
    _ensure_base()
    main = shelves.main_pictures(catalogue.products)
    wanted = list(shelves.wanted_pictures(catalogue.products))
    page_pictures = pages.picture_orders([words, *stories], main)
    with Studio(plain=plain_pictures) as studio:
        # The longest first, while the rest of the shop is written; then what the categories wait for.
        studio.order(page_pictures.values())
        studio.order(each[4] for each in wanted)
        # The shelves are older than the first order.
        with noting(why="demo", at=timezone.now() - timedelta(days=orders.DAYS + 7)):
            products = shelves.write_catalogue(catalogue)
        categories = shelves.category_ids(catalogue.shelves)
        say(f"{len(products)} products")
        offers.write_offers(catalogue.offers, products, categories)
        accounts.write_staff()
        shopper = accounts.write_shopper(products)
        users = accounts.write_customers(people) | {SHOPPER: shopper}
        reviews.write_reviews(catalogue.reviews, products, users)
        _write_orders(catalogue, people, users, say)
        with Progress("Pictures", total=len(wanted) + len(page_pictures) + len(catalogue.shelves)) as bar:
            shelves.write_pictures(wanted, studio, bar.advance)
            shelves.write_category_pictures(catalogue.shelves, studio, main, bar.advance)
            titles = {slug: product.title for slug, product in products.items()}
            ids = pages.write_pictures(page_pictures, titles, studio, bar.advance)
        say(f"{len(wanted) + len(page_pictures)} pictures; the worker makes their sizes")
    known = pages.known_things(products, ids, categories)
    with Progress("Pages", total=len(stories) + len(words["pages"])) as bar:
        pages.write_shared(words, ids)
        pages.write_pages(words, stories, known, bar.advance)
        pages.write_german(words["german"], known)
        pages.write_shelf_stories(words["shelf_stories"], known)
        pages.write_subscriptions(words["letters"])
    say(f"{len(stories)} stories and {len(words['pages'])} other pages")
    say(f"{orders.write_invoices()} invoices")
    analyze()
    for _ in rebuild():
        pass
    searches.write_searches(data.read("searches"), products, by=User.objects.filter(email=MERCHANDISER).first())
    wanted_queries = data.read("queries")
    with Progress("Searches", total=len(wanted_queries)) as bar:
        number = queries.write_queries(wanted_queries, bar.advance)
    say(f"{number} searches of a year, summed up by day")
    say(f"Fern & Kiln is ready, after {time.monotonic() - started:.0f} s.")


def _write_orders(catalogue: data.Catalogue, people: list[data.Row], users: dict[str, User], say: Say) -> None:
    liked = {row["slug"]: row["rating"]["count"] for row in catalogue.products if row.get("rating")}
    planned = orders.plan(people, liked, VOUCHERS_USED, accounts.shopper_row())
    staff = users.get(MERCHANDISER) or User.objects.filter(email=MERCHANDISER).first()
    with Progress("Orders", total=len(planned)) as bar:
        orders.write_orders(planned, users, staff, bar.advance)
    say(f"{len(planned)} orders of {len(people)} customers")


def _ensure_base() -> None:
    """What every shop has (manage.py setup_shop); all of it is harmless to repeat."""
    sync_roles()
    ensure_countries()
    ensure_tax_rates()
    ensure_partner()
    ensure_shipping_methods()
    ensure_site()


def reset(*, say: Say) -> None:
    """Take out everything that `load` made, and orders that were placed as one of the demo's people."""
    catalogue, words, people = data.catalogue(), data.read("pages"), data.read("people")
    pages.remove_pages(words, data.stories())
    orders.remove_orders([*(row["email"] for row in people), SHOPPER])
    offers.remove_offers(catalogue.offers)
    shelves.remove_catalogue(catalogue)
    searches.remove_searches(data.read("searches"))
    queries.remove_queries(data.read("queries"))
    accounts.remove_people(people)
    for _ in rebuild():
        pass
    say("The demo shop was taken out.")
