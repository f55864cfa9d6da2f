"""A code is money: it stands in no address, no log and no list of what people looked for."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client, RequestFactory

from search.insight.models import SearchEvent
from search.insight.texts import kept
from shop.accounts import roles
from shop.basket.views import voucher
from shop.checkout.views import review
from shop.giftcards import codes
from shop.giftcards.views import balance as balance_page
from shop.mail.models import SentMail
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.orders.buying import put
from tests.people import signed_in

from .giving import code, give, order_with

pytestmark = pytest.mark.django_db
LIST = "/dashboard/gift-cards/"


def test_the_balance_is_asked_for_by_post_alone(client: Client) -> None:
    text = codes.grouped(code(give("25")))
    page = client.get("/gift-cards/balance/", {"code": text})
    assert "holds" not in page.content.decode()
    assert '<form class="form-grid form-narrow" method="post">' in page.content.decode()
    page = client.post("/gift-cards/balance/", {"code": text})
    assert "holds £25" in page.content.decode() and page["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_staff_looks_for_a_code_without_an_address_that_holds_it(is_known: bool) -> None:
    card = give("25")
    text = codes.grouped(code(card)) if is_known else "0000-1111-2222-3333"
    staff = signed_in(roles.SUPPORT)
    page = staff.get(LIST).content.decode()
    assert '<form class="filter" method="post"' in page and "csrfmiddlewaretoken" in page
    answer = staff.post(LIST, {"q": text.lower(), "state": ""})
    assert answer.status_code == 303 and answer["Location"] == (f"{LIST}{card.pk}/" if is_known else f"{LIST}?q=3333")
    # Whoever puts it into the address all the same is led away from it.
    answer = staff.get(LIST, {"q": text})
    assert answer.status_code == 303 and text not in answer["Location"] and text[:4] not in answer["Location"]


def test_all_else_is_found_as_before() -> None:
    card = give("25")
    staff = signed_in(roles.SUPPORT)
    for wanted in (card.last4, f"…{card.last4}", "cy@example.org"):
        answer = staff.post(LIST, {"q": wanted, "state": "active"}, follow=True)
        assert list(answer.context["cards"]) == [card], wanted
        assert "state=active" in answer.redirect_chain[0][0]
    assert staff.post(LIST, {})["Location"] == LIST


def test_a_code_in_the_shops_own_search_is_not_kept(client: Client) -> None:
    text = codes.grouped(code(give("25")))
    make_product("Bowl")
    client.get("/search/", {"q": text}, headers={"User-Agent": "Mozilla/5.0"})
    assert not SearchEvent.objects.exists() and kept(text.lower()) == ""
    assert kept(code(give("5"))) == "" and kept("1920x1080 monitor") == "1920x1080 monitor"
    assert kept("characterization") == "characterization"


@pytest.mark.parametrize(("view", "name"), [(balance_page, "code"), (review, "gift_code"), (voucher, "code")])
def test_reports_of_errors_leave_it_out(view: Any, name: str) -> None:
    request = RequestFactory().post("/", {name: "0000-1111-2222-3333"})
    # The decorator marks the request before the view has it; what the view does with this bare one does not matter.
    with suppress(Exception):
        view(request)
    assert getattr(request, "sensitive_post_parameters", None) in ((name,), [name], {name})


def test_no_log_and_no_row_holds_a_code(client: Client, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.DEMO = False
    caplog.set_level(logging.DEBUG)
    card = give("25")
    text = code(card)
    put(client, make_product(price="10"))
    order_with(client, make_product(price="5"), cards=(card,), payment="bank-transfer")
    held = [str(row.payload) for row in OutboxEntry.objects.all()]
    drain_all()
    client.post("/gift-cards/balance/", {"code": text})
    signed_in(roles.SUPPORT).post(LIST, {"q": text})
    held += [f"{row.subject}{row.text}{row.html}" for row in SentMail.objects.all()] + [caplog.text]
    for secret in (text, codes.grouped(text)):
        assert not any(secret in each for each in held)
