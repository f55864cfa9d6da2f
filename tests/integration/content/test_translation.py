"""A page in another language: begun from the editor, and read at its own address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from content.models import StandardPage
from shop.accounts.roles import MARKETER, MERCHANDISER
from tests.people import signed_in

from .pages import home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_permissions")]


def translate(client: Client, page: Page) -> Page:
    """What the button “Translate” in the page's menu does."""
    german = Locale.objects.get(language_code="de")
    url = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert url in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"locales": [german.pk]}).status_code == 302
    return page.get_translation(german).specific


def test_a_marketer_translates_a_page_and_it_is_read_at_its_german_address() -> None:
    client = signed_in(MARKETER)
    page = home().add_child(instance=StandardPage(title="Delivery", slug="delivery", standfirst="How it comes"))
    front = translate(client, home())
    front.save_revision().publish()
    copy = translate(client, page)
    assert not copy.live
    assert copy.get_parent().pk == front.pk
    form = {"title": "Lieferung", "slug": "lieferung", "standfirst": "", "body-count": "0", "action-publish": "1"}
    assert client.post(reverse("wagtailadmin_pages:edit", args=[copy.pk]), form).status_code == 302
    visitor = Client()
    german = visitor.get("/de/lieferung/")
    assert german.status_code == 200
    assert "Lieferung" in german.content.decode()
    assert '<html lang="de"' in german.content.decode()
    english = visitor.get("/delivery/").content.decode()
    assert "/de/lieferung/" in english
    assert visitor.get("/de/delivery/").status_code == 404


def test_a_merchandiser_translates_no_page() -> None:
    client = signed_in(MERCHANDISER)
    url = reverse("simple_translation:submit_page_translation", args=[home().pk])
    assert client.post(url, {"locales": [Locale.objects.get(language_code="de").pk]}).status_code == 302
    assert home().get_translations().count() == 0
