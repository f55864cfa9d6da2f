"""The control API, for tests and for whoever tries things out: /_control/…, JSON in and out, not a part of Stripe's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import delivery, disputes, faults, jobs, refunds
from .api import one
from .box import Box
from .errors import StripeError
from .store import Object, public

Control = Callable[[Box, dict[str, Any]], Object]
CONTROLS: dict[tuple[str, str], Control] = {}


def control(method: str, path: str) -> Callable[[Control], Control]:
    """Have a function answer an address."""

    def register(handler: Control) -> Control:
        CONTROLS[method, f"/_control/{path}"] = handler
        return handler

    return register


def answer(box: Box, method: str, path: str, given: dict[str, Any]) -> Object:
    """What the control API says. Raises StripeError."""
    handler = CONTROLS.get((method, path))
    if handler is None:
        known = ", ".join(f"{verb} {place}" for verb, place in sorted(CONTROLS))
        raise StripeError(f"{method} {path} is no control; there are {known}.", status=404)
    return handler(box, given)


@control("GET", "state")
def overview(box: Box, given: dict[str, Any]) -> Object:
    """How things stand."""
    states = box.store.rows("SELECT state, count(*) AS n FROM delivery GROUP BY state")
    return {
        "now": box.store.now(),
        "ahead": float(box.store.setting("ahead") or 0),
        "webhook": box.store.setting("webhook_url"),
        "is_paused": bool(box.store.setting("paused")),
        "deliveries": {row["state"]: row["n"] for row in states},
        "faults": faults.listed(box.store),
        "next": jobs.next_due(box),
    }


@control("POST", "reset")
def reset(box: Box, given: dict[str, Any]) -> Object:
    """Forget everything but the webhook's address; the clock is right again."""
    with box.store.work():
        box.store.empty()
    return {}


@control("POST", "webhook")
def set_webhook(box: Box, given: dict[str, Any]) -> Object:
    """Send to another address (`url`), sign with other secrets (`secret`, several by commas)."""
    with box.store.work():
        for name in ("url", "secret"):
            if name in given:
                box.store.set(f"webhook_{name}", str(given[name]))
    return {"url": box.store.setting("webhook_url")}


@control("POST", "pause")
def pause(box: Box, given: dict[str, Any]) -> Object:
    """Deliver nothing by itself until `resume`."""
    with box.store.work():
        box.store.set("paused", "yes")
    return {}


@control("POST", "resume")
def resume(box: Box, given: dict[str, Any]) -> Object:
    """Deliver by itself again."""
    with box.store.work():
        box.store.set("paused", "")
    return {}


@control("POST", "flush")
def flush(box: Box, given: dict[str, Any]) -> Object:
    """Deliver everything now, in order, whatever it waits for; what the shop answered."""
    return {"sent": delivery.flush(box)}


@control("POST", "take")
def take(box: Box, given: dict[str, Any]) -> Object:
    """Hand out what is to be delivered, signed, for a test that delivers it itself."""
    parcels = delivery.take(box, everything=bool(given.get("everything", True)))
    return {"parcels": [parcel.shown() for parcel in parcels]}


@control("POST", "record")
def record(box: Box, given: dict[str, Any]) -> Object:
    """How a delivery went that was handed out: `delivery` and the `status` of the answer."""
    delivery.record(box, int(given["delivery"]), given.get("status"), str(given.get("said", "")))
    return {}


@control("GET", "deliveries")
def deliveries(box: Box, given: dict[str, Any]) -> Object:
    """Every delivery: of which event, in which state, how often tried, what was answered last."""
    return {"deliveries": [dict(row) for row in box.store.rows("SELECT * FROM delivery ORDER BY id")]}


@control("GET", "requests")
def requests(box: Box, given: dict[str, Any]) -> Object:
    """Every call of the API, with its key and the fault that it met."""
    return {"requests": [dict(row) for row in box.store.rows("SELECT * FROM request ORDER BY id")]}


@control("GET", "events")
def events(box: Box, given: dict[str, Any]) -> Object:
    """Every event, oldest first."""
    return {"events": [public(event) for event in reversed(box.store.find("event"))]}


@control("POST", "advance")
def advance(box: Box, given: dict[str, Any]) -> Object:
    """Put the clock forward by `seconds`; what is due on the way happens, each at its time."""
    seconds = given.get("seconds")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise StripeError(f"seconds is {seconds!r}; it is a number from 0.", param="seconds")
    done = jobs.advance(box, seconds)
    return {"now": box.store.now(), "done": done}


@control("DELETE", "advance")
def put_clock_right(box: Box, given: dict[str, Any]) -> Object:
    """Let the clock be the machine's again. What has happened stays so."""
    with box.store.work():
        box.store.put_forward(-box.store.ahead())
    return {"now": box.store.now()}


@control("POST", "faults")
def add_fault(box: Box, given: dict[str, Any]) -> Object:
    """Ask for a fault."""
    with box.store.work():
        return faults.add(box.store, given)


@control("DELETE", "faults")
def clear_faults(box: Box, given: dict[str, Any]) -> Object:
    """Take back every fault that has not happened; what was held back is queued."""
    with box.store.work():
        box.store.run("DELETE FROM fault")
        faults.release_all(box.store)
    return {}


@control("POST", "dispute")
def dispute(box: Box, given: dict[str, Any]) -> Object:
    """Dispute a payment: `payment_intent` or `charge`, and if wanted `reason` and `amount`."""
    with box.store.work():
        charge = _charge(box, given)
        reason = str(given.get("reason", "fraudulent"))
        return public(disputes.open_dispute(box, charge, reason, given.get("amount")))


@control("POST", "dispute/close")
def close_dispute(box: Box, given: dict[str, Any]) -> Object:
    """Decide a dispute: `id`, and `status` won, lost or warning_closed."""
    with box.store.work():
        return public(disputes.close(box, one(box, "dispute", given.get("id", "")), str(given.get("status"))))


@control("POST", "refund")
def change_refund(box: Box, given: dict[str, Any]) -> Object:
    """Bring a refund to another state: `id`, and `status` succeeded, failed, pending or requires_action."""
    if given.get("status") not in {"succeeded", "failed", "pending", "requires_action"}:
        raise StripeError("status is succeeded, failed, pending or requires_action.", param="status")
    with box.store.work():
        return public(refunds.change(box, one(box, "refund", given.get("id", "")), given["status"]))


def _charge(box: Box, given: dict[str, Any]) -> Object:
    if "payment_intent" in given:
        return one(box, "charge", one(box, "payment_intent", given["payment_intent"])["latest_charge"])
    return one(box, "charge", given.get("charge", ""))
