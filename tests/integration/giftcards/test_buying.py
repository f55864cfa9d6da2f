"""Gift cards that are bought: from the product page to the recipient's mail, and back again with a refund."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.accounts.personal import holdings
from shop.basket.models import Line as BasketLine
from shop.customer.links import order_path
from shop.giftcards import buying, operations
from shop.giftcards.jobs import giftcards_send
from shop.giftcards.models import GiftCard
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.order.selectors import order_view
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from tests.factories import make_class, make_offer, make_product
from tests.integration.orders.buying import SAME, go_to_review, put, submit
from tests.integration.payment.paying import of, status
from tests.stripe_sandbox import Sandbox

from .giving import GIFT, add, balance, bought, cards_of, code, give, order_with, pay, proof

pytestmark = pytest.mark.django_db


def held(user: User) -> list[dict[str, Any]]:
    """What the file with somebody's data says of gift cards."""
    [holding] = [each for each in holdings() if each.name == "gift_cards"]
    return list(holding.export(user))


def test_bought_paid_mailed_and_spent(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    page = client.get(product.get_absolute_url()).content.decode()
    assert 'name="gift_email"' in page and "Whom is it for?" in page and "/gift-cards/balance/" in page
    order = bought(client, product, payment="stripe", **GIFT)
    [card] = cards_of(order)
    assert (card.state, card.balance, card.code_hash) == ("ordered", Decimal(0), None) and proof() == []
    assert order.total_incl_tax == order.total_excl_tax == 50 and order.shipping_incl_tax == 0
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    [told] = [each for each in mail.outbox if each.to == ["cy@example.org"]]
    assert "Ada sends you a gift card of £50" in told.subject and "For the new kitchen" in told.body
    [sent] = re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", str(told.body))
    card.refresh_from_db()
    assert operations.find(sent) == card and card.balance == 50
    assert status(order) == "delivered", "there is nothing else to send"
    order.refresh_from_db()
    page = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "for Cy: sent" in page and "Thank you. It goes by e-mail." in page
    assert "wrapping" not in page and "Sent by e-mail" in page and "On its way" not in page and "Mill" not in page
    spent, _where = order_with(Client(), bowl, cards=(card,))
    assert balance(card) < 50 and status(spent) == "paid" and list(findings()) == []


def test_a_mistyped_address_can_be_seen_before_paying(client: Client, product: Any) -> None:
    add(client, product, gift_name="Cy", gift_email="cy@exmaple.org")
    for page in (client.get("/basket/"), go_to_review(client, ship="none")):
        assert "for Cy (cy@exmaple.org)" in page.content.decode()


def test_the_voucher_field_says_where_a_gift_card_is_typed(client: Client, bowl: Any) -> None:
    client.post("/basket/add/", {"product": bowl.pk, "quantity": "1"}, **SAME)
    for typed, is_said in (("rmnj-j61g-5bzm-nf6y", True), ("RMNJJ61G", False)):
        answer = client.post("/basket/voucher/", {"code": typed}, **SAME)
        assert answer.status_code == 404
        assert ("looks like the code of a gift card" in answer.content.decode()) is is_said


def test_issued_once_however_often_the_worker_is_asked(client: Client, product: Any) -> None:
    order = bought(client, product, quantity="3")
    pay(order)
    for _ in range(3):
        assert buying.issue_bought(order.pk) == 0
    assert [card.balance for card in cards_of(order)] == [50, 50, 50]
    assert len({code(card) for card in cards_of(order)}) == 3 and proof() == []
    assert [each.to for each in mail.outbox if "gift card" in each.subject] == [["ada@example.org"]] * 3


def test_not_issued_before_it_is_paid(client: Client, product: Any) -> None:
    order = bought(client, product)
    drain_all()
    assert buying.issue_bought(order.pk) == 0 and cards_of(order)[0].state == "ordered"
    change_status(order, "cancelled")
    assert cards_of(order)[0].state == "cancelled" and proof() == []


def test_sent_on_its_day(client: Client, product: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    order = bought(client, product, **GIFT, gift_on=str(tomorrow))
    pay(order)
    assert not [each for each in mail.outbox if each.to == ["cy@example.org"]]
    [card] = cards_of(order)
    assert card.state == "active" and card.sent_at is None
    assert status(order) == "dispatched" and order_view(Order.objects.get()).status_label == "Waits for its day"
    giftcards_send()
    assert status(order) == "dispatched", "its day is tomorrow"
    GiftCard.objects.update(send_on=timezone.localdate())
    giftcards_send()
    drain_all()
    assert [each for each in mail.outbox if each.to == ["cy@example.org"]]
    assert status(order) == "delivered" and order_view(Order.objects.get()).status_label == "Sent by e-mail"


def test_the_words_for_nothing_but_gift_cards(client: Client, product: Any) -> None:
    order = bought(client, product, **GIFT)
    page = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "Thank you. It goes by e-mail once it is paid." in page and "hold it for you" not in page
    pay(order)
    told = {each.subject: each for each in mail.outbox if each.to == ["ada@example.org"]}
    paid = next(each for subject, each in told.items() if "We have the money" in subject)
    for body in (str(paid.body), str(paid.alternatives[0][0])):
        assert "Each gift card goes by e-mail" in body
        assert (
            "parcel" not in body
            and "It goes to" not in body
            and "Nothing to deliver" not in body
            and "wrapping" not in body
        )
    page = client.get(order_path(order.number)).content.decode()
    assert "Sent by e-mail" in page and "What is on its way" not in page and "Goes to" not in page
    assert "Nothing to deliver" not in page and "Send something back" not in page


def test_a_bowl_beside_it_is_wrapped_and_sent_by_staff(client: Client, product: Any, bowl: Any) -> None:
    add(client, product, **GIFT)
    put(client, bowl)
    assert submit(client, go_to_review(client), payment="bank-transfer").status_code == 303
    order = Order.objects.latest("pk")
    pay(order)
    assert status(order) == "partly-dispatched"
    page = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "It is yours. We are wrapping it." in page and "What is on its way" not in page
    change_status(order, "dispatched")
    giftcards_send()
    assert status(order) == "dispatched", "a bowl arrives when staff says so"
    page = client.get(order_path(order.number)).content.decode()
    assert "What is on its way" in page and "1 × Bowl" in page and "1 × Gift card</p>" not in page


def test_a_course_is_neither_wrapped_nor_mailed(client: Client) -> None:
    kind = make_class("Courses", track_stock=False)
    kind.requires_shipping = False
    kind.save()
    course = make_product("Throwing a bowl", price="50", product_class=kind)
    put(client, course)
    assert submit(client, go_to_review(client, ship="none"), payment="bank-transfer").status_code == 303
    order = Order.objects.latest("pk")
    pay(order)
    page = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "It is yours. We are getting it ready." in page and "With you" in page and "On its way" not in page
    assert status(order) == "paid"


def test_two_people_are_two_lines_and_one_person_is_one(client: Client, product: Any) -> None:
    add(client, product, **GIFT)
    add(client, product, **GIFT)
    add(client, product, **{**GIFT, "gift_email": "di@example.org", "gift_name": "Di"})
    add(client, product)
    assert list(BasketLine.objects.order_by("pk").values_list("quantity", flat=True)) == [2, 1, 1]
    page = client.get("/basket/").content.decode()
    assert "for Cy" in page and "for Di" in page


@pytest.mark.parametrize(
    "values",
    [
        {"gift_email": "nobody"},
        {"gift_message": "Win at https://evil.example"},
        {"gift_name": "www.evil.example"},
        {"gift_on": "2020-01-01"},
        {"gift_on": str(timezone.localdate() + timedelta(days=400))},
        {"gift_message": "x" * 501},
    ],
)
def test_what_is_no_gift(client: Client, product: Any, values: dict[str, str]) -> None:
    assert add(client, product, **{**GIFT, **values}).status_code == 422
    assert not BasketLine.objects.exists()


def test_other_things_keep_no_gift(client: Client, bowl: Any) -> None:
    add(client, bowl, **GIFT)
    assert BasketLine.objects.get().gift is None


def test_kept_for_later_it_stays_for_whom_it_is(client: Client, product: Any) -> None:
    add(client, product, **GIFT, gift_on=str(timezone.localdate() + timedelta(days=9)))
    kept = BasketLine.objects.get().gift
    for does in ("later", "back"):
        client.post("/basket/", {"line": BasketLine.objects.get().pk, "do": does})
    assert kept and BasketLine.objects.get().gift == kept and BasketLine.objects.get().basket.status == "Open"
    client.post("/basket/", {"line": BasketLine.objects.get().pk, "do": "later"})
    BasketLine.objects.update(gift={**kept, "gift_on": "2020-01-01"})
    client.post("/basket/", {"line": BasketLine.objects.get().pk, "do": "back"})
    del kept["gift_on"]
    assert BasketLine.objects.get().gift == kept, "its day is over: at once, then"


def test_names_are_one_line(client: Client, product: Any) -> None:
    add(client, product, **{**GIFT, "gift_name": "Cy\r\n\r\nPay again:\u202e\t01 23\u2028x", "gift_message": "A\nB"})
    kept = BasketLine.objects.get().gift or {}
    assert kept["gift_name"] == "Cy Pay again: 01 23 x" and kept["gift_message"] == "A\nB"


# ------------------------------------------------------------------ money stays money
def test_a_gift_card_buys_no_gift_card(client: Client, product: Any, bowl: Any) -> None:
    card = give("100")
    add(client, product)
    put(client, bowl)
    order, _where = order_with(client, cards=(card,), payment="bank-transfer")
    assert order.gift_card_amount == order.total_incl_tax - 50 and order.due == 50
    only = Client()
    add(only, product)
    other = give("100")
    second, _where = order_with(only, cards=(other,), payment="bank-transfer", ship="none")
    assert second.gift_card_amount == 0 and balance(other) == 100 and proof() == []


def test_no_offer_makes_money_cheaper(client: Client, product: Any) -> None:
    make_offer("All", products=[product], percent=50)
    assert bought(client, product).total_incl_tax == 50


def test_no_country_taxes_it(client: Client, product: Any) -> None:
    add(client, product)
    page = go_to_review(client, ship="none", country="DE", postcode="10115")
    assert page.context["basket"].total == 50 and page.context["basket"].tax == 0


# ------------------------------------------------------------------ whose it is
def test_in_the_account_of_who_bought_and_of_who_got_it(client: Client, product: Any) -> None:
    ada = User.objects.create_user("ada@example.org", "x", email_confirmed_at=timezone.now())
    cy = User.objects.create_user("cy@example.org", "x", email_confirmed_at=timezone.now())
    stranger = User.objects.create_user("di@example.org", "x")
    client.force_login(ada)
    order = bought(client, product, **GIFT)
    pay(order)
    [card] = cards_of(order)
    mine = client.get("/account/gift-cards/").content.decode()
    assert "£50 for Cy" in mine and order.number in mine and "of £50 left" not in mine
    client.force_login(cy)
    theirs = client.get("/account/gift-cards/").content.decode()
    assert "£50 of £50 left" in theirs and "from Ada" in theirs and order.number not in theirs
    assert code(card) not in theirs + mine
    assert [each["balance"] for each in held(cy)] == [50]
    assert [each["balance"] for each in held(ada)] == [None], "what is left of a gift is not the giver's business"
    client.force_login(stranger)
    GiftCard.objects.update(recipient_email=stranger.email)
    assert "No gift cards" in client.get("/account/gift-cards/").content.decode(), (
        "the address is not known to be theirs"
    )


def test_it_makes_no_delivery_free(client: Client, product: Any) -> None:
    put(client, make_product("Mug", price="5.00"))
    add(client, product)
    add(client, product)
    basket = go_to_review(client).context["basket"]
    assert basket.total > 105 and basket.quote.goods_for_delivery == 5
