"""The shop's name and colours."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.template import loader
from django.test import Client
from wagtail.models import Locale, Page, Site

from content import colours
from content.brand import Brand, current_brand
from content.models import BrandSettings, StandardPage
from tests.factories import make_product

from .pages import home

pytestmark = pytest.mark.django_db


def settings_with(**values: Any) -> BrandSettings:
    row = BrandSettings.for_site(Site.objects.get(is_default_site=True))
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("field", "value", "cure"), [("accent_light", "#ffcc00", "darker"), ("accent_dark", "#552200", "lighter")]
)
def test_a_colour_that_cannot_be_read_is_refused_with_both_ratios(field: str, value: str, cure: str) -> None:
    with pytest.raises(ValidationError) as raised:
        settings_with(**{field: value}).full_clean()
    message = raised.value.message_dict[field][0]
    assert value in message
    assert "4.5 to 1" in message
    assert cure in message
    assert "contrast of 1." in message


def test_a_name_of_a_colour_is_refused() -> None:
    with pytest.raises(ValidationError, match="six digits"):
        settings_with(accent_light="red").full_clean()


def test_the_settings_show_on_every_page_at_once(
    client: Client, django_capture_on_commit_callbacks: Any, django_assert_num_queries: Any
) -> None:
    assert 'href="/brand.' not in client.get("/").content.decode()
    row = settings_with(
        shop_name="Fern & Kiln", strip_text="Free delivery over £60.", accent_light="#1c5c3a", accent_dark="#84d3a4"
    )
    row.full_clean()
    with django_capture_on_commit_callbacks(execute=True):
        row.save()
    html = client.get("/").content.decode()
    assert "Free delivery over £60." in html
    assert "<style" not in html
    url = html.split('href="/brand.')[1].split('"')[0]
    response = client.get(f"/brand.{url}")
    assert response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"]
    assert "--spot: light-dark(#1c5c3a, #84d3a4);" in response.content.decode()
    with django_assert_num_queries(0):
        current_brand(response.wsgi_request)
    assert "immutable" not in client.get("/brand.0123456789ab.css")["Cache-Control"]


def test_there_is_no_stylesheet_without_colours(client: Client) -> None:
    assert client.get("/brand.0123456789ab.css").status_code == 404


PAGES = ("terms", "privacy", "accessibility", "imprint", "returns")


def name_pages() -> dict[str, StandardPage]:
    """A page for each of them, named in the settings."""
    pages = {}
    for name in PAGES:
        page = StandardPage(title=f"Our {name}", slug=f"our-{name}", body=[])
        pages[name] = home().add_child(instance=page)
    settings_with(**{f"{name}_page": page for name, page in pages.items()}).save()
    return pages


def foot_of(client: Client, path: str = "/") -> Any:
    return BeautifulSoup(client.get(path).content, "html.parser").select_one(".site-footer")


def test_the_pages_that_the_law_asks_for_stand_at_the_foot(client: Client) -> None:
    assert foot_of(client).select(".site-footer__legal") == []
    pages = name_pages()
    foot = foot_of(client)
    links = [(link["href"], link.get_text()) for link in foot.select(".site-footer__legal a")]
    named = ("privacy", "terms", "accessibility", "imprint")
    assert links == [(pages[name].get_url(), pages[name].title) for name in named]
    assert pages["returns"].get_url() in [link["href"] for link in foot.select("nav ul a")]
    for name in PAGES:
        assert client.get(pages[name].get_url()).status_code == 200


def test_returns_stand_beside_every_product(client: Client) -> None:
    pages = name_pages()
    settings_with(returns_text="Thirty days to change your mind.").save()
    html = BeautifulSoup(client.get(make_product("Ember bowl").get_absolute_url()).content, "html.parser")
    fact = html.select_one(".buy-box .facts").get_text(" ", strip=True)
    assert "Thirty days to change your mind. Our returns" in fact
    assert len(html.select(f'.buy-box a[href="{pages["returns"].get_url()}"]')) == 2


def test_a_page_that_is_not_published_is_not_named(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    pages = name_pages()
    assert len(foot_of(client).select(".site-footer__legal a")) == 4
    with django_capture_on_commit_callbacks(execute=True):
        pages["terms"].unpublish()
        Page.objects.get(pk=pages["imprint"].pk).delete()
    assert [link.get_text() for link in foot_of(client).select(".site-footer__legal a")] == [
        "Our privacy",
        "Our accessibility",
    ]


def test_each_language_has_its_own_pages_where_they_are_translated(client: Client) -> None:
    pages = name_pages()
    settings_with(returns_text="Thirty days to change your mind.").save()
    german, _ = Locale.objects.get_or_create(language_code="de")
    home().copy_for_translation(german).save_revision().publish()
    for name, title in (("terms", "Bedingungen"), ("returns", "Rückgabe")):
        page = pages[name].copy_for_translation(german)
        page.title, page.slug = title, title.lower()
        page.save_revision().publish()
    pages["privacy"].copy_for_translation(german)
    links = [(link["href"], link.get_text()) for link in foot_of(client, "/de/").select(".site-footer__legal a")]
    # A translation that is not published yet leaves the page in its first language.
    assert links[:2] == [("/our-privacy/", "Our privacy"), ("/de/bedingungen/", "Bedingungen")]
    product = make_product("Ember bowl")
    facts = BeautifulSoup(client.get(f"/de/products/{product.slug}/").content, "html.parser").select_one(".facts")
    assert "Thirty days" not in facts.get_text()
    assert facts.select_one('a[href$="/r%C3%BCckgabe/"], a[href$="/rückgabe/"]') is not None
    assert foot_of(client).select('a[href*="/de/bedingungen"]') == []


def test_where_one_orders_the_terms_are_a_link(rf: Any) -> None:
    pages = name_pages()
    request = rf.get("/")
    terms = loader.get_template("checkout/terms.html")
    html = BeautifulSoup(terms.render({"brand": current_brand(request)}), "html.parser")
    assert [link["href"] for link in html.select("label a")] == [
        pages["terms"].get_url(),
        pages["returns"].get_url(),
    ]
    plain = terms.render({"brand": Brand(name="Shop")})
    assert "<a" not in plain
    assert "terms of sale" in plain
