"""Colleagues: accounts with a role, and their browsers."""

from __future__ import annotations

from django.test import Client

from shop.accounts.models import User
from shop.accounts.roles import assign


def somebody(role: str, name: str = "") -> User:
    """An account with that role; `name` tells two of one role apart."""
    user = User.objects.create_user(f"{name}{role.lower()}@example.com", "correct horse battery")
    assign(user, role)
    return user


def signed_in(role: str, client: Client | None = None) -> Client:
    """A browser of somebody with that role: a new one, or the one that is given."""
    client = client or Client()
    client.force_login(somebody(role))
    return client
