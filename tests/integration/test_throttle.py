"""What may be tried, how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.test import Client

from shop import throttle
from shop.basket import operations, views
from shop.basket.operations import BasketError
from tests.factories import make_product
from tests.integration.orders.test_placement import make_voucher

LIMIT = throttle.Limit("of-a-test", 3, 3600)


def test_an_attempt_given_back_does_not_count_and_those_before_it_do() -> None:
    assert [throttle.take(LIMIT, "ada") for _ in range(3)] == [0, 0, 0]
    throttle.give_back(LIMIT, "ada")
    assert throttle.take(LIMIT, "ada") == 0
    assert throttle.take(LIMIT, "ada") > 0
    throttle.forget(LIMIT, "ada")
    assert throttle.take(LIMIT, "ada") == 0


def test_nothing_can_be_given_back_after_the_window() -> None:
    throttle.give_back(LIMIT, "bo")
    assert [throttle.take(LIMIT, "bo") > 0 for _ in range(4)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("address", "forwarded", "counts_as"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::1", "2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("9.9.9.9", "198.51.100.7", "9.9.9.9"),
        ("", "", ""),
    ],
)
def test_whose_tries_are_counted_together(rf: Any, address: str, forwarded: str, counts_as: str) -> None:
    """Who has a line has a network of IPv6, and could take another of its addresses for every try."""
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert throttle.client_address(rf.get("/", REMOTE_ADDR=address, **more)) == counts_as


@pytest.mark.django_db
def test_wrong_codes_run_out_and_right_ones_do_not_buy_more_guesses(client: Client) -> None:
    make_voucher("FERN")
    client.post("/basket/add/", {"product": make_product().pk}, HTTP_SEC_FETCH_SITE="same-origin")
    statuses = []
    for number in range(throttle.VOUCHER_ADDRESS.attempts):
        statuses.append(client.post("/basket/voucher/", {"code": f"GUESS{number}"}).status_code)
        if number < 19:
            assert client.post("/basket/voucher/", {"code": "FERN"}).status_code in (303, 409)
    assert set(statuses) == {404}
    for code in ("GUESS", "FERN"):
        answer = client.post("/basket/voucher/", {"code": code})
        assert answer.status_code == 429 and "Wait" in answer.content.decode()


def test_guesses_at_once_get_no_further_than_one_after_another(monkeypatch: pytest.MonkeyPatch, rf: Any) -> None:
    """Each is counted before it is tried: thirty that start together are twenty tries."""
    attempts = throttle.VOUCHER_ADDRESS.attempts
    barrier = Barrier(attempts + 10)
    tried: list[str] = []

    def wrong(basket: Any, code: str, *, user: Any) -> None:
        tried.append(code)
        raise BasketError("no such voucher", status=404)

    monkeypatch.setattr(operations, "apply_voucher", wrong)

    def guess(number: int) -> int:
        request = rf.post("/basket/voucher/")
        request.basket, request.user = None, None
        barrier.wait(timeout=30)
        try:
            views._apply_voucher(request, str(number))
        except BasketError as error:
            return error.status
        return 200

    with ThreadPoolExecutor(attempts + 10) as pool:
        answers = list(pool.map(guess, range(attempts + 10)))
    assert sorted(answers) == [404] * attempts + [429] * 10
    assert len(tried) == attempts
