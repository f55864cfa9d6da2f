"""The site's basics."""

import pytest
from django.test import Client
from wagtail.models import Site

from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER, assign


@pytest.mark.django_db
def test_every_shop_has_a_front_page() -> None:
    assert Site.objects.get(is_default_site=True).root_page.slug == "home"


@pytest.mark.django_db
def test_an_email_address_signs_in_whatever_its_case(client: Client) -> None:
    user = User.objects.create_user("Ada@Example.com", "correct horse battery")
    assert client.login(username="ADA@example.com", password="correct horse battery")
    assign(user, MERCHANDISER)
    assert client.get("/dashboard/").status_code == 200
