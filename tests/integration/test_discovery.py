"""What search engines ask for."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from django.test import Client
from wagtail.models import Locale

from tests.factories import make_category, make_product
from tests.integration.content.pages import home, journal, story

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/sitemap.xml{query}")
    assert response.status_code == 200
    return [element.text or "" for element in ElementTree.fromstring(response.content).iter(f"{SPACE}loc")]


def test_the_sitemap_leads_to_pages_categories_and_products(client: Client) -> None:
    page = story(title="Bread that forgives")
    story(title="Not out yet", live=False)
    shelf = make_category("Table > Bowls")
    make_category("Hidden", is_public=False)
    bowl = make_product("Ember bowl", categories=[shelf])
    hidden = make_product("Hidden bowl", is_public=False)
    mug = make_product("River mug", variants=[{"title": "Rust"}])
    found = addresses(client)
    assert found == [f"http://testserver/sitemap.xml?section={name}" for name in ("pages", "categories", "products")]
    pages = addresses(client, "?section=pages")
    assert any(address.endswith(page.url) for address in pages)
    assert not any("not-out-yet" in address for address in pages)
    products = addresses(client, "?section=products")
    assert f"http://testserver/products/{bowl.slug}/" in products
    assert f"http://testserver/products/{mug.slug}/" in products
    assert len(products) == 4
    assert f"http://testserver/de/products/{bowl.slug}/" in products
    assert not any(hidden.slug in address for address in products)
    assert sorted(addresses(client, "?section=categories")) == [
        "http://testserver/de/shop/table/",
        "http://testserver/de/shop/table/bowls/",
        "http://testserver/shop/table/",
        "http://testserver/shop/table/bowls/",
    ]


def alternates(client: Client, section: str) -> dict[str, dict[str, str]]:
    """What each address of a section names as itself in other languages."""
    tree = ElementTree.fromstring(client.get(f"/sitemap.xml?section={section}").content)
    link = "{http://www.w3.org/1999/xhtml}link"
    return {
        str(url.findtext(f"{SPACE}loc")): {other.attrib["hreflang"]: other.attrib["href"] for other in url.iter(link)}
        for url in tree.iter(f"{SPACE}url")
    }


def test_every_address_names_itself_in_the_other_languages(client: Client) -> None:
    bowl = make_product("Ember bowl")
    page = story(title="Bread that forgives")
    alone = story(title="Only in English")
    german, _ = Locale.objects.get_or_create(language_code="de")
    for source, title in ((home(), "Start"), (journal(), "Journal"), (page, "Brot, das verzeiht")):
        copy = source.copy_for_translation(german)
        copy.title = title
        copy.save_revision().publish()
    other = page.get_translation(german)
    both = {"en-gb": page.full_url, "de": other.full_url, "x-default": page.full_url}
    found = alternates(client, "pages")
    assert found[page.full_url] == found[other.full_url] == both
    assert found[alone.full_url] == {}
    host = f"http://testserver/products/{bowl.slug}/"
    german_host = f"http://testserver/de/products/{bowl.slug}/"
    products = alternates(client, "products")
    assert products == {key: {"en-gb": host, "de": german_host, "x-default": host} for key in (host, german_host)}


def test_an_unknown_section_gives_the_index(client: Client) -> None:
    assert len(addresses(client, "?section=nothing")) == 3


def test_robots_stay_out_of_baskets_and_find_the_sitemap(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /basket/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
