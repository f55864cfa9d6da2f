"""Writes to pages, sites, messages and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from shop.accounts.roles import MARKETER
from shop.mail.operations import send

from .models import CategoryStory, ContactMessage, ContactPage, HomePage, NewsletterSubscription, ProductStory
from .roles import sync_wagtail_permissions

MAIL_AGAIN_AFTER = timedelta(minutes=10)
CONFIRM_WITHIN = timedelta(days=14)


def ensure_site() -> Site:
    """Make the language, the page tree's root, a front page and the default site where they are missing.

    Wagtail's own first page ("Welcome to your new Wagtail site!") is replaced. Returns the default site.
    """
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        stub = root.get_children().filter(slug="home").first()
        home = HomePage(title="Front page", slug="front" if stub else "home", locale=locale)
        root.refresh_from_db()
        root.add_child(instance=home)
        if site is not None and stub is not None and site.root_page_id == stub.pk:
            site.root_page = home
            site.save()
        if (stub is not None and stub.specific_class is None) or (stub is not None and type(stub.specific) is Page):
            Page.objects.get(pk=stub.pk).delete()
            home.refresh_from_db()
            home.slug = "home"
            home.save()
    if site is None:
        site = Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    sync_wagtail_permissions()
    ensure_workflow()
    return site


def ensure_workflow() -> Workflow:
    """Have what is submitted for approval reach somebody: pages, and the stories of products and categories.

    Marketers approve, unless whoever looks after the site has put people in the group that does. Safe to repeat.
    """
    workflow = Workflow.objects.active().order_by("pk").first()
    if workflow is None:
        workflow = Workflow.objects.create(name="Approval")
        task = GroupApprovalTask.objects.create(name="Approval by marketers")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    root = Page.get_first_root_node()
    if root is not None and not WorkflowPage.objects.exists():
        WorkflowPage.objects.create(workflow=workflow, page=root)
    for model in (ProductStory, CategoryStory):
        kind = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})
    marketers, _ = Group.objects.get_or_create(name=MARKETER)
    for task in GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow):
        if not task.groups.filter(user__is_active=True).exists():
            task.groups.add(marketers)
    return workflow


def receive_message(page: ContactPage, data: Mapping[str, Any], *, language: str = "") -> ContactMessage:
    """Keep what somebody wrote on a contact page, and have it mailed where the page says so."""
    with transaction.atomic():
        message = ContactMessage.objects.create(
            page=page,
            name=data["name"],
            email=data["email"],
            subject=data.get("subject", ""),
            text=data["text"],
            language=language,
        )
        if page.mail_to:
            send(
                "contact-message",
                to=page.mail_to,
                context={
                    "name": message.name,
                    "email": message.email,
                    "subject": message.subject,
                    "text": message.text,
                    "page": page.title,
                },
            )
    return message


def subscribe(email: str, *, language: str, source: str = "") -> NewsletterSubscription:
    """Take a request for the newsletter and mail the link that confirms it; nothing else is sent before that.

    Asking again mails the link again, at most once in ten minutes; an active subscription stays as it is and gets no mail,
    so that the form tells nobody who reads the letter.
    """
    address = email.strip().lower()
    now = timezone.now()
    with transaction.atomic():
        subscription, _ = NewsletterSubscription.objects.get_or_create(
            email=address, defaults={"language": language, "source": source[:500]}
        )
        fresh = subscription.mailed_at is not None and now - subscription.mailed_at < MAIL_AGAIN_AFTER
        if subscription.is_active or fresh:
            return subscription
        subscription.mailed_at = now
        subscription.language = language
        subscription.save(update_fields=["mailed_at", "language"])
        send(
            "newsletter-confirm",
            to=address,
            context={
                "confirm_path": signed_path("newsletter-confirm", address),
                "stop_path": signed_path("newsletter-stop", address),
            },
            language=language,
        )
    return subscription


def signed_path(name: str, email: str) -> str:
    """The address of a link that only the reader of `email` has."""
    return reverse(name, args=[signing.dumps(email, salt=f"content.{name}")])


def email_of(name: str, token: str) -> str | None:
    """Whose link this is, or None for one that was not made here or is older than it may be."""
    max_age = CONFIRM_WITHIN if name == "newsletter-confirm" else None
    try:
        return signing.loads(token, salt=f"content.{name}", max_age=max_age)
    except signing.BadSignature:
        return None


def confirm(token: str) -> NewsletterSubscription | None:
    """Follow a confirmation link; None for a link that cannot be used. Safe to repeat."""
    subscription = NewsletterSubscription.objects.filter(email=email_of("newsletter-confirm", token) or "").first()
    if subscription is not None and not subscription.is_active:
        subscription.confirmed_at, subscription.ended_at = timezone.now(), None
        subscription.save(update_fields=["confirmed_at", "ended_at"])
    return subscription


def unsubscribe(token: str) -> NewsletterSubscription | None:
    """Follow a link out; None for a link that cannot be used. Safe to repeat."""
    subscription = NewsletterSubscription.objects.filter(email=email_of("newsletter-stop", token) or "").first()
    if subscription is not None and subscription.ended_at is None:
        subscription.ended_at = timezone.now()
        subscription.save(update_fields=["ended_at"])
    return subscription
