"""From the basket to the thank-you page, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from shop import throttle
from shop.accounts.models import User
from shop.basket import operations as basket_operations
from shop.basket.models import Basket
from shop.basket.operations import BasketError
from shop.checkout import views as checkout_views
from shop.checkout.forms import refuse_links
from shop.checkout.models import Checkout
from shop.customer import operations as customer_operations
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.selectors import instructions_of
from shop.outbox.operations import drain_all
from shop.payment.methods import BankTransfer, Payable
from tests.factories import make_product

from .buying import ADDRESS, buy, go_to_review, put, seen_of, submit

pytestmark = pytest.mark.django_db


def test_a_guest_buys(client: Client, mailoutbox: list[Any]) -> None:
    mug = make_product("Kiln mug", price="22", stock=5)
    put(client, mug, 2)
    page = go_to_review(client)
    assert page.context["basket"].total == Decimal("48.50")
    answer = submit(client, page)
    thanks = client.get(answer["Location"])
    order = Order.objects.get()
    text = thanks.content.decode()
    assert order.number in text and "Reference" in text and "14 Tanner’s Row" in text
    assert (order.total_incl_tax, order.shipping_incl_tax, order.status) == (
        Decimal("48.50"),
        Decimal("4.50"),
        "awaiting-payment",
    )
    assert order.total_incl_tax - order.total_excl_tax == Decimal("8.08")
    line = order.lines.get()
    assert (line.quantity, line.line_price_incl_tax, line.line_price_excl_tax) == (2, Decimal(44), Decimal("36.67"))
    record = mug.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (5, 2)
    assert Basket.objects.get().status == Basket.SUBMITTED
    assert client.get("/basket/").context["basket"].count == 0
    drain_all()
    mail = SentMail.objects.get(kind="order-placed")
    assert order.number in mail.subject and "£48.50" in mail.text and order.number in mail.html
    assert mailoutbox[0].to == ["ada@example.org"]


def test_a_shop_that_has_no_account_offers_no_transfer(client: Client, settings: Any) -> None:
    placed = buy(client, make_product())
    settings.SHOP_BANK = {}
    put(client, make_product())
    page = go_to_review(client)
    text = page.content.decode()
    assert page.status_code == 200 and "cannot take payments just now" in text and "Bank transfer" not in text
    assert submit(client, page).status_code == 400
    assert Order.objects.count() == 1
    # What was ordered before still says how much and with which reference.
    instructions = instructions_of(placed)
    assert [value for _label, value in instructions.rows][1:] == [placed.number]


def test_a_shops_own_account_is_what_the_buyer_sees(client: Client, settings: Any) -> None:
    settings.SHOP_BANK = {"holder": "Kiln GmbH", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
    order = buy(client, make_product())
    rows = dict(instructions_of(order).rows)
    assert (rows["To"], rows["IBAN"], rows["BIC"]) == ("Kiln GmbH", "DE02120300000000202051", "BYLADEM1001")
    drain_all()
    assert "DE02120300000000202051" in SentMail.objects.get().text


def test_a_customer_buys_with_a_saved_address(client: Client) -> None:
    user = User.objects.create_user("bo@example.org", "x")
    client.force_login(user)
    first = buy(client, make_product())
    assert first.user == user and not first.guest_email
    put(client, make_product())
    saved = client.get("/checkout/address/").context["saved"]
    assert len(saved) == 1
    answer = client.post("/checkout/address/", {"saved": saved[0].pk, "ship": "collect", "bill_same": "yes"})
    assert answer.status_code == 303, answer.content.decode()
    submit(client, client.get("/checkout/review/"))
    assert Order.objects.filter(user=user).count() == 2
    assert user.addresses.count() == 1


def test_what_is_wrong_is_said_at_its_field(client: Client) -> None:
    put(client, make_product())
    assert client.post("/checkout/", {"email": "nobody"}).status_code == 400
    client.post("/checkout/", {"email": "ada@example.org"})
    answer = client.post("/checkout/address/", {**ADDRESS, "postcode": "LS1 4", "name": "", "phone": "12", "ship": "x"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Enter a full postcode, such as LS1 4DY." in text
    assert "4 things to put right" in text and 'href="#id_postcode"' in text
    assert "Choose how it travels." in text and "cannot be dialled" in text


def test_another_country_has_other_deliveries_and_says_so(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    abroad = {**ADDRESS, "country": "DE", "postcode": "10115"}
    answer = client.post("/checkout/address/", abroad)
    assert answer.status_code == 400
    assert "It travels another way there (Germany)." in answer.content.decode()
    there = answer.context["shipping_code"]
    assert there and there != ADDRESS["ship"]
    assert client.post("/checkout/address/", {**abroad, "ship": there}).status_code == 303


def test_another_country_shows_its_ways_and_names_the_new_price(client: Client) -> None:
    put(client, make_product(price="120"))
    client.post("/checkout/", {"email": "ada@example.org"})
    seen = seen_of(client.get("/checkout/address/"))
    abroad = {**ADDRESS, "country": "DE", "postcode": "10115", "seen": seen}
    looked = client.post("/checkout/address/", {**abroad, "do": "prices"})
    assert looked.status_code == 200 and not looked.context["shipping_error"]
    assert [option.code for option in looked.context["basket"].options] == ["europe"]
    words = "the things come to £119 instead of £120."
    assert words in looked.content.decode()
    assert not Checkout.objects.get().shipping_address, "looking keeps nothing"
    assert words in client.post("/checkout/address/", abroad).content.decode()
    again = client.post("/checkout/address/", {**abroad, "seen": seen_of(looked)})
    assert words not in again.content.decode(), "what was seen is not news"


def test_an_address_in_the_united_states_has_a_state(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    there = {**ADDRESS, "country": "US", "postcode": "10001", "town": "New York"}
    code = client.post("/checkout/address/", there).context["shipping_code"]
    missing = client.post("/checkout/address/", {**there, "ship": code})
    assert missing.status_code == 400 and "Write the state, such as NY" in missing.content.decode()
    assert client.post("/checkout/address/", {**there, "ship": code, "state": "NY"}).status_code == 303
    review = client.get("/checkout/review/")
    assert "NY" in review.context["address"]
    submit(client, review)
    assert Order.objects.get().shipping_address.state == "NY"


def test_a_buyer_abroad_is_told_the_iban(client: Client) -> None:
    bank = {"holder": "Kiln", "sort_code": "12-34-56", "account": "12345678", "iban": "GB12KILN", "bic": "KILNGB"}
    payable = Payable("1", Decimal(5), "GBP", "ada@example.org")
    with override_settings(SHOP_BANK=bank):
        for country, named, hidden in (("DE", "GB12KILN", "12345678"), ("GB", "12345678", "GB12KILN")):
            rows = dict(BankTransfer().instructions(replace(payable, country=country)).rows)
            assert named in rows.values() and hidden not in rows.values()


def test_the_last_page_does_not_speak_of_another(client: Client) -> None:
    put(client, make_product())
    assert "on the last page." not in go_to_review(client).content.decode()
    assert "on the last page." in client.get("/checkout/address/").content.decode()


def test_a_german_checkout_names_countries_in_german(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    text = client.get("/de/checkout/address/").content.decode()
    assert ">Deutschland<" in text
    assert ">Germany<" not in text
    assert "Im Laden abholen" in text


def test_steps_cannot_be_skipped(client: Client) -> None:
    for path in ("/checkout/", "/checkout/address/", "/checkout/review/"):
        assert client.get(path)["Location"] == "/basket/"
    put(client, make_product())
    assert client.get("/checkout/address/")["Location"] == "/checkout/"
    assert client.get("/checkout/review/")["Location"] == "/checkout/"
    client.post("/checkout/", {"email": "ada@example.org"})
    assert client.get("/checkout/review/")["Location"] == "/checkout/address/"


def test_the_country_of_the_address_decides_the_tax(client: Client) -> None:
    put(client, make_product(price="120"))
    page = go_to_review(client, country="DE", postcode="10115", town="Berlin", ship="europe")
    assert page.context["basket"].goods == Decimal("119.00")
    assert "instead of £120" in page.content.decode()
    assert client.cookies["country"].value == "DE"
    submit(client, page)
    order = Order.objects.get()
    assert order.lines.get().line_price_incl_tax == Decimal(119)
    assert order.lines.get().line_price_excl_tax == Decimal(100)
    assert order.shipping_address.country_id == "DE"


def test_a_delivery_of_another_country_is_refused(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    answer = client.post("/checkout/address/", {**ADDRESS, "country": "DE", "postcode": "10115", "ship": "next-day"})
    assert answer.status_code == 400
    assert [option.code for option in answer.context["basket"].options] == ["europe"]


def test_the_bill_may_go_elsewhere(client: Client) -> None:
    bill = {f"bill-{name}": ADDRESS[name] for name in ("name", "line2", "town", "postcode", "country")}
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    without = {name: value for name, value in ADDRESS.items() if name != "bill_same"}
    assert client.post("/checkout/address/", without).status_code == 400
    order = buy(client, make_product(), bill_same="", **{**bill, "bill-line1": "1 High Street"})
    assert order.billing_address.line1 == "1 High Street"
    assert order.shipping_address.line1 == "14 Tanner’s Row"


def test_a_changed_price_has_to_be_accepted(client: Client) -> None:
    mug = make_product("Kiln mug", price="20")
    put(client, mug)
    page = go_to_review(client)
    mug.stockrecords.update(price="22")
    answer = submit(client, page)
    assert answer.status_code == 409 and "Kiln mug went from £20 to £22." in answer.content.decode()
    assert not Order.objects.exists()
    assert submit(client, answer).status_code == 303
    assert Order.objects.get().total_incl_tax == Decimal("26.50")


def test_a_price_that_changed_before_the_review_is_told_there(client: Client) -> None:
    mug = make_product("Kiln mug", price="20")
    put(client, mug)
    go_to_review(client)
    mug.stockrecords.update(price="22")
    assert "Kiln mug went from £20 to £22." in client.get("/checkout/review/").content.decode()


def test_less_stock_has_to_be_accepted(client: Client) -> None:
    mug, gone = make_product("Kiln mug", stock=5), make_product("Gone", stock=5)
    put(client, mug, 4)
    put(client, gone)
    page = go_to_review(client)
    mug.stockrecords.update(num_in_stock=2)
    gone.is_public = False
    gone.save()
    answer = submit(client, page)
    assert answer.status_code == 409
    assert "Only 2 of Kiln mug left" in answer.content.decode() and "Gone is no longer sold" in answer.content.decode()
    assert submit(client, answer, do="adjust").status_code == 303
    page = client.get("/checkout/review/")
    assert submit(client, page).status_code == 303
    assert [(line.title, line.quantity) for line in Order.objects.get().lines.all()] == [("Kiln mug", 2)]


def test_a_changed_delivery_price_has_to_be_accepted(client: Client) -> None:
    from shop.shipping.models import ShippingMethod

    put(client, make_product())
    page = go_to_review(client)
    ShippingMethod.objects.filter(code="standard").update(price=6)
    answer = submit(client, page)
    assert answer.status_code == 409 and "Delivery went from £4.50 to £6." in answer.content.decode()
    ShippingMethod.objects.filter(code="standard").update(is_active=False)
    assert submit(client, answer)["Location"] == "/checkout/address/"
    assert not Order.objects.exists()


def test_a_second_click_and_a_reload_are_the_same_order(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    places = {submit(client, page)["Location"] for _ in range(3)}
    assert len(places) == 1 and Order.objects.count() == 1


def test_a_forged_quote_orders_nothing(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    assert submit(client, page, seen="forged").status_code == 400
    assert submit(client, page, payment="cheque").status_code == 400
    assert submit(client, page, terms="").status_code == 400
    assert not Order.objects.exists()


def test_another_visitors_checkout_is_not_found(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    stranger = Client()
    assert submit(stranger, page).status_code == 404
    answer = submit(client, page)
    elsewhere = stranger.get(answer["Location"])
    assert elsewhere.status_code == 404 and "the link in the mail with your receipt" in elsewhere.content.decode()
    stranger.force_login(User.objects.create_user("eve@example.org", "x"))
    assert stranger.get(answer["Location"]).status_code == 404
    assert client.post("/checkout/review/", {"token": "nonsense"}).status_code == 404
    assert client.get(answer["Location"]).status_code == 200


def test_another_customers_address_is_not_used(client: Client) -> None:
    owner = User.objects.create_user("bo@example.org", "x")
    client.force_login(owner)
    buy(client, make_product())
    eve = Client()
    eve.force_login(User.objects.create_user("eve@example.org", "x"))
    put(eve, make_product())
    answer = eve.post("/checkout/address/", {"saved": owner.addresses.get().pk, "ship": "standard", "bill_same": "yes"})
    assert answer.status_code == 400
    assert "Tanner" not in answer.content.decode()


def keep(client: Client, order: Order) -> Any:
    answer = client.post(f"/checkout/done/{order.checkout.token}/", follow=True)
    drain_all()
    return answer


def test_a_guest_keeps_the_order_in_an_account(client: Client, mailoutbox: list[Any]) -> None:
    order = buy(client, make_product())
    assert "We have written to ada@example.org" in keep(client, order).content.decode()
    order.refresh_from_db()
    assert order.user is None, "whose address it is has still to be shown"
    link = re.search(r"https?://[^/]+(/account/password/\S+/)", mailoutbox[-1].body)
    assert link and mailoutbox[-1].to == ["ada@example.org"]
    form = client.get(link[1], follow=True)
    assert client.post(form.request["PATH_INFO"], {"new_password1": "correct horse battery"}).status_code == 303
    order.refresh_from_db()
    assert (order.user.email, order.guest_email) == ("ada@example.org", "")
    assert order.user.email_confirmed_at is not None
    signed_in = client.post("/account/login/", {"email": "ada@example.org", "password": "correct horse battery"})
    assert signed_in.status_code == 303
    assert client.get(f"/checkout/done/{order.checkout.token}/").status_code == 200
    assert order.number in client.get("/account/orders/").content.decode()


def test_thanks_tell_nobody_whether_an_address_is_a_customers(client: Client) -> None:
    """A stranger orders with any address: before the button and after it the page is the same for both."""
    User.objects.create_user("known@example.org", "correct horse battery")
    seen = []
    for email in ("known@example.org", "fresh@example.org"):
        browser = Client()
        put(browser, make_product("Kiln mug"))
        browser.post("/checkout/", {"email": email})
        page = go_to_review_as(browser, email)
        token = page.context["checkout"].token
        submit(browser, page)
        order = Order.objects.get(checkout__token=token)
        texts = [browser.get(f"/checkout/done/{token}/").content.decode(), keep(browser, order).content.decode()]
        numbered = re.compile(rf"{order.number}|{token}|{email}|csrfmiddlewaretoken. value=.\w+|/products/[\w-]+/")
        seen.append([numbered.sub("", text) for text in texts])
        assert Order.objects.get(pk=order.pk).user is None
    assert "Send the link" in seen[0][0] and seen[0] == seen[1]


def go_to_review_as(client: Client, email: str) -> Any:
    client.post("/checkout/address/", {**ADDRESS, "email": email, "seen": seen_of(client.get("/checkout/address/"))})
    return client.get("/checkout/review/")


def test_accounts_for_guests_are_counted(client: Client) -> None:
    order = buy(client, make_product())
    for _try in range(throttle.REGISTER_ADDRESS.attempts):
        assert keep(client, order).status_code == 200
    answer = keep(client, order)
    assert answer.status_code == 429 and "tried too often" in answer.content.decode()


def test_reviewing_twenty_lines_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(User.objects.create_user("bo@example.org", "x"))
    for _ in range(20):
        put(client, make_product(price="3"))
    go_to_review(client)
    with django_assert_max_num_queries(20):
        page = client.get("/checkout/review/")
    assert len(page.context["basket"].lines) == 20
    assert Checkout.objects.count() == 1
    assert seen_of(page)


def test_messages_tell_variants_apart_and_say_everything_at_once(client: Client) -> None:
    parent = make_product(
        "Teapot", variants=[{"attributes": {"Glaze": glaze}, "price": "72"} for glaze in ("Fern", "Rust")]
    )
    fern, rust = parent.children.order_by("pk")
    put(client, fern)
    put(client, rust)
    page = go_to_review(client)
    fern.stockrecords.update(price="73")
    rust.stockrecords.update(num_in_stock=0)
    text = submit(client, page).content.decode()
    assert "Teapot, Rust is sold out." in text
    assert "Teapot, Fern went from £72 to £73." in text
    fresh = client.get("/checkout/review/")
    submit(client, fresh, do="adjust")
    submit(client, client.get("/checkout/review/"))
    assert [(line.title, line.option_text) for line in Order.objects.get().lines.all()] == [("Teapot", "Fern")]


def test_an_address_that_cannot_be_kept_does_not_spoil_the_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address book has one writer with one limit: full or known already, the order stands and says thank you."""
    user = User.objects.create_user("bo@example.org", "x")
    client.force_login(user)
    monkeypatch.setattr(customer_operations, "MAX_ADDRESSES", 1)
    for street in ("1 First Row", "1 First Row", "2 Second Row"):
        put(client, make_product())
        answer = client.get(submit(client, go_to_review(client, line1=street))["Location"])
        assert "thank" in answer.content.decode().lower()
    assert Order.objects.filter(user=user).count() == 3
    assert [each.line1 for each in user.addresses.all()] == ["1 First Row"]
    assert user.addresses.get().is_default_for_shipping


def test_fitting_a_basket_that_was_ordered_meanwhile_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client, make_product())
    page = go_to_review(client)

    def ordered_meanwhile(basket: Any) -> None:
        raise BasketError("That basket was ordered already.", status=409)

    monkeypatch.setattr(basket_operations, "accept_changes", ordered_meanwhile)
    answer = submit(client, page, do="adjust")
    assert (answer.status_code, answer["Location"]) == (303, "/basket/")
    assert "ordered already" in client.get("/basket/").content.decode()


def test_a_checkout_that_went_with_its_account_is_not_found(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client, make_product())
    page = go_to_review(client)

    def deleted_meanwhile(*args: Any, **kwargs: Any) -> None:
        raise Checkout.DoesNotExist

    monkeypatch.setattr(checkout_views, "place_order", deleted_meanwhile)
    assert submit(client, page).status_code == 404


def test_the_cookie_of_a_basket_opens_nobody_elses_checkout(client: Client) -> None:
    """A copied cookie shows the goods, and no name, address or e-mail that was typed in another browser."""
    put(client, make_product())
    page = go_to_review(client)
    thief = Client()
    thief.cookies[settings.OSCAR_BASKET_COOKIE_OPEN] = client.cookies[settings.OSCAR_BASKET_COOKIE_OPEN].value
    assert "ada@example.org" not in thief.get("/checkout/").content.decode()
    assert thief.get("/checkout/address/")["Location"] == "/checkout/"
    assert thief.get("/checkout/review/")["Location"] == "/checkout/"
    thief.post("/checkout/", {"email": "eve@example.org"})
    assert "Tanner" not in thief.get("/checkout/address/").content.decode()
    assert thief.get("/checkout/review/")["Location"] == "/checkout/address/"
    # One basket has one open checkout: the first browser begins once more.
    assert submit(client, page).status_code == 404
    assert client.get("/checkout/review/")["Location"] == "/checkout/"


def test_orders_from_one_place_are_counted_and_nothing_is_lost(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ORDER_ADDRESS", throttle.Limit("order-address", 1, 3600))
    buy(client, make_product())
    mug = make_product("Kiln mug")
    put(client, mug)
    page = go_to_review(client)
    answer = submit(client, page)
    text = answer.content.decode()
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "tried too often" in text and "are kept" in text and "Tanner" in text
    assert Order.objects.count() == 1 and mug.stockrecords.get().num_allocated in (0, None)
    monkeypatch.undo()
    assert submit(client, answer).status_code == 303


def test_orders_that_did_not_come_about_are_not_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORDER_ADDRESS", "ORDER_EMAIL", "ORDER_UNITS_ADDRESS"):
        monkeypatch.setattr(throttle, name, throttle.Limit(name, 2, 3600))
    mug = make_product("Kiln mug", price="20")
    put(client, mug, 2)
    page = go_to_review(client)
    for price in ("21", "22", "23"):
        mug.stockrecords.update(price=price)
        page = submit(client, page)
        assert page.status_code == 409
    answers = [submit(client, page) for _click in range(3)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]} and Order.objects.count() == 1


def test_one_address_holds_so_much_that_is_not_paid(client: Client, settings: Any) -> None:
    settings.SHOP_MAX_UNPAID_UNITS, settings.SHOP_MAX_UNPAID_ORDERS = 5, 2
    mug = make_product("Kiln mug", stock=50)
    put(client, mug, 6)
    answer = submit(client, go_to_review(client))
    assert answer.status_code == 409 and "up to 5 things that are not paid yet" in answer.content.decode()
    assert client.get("/basket/").context["basket"].count == 6
    for quantity in (3, 2):
        visitor = Client()
        put(visitor, mug, quantity)
        assert submit(visitor, go_to_review(visitor)).status_code == 303
    settings.SHOP_MAX_UNPAID_UNITS = 100
    put(visitor, mug)
    answer = submit(visitor, go_to_review(visitor))
    assert answer.status_code == 409 and "2 orders to ada@example.org wait" in answer.content.decode()
    Order.objects.update(status="paid")
    assert submit(visitor, visitor.get("/checkout/review/")).status_code == 303


@pytest.mark.parametrize("text", ["Win at https://evil.example", "www.evil.example", "evil.com Prize", "go evil.at/x"])
def test_a_name_carries_no_web_address(client: Client, text: str) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    for field in ("name", "line1", "line2", "town"):
        answer = client.post("/checkout/address/", {**ADDRESS, field: text})
        assert answer.status_code == 400 and "Leave out the web address" in answer.content.decode()
    answer = client.post("/account/register/", {"email": "a@b.example", "first_name": text, "password": "kiln-fern-7"})
    assert "Leave out the web address" in answer.content.decode()


@pytest.mark.parametrize("text", ["J.R.R. Tolkien", "St.John O’Hara", "Dr. No", "Flat 2/3, No. 7", "Anne-Marie d.J."])
def test_dots_and_strokes_are_no_web_address(text: str) -> None:
    refuse_links(text)
