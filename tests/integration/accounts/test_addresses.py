"""The address book."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from oscar.apps.address.models import UserAddress

from shop.accounts.models import User
from shop.customer import operations

pytestmark = pytest.mark.django_db
LEEDS = {
    "name": "Ada Fenwick", "line1": "14 Tanner’s Row", "line2": "", "town": "Leeds", "postcode": "ls1 4dy",
    "country": "GB", "phone": "0113 234 5678",
}  # fmt: skip
BOOK = "/account/addresses/"


def make_address(user: User, number: int = 1) -> UserAddress:
    data = {"first_name": "Ada", "last_name": "Fenwick", "line1": f"{number} High Street", "line4": "Leeds"}
    return operations.save_address(
        user, {**data, "postcode": "LS1 4DY", "country": "GB"}, for_delivery=False, for_bill=False
    )


def test_the_first_address_comes_first_for_everything(as_ada: Client, ada: User) -> None:
    assert "No address yet" in as_ada.get(BOOK).content.decode()
    assert as_ada.post(f"{BOOK}add/", LEEDS)["Location"] == BOOK
    address = UserAddress.objects.get(user=ada)
    assert (address.first_name, address.last_name, address.postcode) == ("Ada", "Fenwick", "LS1 4DY")
    assert str(address.phone_number) == "+441132345678"
    assert address.is_default_for_shipping and address.is_default_for_billing
    text = as_ada.get(BOOK).content.decode()
    assert "14 Tanner’s Row" in text and "First for deliveries and bills" in text


def test_another_can_be_put_first(as_ada: Client, ada: User) -> None:
    first, second = make_address(ada, 1), make_address(ada, 2)
    as_ada.post(f"{BOOK}{second.pk}/first-for-bill/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default_for_shipping, first.is_default_for_billing) == (True, False)
    assert (second.is_default_for_shipping, second.is_default_for_billing) == (False, True)


def test_changing_and_removing(as_ada: Client, ada: User) -> None:
    address = make_address(ada)
    page = as_ada.get(f"{BOOK}{address.pk}/")
    assert 'value="1 High Street"' in page.content.decode()
    as_ada.post(f"{BOOK}{address.pk}/", {**LEEDS, "line1": "2 Low Street"})
    address.refresh_from_db()
    assert address.line1 == "2 Low Street"
    assert as_ada.get(f"{BOOK}{address.pk}/delete/").status_code == 200
    assert UserAddress.objects.exists()
    as_ada.post(f"{BOOK}{address.pk}/delete/")
    assert not UserAddress.objects.exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"postcode": "LS1 4"}, "Enter a full postcode, such as LS1 4DY."),
        ({"phone": "12"}, "That number cannot be dialled"),
        ({"line1": ""}, "This is empty. Fill it in to go on."),
        ({"country": "AQ"}, "Select a valid choice"),
        ({"name": "x" * 300}, "at most 255"),
    ],
)
def test_what_is_wrong_is_said(as_ada: Client, values: dict[str, str], says: str) -> None:
    answer = as_ada.post(f"{BOOK}add/", {**LEEDS, **values})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not UserAddress.objects.exists()


def test_the_same_address_twice_and_one_too_many(as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    as_ada.post(f"{BOOK}add/", LEEDS)
    assert "in your address book already" in as_ada.post(f"{BOOK}add/", LEEDS).content.decode()
    monkeypatch.setattr(operations, "MAX_ADDRESSES", 1)
    assert "holds 1 addresses" in as_ada.post(f"{BOOK}add/", {**LEEDS, "line1": "x"}).content.decode()
    assert UserAddress.objects.count() == 1


def test_somebody_elses_address_is_not_there(as_ada: Client, ben: User) -> None:
    address = make_address(ben)
    assert as_ada.get(f"{BOOK}{address.pk}/").status_code == 404
    for path in ("", "delete/", "first-for-bill/", "first-for-delivery/"):
        assert as_ada.post(f"{BOOK}{address.pk}/{path}", LEEDS).status_code == 404
    assert as_ada.get(f"{BOOK}{10**25}/").status_code == 404
    address.refresh_from_db()
    assert address.line1 == "1 High Street"


def test_the_book_in_a_fixed_number_of_queries(as_ada: Client, ada: User, django_assert_max_num_queries: Any) -> None:
    for number in range(22):
        make_address(ada, number)
    as_ada.get(BOOK)
    with django_assert_max_num_queries(10):
        page = as_ada.get(BOOK)
    assert len(page.context["addresses"]) == 20
    assert len(as_ada.get(f"{BOOK}?page=2").context["addresses"]) == 2
