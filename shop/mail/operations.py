"""Write a mail down. It is sent by the worker, after the transaction that caused it, and tried again where it fails.

A kind is three templates: mail/<kind>.subject, mail/<kind>.txt and mail/<kind>.html (the last may be missing).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import get_language, override

from shop.outbox.operations import enqueue

from .models import SentMail

TOPIC = "mail.send"
Provider = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_providers: dict[str, Provider] = {}
_additions: dict[str, list[Provider]] = {}
_name_providers: list[Callable[[], str]] = []


def context_of(*kinds: str) -> Callable[[Provider], Provider]:
    """Let the decorated function turn the small context that was written down into what the templates read.

    It runs when the mail is sent, in the mail's language. Raises nothing for a thing that is gone: it returns what is
    left, or raises LookupError to drop the mail.
    """

    def register(provider: Provider) -> Provider:
        for kind in kinds:
            _providers[kind] = provider
        return provider

    return register


def adds_to(*kinds: str) -> Callable[[Provider], Provider]:
    """Let the decorated function add to what the templates of another app's mails read. It gets what was written down."""

    def register(provider: Provider) -> Provider:
        for kind in kinds:
            _additions.setdefault(kind, []).append(provider)
        return provider

    return register


def shop_name_from(provider: Callable[[], str]) -> None:
    """Let `provider` say what the shop is called in mails. A room above knows; call it in AppConfig.ready()."""
    _name_providers[:] = [provider]


def send(kind: str, *, to: str, context: Mapping[str, Any], language: str = "") -> uuid.UUID:
    """Write down a mail of `kind` to one address, inside the transaction of its cause. Returns its id.

    `context` must be plain JSON. `language` defaults to the active one.
    """
    mail_id = uuid.uuid4()
    payload = {
        "id": str(mail_id),
        "kind": kind,
        "to": to,
        "context": dict(context),
        "language": language or get_language() or settings.LANGUAGE_CODE,
    }
    enqueue(TOPIC, payload, key=str(mail_id))
    return mail_id


def write_to_buyer(order: Any, kind: str, **context: Any) -> None:
    """A mail about an order in its own language; none where the account of its buyer was deleted, with the address."""
    if order.email:
        send(kind, to=order.email, context={"order": order.pk, **context}, language=order.language)


def write_to_staff(kind: str, context: Mapping[str, Any]) -> None:
    """A mail to whoever works here; none where the shop has not said where they read (STAFF_EMAIL)."""
    if settings.SHOP_STAFF_EMAIL:
        send(kind, to=settings.SHOP_STAFF_EMAIL, context=context, language=settings.LANGUAGE_CODE)


def base_url() -> str:
    """The shop's own address for links in mails, without a slash at the end. Never taken from a request."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def shop_name() -> str:
    """What the shop is called in mails."""
    names = [provider() for provider in _name_providers]
    return names[0] if names else str(settings.OSCAR_SHOP_NAME)


def deliver(payload: Mapping[str, Any]) -> SentMail | None:
    """Render and send one mail that was written down, and keep it. Harmless to repeat: what was sent is not sent again.

    Two that run at once would both send; the outbox's lease sees to it that none do. A process that dies after the
    mail server took the mail and before it is kept has it sent again, with the same Message-ID.

    Raises whatever the mail server's connection raises; the outbox then tries again. Returns None for a mail whose
    cause is gone.
    """
    mail_id = uuid.UUID(payload["id"])
    if found := SentMail.objects.filter(pk=mail_id).first():
        return found
    kind, language = payload["kind"], payload["language"]
    with override(language):
        try:
            context = {"base_url": base_url(), "shop_name": shop_name(), "language": language}
            context |= _providers.get(kind, dict)(payload["context"])
            for adds in _additions.get(kind, ()):
                context |= adds(payload["context"])
        except LookupError:
            return None
        subject = " ".join(render_to_string(f"mail/{kind}.subject", context).split())
        # Plain text is not HTML: what a customer is called must not arrive as &#x27;.
        text = render_to_string(f"mail/{kind}.txt", {**context, "plain": True}).strip() + "\n"
        try:
            html: str = render_to_string(f"mail/{kind}.html", context)
        except TemplateDoesNotExist:
            html = ""
    message = EmailMultiAlternatives(
        subject=strip_tags(subject),
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[payload["to"]],
        # The same for every try, so that a mailbox drops a second copy.
        headers={"Message-ID": f"<{mail_id}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()
    # What the context names as `hidden`, such as a gift card's code, is for the mailbox alone. A demo has no mailboxes.
    for secret in () if settings.DEMO else context.get("hidden", ()):
        text, html = text.replace(secret, "…"), html.replace(secret, "…")
    sent, _created = SentMail.objects.get_or_create(
        pk=mail_id,
        defaults={
            "kind": kind,
            "to": payload["to"],
            "subject": subject[:255],
            "text": text,
            "html": html,
            "language": language,
        },
    )
    return sent


def _domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip(" >") or "localhost"
