"""What the log says of addresses that are keys: nothing that opens something."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import pytest
from django.test import Client
from masthead.log_lines import Line
from masthead.settings import logs

from shop.customer.links import order_path, return_path, wish_list_path

pytestmark = pytest.mark.django_db
KEYS = {
    "/account/order/J9P/akey/": "/account/order/J9P/***",
    "/de/account/order/J9P/akey/returns/J9P-R1/withdraw/": "/de/account/order/J9P/***",
    "/account/order/J9P/akey/INV-1.pdf": "/account/order/J9P/***",
    "/checkout/pay/J9P/akey/": "/checkout/pay/J9P/***",
    "/account/wishlists/shared/ab12/akey/": "/account/wishlists/shared/ab12/***",
    "/account/password/akey/more/": "/account/password/***",
    "/de/account/confirm/akey/": "/de/account/confirm/***",
    "/account/email/akey/": "/account/email/***",
    "/newsletter/stop/akey/": "/newsletter/stop/***",
}
PLAIN = ("/account/orders/J9P/", "/account/order/J9P/", "/account/password/", "/search/", "/account/wishlists/7/")


def said(message: str, *arguments: str, exc_info: Any = None) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, arguments, exc_info)
    return Line("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize(("path", "cut"), KEYS.items())
def test_keys_are_cut(path: str, cut: str) -> None:
    assert said("Not Found: %s", path) == f"WARNING Not Found: {cut}"
    assert said("Forbidden (%s): %s", "CSRF token missing.", path).endswith(f": {cut}")


@pytest.mark.parametrize("path", PLAIN)
def test_all_else_is_said(path: str) -> None:
    assert said("Not Found: %s", path) == f"WARNING Not Found: {path}"


def test_what_follows_a_line_is_cut_as_well() -> None:
    try:
        raise ValueError("'/account/order/J9P/akey/' has no more")
    except ValueError as error:
        text = said("it failed", exc_info=(ValueError, error, error.__traceback__))
    assert "ValueError: '/account/order/J9P/***' has no more" in text and "akey" not in text


def test_what_django_warns_of_goes_through_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    handler = logging.config.DictConfigurator(logs.LOGGING).configure_formatter(logs.LOGGING["formatters"]["line"])  # type: ignore[attr-defined]
    assert isinstance(handler, Line) and logs.LOGGING["root"]["handlers"] == ["console"]
    assert logs.LOGGING["handlers"]["console"]["formatter"] == "line"
    for path in (order_path("J9P"), return_path("J9P", "J9P-R1"), wish_list_path("ab12")):
        caplog.clear()
        assert client.get(path).status_code == 404
        [record] = [each for each in caplog.records if each.name == "django.request"]
        assert path in record.getMessage() and handler.format(record).endswith("/***")
