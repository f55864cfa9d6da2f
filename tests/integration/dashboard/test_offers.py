"""Offers in the dashboard: which are in force, and the ways between their steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from shop.accounts.roles import MERCHANDISER
from tests.factories import make_offer, make_product

from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_the_list_of_offers_says_which_are_in_force_today() -> None:
    jug = make_product("Jug")
    make_offer("Runs", products=[jug])
    ended, stopped = make_offer("Ended", products=[jug]), make_offer("Stopped", products=[jug])
    ended.start_datetime, ended.end_datetime = timezone.now() - timedelta(9), timezone.now() - timedelta(2)
    ended.save()
    stopped.suspend()
    page = BeautifulSoup(signed_in(MERCHANDISER).get(reverse("dashboard:offer-list")).content, "html.parser")
    states = {
        row.th.get_text(strip=True): row.select_one(".state").get_text(strip=True) for row in page.select("tbody tr")
    }
    assert states == {"Runs": "In force", "Ended": "Not in force", "Stopped": "Suspended"}


@pytest.mark.parametrize("step", ["metadata", "benefit", "condition", "restrictions"])
def test_from_each_step_of_an_offer_that_is_there_all_others_can_be_opened(step: str) -> None:
    offer = make_offer(products=[make_product("Jug")])
    client = signed_in(MERCHANDISER)
    steps = ["metadata", "benefit", "condition", "restrictions"]
    urls = {name: reverse(f"dashboard:offer-{name}", args=[offer.pk]) for name in steps}
    page = BeautifulSoup(client.get(urls[step]).content, "html.parser")
    led_to = {link["href"] for link in page.select("nav[aria-label=Steps] a")}
    assert led_to == set(urls.values()) - {urls[step]}
    for url in led_to:
        assert client.get(url).status_code == 200


def test_of_a_new_offer_only_what_is_done_can_be_opened() -> None:
    page = BeautifulSoup(signed_in(MERCHANDISER).get(reverse("dashboard:offer-metadata")).content, "html.parser")
    assert len(page.select("nav[aria-label=Steps] li")) == 4
    assert not page.select("nav[aria-label=Steps] a")
