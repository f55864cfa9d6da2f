"""Payments in the dashboard: refunds that are looked at first, what needs somebody, and Stripe's messages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.roles import MARKETER, SUPPORT
from shop.order.models import Order, OrderNote
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Dispute, Payment, Refund, WebhookEvent
from tests.factories import make_product
from tests.integration.payment.conftest import stripe  # noqa: F401  (a fixture)
from tests.integration.payment.paying import holds, of, order_by_card, status
from tests.stripe_sandbox import Sandbox

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    return signed_in(SUPPORT)


@pytest.fixture
def order(stripe: Sandbox) -> Order:  # noqa: F811
    """Three bowls at 7.00 and a jug at 5.00, with delivery, paid."""
    shopper = Client()
    bowl = make_product(title="Bowl", price=Decimal("7.00"), stock=5)
    jug = make_product(title="Jug", price=Decimal("5.00"), stock=5)
    shopper.post("/basket/add/", {"product": jug.pk, "quantity": 1}, HTTP_SEC_FETCH_SITE="same-origin")
    made, page = order_by_card(shopper, bowl, quantity=3)
    stripe.pay(page)
    stripe.deliver(shopper)
    assert status(made) == "paid"
    made.refresh_from_db()
    return made


def refund_url(order: Order) -> str:
    return reverse("dashboard:order-refund", args=[order.number])


def detail(client: Client, order: Order) -> str:
    return client.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()


def line_of(order: Order, title: str) -> str:
    return f"line-{order.lines.get(title=title).pk}"


def look(client: Client, order: Order, **fields: Any) -> Any:
    """Fill in the form and see what it comes to."""
    page = client.get(refund_url(order))
    key = page.context["form"]["key"].value()
    return client.post(refund_url(order), {"key": key, "why": "broken", "do": "look", **fields})


def send(client: Client, order: Order, page: Any, **fields: Any) -> Any:
    """Press the button that `look` has shown."""
    expected = re.search(r'name="expected" value="([^"]*)"', page.content.decode())
    assert expected
    values = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    return client.post(refund_url(order), {**values, "do": "send", "expected": expected[1], **fields})


def test_a_refund_is_looked_at_then_sent_by_line_with_delivery_and_more(support: Client, order: Order) -> None:
    page = look(support, order, **{line_of(order, "Bowl"): 2, "delivery": "1.50", "extra": "0.40"})
    assert page.status_code == 200 and not Refund.objects.exists(), "looking sends nothing"
    assert "£15.90" in page.content.decode()
    assert send(support, order, page).status_code == 302
    made = Refund.objects.get()
    assert (made.amount, made.delivery, made.why, made.by.email) == (
        Decimal("15.90"), Decimal("1.50"), "broken", "support@example.com",
    )  # fmt: skip
    part = made.lines.get()
    assert (part.line.title, part.quantity, part.amount) == ("Bowl", 2, Decimal("14.00"))
    assert "Being sent" in detail(support, order)
    drain_all()
    text = detail(support, order)
    assert holds(order) == order.total_incl_tax - Decimal("15.90")
    assert "Refunded" in text and "2 × Bowl" in text and "broken" in text


def test_the_button_pressed_twice_sends_once(support: Client, order: Order) -> None:
    page = look(support, order, extra="5.00")
    send(support, order, page)
    again = send(support, order, page)
    assert again.status_code == 302
    assert Refund.objects.count() == 1
    assert "only once" in support.get(again["Location"]).content.decode()


def test_limits_are_named_and_nothing_typed_is_lost(support: Client, order: Order) -> None:
    bowl = line_of(order, "Bowl")
    page = look(support, order, **{bowl: 4, "extra": "1.25"})
    text = page.content.decode()
    assert page.status_code == 422 and "3 are left of “Bowl”" in text
    assert 'value="1.25"' in text and 'value="4"' in text and 'value="broken"' in text
    page = look(support, order, delivery="99.00")
    assert page.status_code == 422 and "£99 are to be refunded of the delivery" in page.content.decode()
    page = look(support, order, extra="1000.00")
    assert page.status_code == 422 and "is more than the" in page.content.decode()
    page = look(support, order)
    assert page.status_code == 422 and "Say what is to be refunded" in page.content.decode()
    for wrong in ("-1", "NaN", "1e9", "1.234", "abc"):
        assert look(support, order, extra=wrong).status_code == 422, wrong
    assert not Refund.objects.exists()


def test_what_changed_since_the_look_is_looked_at_again(support: Client, order: Order) -> None:
    page = look(support, order, extra="5.00")
    answer = send(support, order, page, extra="20.00")
    assert answer.status_code == 422 and "another amount than before" in answer.content.decode()
    assert "Give £20 back" in answer.content.decode() and not Refund.objects.exists()


def test_everything_at_once_comes_to_what_was_paid(support: Client, order: Order) -> None:
    form = support.get(f"{refund_url(order)}?all=1").context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    page = support.post(refund_url(order), {**values, "why": "all back", "do": "look"})
    assert page.context["quote"].amount == order.total_incl_tax
    send(support, order, page)
    drain_all()
    assert holds(order) == 0
    page = support.get(refund_url(order))
    assert "all given back" in page.content.decode() and ">Refund</a>" not in detail(support, order)


def test_a_refused_refund_says_what_stripe_said_and_can_be_tried_again(
    support: Client,
    order: Order,
    stripe: Sandbox,  # noqa: F811
) -> None:
    send(support, order, look(support, order, **{line_of(order, "Jug"): 1}))
    stripe.fault("error_before", "POST /v1/refunds", count=1, status=402)
    drain_all()
    refund = Refund.objects.get()
    assert refund.state == "refused" and refund.error
    text = detail(support, order)
    assert "Refused" in text and "Stripe says:" in text and "was refused" in of(order).problem
    assert support.get(reverse("dashboard:payment-list"), {"state": "needs"}).context["payments"].count() == 1
    support.post(reverse("dashboard:refund-again", args=[refund.pk]))
    drain_all()
    refund.refresh_from_db()
    assert (refund.state, refund.error, holds(order)) == ("succeeded", "", order.total_incl_tax - 5)
    answer = support.post(reverse("dashboard:refund-again", args=[refund.pk]), follow=True)
    assert "was not refused" in answer.content.decode()


def test_a_refused_refund_is_not_tried_where_its_line_was_given_back_otherwise(
    support: Client,
    order: Order,
    stripe: Sandbox,  # noqa: F811
) -> None:
    send(support, order, look(support, order, **{line_of(order, "Jug"): 1}))
    stripe.fault("error_before", "POST /v1/refunds", count=1, status=402)
    drain_all()
    send(support, order, look(support, order, **{line_of(order, "Jug"): 1}))
    drain_all()
    refused = Refund.objects.get(state="refused")
    answer = support.post(reverse("dashboard:refund-again", args=[refused.pk]), follow=True)
    assert "0 are left" in answer.content.decode()
    assert holds(order) == order.total_incl_tax - 5


def test_who_may_not_refund(support: Client, order: Order) -> None:
    marketer = signed_in(MARKETER)
    for url in (refund_url(order), reverse("dashboard:payment-list"), reverse("dashboard:payment-message-list")):
        assert marketer.get(url).status_code == 403, url
        assert Client().get(url).status_code == 302, url
    assert marketer.post(refund_url(order), {"extra": "1", "why": "x", "do": "send"}).status_code == 403
    assert marketer.post(reverse("dashboard:payment-done", args=[of(order).pk])).status_code == 403
    assert support.get(refund_url(order)).status_code == 200


def test_an_order_without_a_card_payment_has_no_refund(support: Client, order: Order) -> None:
    Payment.objects.all().delete()
    answer = support.get(refund_url(order), follow=True)
    assert "Nothing was paid online" in answer.content.decode()


def test_another_orders_line_is_not_refunded(support: Client, order: Order) -> None:
    other = make_product(title="Lamp", price=Decimal("5.00"), stock=5)
    shopper = Client()
    stranger, _page = order_by_card(shopper, other)
    page = look(support, order, **{line_of(stranger, "Lamp"): 1})
    assert page.status_code == 422 and "Say what is to be refunded" in page.content.decode()


def test_what_goes_back_by_itself_is_not_asked_of_staff(support: Client, order: Order) -> None:
    send(support, order, look(support, order, **{line_of(order, "Bowl"): 1}))
    status_url = reverse("dashboard:order-status", args=[order.number])
    page = support.post(status_url, {"to": "cancelled"})
    assert "goes back to the customer by itself" in page.content.decode()
    answer = support.post(status_url, {"to": "cancelled", "sure": "yes", "why": "sold out"}, follow=True)
    assert "is owed back" not in answer.content.decode()
    drain_all()
    assert holds(order) == 0 and sum(each.amount for each in Refund.objects.all()) == order.total_incl_tax


def test_a_problem_is_taken_off_the_list_by_somebody(support: Client, order: Order) -> None:
    Payment.objects.update(problem="a <b>strange</b> thing")
    text = support.get("/dashboard/").content.decode()
    assert "Payments that need somebody" in text
    text = support.get(reverse("dashboard:payment-list"), {"state": "needs"}).content.decode()
    assert order.number in text and "&lt;b&gt;strange" in text
    done = reverse("dashboard:payment-done", args=[of(order).pk])
    support.post(done, {"problem": "another one"})
    assert of(order).problem
    back = reverse("dashboard:payment-list")
    assert support.post(done, {"problem": of(order).problem, "next": back})["Location"] == back
    assert of(order).problem == ""
    note = OrderNote.objects.get(order=order)
    assert note.user.email == "support@example.com" and "strange" in note.message
    answer = support.post(done, {"problem": "x", "next": "https://evil.example/dashboard/"})
    assert answer["Location"].startswith("/dashboard/orders/")


def test_staff_sees_that_the_buyer_was_told_of_a_refund_that_came_back(
    support: Client,
    order: Order,
    stripe: Sandbox,  # noqa: F811
) -> None:
    made = stripe.api("POST", "/refunds", {"payment_intent": of(order).intent_id, "amount": 200}).json
    stripe.set_refund(made["id"], "failed")
    stripe.deliver(Client())
    drain_all()
    assert f"Your refund of £2 for order {order.number} has not arrived yet" in detail(support, order)


def test_what_nobody_has_read_stays_on_the_list(support: Client, order: Order) -> None:
    Payment.objects.update(problem="a refund was refused\na dispute\nmore came")
    url = reverse("dashboard:payment-list")
    for text in (support.get(url).content.decode(), detail(support, order)):
        assert "<li>a refund was refused</li><li>a dispute</li><li>more came</li>" in text
        seen = re.search(r'name="problem" value="([^"]*)"', text)
        assert seen is not None and seen[1] == of(order).problem
    done = reverse("dashboard:payment-done", args=[of(order).pk])
    # Read before more came, and sent as browsers send lines.
    answer = support.post(done, {"problem": "a refund was refused\r\na dispute"}, follow=True)
    assert "Something else came up meanwhile" in answer.content.decode() and of(order).problem == "more came"
    assert OrderNote.objects.get(order=order).message == "Dealt with: “a refund was refused\na dispute”"
    answer = support.post(done, {"problem": "a refund was refused\r\na dispute"}, follow=True)
    assert "Something else came up meanwhile" in answer.content.decode() and OrderNote.objects.count() == 1
    assert "off the list" in support.post(done, {"problem": "more came"}, follow=True).content.decode()
    assert of(order).problem == "" and OrderNote.objects.count() == 2


def test_a_dispute_shows_until_when_evidence_may_be_sent(support: Client, order: Order) -> None:
    Dispute.objects.create(
        payment=of(order), dispute_id="dp_1", status="needs_response", reason="fraudulent", amount=order.total_incl_tax,
        currency="GBP", due_by=timezone.now(),
    )  # fmt: skip
    assert "evidence until" in detail(support, order) and ">Refund</a>" not in detail(support, order)
    assert order.number in support.get(reverse("dashboard:payment-list"), {"state": "needs"}).content.decode()
    page = look(support, order, extra="1.00")
    assert page.status_code == 422, "what the bank holds cannot be given back as well"
    assert "Think before anything leaves the house." in detail(support, order)
    orders = reverse("dashboard:order-list")
    assert "<b>Disputed</b>" in support.get(orders).content.decode()
    Dispute.objects.update(status="lost")
    text = detail(support, order)
    assert "Think before anything leaves the house." in text and "evidence until" not in text
    Dispute.objects.update(status="won")
    assert "Think before anything leaves the house." not in detail(support, order)
    assert "<b>Disputed</b>" not in support.get(orders).content.decode()


@pytest.mark.parametrize(
    ("key", "base", "url"),
    [
        ("sk_test_1", "http://127.0.0.1:9", ""),
        ("sk_test_1", "", "https://dashboard.stripe.com/test/disputes/dp_1"),
        ("sk_live_1", "", "https://dashboard.stripe.com/disputes/dp_1"),
    ],
)
def test_a_dispute_leads_to_where_stripe_shows_it(
    support: Client, order: Order, settings: Any, key: str, base: str, url: str
) -> None:
    Dispute.objects.create(payment=of(order), dispute_id="dp_1", status="lost", amount=1, currency="GBP")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = key, base
    shown = f'<a href="{url}" rel="noreferrer">dp_1</a>' if url else "<small>dp_1</small>"
    assert shown in detail(support, order)


def test_lists_are_narrowed(support: Client, order: Order) -> None:
    url = reverse("dashboard:payment-list")

    def found(**wanted: str) -> int:
        return len(support.get(url, wanted).context["payments"])

    today = timezone.localdate().isoformat()
    assert found() == found(q=order.number) == found(state="succeeded") == found(since=today, until=today) == 1
    assert found(q=of(order).intent_id) == found(q=of(order).session_id) == 1
    assert found(q="nothing") == found(state="open") == found(state="refunded") == found(until="2001-01-01") == 0
    assert found(q="\x00") == 1 and found(state="nonsense") == 1
    assert "swap them" in support.get(url, {"since": "2026-02-02", "until": "2026-01-01"}).content.decode()
    assert support.get(url, {"page": "99"}).status_code == 404


def test_messages_show_failures_first_and_are_settled_again(
    support: Client,
    stripe: Sandbox,  # noqa: F811
) -> None:
    product = make_product(title="Bowl", price=Decimal("24.50"), stock=5)
    shopper = Client()
    order, page = order_by_card(shopper, product)
    stripe.pay(page)
    stripe.fault("error_before", "GET /v1/checkout/sessions*", count=99, status=500)
    assert 500 in set(stripe.deliver(shopper))
    stripe.clear_faults()
    assert status(order) == "awaiting-payment"
    WebhookEvent.objects.create(event_id="evt_0", type="nothing.special", state="ignored", happened_at=timezone.now())
    url = reverse("dashboard:payment-message-list")
    events = support.get(url).context["events"]
    assert events[0].state == "failed" and "Down" in events[0].error and events[len(events) - 1].state == "ignored"
    assert "Messages that failed" in support.get("/dashboard/").content.decode()
    again = reverse("dashboard:payment-message-again", args=[events[0].event_id])
    stripe.fault("error_before", "GET /v1/events*", count=9, status=500)
    assert "does not answer" in support.post(again, follow=True).content.decode()
    stripe.clear_faults()
    answer = support.post(again, {"next": f"{url}?state=failed"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{url}?state=failed"
    assert "taken in once more" in answer.content.decode()
    assert status(order) == "paid" and holds(order) == order.total_incl_tax
    assert (
        "failed again"
        in support.post(reverse("dashboard:payment-message-again", args=["evt_0"]), follow=True).content.decode()
    )
    assert len(support.get(url, {"state": "ignored"}).context["events"]) == 1
    assert len(support.get(url, {"q": "nothing"}).context["events"]) == 1


def test_lists_ask_the_same_number_of_queries_however_long(
    support: Client,
    order: Order,
    django_assert_max_num_queries: Any,
) -> None:
    payment = of(order)
    for number in range(12):
        made = Payment.objects.create(
            order=order, amount=5, currency="GBP", state="failed", expires_at=timezone.now(), problem="look",
        )  # fmt: skip
        Refund.objects.create(order=made.order, payment=made, amount=1, currency="GBP")
        Dispute.objects.create(
            payment=made, dispute_id=f"dp_{number}", status="needs_response", amount=1, currency="GBP"
        )
        WebhookEvent.objects.create(
            event_id=f"evt_{number}", type="charge.failed", state="failed", happened_at=timezone.now(), payment=payment
        )
    for name, most in (("payment-list", 13), ("payment-message-list", 11)):
        url = reverse(f"dashboard:{name}")
        support.get(url)
        with django_assert_max_num_queries(most):
            assert support.get(url).status_code == 200


def test_a_cancelled_order_that_waited_for_money_owes_nothing(
    support: Client,
    stripe: Sandbox,  # noqa: F811
) -> None:
    order, _page = order_by_card(Client(), make_product(price=Decimal("5.00"), stock=5))
    change_status(order, "cancelled", why="test")
    text = detail(support, order)
    assert "is owed back" not in text and "Payment" in text
