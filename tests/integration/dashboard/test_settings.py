"""Tax rates and deliveries: what the shop cannot do without stays, and what goes says what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER
from shop.partner.models import TaxRate
from shop.shipping.models import ShippingMethod

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


def ask(client: Client, base: str, row: Any) -> tuple[str, str]:
    """The page that asks, and its address."""
    url = reverse(f"dashboard:{base}-delete", args=[row.pk])
    return client.get(url).content.decode(), url


def test_the_home_countrys_rates_stay(client: Client) -> None:
    home = TaxRate.objects.get(country=settings.SHOP_HOME_COUNTRY, tax_class="standard")
    page, url = ask(client, "tax-rate", home)
    assert "20.00 % stays: it is a rate of the home country" in page
    assert "Change its rate instead" in page
    assert "btn--bad" not in page
    assert "Change its rate instead" in client.post(url, follow=True).content.decode()
    assert TaxRate.objects.filter(pk=home.pk).exists()
    change = reverse("dashboard:tax-rate-update", args=[home.pk])
    refused = client.post(change, {"country": "FR", "tax_class": "zero", "percent": "20"})
    assert "Change its rate instead" in str(refused.context["form"].errors)
    assert client.post(change, {"country": home.country, "tax_class": "standard", "percent": "17.5"}).status_code == 302


def test_another_countrys_rate_goes_after_its_cost_was_said(client: Client) -> None:
    row = TaxRate.objects.get(country="DE", tax_class="standard")
    page, url = ask(client, "tax-rate", row)
    assert "Orders to Germany then pay no tax on products of the class" in page
    assert client.post(url).status_code == 302
    assert not TaxRate.objects.filter(pk=row.pk).exists()


def test_the_only_delivery_stays_and_others_name_the_countries_they_leave(client: Client) -> None:
    ShippingMethod.objects.all().delete()
    here = ShippingMethod.objects.create(name="Post", code="post", countries=["GB"])
    ShippingMethod.objects.create(name="Old van", code="van", is_active=False)
    page, url = ask(client, "shipping-method", here)
    assert "“Post” is the only delivery that is offered" in page
    client.post(url)
    abroad = ShippingMethod.objects.create(name="Parcel", code="parcel", countries=["DE", "FR", "GB"])
    page, _url = ask(client, "shipping-method", abroad)
    assert "Nobody could order to these countries any more: France, Germany." in page
    assert ShippingMethod.objects.count() == 3
    page, url = ask(client, "shipping-method", here)
    assert "Nobody could order" not in page
    assert client.post(url).status_code == 302
    assert not ShippingMethod.objects.filter(pk=here.pk).exists()
