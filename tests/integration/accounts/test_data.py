"""A copy of everything, and a deletion that keeps only what the books need."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from oscar.apps.address.models import UserAddress
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import OrderNote
from oscar.apps.wishlists.models import WishList

from content.models import ContactMessage, NewsletterSubscription
from shop.accounts import operations as operations_of_accounts
from shop.accounts import personal, roles
from shop.accounts.deletion import forget_mail
from shop.accounts.models import User
from shop.basket.models import Basket
from shop.customer import operations
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.accounts.conftest import PASSWORD
from tests.integration.accounts.making import make_order
from tests.integration.accounts.test_addresses import make_address

pytestmark = pytest.mark.django_db
DELETE = "/account/delete/"


def live_a_life(client: Client, user: User) -> Order:
    """An order, an address, a basket, a wish list, a review."""
    mug = make_product("Kiln mug")
    order = make_order(user, mug)
    OrderNote.objects.create(order=order, message="Ada called about the handle")
    make_address(user)
    client.post("/basket/add/", {"product": mug.pk}, HTTP_SEC_FETCH_SITE="same-origin")
    operations.wish(user, mug.pk)
    NewsletterSubscription.objects.create(email=user.email, language="en-gb")
    ContactMessage.objects.create(name="Ada", email=user.email, text="Do you mend handles?")
    ProductReview.objects.create(
        product=mug, user=user, score=5, title="Pours", body="Like a tap", status=ProductReview.APPROVED
    )
    mug.update_rating()
    return order


def test_the_copy_holds_everything_and_says_what_it_means(as_ada: Client, ada: User, ben: User) -> None:
    operations_of_accounts.note_confirmed(ada)
    order = live_a_life(as_ada, ada)
    other = make_order(ben, make_product("Ben’s vase"))
    answer = as_ada.get("/account/data/download/")
    assert answer.streaming and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="account-')
    text = b"".join(answer.streaming_content).decode()
    found = json.loads(text)
    assert other.number not in text and "Ben" not in text
    data = found["data"]
    assert data["account"][0]["email"] == "ada@example.com"
    assert data["orders"][0]["number"] == order.number
    assert data["orders"][0]["delivery_address"]["line1"] == "14 Tanner’s Row"
    assert data["orders"][0]["lines"][0]["title"] == "Kiln mug"
    assert data["addresses"][0]["line1"] == "1 High Street"
    assert data["baskets"][0]["title"] == "Kiln mug"
    assert data["wish_lists"][0]["things"] == ["Kiln mug"]
    assert data["reviews"][0]["text"] == "Like a tap"
    assert data["messages"][0]["text"] == "Do you mend handles?"
    assert len(data["newsletter"]) == 1
    # Every field that is handed out is explained, and nothing else is.
    for name, items in data.items():
        for item in items:
            assert set(item) == set(found["about"][name]["fields"]), name


def test_the_copy_of_an_empty_account_is_whole(as_ada: Client) -> None:
    text = b"".join(as_ada.get("/account/data/download/").streaming_content).decode()
    assert json.loads(text)["data"]["orders"] == []


def test_deletion_forgets_the_person_and_keeps_the_books(as_ada: Client, ada: User, mailoutbox: list[Any]) -> None:
    operations_of_accounts.note_confirmed(ada)
    order = live_a_life(as_ada, ada)
    kept = {"total_incl_tax": order.total_incl_tax, "status": order.status, "number": order.number}
    product = order.lines.get().product
    elsewhere = Client()
    elsewhere.force_login(ada)
    SentMail.objects.create(kind="order-placed", to="ada@example.com", subject="x", text="x")
    assert as_ada.post(DELETE, {"password": "wrong"}).status_code == 422
    assert User.objects.filter(pk=ada.pk).exists()
    gone = as_ada.post(DELETE, {"password": PASSWORD}, follow=True)
    assert gone.status_code == 200 and "Your account is deleted." in gone.content.decode()
    drain_all()

    assert not User.objects.exists()
    for model in (UserAddress, WishList, Basket, ProductReview, OrderNote, NewsletterSubscription, ContactMessage):
        assert not model._default_manager.exists(), model
    product.refresh_from_db()
    assert product.rating is None
    order.refresh_from_db()
    assert {name: getattr(order, name) for name in kept} == kept
    assert (order.user, order.guest_email) == (None, "")
    assert order.lines.get().title == "Kiln mug"
    address = order.shipping_address
    assert address.country_id == "GB"
    row = json.dumps({field.name: str(getattr(address, field.attname)) for field in address._meta.fields})
    for word in ("Ada", "Fenwick", "Tanner", "Leeds", "LS1", "4411", "Ring"):
        assert word not in row
    assert elsewhere.get("/account/").status_code == 302
    assert not [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == str(ada.pk)]
    assert mailoutbox[-1].to == ["ada@example.com"] and "deleted" in mailoutbox[-1].subject


def test_an_address_that_was_only_typed_opens_nothing_of_its_owner(as_ada: Client, ada: User) -> None:
    """Anybody can register with anybody's address; the copy and the deletion then leave the owner's things alone."""
    NewsletterSubscription.objects.create(email=ada.email, language="en-gb")
    ContactMessage.objects.create(name="The real one", email=ada.email, text="A secret")
    SentMail.objects.create(kind="order-placed", to=ada.email, subject="Order K7Q", text="x")
    text = b"".join(as_ada.get("/account/data/download/").streaming_content).decode()
    data = json.loads(text)["data"]
    assert data["messages"] == data["newsletter"] == data["mails"] == []
    as_ada.post(DELETE, {"password": PASSWORD})
    forget_mail([OutboxEntry.objects.get(topic="accounts.forget-mail").payload])
    assert NewsletterSubscription.objects.exists() and ContactMessage.objects.exists() and SentMail.objects.exists()


def test_mails_are_forgotten_a_day_later_unless_the_address_came_back(as_ada: Client, ada: User) -> None:
    as_ada.post(DELETE, {"password": PASSWORD})
    drain_all()
    assert SentMail.objects.filter(to="ada@example.com").exists()
    [waiting] = OutboxEntry.objects.filter(topic="accounts.forget-mail")
    forget_mail([waiting.payload])
    assert not SentMail.objects.exists()


def test_no_table_about_people_is_overlooked(ada: User) -> None:
    """A new table with a user in it has to be named here: forgotten by a holding, or gone with the account."""
    forgotten = {
        "order.Order", "address.UserAddress", "basket.Basket", "wishlists.WishList", "reviews.ProductReview",
        "customer.ProductAlert", "voucher.VoucherApplication", "payment.Customer",
    }  # fmt: skip
    goes_with_it = {
        "accounts.EmailChange", "analytics.UserRecord", "analytics.UserProductView", "analytics.UserSearch",
        "checkout.Checkout", "reviews.Vote", "communication.Email", "communication.Notification", "payment.Bankcard",
    }  # fmt: skip
    # Staff only, whose accounts their owners cannot delete; or a name of staff on what a customer has.
    staff = {
        "dashboard.ImportRun",
        "offer.RangeProductFileUpload",
        "order.OrderNote",
        "order.OrderStatusChange",
        "order.Shipment",
        "returns.ReturnChange",
        "partner.Partner_users",
        "payment.Refund",
        "giftcards.GiftCard",
        # A number alone: the books are never changed.
        "giftcards.GiftCardEntry",
        "ledger.MoneyEntry",
        "ledger.StockMovement",
        "invoices.Invoice",
    }
    found = {
        relation.related_model._meta.label
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and (relation.one_to_many or relation.one_to_one)
    }
    ours = {label for label in found if apps.get_model(label)._meta.app_config.name.split(".")[0] in {"shop", "oscar"}}
    assert ours - staff - {"accounts.User_groups", "accounts.User_user_permissions"} == forgotten | goes_with_it
    assert {"account", "orders", "mails"} <= {holding.name for holding in personal.holdings()}


@pytest.mark.parametrize("status", ["awaiting-payment", "paid", "partly-dispatched"])
def test_an_order_on_its_way_keeps_the_account(as_ada: Client, ada: User, status: str) -> None:
    order = make_order(ada, make_product(), status=status)
    assert order.number in as_ada.get(DELETE).content.decode()
    assert as_ada.post(DELETE, {"password": PASSWORD}).status_code == 422
    assert User.objects.filter(pk=ada.pk).exists()


def test_staff_do_not_delete_themselves(as_ada: Client, ada: User) -> None:
    roles.assign(ada, roles.SUPPORT)
    answer = as_ada.post(DELETE, {"password": PASSWORD})
    assert answer.status_code == 422 and "works here" in answer.content.decode()
    assert User.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize(
    "path",
    ["", "orders/", "addresses/", "addresses/add/", "wishlists/", "profile/", "profile/password/", "profile/email/",
     "data/", "data/download/", "delete/"],
)  # fmt: skip
def test_every_page_is_private_and_for_its_owner(ada: User, path: str, language: str) -> None:
    url = f"{language}/account/{path}"
    stranger = Client().get(url)
    assert stranger.status_code == 302 and "/account/login/" in stranger["Location"]
    client = Client()
    client.force_login(ada)
    page = client.get(url)
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
