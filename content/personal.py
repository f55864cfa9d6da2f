"""What the pages hold about a person with an account: the newsletter, and messages by the contact form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shop.accounts.personal import Holding, proven_email, register

from .models import ContactMessage, NewsletterSubscription


def connect() -> None:
    """Hand both out with the copy of an account, and forget both with its deletion."""
    register(
        Holding(
            name="newsletter",
            about="Whether you get the newsletter.",
            fields={
                "asked": "when you asked for it",
                "confirmed": "when you confirmed it",
                "ended": "when you stopped it",
                "signed_up_on": "the page where you asked",
            },
            export=_subscriptions,
            forget=lambda user: _forget(NewsletterSubscription, user),
        )
    )
    register(
        Holding(
            name="messages",
            about="What you wrote to us by the contact form.",
            fields={
                "sent": "when",
                "name": "as you gave it",
                "subject": "what it was about",
                "text": "what you wrote",
            },
            export=_messages,
            forget=lambda user: _forget(ContactMessage, user),
        )
    )


def _subscriptions(user: Any) -> Iterator[dict[str, Any]]:
    for row in NewsletterSubscription.objects.filter(email__iexact=proven_email(user)):
        yield {"asked": row.asked_at, "confirmed": row.confirmed_at, "ended": row.ended_at, "signed_up_on": row.source}


def _messages(user: Any) -> Iterator[dict[str, Any]]:
    for row in ContactMessage.objects.filter(email__iexact=proven_email(user)).order_by("pk"):
        yield {"sent": row.sent_at, "name": row.name, "subject": row.subject, "text": row.text}


def _forget(model: Any, user: Any) -> None:
    model.objects.filter(email__iexact=proven_email(user)).delete()
