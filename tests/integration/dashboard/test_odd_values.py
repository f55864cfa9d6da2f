"""Made-up numbers and words in the dashboard's addresses, questions and forms: a page that says so, and never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import AttributeOptionGroup, ProductAttribute, ProductClass

from .test_crawl import address, all_patterns, filled

pytestmark = pytest.mark.django_db
__all__ = ["filled"]
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")
ODD = ("0", "-1", "abc", "99999999999999999999", "\x00", "é '\"<x>")
# What lists, lookups and forms of the dashboard read from a question.
ASKED = (
    "q", "page", "sort", "dir", "since", "until", "state", "status", "kind", "year", "id", "initial", "pk", "product",
    "product_class", "parent", "category", "name", "upc", "title", "order", "code", "report_type", "date_from", "date_to",
    "is_active", "offer_type", "has_vouchers", "voucher_code", "username", "email", "keyword", "date_range", "stage",
    "page_size", "per_page", "language", "days", "period", "amount", "lines", "line", "quantity", "from", "to",
    "response_format", "order_number", "partner_sku", "product_title", "payment_method", "voucher", "search", "_popup",
    "layout", "tab", "key", "rule", "query", "market", "of", "reference", "number", "draft", "version", "a", "b",
)  # fmt: skip


class PutBackError(Exception):
    """What was changed is put back."""


def answered(client: Client, method: str, url: str, data: Any = None) -> int:
    """The status of an answer. What it changed is taken back."""
    status = 0
    try:
        with transaction.atomic():
            answer = client.get(url) if method == "get" else client.post(url, data or {})
            if answer.streaming:
                list(answer.streaming_content)
            status = answer.status_code
            raise PutBackError
    except PutBackError:
        return status


def paths() -> Iterator[str]:
    for path, _pattern in all_patterns():
        yield "/dashboard/" + path.replace("^", "").replace("\\", "").rstrip("$")


@pytest.fixture
def owner(client: Client, filled: dict[str, Any]) -> Client:
    client.force_login(filled["owner"])
    client.raise_request_exception = False
    return client


def test_no_address_fails_for_what_is_not_there(owner: Client) -> None:
    failed = {}
    for odd, path in product(ODD, paths()):
        for url in {PART.sub(quote(odd), path), PART.sub(quote(odd), path, count=1)} if PART.search(path) else ():
            url = PART.sub("1", url)
            for method in ("get", "post"):
                if (status := answered(owner, method, url)) >= 500:
                    failed[f"{method} {url}"] = status
    assert failed == {}


def test_no_list_fails_for_an_odd_question(owner: Client, filled: dict[str, Any]) -> None:
    failed = {}
    for odd, (path, pattern) in product(ODD, all_patterns()):
        url = f"{address(pattern, path, filled)}?{urlencode(dict.fromkeys(ASKED, odd))}"
        if (status := answered(owner, "get", url)) >= 500:
            failed[f"{url.partition('?')[0]} {odd}"] = status
    assert failed == {}


def test_no_form_fails_for_what_it_lacks(owner: Client, filled: dict[str, Any]) -> None:
    failed = {}
    for path, pattern in all_patterns():
        url = address(pattern, path, filled)
        for data in ({}, {"action": "x"}, {"do": "x"}, dict.fromkeys(ASKED, "\x00"), dict.fromkeys(ASKED, "abc")):
            if (status := answered(owner, "post", url, data)) >= 500:
                failed[f"{url} {list(data)[:1]}"] = status
    assert failed == {}


def test_what_is_in_use_stays(owner: Client, filled: dict[str, Any]) -> None:
    kind, group = ProductClass.objects.get(products=filled["plain"]), AttributeOptionGroup.objects.create(name="Sizes")
    for url in (
        reverse("dashboard:catalogue-class-delete", args=[kind.pk]),
        reverse("dashboard:catalogue-attribute-option-group-delete", args=[group.pk]),
    ):
        attribute = ProductAttribute.objects.create(
            product_class=kind, name="Size", code="a_size", type="option", option_group=group
        )
        assert "stays" in owner.post(url, follow=True).content.decode()
        attribute.delete()
    assert ProductClass.objects.filter(pk=kind.pk).exists()
    assert owner.post(url).status_code == 302 and not AttributeOptionGroup.objects.filter(pk=group.pk).exists()


def test_proposals_are_asked_for_as_they_were(owner: Client, filled: dict[str, Any]) -> None:
    def found(**asked: str) -> list[int]:
        answer = owner.get(reverse("dashboard:catalogue-product-lookup"), asked)
        return [each["id"] for each in answer.json()["results"]]

    bowl, jug = filled["plain"].pk, filled["parent"].pk
    assert found(q="bow") == found(initial=f"{bowl},x,{10**30}") == [bowl]
    assert found(page="9") == [] and found(page="x") == found() == [bowl, jug]
