"""The shop's name and colours."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Site

from content import colours
from content.brand import current_brand
from content.models import BrandSettings

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
