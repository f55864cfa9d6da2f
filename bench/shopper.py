"""A visitor who buys, over HTTP as a browser without scripts would: from the basket to an order that awaits its payment."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from dataclasses import dataclass, field
from html import unescape

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|token|seen)" value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"
ADDRESS = {
    "name": "Ada Fenwick", "line1": "14 Tanner’s Row", "line2": "", "town": "Leeds", "postcode": "LS1 4DY", "country": "GB",
    "phone": "", "ship": "collect", "bill_same": "yes",
}  # fmt: skip


class ShopperError(Exception):
    """A page was not what a buyer needs."""


@dataclass
class Shopper:
    """One visitor with cookies of their own and an address of their own, so that nobody is taken for a crowd."""

    port: int
    number: int
    payment: str = "bank-transfer"
    cookies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    @property
    def email(self) -> str:
        """Where the receipt goes."""
        return f"buyer{self.number}@example.org"

    def ask(self, path: str, form: dict[str, str] | None = None, *, expect: int = 0) -> tuple[int, str, str]:
        """One request; status, where it leads, and the page. Raises ShopperError where another status was `expect`ed."""
        connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection = connection
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}",
            "Sec-Fetch-Site": "same-origin",
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        body = None
        if form is not None:
            headers["Content-Type"], body = FORM, urllib.parse.urlencode(form)
        try:
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.leave()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.hidden.update({name: unescape(value) for name, value in HIDDEN.findall(text)})
        if expect and answer.status != expect:
            raise ShopperError(f"{path}: status {answer.status}, not {expect}: {text[:2000]}")
        return answer.status, answer.headers.get("Location") or "", text

    def leave(self) -> None:
        """Close the connection; the cookies stay."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def add(self, product: int) -> None:
        """Put one of a product into the basket."""
        self.ask("/basket/add/", {"product": str(product), "quantity": "1"}, expect=303)

    def fill_in(self) -> None:
        """The first two pages, and a look at the third."""
        self.ask("/checkout/", expect=200)
        self._send("/checkout/", {"email": self.email}, expect=303)
        self.ask("/checkout/address/", expect=200)
        self._send("/checkout/address/", {**ADDRESS, "email": self.email}, expect=303)
        self.ask("/checkout/review/", expect=200)

    def press(self) -> str:
        """The button. Returns where it leads: to a payment page, or to the thanks. Raises ShopperError where nothing is ordered."""
        status, place, text = self._send("/checkout/review/", {"payment": self.payment, "terms": "yes"})
        if status != 303 or not (place.startswith("http") or "/checkout/done/" in place):
            raise ShopperError(f"not ordered: status {status}, {place or text[:2000]}")
        return place

    def _send(self, path: str, form: dict[str, str], *, expect: int = 0) -> tuple[int, str, str]:
        return self.ask(path, {**self.hidden, **form}, expect=expect)
