"""Fixtures for every test. Tests run without migrations; what migrations and `setup_shop` would add is added here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import translation


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Add the rows that every shop has: roles, countries, tax rates, partner, root page, default site."""
    from content.operations import ensure_site
    from shop.accounts.roles import sync_roles
    from shop.partner.operations import ensure_partner, ensure_tax_rates
    from shop.shipping.operations import ensure_countries, ensure_shipping_methods

    with django_db_blocker.unblock():
        sync_roles()
        ensure_countries()
        ensure_tax_rates()
        ensure_partner()
        ensure_shipping_methods()
        ensure_site()


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """No test sees what another one cached."""
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _first_language(settings: Any) -> Iterator[None]:
    """No test goes on in the language of the page that another one asked for."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()
