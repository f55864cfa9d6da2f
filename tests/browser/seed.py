"""What the journeys rely on, put into the shop beside whatever the demo brings: run as a script, in the shop's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "masthead-demo"
STAFF = {"marketer@example.com": "Marketer", "merchandiser@example.com": "Merchandiser"}
SHOPPER = "shopper@example.com"
# The story and what it sells: the bowl by itself, the jug in sizes, the lamp that is sold out.
STORY_PATH = "/journal/a-table-for-the-sill/"
STORY, BOWL, JUG, LAMP = "A table for the sill", "Bowl with a low rim", "Jug for cut stems", "Lamp of bent ash"
BOWL_PRICE = "£24.50"


def sow() -> None:
    """Add the accounts, products and story, where they are missing."""
    from wagtail.models import Site

    from content.models import BrandSettings, StoryPage
    from shop.accounts.models import User
    from shop.accounts.roles import assign
    from tests.factories import make_picture, make_product
    from tests.integration.content.pages import block, items, story

    for email, role in STAFF.items():
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD)
        assign(user, role)
    if not User.objects.filter(email=SHOPPER).exists():
        User.objects.create_user(SHOPPER, PASSWORD, first_name="Sam", last_name="Shopper")
    # A theme belongs to a site: the same pages under the machine's other name wear Workshop.
    first = Site.objects.select_related("root_page").get(is_default_site=True)
    other, made = Site.objects.get_or_create(hostname="127.0.0.1", defaults={"root_page": first.root_page})
    if made:
        brand = BrandSettings.for_site(first)
        brand.pk, brand.site, brand.theme = None, other, "workshop"
        brand._state.adding = True
        brand.save()
    if StoryPage.objects.filter(title=STORY).exists():
        return
    bowl = make_product(BOWL, price="24.50", stock=500, categories=["Seeds of the browser tests > Bowls"], sku="SEED-1")
    jug = make_product(
        JUG,
        price="31.50",
        categories=["Seeds of the browser tests > Jugs"],
        variants=[
            {"attributes": {"Size": "Small"}, "sku": "SEED-2", "stock": 500},
            {"attributes": {"Size": "Large"}, "sku": "SEED-3", "stock": 500, "price": "39.50"},
        ],
    )
    lamp = make_product(LAMP, price="140.00", stock=0, categories=["Seeds of the browser tests"], sku="SEED-4")
    for product in (bowl, jug, lamp):
        make_picture(product, width=800, height=1000, alt=f"{product.title}, from the side")
    story(
        [
            block("text", {"text": "<p>Begin with what is eaten from most: one low bowl.</p>", "dropcap": True}, 1),
            block("add_to_basket", {"product": bowl.pk, "title": "", "text": ""}, 2),
            block(
                "product_grid", {"title": "Beside it", "note": "", "products": items(jug.pk, lamp.pk), "row": False}, 3
            ),
        ],
        title=STORY,
        standfirst="Three things, in the order in which to buy them.",
    )


def main() -> None:
    """Run in the settings that the environment names."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings.dev")
    import django

    django.setup()
    sow()


if __name__ == "__main__":
    main()
