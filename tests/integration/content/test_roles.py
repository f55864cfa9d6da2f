"""What a marketer may do in Wagtail, and what not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from content.models import StandardPage
from shop.accounts.roles import MERCHANDISER
from tests.people import signed_in

from .pages import home

pytestmark = pytest.mark.django_db


ALLOWED = ["wagtailadmin_home", "wagtailimages:index", "wagtaildocs:index", "wagtailredirects:index"]
FORBIDDEN = ["wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index"]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_marketer_opens_what_pages_need(marketer: Client, name: str) -> None:
    assert marketer.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_marketer_opens_neither_users_nor_sites(marketer: Client, name: str) -> None:
    assert marketer.get(reverse(name)).status_code == 302


def test_a_marketer_writes_and_publishes_a_page(marketer: Client) -> None:
    url = reverse("wagtailadmin_pages:add", args=["content", "standardpage", home().pk])
    form = {"title": "Delivery", "slug": "delivery", "standfirst": "", "body-count": "0", "action-publish": "1"}
    assert marketer.post(url, form).status_code == 302
    assert StandardPage.objects.get(slug="delivery").live


def test_a_marketer_changes_the_brand(marketer: Client) -> None:
    site = Site.objects.get(is_default_site=True)
    url = reverse("wagtailsettings:edit", args=["content", "brandsettings", site.pk])
    assert marketer.get(url).status_code == 200


@pytest.mark.parametrize("name", ["author", "topic", "savedsearch", "productstory", "categorystory", "contactmessage"])
def test_a_marketer_opens_snippets(marketer: Client, name: str) -> None:
    assert marketer.get(reverse(f"wagtailsnippets_content_{name}:list")).status_code == 200


def test_a_marketer_opens_no_order(marketer: Client) -> None:
    assert marketer.get(reverse("dashboard:order-list")).status_code in (302, 403)


def test_the_admin_links_to_the_part_of_the_dashboard_that_opens(marketer: Client) -> None:
    html = marketer.get(reverse("wagtailadmin_home")).content.decode()
    products = reverse("dashboard:catalogue-product-list")
    assert f'"{products}"' in html
    assert f'"{reverse("dashboard:index")}"' not in html
    assert marketer.get(products).status_code == 200


def test_the_admin_links_a_merchandiser_to_the_whole_dashboard() -> None:
    client = signed_in(MERCHANDISER)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f'"{reverse("dashboard:index")}"' in html
    assert "Shop products" not in html


def test_a_merchandiser_edits_no_page() -> None:
    client = signed_in(MERCHANDISER)
    page = Page.objects.get(pk=home().pk)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 302
