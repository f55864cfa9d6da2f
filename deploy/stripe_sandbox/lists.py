"""Lists by pages, and objects in the place of their names (`expand`)."""

from __future__ import annotations

from typing import Any

from .errors import StripeError, no_such
from .params import EXPAND, Moment, Params, Text, Whole, group
from .store import Condition, Object, Store, members, public

PAGING: dict[str, Any] = {
    "limit": Whole(1, 100), "starting_after": Text(), "ending_before": Text(), "expand": EXPAND, "created": Moment(),
}  # fmt: skip
# Members that hold the name of another object, and its kind.
EXPANDABLE = {
    "balance_transaction": "balance_transaction", "charge": "charge", "customer": "customer",
    "failure_balance_transaction": "balance_transaction", "latest_charge": "charge", "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "source": "",
}  # fmt: skip
# What a movement on the balance can come from, by the beginning of its name.
SOURCES = {"ch": "charge", "re": "refund", "du": "dispute"}
# Lists that are only shown when asked for.
HIDDEN_LISTS = {("checkout.session", "line_items"), ("charge", "refunds")}
DEEPEST = 4
BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
SHORTEST = 10


def list_params(**filters: Any) -> Any:
    """The parameters of a list."""
    return group(**PAGING, **filters)


def page(store: Store, kind: str, given: Params, url: str, *conditions: Condition) -> Object:
    """One page of the objects of a kind, newest first. Raises StripeError for a place that is not in the list."""
    limit = given.get("limit", SHORTEST)
    bounds = [(f"created {BOUNDS[name]} ?", bound) for name, bound in given.get("created", {}).items()]
    is_backwards = "ending_before" in given and "starting_after" not in given
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        if name in given:
            bounds.append((f"seq {sign} ?", _place(store, kind, given[name], name)))
    found = store.select(kind, [*bounds, *conditions], limit + 1, oldest_first=is_backwards)
    shown = found[:limit][::-1] if is_backwards else found[:limit]
    return _answer(store, shown, given, url, has_more=len(found) > limit)


def page_of_lines(store: Store, session: Object, given: Params) -> Object:
    """One page of what a session is for, in its own order."""
    items, limit = session["_line_items"], given.get("limit", SHORTEST)
    names = [item["id"] for item in items]
    start, end = 0, len(items)
    for name in ("starting_after", "ending_before"):
        if name in given and given[name] not in names:
            raise no_such("line item", given[name], name)
    if "starting_after" in given:
        start = names.index(given["starting_after"]) + 1
    elif "ending_before" in given:
        end = names.index(given["ending_before"])
        start = max(0, end - limit)
    shown = items[start:end][:limit]
    has_more = start > 0 if "ending_before" in given else start + limit < len(items)
    return _answer(store, shown, given, f"/v1/checkout/sessions/{session['id']}/line_items", has_more=has_more)


def _answer(store: Store, shown: list[Object], given: Params, url: str, *, has_more: bool) -> Object:
    data = [expand(store, public(item), below(given.get("expand", []), "data")) for item in shown]
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _place(store: Store, kind: str, identifier: str, param: str) -> int:
    found = store.rows("SELECT seq FROM object WHERE id = ? AND kind = ?", identifier, kind)
    if not found:
        raise no_such(kind.replace("_", " "), identifier, param)
    return int(found[0]["seq"])


def below(paths: list[str], first: str) -> list[str]:
    """What is asked for below `first`. Raises StripeError for anything else."""
    for path in paths:
        if path.split(".")[0] != first:
            raise _cannot(path)
    return [path.partition(".")[2] for path in paths if "." in path]


def _cannot(path: str) -> StripeError:
    return StripeError(f"This property cannot be expanded ({path}).", param="expand")


def expand(store: Store, body: Object, paths: list[str]) -> Object:
    """The object with others in place of their names, by paths such as `payment_intent.latest_charge`."""
    for path in paths:
        if path.count(".") >= DEEPEST:
            raise StripeError("You cannot expand more than 4 levels of a property.", param="expand")
        _expand_one(store, body, path)
    return body


def _expand_one(store: Store, body: Object, path: str) -> None:
    name, _, rest = path.partition(".")
    if (body["object"], name) in HIDDEN_LISTS:
        body.setdefault(name, hidden_list(store, body, name))
        found: Any = body[name]
    elif name in EXPANDABLE and name in body:
        found = body[name]
        if isinstance(found, str):
            found = body[name] = public(store.known(EXPANDABLE[name] or SOURCES[found.partition("_")[0]], found))
    elif name in body and isinstance(body[name], dict) and rest:
        found = {**body[name], "object": f"{body['object']}.{name}"}
        _expand_one(store, found, rest)
        body[name] = {key: value for key, value in found.items() if key != "object"}
        return
    else:
        raise _cannot(path)
    if not rest or found is None:
        return
    if found.get("object") == "list":
        for item in found["data"]:
            _expand_one(store, item, rest.partition(".")[2] if rest.startswith("data.") else rest)
    else:
        _expand_one(store, found, rest)


def hidden_list(store: Store, body: Object, name: str) -> Object:
    """The first page of a list that belongs to an object."""
    if name == "line_items":
        return page_of_lines(store, store.known("checkout.session", body["id"]), {})
    return page(store, "refund", {}, f"/v1/charges/{body['id']}/refunds", *members(charge=body["id"]))
