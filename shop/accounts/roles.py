"""The roles of staff and exactly what each may do. Rooms above add to the table through `grant`."""

from __future__ import annotations

from typing import Any

from django.apps import apps as global_apps

MARKETER = "Marketer"
MERCHANDISER = "Merchandiser"
SUPPORT = "Support"

# Looking after orders: merchandisers run them, support answers for them.
ORDERS = {
    "order.view_order", "order.change_order", "order.view_line", "order.change_line",
    "order.view_ordernote", "order.add_ordernote", "order.change_ordernote",
    "returns.view_return", "returns.add_return", "returns.change_return",
    "payment.view_payment", "payment.change_payment", "payment.add_refund", "payment.view_webhookevent", "payment.change_webhookevent",
    "invoices.view_invoice",
    "giftcards.view_giftcard", "giftcards.change_giftcard",
}  # fmt: skip

# role -> permission codenames, as "app_label.codename"
ROLES: dict[str, set[str]] = {
    MARKETER: {"wagtailadmin.access_admin", "catalogue.view_product", "catalogue.view_category"},
    MERCHANDISER: {
        *(
            f"{app}.{verb}_{model}"
            for app, models in {
                "catalogue": (
                    "product", "productclass", "productattribute", "attributeoptiongroup", "attributeoption",
                    "category", "productimage", "productrecommendation", "option", "productattributevalue", "brand",
                ),
                "partner": ("stockrecord", "partner", "taxrate"),
                "offer": ("conditionaloffer", "condition", "benefit", "range"),
                "voucher": ("voucher", "voucherset"),
                "shipping": ("shippingmethod",),
                "reviews": ("productreview",),
            }.items()
            for model in models
            for verb in ("view", "add", "change", "delete")
        ),
        # Giving money away, and changing how much.
        "giftcards.add_giftcard", "giftcards.add_giftcardentry",
        *ORDERS, "analytics.view_userrecord", "wagtailadmin.access_admin",
    },
    SUPPORT: {
        *ORDERS, "accounts.view_user", "catalogue.view_product", "partner.view_stockrecord", "reviews.view_productreview", "reviews.change_productreview",
    },
}  # fmt: skip


def grant(role: str, *permissions: str) -> None:
    """Add permissions to a role from a room above; call it in AppConfig.ready(). Raises KeyError for an unknown role."""
    ROLES[role].update(permissions)


def sync_roles(using: str = "default", **kwargs: object) -> None:
    """Make each role's group hold the permissions of ROLES and no other. Runs after every migrate; safe to repeat.

    Permissions whose app is not yet migrated are taken up by a later call. Wagtail's page permissions are not
    ordinary permissions: content/roles.py sets those.
    """
    sender = kwargs.get("app_config")
    if sender is not None and getattr(sender, "label", "") not in {"accounts", "masthead"}:
        return
    Group = global_apps.get_model("auth", "Group")
    Permission = global_apps.get_model("auth", "Permission")
    held = {
        f"{app}.{codename}": pk
        for pk, codename, app in Permission.objects.using(using).values_list(
            "pk", "codename", "content_type__app_label"
        )
    }
    for role, permissions in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([held[name] for name in sorted(permissions) if name in held])


def assign(user: object, role: str) -> None:
    """Make `user` staff with `role`. `user` is an accounts.User."""
    Group = global_apps.get_model("auth", "Group")
    group, _ = Group.objects.get_or_create(name=role)
    user.is_staff = True  # type: ignore[attr-defined]
    user.save(update_fields=["is_staff"])  # type: ignore[attr-defined]
    user.groups.add(group)  # type: ignore[attr-defined]


def place_of(user: Any) -> str:
    """Where `user` works: "cms", "dashboard", or nothing for a shopper. A superuser works at the dashboard."""
    if not (user.is_active and user.is_staff):
        return ""
    if not user.is_superuser and user.groups.filter(name=MARKETER).exists():
        return "cms"
    return "dashboard"


__all__ = ["MARKETER", "MERCHANDISER", "ROLES", "SUPPORT", "assign", "grant", "place_of", "sync_roles"]
