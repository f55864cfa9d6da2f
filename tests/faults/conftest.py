"""Processes that die, on a real PostgreSQL, paid at the sandbox, with a mail server that outlives them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.concurrency.conftest import at_once, postgres
from tests.integration.payment.conftest import stripe

from . import mailbox

__all__ = ["at_once", "postgres", "stripe"]


@pytest.fixture
def mails(settings: Any, tmp_path: Path) -> Path:
    """Where the mail server keeps what it took."""
    settings.EMAIL_BACKEND = mailbox.BACKEND
    settings.MAILBOX = str(tmp_path / "mails")
    return tmp_path / "mails"


@pytest.fixture(autouse=True)
def _long_checkouts(settings: Any) -> None:
    """A slow machine may take longer for a test than a page is open."""
    settings.SHOP_CHECKOUT_TIME = timedelta(hours=12)
