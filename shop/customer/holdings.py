"""What the shop's own tables hold about a person: how it is handed out, and how it is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from oscar.apps.address.models import UserAddress
from oscar.apps.analytics.models import UserProductView, UserSearch
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.customer.models import ProductAlert
from oscar.apps.order.models import BillingAddress, OrderNote, ShippingAddress
from oscar.apps.voucher.models import VoucherApplication
from oscar.apps.wishlists.models import WishList

from shop.accounts.models import User
from shop.accounts.personal import Holding, proven_email, register
from shop.basket.models import Basket
from shop.catalogue.models import Product
from shop.checkout.models import Checkout
from shop.mail.models import SentMail
from shop.order.models import Order

ADDRESS = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode", "country_id")


def connect() -> None:
    """Register all of them."""
    for name, about, fields, export, forget, place in _TABLE:
        register(Holding(name, about, fields, export, forget, place))


def _address(address: Any) -> dict[str, str] | None:
    if address is None:
        return None
    shown = {name.removesuffix("_id"): str(getattr(address, name) or "") for name in ADDRESS}
    return {**shown, "phone": str(getattr(address, "phone_number", "") or "")}


def _account(user: User) -> Iterator[dict[str, Any]]:
    yield {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
    }


def _orders(user: User) -> Iterator[dict[str, Any]]:
    rows = (
        Order.objects.filter(user=user)
        .select_related("shipping_address", "billing_address")
        .prefetch_related("lines", "status_changes")
        .order_by("pk")
    )
    for order in rows.iterator(chunk_size=100):
        yield {
            "number": order.number,
            "placed": order.date_placed,
            "state": order.status,
            "currency": order.currency,
            "total": order.total_incl_tax,
            "total_without_tax": order.total_excl_tax,
            "delivery": order.shipping_method,
            "payment": order.payment_method,
            "delivery_address": _address(order.shipping_address),
            "billing_address": _address(order.billing_address),
            "lines": [
                {
                    "title": line.title,
                    "options": line.option_text,
                    "sku": line.partner_sku,
                    "quantity": line.quantity,
                    "price": line.line_price_incl_tax,
                    "added_from": line.source,
                }
                for line in order.lines.all()
            ],
            "states": [{"state": each.new_status, "at": each.date_created} for each in order.status_changes.all()],
        }


def _anonymise_orders(user: User) -> None:
    """Keep what the books need: number, dates, things, money, tax and the country that it was taxed for."""
    orders = Order.objects.filter(user=user)
    nobody = dict.fromkeys(("title", "first_name", "last_name", "line1", "line2", "line3", "line4", "state"), "")
    nobody |= {"postcode": "", "search_text": ""}
    ShippingAddress.objects.filter(order__in=orders).update(**nobody, phone_number="", notes="")
    BillingAddress.objects.filter(order__in=orders).update(**nobody)
    # Notes are written about people; what the books need stands in the order.
    OrderNote.objects.filter(order__in=orders).delete()
    # A voucher that was used stays used.
    VoucherApplication.objects.filter(user=user).update(user=None)
    Checkout.objects.filter(order__in=orders).delete()
    orders.update(user=None, guest_email="")


def _addresses(user: User) -> Iterator[dict[str, Any]]:
    for address in UserAddress.objects.filter(user=user).order_by("pk"):
        yield _address(address) or {}


def _baskets(user: User) -> Iterator[dict[str, Any]]:
    for basket in Basket.objects.filter(owner=user).exclude(status=Basket.SUBMITTED).prefetch_related("lines__product"):
        for line in basket.lines.all():
            yield {
                "basket": basket.status,
                "title": line.product.get_title(),
                "quantity": line.quantity,
                "added": line.date_created,
            }


def _forget_baskets(user: User) -> None:
    baskets = Basket.objects.filter(owner=user)
    # Before their lines are deleted: whoever changes a basket locks it first, and the line then.
    list(baskets.select_for_update().order_by("pk").values_list("pk"))
    baskets.delete()


def _wish_lists(user: User) -> Iterator[dict[str, Any]]:
    for found in WishList.objects.filter(owner=user).prefetch_related("lines").order_by("pk"):
        yield {
            "name": found.name,
            "made": found.date_created,
            "shared": found.visibility == WishList.SHARED,
            "things": [line.title for line in found.lines.all()],
        }


def _reviews(user: User) -> Iterator[dict[str, Any]]:
    for review in ProductReview.objects.filter(user=user).select_related("product").order_by("pk"):
        yield {
            "product": review.product.get_title() if review.product else "",
            "score": review.score,
            "title": review.title,
            "text": review.body,
            "written": review.date_created,
        }


def _forget_reviews(user: User) -> None:
    rated = list(ProductReview.objects.filter(user=user).values_list("product_id", flat=True))
    ProductReview.objects.filter(user=user).delete()
    for product in Product.objects.filter(pk__in=rated):
        product.update_rating()


def _alerts(user: User) -> Iterator[dict[str, Any]]:
    for alert in ProductAlert.objects.filter(user=user).select_related("product"):
        yield {"product": alert.product.get_title(), "asked": alert.date_created, "state": alert.status}


def _seen(user: User) -> Iterator[dict[str, Any]]:
    for view in UserProductView.objects.filter(user=user).select_related("product").iterator():
        yield {"what": "product", "text": view.product.get_title(), "at": view.date_created}
    for search in UserSearch.objects.filter(user=user).iterator():
        yield {"what": "search", "text": search.query, "at": search.date_created}


def _mails(user: User) -> Iterator[dict[str, Any]]:
    for mail in SentMail.objects.filter(to__iexact=proven_email(user)).order_by("pk").iterator():
        yield {"subject": mail.subject, "kind": mail.kind, "sent": mail.sent_at}


def _delete(rows: Callable[[User], QuerySet[Any]]) -> Callable[[User], None]:
    def forget(user: User) -> None:
        rows(user).delete()

    return forget


def _nothing(user: User) -> None:
    """Goes with the account itself, or later by the worker."""


_TABLE: list[tuple[str, str, dict[str, str], Any, Any, int]] = [
    (
        "account", "Who you are here.",
        {"email": "the address you sign in with", "first_name": "as you gave it", "last_name": "as you gave it",
         "joined": "when the account was made", "last_sign_in": "when you last signed in"},
        _account, _nothing, 0,
    ),
    (
        "orders", "What you bought. After deletion it is kept without name and address, for the books.",
        {"number": "the order's number", "placed": "when you ordered", "state": "where it is",
         "currency": "ISO 4217 code", "total": "what you paid, tax included", "total_without_tax": "the same without tax",
         "delivery": "the way of delivery", "payment": "the way of paying",
         "delivery_address": "where it went", "billing_address": "who got the bill",
         "lines": "each thing: title, options, article number, quantity, price paid, page it was added from",
         "states": "each change of state and when"},
        _orders, _anonymise_orders, 10,
    ),
    (
        "addresses", "Your address book.",
        {"first_name": "", "last_name": "", "line1": "street and number", "line2": "flat, building", "line3": "",
         "line4": "town", "state": "", "postcode": "", "country": "ISO 3166-1 code", "phone": "telephone number"},
        _addresses, _delete(lambda user: UserAddress.objects.filter(user=user)), 20,
    ),
    (
        "baskets", "What lies in your basket or is kept for later.",
        {"basket": "Open, or Saved for what is kept for later", "title": "the product", "quantity": "how many",
         "added": "when"},
        _baskets, _forget_baskets, 30,
    ),
    (
        "wish_lists", "Your wish lists.",
        {"name": "the list's name", "made": "when", "shared": "whether it has a link for others",
         "things": "what is on it"},
        _wish_lists, _delete(lambda user: WishList.objects.filter(owner=user)), 30,
    ),
    (
        "reviews", "What you wrote about products.",
        {"product": "what it is about", "score": "stars out of five", "title": "its title", "text": "its text",
         "written": "when"},
        _reviews, _forget_reviews, 30,
    ),
    (
        "stock_alerts", "Products you wanted to hear about.",
        {"product": "which", "asked": "when", "state": "Active, Cancelled or Closed"},
        _alerts, _delete(lambda user: ProductAlert.objects.filter(user=user)), 30,
    ),
    (
        "seen", "Products you looked at and words you searched for while signed in.",
        {"what": "product or search", "text": "its title, or your words", "at": "when"},
        _seen, _nothing, 40,
    ),
    (
        "mails", "Mails that we sent to your address. After deletion they are deleted within two days.",
        {"subject": "the mail's subject", "kind": "what it was about", "sent": "when"},
        _mails, _nothing, 40,
    ),
]  # fmt: skip
