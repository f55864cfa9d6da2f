"""Vouchers in the dashboard: codes that can be made, typed and not guessed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from shop.accounts.roles import MERCHANDISER
from tests.factories import make_offer, make_product

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


@pytest.fixture
def offer() -> Any:
    return make_offer("For vouchers", products=[make_product("Bowl")], offer_type="Voucher")


def create_set(client: Client, offer: Any, monkeypatch: pytest.MonkeyPatch, **values: Any) -> Any:
    """Send the form; a search for codes that does not end fails at once instead."""
    from oscar.apps.voucher import utils

    drawn = {"count": 0}
    draw = utils.generate_code

    def generate_code(*args: Any, **kwargs: Any) -> str:
        drawn["count"] += 1
        assert drawn["count"] < 500, "the search for free codes does not end"
        return draw(*args, **kwargs)

    monkeypatch.setattr(utils, "generate_code", generate_code)
    data = {
        "name": "Spring", "description": "For the spring mail", "usage": "Single use", "offers": [offer.pk],
        "start_datetime": "2026-01-01 00:00", "end_datetime": "2030-01-01 00:00", **values,
    }  # fmt: skip
    return client.post(reverse("dashboard:voucher-set-create"), data)


@pytest.mark.parametrize(
    ("length", "count", "says"),
    [
        (0, 3, "0 is too short for 3 codes, which could be guessed: give at least 5 characters."),
        (1, 40, "1 is too short for 40 codes, which could be guessed: give at least 6 characters."),
        (-4, 1, "-4 is too short for 1 code, which could be guessed: give at least 4 characters."),
        (200, 3, "200 is more than anybody types: give up to 32 characters."),
        (12, 1001, "1001 is not between 1 and 1000. Make several sets for more codes."),
        (12, 0, "0 is not between 1 and 1000."),
    ],
)
def test_a_set_whose_codes_cannot_be_made_is_refused_with_the_numbers(
    client: Client, offer: Any, monkeypatch: pytest.MonkeyPatch, length: int, count: int, says: str
) -> None:
    answer = create_set(client, offer, monkeypatch, code_length=length, count=count)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not get_model("voucher", "VoucherSet").objects.exists()


def test_a_set_long_enough_is_made(client: Client, offer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert create_set(client, offer, monkeypatch, code_length=6, count=40).status_code == 302
    assert get_model("voucher", "Voucher").objects.filter(voucher_set__name="Spring").count() == 40


def test_a_code_with_a_space_is_refused_without_scripts_too(client: Client, offer: Any) -> None:
    data = {
        "name": "Ten", "code": "ten off", "usage": "Single use", "offers": [offer.pk],
        "start_datetime": "2026-01-01 00:00", "end_datetime": "2030-01-01 00:00",
    }  # fmt: skip
    answer = client.post(reverse("dashboard:voucher-create"), data)
    assert "“TEN OFF” has a space in it. Leave it out, or write a hyphen: “TEN-OFF”." in answer.content.decode()
    assert client.post(reverse("dashboard:voucher-create"), {**data, "code": " ten-off "}).status_code == 302
    assert get_model("voucher", "Voucher").objects.get().code == "TEN-OFF"
