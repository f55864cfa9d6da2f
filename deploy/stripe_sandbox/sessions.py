"""Checkout Sessions: what the shop asks for, checked as Stripe checks it, and the session made from it."""

from __future__ import annotations

from typing import Any

from . import money
from .box import Box
from .errors import StripeError, no_such
from .params import EXPAND, SHIPPING, Metadata, Params, Several, Text, Whole, YesNo, group
from .store import Object

SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60
# Methods that lead to a page of the buyer's bank and back, and the currencies that they know.
REDIRECTS = {"ideal": ("eur",), "bancontact": ("eur",)}
METHODS = {"card": None, "sepa_debit": ("eur",), **REDIRECTS}
USAGES = ("none", "on_session", "off_session")
MESSAGE = group("message", message=Text(longest=1200))
USAGE = group(setup_future_usage=Text(USAGES))

PRODUCT = group(
    "name",
    name=Text(),
    description=Text(),
    images=Several(Text(), 8),
    metadata=Metadata(),
    tax_code=Text(),
    unit_label=Text(),
)
PRICE = group(
    "currency", currency=Text(), unit_amount=Whole(), product_data=PRODUCT,
    tax_behavior=Text(("exclusive", "inclusive", "unspecified")),
)  # fmt: skip
INTENT_DATA = group(
    capture_method=Text(("automatic", "automatic_async", "manual")), description=Text(), metadata=Metadata(),
    receipt_email=Text(), setup_future_usage=Text(USAGES[1:]), shipping=SHIPPING, statement_descriptor=Text(longest=22),
    statement_descriptor_suffix=Text(longest=22), transfer_group=Text(),
)  # fmt: skip
CREATE = group(
    "line_items mode success_url",
    adaptive_pricing=group(enabled=YesNo()),
    billing_address_collection=Text(("auto", "required")),
    cancel_url=Text(is_url=True),
    client_reference_id=Text(longest=200),
    currency=Text(),
    custom_text=group(submit=MESSAGE, after_submit=MESSAGE),
    customer=Text(),
    customer_creation=Text(("always", "if_required")),
    customer_email=Text(longest=800),
    customer_update=group(**{name: Text(("auto", "never")) for name in ("address", "name", "shipping")}),
    excluded_payment_method_types=Several(Text()),
    expand=EXPAND,
    expires_at=Whole(),
    integration_identifier=Text(),
    line_items=Several(group(price_data=PRICE, quantity=Whole(), metadata=Metadata())),
    locale=Text(),
    metadata=Metadata(),
    mode=Text(("payment",)),
    origin_context=Text(("web",)),
    payment_intent_data=INTENT_DATA,
    payment_method_options=group(
        card=group(request_three_d_secure=Text(("any", "automatic", "challenge")), setup_future_usage=Text(USAGES)),
        **{name: USAGE for name in METHODS if name != "card"},
    ),
    payment_method_types=Several(Text()),
    phone_number_collection=group("enabled", enabled=YesNo()),
    saved_payment_method_options=group(
        allow_redisplay_filters=Several(Text(("always", "limited", "unspecified"))),
        payment_method_remove=Text(("enabled", "disabled")),
        payment_method_save=Text(("enabled", "disabled")),
    ),
    submit_type=Text(("auto", "book", "donate", "pay")),
    success_url=Text(is_url=True),
    ui_mode=Text(("hosted_page",)),
)


def create(box: Box, given: Params) -> Object:
    """A new session from checked parameters. Raises StripeError where they do not go together."""
    items = _line_items(box, given)
    currency = items[0]["currency"]
    total = sum(item["amount_total"] for item in items)
    money.check_total(total, currency, "The Checkout Session's total amount due", "line_items")
    customer = _customer(box, given)
    now = box.store.now()
    name = box.store.new_id("cs_test", 58)
    session = {
        **_plain(given, total),
        "id": name,
        "created": now,
        "amount_subtotal": total,
        "amount_total": total,
        "currency": currency,
        "customer": customer and customer["id"],
        "customer_details": _details(given, customer),
        "expires_at": _expires_at(given, now),
        "payment_method_types": _methods(given, currency),
        "url": f"{box.address}/c/pay/{name}",
        "_line_items": items,
        "_intent_data": given.get("payment_intent_data", {}),
        "_payer": None,
    }
    box.store.add(session)
    box.store.later(session["expires_at"], "expire", name)
    return session


def _plain(given: Params, total: int) -> Object:
    """What is taken over as it was given, and what Stripe says where nothing was."""
    saving = given.get("saved_payment_method_options")
    custom = given.get("custom_text", {})
    return {
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": given.get("adaptive_pricing", {}).get("enabled", False)},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": given.get("billing_address_collection"),
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": custom.get("after_submit"), "shipping_address": None, "submit": custom.get("submit"),
            "terms_of_service_acceptance": None,
        },
        "customer_account": None,
        "customer_creation": None if "customer" in given else given.get("customer_creation", "if_required"),
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "integration_identifier": given.get("integration_identifier"),
        "invoice": None,
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                "account_tax_ids": None, "custom_fields": None, "description": None, "footer": None, "issuer": None,
                "metadata": {}, "rendering_options": None,
            },
        },
        "livemode": False,
        "locale": given.get("locale"),
        "managed_payments": None,
        "metadata": given.get("metadata", {}),
        "mode": "payment",
        "origin_context": given.get("origin_context"),
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always" if total else "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": _method_options(given),
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": given.get("phone_number_collection", {}).get("enabled", False)},
        "recovered_from": None,
        "saved_payment_method_options": saving and {
            "allow_redisplay_filters": saving.get("allow_redisplay_filters", ["always"]),
            "payment_method_remove": saving.get("payment_method_remove", "disabled"),
            "payment_method_save": saving.get("payment_method_save", "disabled"),
        },
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "subscription": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }  # fmt: skip


def _method_options(given: Params) -> Object:
    options = given.get("payment_method_options", {})
    return {**options, "card": {"request_three_d_secure": "automatic", **options.get("card", {})}}


def _line_items(box: Box, given: Params) -> list[Object]:
    if not given["line_items"]:
        raise StripeError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    return [_line_item(box, item, f"line_items[{index}]", given) for index, item in enumerate(given["line_items"])]


def _line_item(box: Box, item: Params, place: str, given: Params) -> Object:
    for name in ("price_data", "quantity"):
        if name not in item:
            raise StripeError(
                f"Missing required param: {place}[{name}].", code="parameter_missing", param=f"{place}[{name}]"
            )
    price = item["price_data"]
    for name in ("unit_amount", "product_data"):
        if name not in price:
            full = f"{place}[price_data][{name}]"
            raise StripeError(f"Missing required param: {full}.", code="parameter_missing", param=full)
    currency = money.currency_of(price["currency"], f"{place}[price_data][currency]")
    wanted = given.get("currency", given["line_items"][0]["price_data"]["currency"]).lower()
    if currency != wanted:
        raise StripeError(
            f"You cannot combine currencies on a single Checkout Session: {wanted} and {currency}.", param=place
        )
    money.check_unit(price["unit_amount"], currency, f"{place}[price_data][unit_amount]")
    total = price["unit_amount"] * item["quantity"]
    return {
        "id": box.store.new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency,
        "description": price["product_data"]["name"],
        "metadata": item.get("metadata", {}),
        "price": _price(box, price, currency),
        "quantity": item["quantity"],
        "_about": price["product_data"].get("description", ""),
    }


def _price(box: Box, given: Params, currency: str) -> Object:
    return {
        "id": box.store.new_id("price"), "object": "price", "active": False, "billing_scheme": "per_unit",
        "created": box.store.now(), "currency": currency, "custom_unit_amount": None, "livemode": False, "lookup_key": None,
        "metadata": {}, "nickname": None, "product": box.store.new_id("prod", 14), "recurring": None,
        "tax_behavior": given.get("tax_behavior", "unspecified"), "tiers_mode": None, "transform_quantity": None,
        "type": "one_time", "unit_amount": given["unit_amount"], "unit_amount_decimal": str(given["unit_amount"]),
    }  # fmt: skip


def _customer(box: Box, given: Params) -> Object | None:
    if "customer" not in given:
        if (given.get("saved_payment_method_options") or given.get("customer_update")) and (
            given.get("customer_creation") != "always"
        ):
            raise StripeError(
                "`saved_payment_method_options` and `customer_update` can only be used with `customer`.",
                param="customer",
            )
        return None
    for name in ("customer_email", "customer_creation"):
        if name in given:
            raise StripeError(f"You may only specify one of these parameters: customer, {name}.", param="customer")
    found = box.store.get("customer", given["customer"])
    if found is None or found.get("deleted"):
        raise no_such("customer", given["customer"], "customer")
    return found


def _details(given: Params, customer: Object | None) -> Object | None:
    email = customer["email"] if customer else given.get("customer_email")
    if email is None:
        return None
    return details(email, customer["name"] if customer else None)


def details(email: str | None, name: str | None) -> Object:
    """Who the buyer is."""
    return {
        "address": None, "business_name": None, "email": email, "individual_name": None, "name": name, "phone": None,
        "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip


def _expires_at(given: Params, now: int) -> int:
    wanted: int = given.get("expires_at", now + LONGEST)
    if wanted < now + SHORTEST:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", param="expires_at"
        )
    if wanted > now + LONGEST:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", param="expires_at"
        )
    return wanted


def _methods(given: Params, currency: str) -> list[str]:
    """The ways to pay: those asked for, or those that know the currency."""
    excluded: list[Any] = given.get("excluded_payment_method_types", [])
    wanted = given.get("payment_method_types")
    if wanted is None:
        fits = [name for name in ("card", "sepa_debit") if METHODS[name] is None or currency in (METHODS[name] or ())]
        return [name for name in fits if name not in excluded]
    for index, name in enumerate(wanted):
        if name not in METHODS:
            raise StripeError(
                f"The payment method type provided: {name} is invalid. (This sandbox knows {', '.join(METHODS)}.)",
                param=f"payment_method_types[{index}]",
            )
        known = METHODS[name]
        if known is not None and currency not in known:
            raise StripeError(
                f"The payment method `{name}` cannot be used with the currency `{currency}`; it takes {', '.join(known)}.",
                param="payment_method_types",
            )
    return list(wanted)
