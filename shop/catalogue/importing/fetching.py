"""A file from the public web, and from nowhere else: whoever uploads a list of addresses must not read our network by it.

A name is looked up once, and the connection goes to the very address that was checked: a name server that answers
differently the second time (DNS rebinding) is never asked a second time. The certificate is still held to the name.
Proxies of the environment are not used, since they would look the name up themselves.
"""

from __future__ import annotations

import socket
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import ParseResult, urljoin, urlparse

import urllib3

# To connect, and between two parts of an answer.
TIMEOUT = urllib3.Timeout(connect=10, read=10)
# For all of one answer: one that drips is given up.
SECONDS_IN_ALL = 60
MAX_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
# Whose certificates count; None: the ones that this machine trusts.
CERTIFICATES: str | None = None
# IPv6 that carries an IPv4 address, which a gateway or this machine may take out again (compatible, NAT64, 6to4), and
# site-local addresses, which Python takes for global ones.
CARRIERS = tuple(IPv6Network(each) for each in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10"))


class UnreachableError(Exception):
    """Nothing came from the address: no such name, no connection, a wrong certificate, an error for an answer."""


def fetch(address: str, *, max_bytes: int) -> bytes:
    """What stands at `address`, at most one byte more than `max_bytes`, so that the caller can tell.

    Raises ValueError for an address that is not on the public web, redirects included, and UnreachableError.
    """
    for _ in range(MAX_REDIRECTS + 1):
        parts = urlparse(address)
        places = public_places(parts)
        try:
            found = _answer(parts, places[0], max_bytes)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnreachableError(type(error).__name__) from error
        if isinstance(found, bytes):
            return found
        address = urljoin(address, found)
    raise ValueError(f"its address leads on more than {MAX_REDIRECTS} times")


def public_places(parts: ParseResult) -> list[str]:
    """The addresses that the host of a URL stands for. Raises ValueError where one of them is not public."""
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("its address is not one of the web")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(type(error).__name__) from error
    places = [str(place[0]).partition("%")[0] for *_, place in found]
    if not places or not all(is_public(place) for place in places):
        raise ValueError(f"its host {parts.hostname} is not on the public internet")
    return places


def is_public(place: str) -> bool:
    """Whether an IP address is one of the public internet."""
    address = ip_address(place)
    if isinstance(address, IPv6Address) and any(address in network for network in CARRIERS):
        return False
    return address.is_global and not address.is_multicast


def _answer(parts: ParseResult, place: str, max_bytes: int) -> bytes | str:
    """The body, or where a redirect leads."""
    port = parts.port or PORTS[parts.scheme]
    name = str(parts.hostname)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(place, port, server_hostname=name, ca_certs=CERTIFICATES)
    else:
        pool = urllib3.HTTPConnectionPool(place, port)
    host = f"[{name}]" if ":" in name else name
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with pool:
        response = pool.request(
            "GET",
            path if path.startswith("/") else f"/{path}",
            headers={"Host": host if parts.port is None else f"{host}:{port}", "Accept-Encoding": "gzip"},
            timeout=TIMEOUT,
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            if where := response.get_redirect_location():
                return str(where)
            if response.status != 200:
                raise UnreachableError(f"it answers {response.status}")
            return _body(response, max_bytes)
        finally:
            response.close()


def _body(response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    deadline, content = time.monotonic() + SECONDS_IN_ALL, bytearray()
    while len(content) <= max_bytes and (part := response.read1(65536, decode_content=True)):
        content += part
        if time.monotonic() > deadline:
            raise UnreachableError(f"it takes longer than {SECONDS_IN_ALL} seconds")
    return bytes(content[: max_bytes + 1])
