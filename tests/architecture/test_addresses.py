"""Every address that needs no argument can be asked for by a stranger without an error of ours."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The full name of each pattern below `resolver`."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern) and isinstance(pattern.name, str):
            yield namespace + pattern.name


def plain_addresses() -> list[str]:
    """The address of each name that can be made without arguments."""
    found = set()
    for name in names(get_resolver()):
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


@pytest.mark.django_db
def test_no_address_fails_for_a_stranger(client: Client) -> None:
    client.raise_request_exception = False
    addresses = plain_addresses()
    assert {"/basket/", "/search/"} <= set(addresses) or len(addresses) > 50
    # 503 is what the readiness check says when something is away.
    broken = {address: status for address in addresses if (status := client.get(address).status_code) in (500, 501)}
    assert broken == {}
