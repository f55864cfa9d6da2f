"""Two people, and a browser that is signed in as the first."""

from __future__ import annotations

import pytest
from django.test import Client

from shop.accounts.models import User

PASSWORD = "kiln-and-fern-7"


@pytest.fixture
def ada() -> User:
    """The one whose account it is."""
    return User.objects.create_user("ada@example.com", PASSWORD, first_name="Ada", last_name="Fenwick")


@pytest.fixture
def ben() -> User:
    """Somebody else."""
    return User.objects.create_user("ben@example.com", PASSWORD, first_name="Ben")


@pytest.fixture
def as_ada(ada: User) -> Client:
    """A browser that is signed in as Ada."""
    client = Client()
    client.force_login(ada)
    return client
