"""Staff are told that Elasticsearch does not answer, as pages look nearly the same without it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from search.elastic.client import SEARCHING
from shop.accounts.roles import MERCHANDISER
from tests.integration.dashboard.pages import signed_in

pytestmark = pytest.mark.django_db
SAID = "Elasticsearch did not answer"


def page(office: Client) -> str:
    return office.get(reverse("dashboard:index")).content.decode()


def test_the_dashboard_says_so_until_it_answers_again(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    office = signed_in(MERCHANDISER)
    assert SAID not in page(office)
    SEARCHING.failed(time.time(), "refused")
    assert SAID in page(office)
    SEARCHING.succeeded(time.time())
    assert SAID not in page(office)


def test_a_shop_without_elasticsearch_misses_none(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = ""
    SEARCHING.failed(time.time(), "refused")
    assert SAID not in page(signed_in(MERCHANDISER))
