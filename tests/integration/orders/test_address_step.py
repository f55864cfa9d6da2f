"""The address page: what is wrong is said at its field, and the country decides deliveries, tax and words."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.checkout.forms import LINK
from shop.checkout.models import Checkout
from shop.customer.operations import save_address
from shop.order.models import Order
from tests.factories import make_product

from .buying import ADDRESS, buy, go_to_review, put, seen_of, submit

pytestmark = pytest.mark.django_db


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


def test_a_delivery_of_another_country_is_refused(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    answer = client.post("/checkout/address/", {**ADDRESS, "country": "DE", "postcode": "10115", "ship": "next-day"})
    assert answer.status_code == 400
    assert [option.code for option in answer.context["basket"].options] == ["europe"]


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


def test_a_german_checkout_names_countries_in_german(client: Client) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    text = client.get("/de/checkout/address/").content.decode()
    assert ">Deutschland<" in text
    assert ">Germany<" not in text
    assert "Im Laden abholen" in text


def test_the_bill_may_go_elsewhere(client: Client) -> None:
    bill = {f"bill-{name}": ADDRESS[name] for name in ("name", "line2", "town", "postcode", "country")}
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    without = {name: value for name, value in ADDRESS.items() if name != "bill_same"}
    assert client.post("/checkout/address/", without).status_code == 400
    order = buy(client, make_product(), bill_same="", **{**bill, "bill-line1": "1 High Street"})
    assert order.billing_address.line1 == "1 High Street"
    assert order.shipping_address.line1 == "14 Tanner’s Row"


@pytest.mark.parametrize("text", ["Win at https://evil.example", "www.evil.example", "evil.com Prize", "go evil.at/x"])
def test_a_name_carries_no_web_address(client: Client, text: str) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    for field in ("name", "line1", "line2", "town"):
        answer = client.post("/checkout/address/", {**ADDRESS, field: text})
        assert answer.status_code == 400 and "Leave out the web address" in answer.content.decode()
    answer = client.post("/account/register/", {"email": "a@b.example", "first_name": text, "password": "kiln-fern-7"})
    assert "Leave out the web address" in answer.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        *("evil.de", "Hans evil.de", "evil.de, now", "EVIL.DE", "evil.de.", "Hi\nevil.de\nnow", "win (evil.it)"),
        *("evil.co.uk", "a evil.uk x", "evil.ch Prize", "bit.ly", "my-shop24.nl"),
    ],
)
def test_a_bare_domain_is_a_link_as_well(text: str) -> None:
    assert LINK.search(text)


@pytest.mark.parametrize(
    "text",
    [
        *("J.R.", "Dr.Müller", "St.John", "J.de Vries", "Th.de Vries", "A.M.de Jong", "Prof.Dr.Au", "Dr.Ng", "Mr.Ro"),
        *("Avda.de la Constitución 4", "Av.de la Gare", "Hauptstr.5", "Frankfurt.am Main", "St.Gallen", "Apt.No 5"),
        *("Ph.D.", "O’Neill Jr.", "Petrović d.o.o.", "See you soon.it was", "Come.it’s on us", "Dr.Fr.Meier", "Dr.Co"),
    ],
)
def test_what_people_and_streets_are_called_is_no_link(text: str) -> None:
    assert not LINK.search(text)


def test_a_name_begins_no_paragraph_of_a_mail_and_turns_no_words_round(client: Client) -> None:
    text = "Ada\r\n\r\nYour order is stopped.\u2028Call\u202e us\x07"
    order = buy(client, make_product(), name=text, line1=text, town=text)
    plain = "Ada Your order is stopped. Call us"
    address = order.shipping_address
    assert (address.name, address.line1, address.line4) == (plain, plain, plain)
    client.post("/account/register/", {"email": "a@b.example", "first_name": text, "password": "kiln-fern-7"})
    assert User.objects.get(email="a@b.example").first_name == plain


@pytest.mark.parametrize("text", ["J.R.R. Tolkien", "St.John O’Hara", "Dr. No", "Flat 2/3, No. 7", "Anne-Marie d.J."])
def test_dots_and_strokes_are_no_web_address(client: Client, text: str) -> None:
    put(client, make_product())
    client.post("/checkout/", {"email": "ada@example.org"})
    answer = client.post("/checkout/address/", {**ADDRESS, **dict.fromkeys(("name", "line1", "line2", "town"), text)})
    assert (answer.status_code, answer["Location"]) == (303, "/checkout/review/")


def test_a_saved_address_names_its_person_once(client: Client) -> None:
    ada = User.objects.create_user("ada@example.com", "x")
    client.force_login(ada)
    given = {"first_name": "Ada", "last_name": "Fenwick", "line1": "14 Tanner’s Row", "line4": "Leeds"}
    save_address(ada, {**given, "postcode": "LS1 4DY", "country": "GB"}, for_delivery=True, for_bill=True)
    put(client, make_product())
    page = client.get("/checkout/address/").content.decode()
    [label] = re.findall(r'<label><input type="radio" name="saved" value="\d+".*?</label>', page)
    assert label.count("Ada Fenwick") == 1 and "14 Tanner’s Row, Leeds, LS1 4DY" in label
