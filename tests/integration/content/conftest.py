"""Who writes pages."""

from __future__ import annotations

import pytest
from django.test import Client

from content.roles import sync_wagtail_permissions
from shop.accounts.roles import MARKETER
from tests.people import signed_in


@pytest.fixture
def marketer(client: Client, db: None) -> Client:
    """A marketer's browser."""
    return signed_in(MARKETER, client)


@pytest.fixture
def page_permissions(db: None) -> None:
    """The rows that the migration of the content app writes; tests run without."""
    sync_wagtail_permissions()
