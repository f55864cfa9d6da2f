"""The addresses of Stripe's API that the sandbox answers, and what each does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from . import bodies, payments, refunds, sessions
from .box import Box
from .errors import StripeError, no_such, refused
from .lists import expand, list_params, page, page_of_lines
from .params import ADDRESS, EXPAND, SHIPPING, Metadata, Params, Several, Text, Whole, group, merged_metadata
from .store import Condition, Object, members, public

Handler = Callable[[Box, dict[str, str], Params], Object]
ROUTES: list[tuple[str, re.Pattern[str], Any, Handler]] = []
ROUTES_BY_ADDRESS: dict[tuple[str, str], Any] = {}
NAMES = {"checkout.session": "checkout.session", "payment_intent": "payment_intent", "payment_method": "PaymentMethod"}
ONLY_EXPAND = group(expand=EXPAND)
CUSTOMER: dict[str, Any] = {
    "address": ADDRESS, "description": Text(can_unset=True), "email": Text(longest=512, can_unset=True), "expand": EXPAND,
    "metadata": Metadata(), "name": Text(longest=256, can_unset=True), "phone": Text(longest=20, can_unset=True),
    "preferred_locales": Several(Text()), "shipping": SHIPPING, "tax_exempt": Text(("none", "exempt", "reverse")),
}  # fmt: skip


def route(method: str, path: str, params: Any) -> Callable[[Handler], Handler]:
    """Have a function answer an address; `{name}` in it stands for one part."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

    def register(handler: Handler) -> Handler:
        ROUTES.append((method, pattern, params, handler))
        ROUTES_BY_ADDRESS[method, path] = params
        return handler

    return register


def answer(box: Box, method: str, path: str, given: Params) -> Object:
    """What the API says to one request. Raises StripeError."""
    for wanted, pattern, params, handler in ROUTES:
        if wanted == method and (found := pattern.match(path)):
            checked = params.read(given)
            body = handler(box, found.groupdict(), checked)
            return body if body.get("object") == "list" else expand(box.store, public(body), checked.get("expand", []))
    raise StripeError(
        f"Unrecognized request URL ({method}: {path}). This sandbox answers only what the shop uses; see its README.",
        status=404,
    )


def one(box: Box, kind: str, identifier: str, param: str = "id") -> Object:
    """An object. Raises StripeError where it is not there."""
    found = box.store.get(kind, identifier)
    if found is None:
        raise no_such(NAMES.get(kind, kind.replace("_", " ")), identifier, param)
    return found


def chosen(given: Params, filters: Iterable[str]) -> list[Condition]:
    """The filters that are given."""
    return members(**{name: given[name] for name in filters if name in given})


def retrieving(kind: str, path: str) -> None:
    """Answer the address of one object."""

    def handler(box: Box, names: dict[str, str], given: Params) -> Object:
        return one(box, kind, names["id"])

    route("GET", path, ONLY_EXPAND)(handler)


def listing(kind: str, path: str, **filters: Any) -> None:
    """Answer the address of a list, which can be narrowed by members."""

    def handler(box: Box, names: dict[str, str], given: Params) -> Object:
        return page(box.store, kind, given, path, *chosen(given, filters))

    route("GET", path, list_params(**filters))(handler)


listing("checkout.session", "/v1/checkout/sessions", customer=Text(), payment_intent=Text(), status=Text())
retrieving("checkout.session", "/v1/checkout/sessions/{id}")
listing("payment_intent", "/v1/payment_intents", customer=Text())
retrieving("payment_intent", "/v1/payment_intents/{id}")
listing("charge", "/v1/charges", customer=Text(), payment_intent=Text())
retrieving("charge", "/v1/charges/{id}")
listing("refund", "/v1/refunds", charge=Text(), payment_intent=Text())
retrieving("refund", "/v1/refunds/{id}")
listing("dispute", "/v1/disputes", charge=Text(), payment_intent=Text())
retrieving("dispute", "/v1/disputes/{id}")
listing("balance_transaction", "/v1/balance_transactions", source=Text(), type=Text(), currency=Text())
retrieving("balance_transaction", "/v1/balance_transactions/{id}")
retrieving("event", "/v1/events/{id}")
retrieving("payment_method", "/v1/payment_methods/{id}")


@route("POST", "/v1/checkout/sessions", sessions.CREATE)
def create_session(box: Box, names: dict[str, str], given: Params) -> Object:
    """A new Checkout Session."""
    return sessions.create(box, given)


@route("POST", "/v1/checkout/sessions/{id}/expire", ONLY_EXPAND)
def expire_session(box: Box, names: dict[str, str], given: Params) -> Object:
    """End a session early."""
    session = one(box, "checkout.session", names["id"])
    if session["status"] != "open":
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    payments.expire(box, session)
    return session


LINES = group(limit=Whole(1, 100), starting_after=Text(), ending_before=Text(), expand=EXPAND)


@route("GET", "/v1/checkout/sessions/{id}/line_items", LINES)
def list_line_items(box: Box, names: dict[str, str], given: Params) -> Object:
    """What a session is for."""
    return page_of_lines(box.store, one(box, "checkout.session", names["id"]), given)


@route(
    "POST", "/v1/payment_intents/{id}/cancel",
    group(cancellation_reason=Text(("abandoned", "duplicate", "fraudulent", "requested_by_customer")), expand=EXPAND),
)  # fmt: skip
def cancel_intent(box: Box, names: dict[str, str], given: Params) -> Object:
    """Let held money go."""
    intent = one(box, "payment_intent", names["id"])
    if intent["status"] in {"succeeded", "canceled", "processing"}:
        raise unexpected(intent, "cancel", "requires_capture")
    if intent["status"] != "requires_capture":
        raise refused(
            "You cannot cancel the PaymentIntent of a Checkout Session that is open; expire the session instead: "
            f"{intent['_session']}.", code="payment_intent_unexpected_state",
        )  # fmt: skip
    payments.cancel(box, intent, given.get("cancellation_reason"))
    return intent


@route(
    "POST", "/v1/payment_intents/{id}/capture", group(amount_to_capture=Whole(1), metadata=Metadata(), expand=EXPAND)
)
def capture_intent(box: Box, names: dict[str, str], given: Params) -> Object:
    """Take held money."""
    intent = one(box, "payment_intent", names["id"])
    if intent["status"] != "requires_capture":
        raise unexpected(intent, "capture", "requires_capture")
    amount: int = given["amount_to_capture"] if "amount_to_capture" in given else intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        raise refused(
            f"The capture amount {amount} is greater than the amount that can be captured: {intent['amount_capturable']}.",
            code="amount_too_large", param="amount_to_capture",
        )  # fmt: skip
    intent["metadata"] = merged_metadata(intent["metadata"], given.get("metadata", {}))
    payments.capture(box, intent, amount)
    return intent


def unexpected(intent: Object, verb: str, wanted: str) -> StripeError:
    """The refusal for an intent that is in another state."""
    return refused(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}. "
        f"Only a PaymentIntent with one of the following statuses may be {verb}ed: {wanted}.",
        code="payment_intent_unexpected_state", payment_intent=public(intent),
    )  # fmt: skip


@route("POST", "/v1/customers", group(**CUSTOMER))
def create_customer(box: Box, names: dict[str, str], given: Params) -> Object:
    """A new customer."""
    made = box.store.add(bodies.customer(box, given))
    box.emit("customer.created", made)
    return made


@route("GET", "/v1/customers", list_params(email=Text()))
def list_customers(box: Box, names: dict[str, str], given: Params) -> Object:
    """The customers that are not deleted."""
    present = ("json_extract(body, '$.deleted') IS NOT ?", True)
    return page(box.store, "customer", given, "/v1/customers", present, *chosen(given, ["email"]))


@route("GET", "/v1/customers/{id}", ONLY_EXPAND)
def retrieve_customer(box: Box, names: dict[str, str], given: Params) -> Object:
    """A customer; of a deleted one, that it is deleted."""
    found = one(box, "customer", names["id"])
    return gone(found) if found.get("deleted") else found


@route("POST", "/v1/customers/{id}", group(**CUSTOMER))
def update_customer(box: Box, names: dict[str, str], given: Params) -> Object:
    """Change a customer."""
    found = living(box, names["id"])
    before = {
        name: found[name] for name in given if name in found and name != "metadata" and found[name] != given[name]
    }
    changed = {name: value for name, value in given.items() if name not in {"metadata", "expand"}}
    found.update(changed, metadata=merged_metadata(found["metadata"], given.get("metadata", {})))
    box.store.save(found)
    box.emit("customer.updated", found, **before)
    return found


@route("DELETE", "/v1/customers/{id}", group())
def delete_customer(box: Box, names: dict[str, str], given: Params) -> Object:
    """Delete a customer, with the cards that were saved."""
    found = living(box, names["id"])
    for method in box.store.find("payment_method", customer=found["id"]):
        method["customer"] = None
        box.store.save(method)
    box.store.save({**found, "deleted": True})
    box.emit("customer.deleted", found)
    return gone(found)


def living(box: Box, identifier: str, param: str = "id") -> Object:
    """A customer that is not deleted. Raises StripeError."""
    found = one(box, "customer", identifier, param)
    if found.get("deleted"):
        raise no_such("customer", identifier, param)
    return found


def gone(customer: Object) -> Object:
    """What is left of a deleted customer."""
    return {"id": customer["id"], "object": "customer", "deleted": True}


METHOD_FILTERS = {"type": Text(), "allow_redisplay": Text(("always", "limited", "unspecified"))}


@route("GET", "/v1/customers/{id}/payment_methods", list_params(**METHOD_FILTERS))
def list_customers_methods(box: Box, names: dict[str, str], given: Params) -> Object:
    """The cards and accounts that a customer has saved."""
    living(box, names["id"])
    conditions = [*members(customer=names["id"]), *chosen(given, METHOD_FILTERS)]
    return page(box.store, "payment_method", given, f"/v1/customers/{names['id']}/payment_methods", *conditions)


@route("GET", "/v1/payment_methods", list_params(customer=Text(), **METHOD_FILTERS))
def list_methods(box: Box, names: dict[str, str], given: Params) -> Object:
    """The same by the other address."""
    if "customer" in given:
        living(box, given["customer"], "customer")
    # Without a customer: those that belong to nobody are not listed, as at Stripe.
    conditions = [*members(customer=given.get("customer", "")), *chosen(given, METHOD_FILTERS)]
    return page(box.store, "payment_method", given, "/v1/payment_methods", *conditions)


@route("POST", "/v1/payment_methods/{id}/detach", ONLY_EXPAND)
def detach_method(box: Box, names: dict[str, str], given: Params) -> Object:
    """Take a saved card from its customer."""
    method = one(box, "payment_method", names["id"])
    if method["customer"] is None:
        raise refused(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    owner, method["customer"] = method["customer"], None
    box.store.save(method)
    box.emit("payment_method.detached", method, customer=owner)
    return method


REFUND = group(
    amount=Whole(1), charge=Text(), currency=Text(), expand=EXPAND, metadata=Metadata(), payment_intent=Text(),
    reason=Text(("duplicate", "fraudulent", "requested_by_customer")),
)  # fmt: skip


@route("POST", "/v1/refunds", REFUND)
def create_refund(box: Box, names: dict[str, str], given: Params) -> Object:
    """Give money back."""
    if "payment_intent" in given and "charge" in given:
        raise StripeError("You may only specify one of these parameters: charge, payment_intent.", param="charge")
    if "payment_intent" in given:
        intent = one(box, "payment_intent", given["payment_intent"], "payment_intent")
        if not intent["latest_charge"] or intent["status"] not in {"succeeded", "processing"}:
            raise refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        identifier = intent["latest_charge"]
    elif "charge" in given:
        identifier = given["charge"]
    else:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    return refunds.create(box, one(box, "charge", identifier, "charge"), given)


@route("POST", "/v1/refunds/{id}/cancel", ONLY_EXPAND)
def cancel_refund(box: Box, names: dict[str, str], given: Params) -> Object:
    """Give a refund up that waits for the buyer."""
    refund = one(box, "refund", names["id"])
    if refund["status"] != "requires_action":
        raise refused(
            f"Refund {refund['id']} has a status of {refund['status']}; only requires_action can be canceled."
        )
    return refunds.change(box, refund, "canceled")


EVENTS = list_params(type=Text(), types=Several(Text(), 20), delivery_success=Text(("true", "false")))


@route("GET", "/v1/events", EVENTS)
def list_events(box: Box, names: dict[str, str], given: Params) -> Object:
    """What has happened, newest first."""
    if "type" in given and "types" in given:
        raise StripeError("You may only specify one of these parameters: type, types.", param="type")
    conditions: list[Condition] = []
    if types := given.get("types") or ([given["type"]] if "type" in given else []):
        fits = "EXISTS (SELECT 1 FROM json_each(?) WHERE json_extract(object.body, '$.type') GLOB value)"
        conditions.append((fits, json.dumps(types)))
    if "delivery_success" in given:
        within = "IN" if given["delivery_success"] == "true" else "NOT IN"
        conditions.append((f"id {within} (SELECT event FROM delivery WHERE state = ?)", "delivered"))
    return page(box.store, "event", given, "/v1/events", *conditions)
