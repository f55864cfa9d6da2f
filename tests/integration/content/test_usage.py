"""Where a product is named, for those who write and those who sell."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import ReferenceIndex

from content.blocks.ids import ProductIdBlock
from shop.accounts.roles import MARKETER, MERCHANDISER, SUPPORT
from tests.factories import make_product
from tests.people import signed_in

from .contract import BLOCKS
from .pages import block, story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_permissions")]


def named_in(title: str, kind: str, number: int) -> None:
    """A story that names a product, and its entry in the index, which Wagtail makes when a request has ended."""
    ReferenceIndex.create_or_update_for_object(story([block(kind, BLOCKS[kind](number))], title=title))


def test_a_marketer_sees_where_a_product_and_its_variants_are_named(django_assert_max_num_queries: Any) -> None:
    plates = make_product("Supper plates", variants=[{"attributes": {"Glaze": "Soot"}, "sku": "SP-1"}])
    other = make_product("River mug")
    named_in("Named by itself", "product", plates.pk)
    named_in("Named by its variant", "text", plates.children.get().pk)
    named_in("About a mug", "product", other.pk)
    for number in range(5):
        named_in(f"Named again {number}", "product", plates.pk)
    client = signed_in(MARKETER)
    url = ProductIdBlock().get_form_state(plates.pk)["edit_url"]
    assert url == reverse("product_usage", args=[plates.pk])
    with django_assert_max_num_queries(60):
        html = client.get(url).content.decode()
    assert "Named by itself" in html
    assert "Named by its variant" in html
    assert "About a mug" not in html
    assert reverse("dashboard:catalogue-product", args=[plates.pk]) not in html


def test_a_merchandiser_gets_there_from_the_product_and_back() -> None:
    bowl = make_product("Ember bowl")
    client = signed_in(MERCHANDISER)
    edit, usage = reverse("dashboard:catalogue-product", args=[bowl.pk]), reverse("product_usage", args=[bowl.pk])
    assert usage in client.get(edit).content.decode()
    assert edit in client.get(usage).content.decode()


def test_who_may_not_see_the_editor_sees_no_usage() -> None:
    assert signed_in(SUPPORT).get(reverse("product_usage", args=[make_product().pk])).status_code == 302
