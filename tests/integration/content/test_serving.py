"""Which site a host belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from wagtail.models import Page, Site

from content.models import BrandSettings
from content.serving import find_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["localhost", "kiln.example", "kiln.example:8443", "two.example", "nowhere.example"])
def test_a_site_is_found_as_wagtail_finds_it(host: str, django_assert_num_queries: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    root = Page.objects.get(depth=2)
    for name, port in (("kiln.example", 8443), ("two.example", 80), ("two.example", 8000)):
        site = Site.objects.create(hostname=name, port=port, root_page=root)
        BrandSettings.objects.create(site=site, shop_name=f"{name} {port}")
    expected = Site.find_for_request(RequestFactory().get("/", HTTP_HOST=host))
    request = RequestFactory().get("/", HTTP_HOST=host)
    with django_assert_num_queries(1):
        site, brand = find_site(request)
        assert Site.find_for_request(request) == site
    assert site == expected
    assert (brand.shop_name if brand else "") == ("" if site.is_default_site else f"{site.hostname} {site.port}")
