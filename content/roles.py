"""What a marketer may do in Wagtail: everything about pages, pictures, documents and snippets; no users, no orders."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate

from shop.accounts.roles import MARKETER, MERCHANDISER, grant

VERBS = ("view", "add", "change", "delete")
WITH_DRAFTS = ("productstory", "categorystory")
SNIPPETS = ("author", "topic", "savedsearch", *WITH_DRAFTS)
PAGE_PERMISSIONS = (
    "add_page",
    "change_page",
    "publish_page",
    "lock_page",
    "unlock_page",
    "bulk_delete_page",
    "view_page",
)
COLLECTION_PERMISSIONS = {
    "wagtailimages": ("add_image", "change_image", "delete_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "delete_document", "choose_document"),
}


def connect() -> None:
    """Add the permissions to the role, and have Wagtail's own kinds set after every migrate."""
    grant(MARKETER, *(f"content.{verb}_{model}" for model in SNIPPETS for verb in VERBS))
    grant(MARKETER, *(f"content.{verb}_{model}" for model in WITH_DRAFTS for verb in ("publish", "lock", "unlock")))
    grant(
        MARKETER,
        "content.change_brandsettings",
        "content.view_contactmessage",
        "content.view_newslettersubscription",
        "simple_translation.submit_translation",
        "wagtailredirects.add_redirect",
        "wagtailredirects.change_redirect",
        "wagtailredirects.delete_redirect",
    )
    # A merchandiser may write what a product's own page tells, and has no other permission in Wagtail. What Wagtail shows
    # without one, whoever may open /cms/ sees: its choosers and the site history (docs/security.md, "What is open").
    grant(MERCHANDISER, *(f"content.{verb}_productstory" for verb in ("view", "add", "change")))
    post_migrate.connect(_after_migrate, sender=apps.get_app_config("content"), dispatch_uid="content-roles")


def _after_migrate(using: str = "default", **kwargs: Any) -> None:
    from wagtail.models import Collection, Page

    if using == "default" and Page.objects.filter(depth=1).exists() and Collection.objects.filter(depth=1).exists():
        sync_wagtail_permissions()


def sync_wagtail_permissions() -> None:
    """Give the Marketer group its permissions on the page tree and the root collection. Safe to repeat."""
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

    group, _ = Group.objects.get_or_create(name=MARKETER)
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    if root is not None:
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", content_type__model="page", codename__in=PAGE_PERMISSIONS
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for app, codenames in COLLECTION_PERMISSIONS.items():
        for permission in Permission.objects.filter(content_type__app_label=app, codename__in=codenames):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
