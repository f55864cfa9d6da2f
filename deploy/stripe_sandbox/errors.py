"""What the API answers when it refuses, in Stripe's shape."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """One refusal: the HTTP status and the members of Stripe's `error` object.

    `is_final` says whether the answer is remembered under the request's idempotency key. Stripe remembers what happened
    once work had begun, and forgets requests that were refused for their parameters.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        is_final: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_final = is_final
        self.body = {"message": message, "type": kind, **{name: value for name, value in more.items() if value}}

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        code = self.body.get("code")
        more = {"doc_url": f"https://docs.stripe.com/error-codes#{str(code).replace('_', '-')}"} if code else {}
        return {"error": {**self.body, **more}}


def no_such(what: str, identifier: str, param: str = "id") -> StripeError:
    """404 where the address names it, 400 where a parameter does; Stripe calls both resource_missing."""
    return StripeError(
        f"No such {what}: '{identifier}'", status=404 if param == "id" else 400, code="resource_missing", param=param
    )


def refused(message: str, **more: Any) -> StripeError:
    """A request that cannot be carried out in the state that things are in; remembered under its key."""
    return StripeError(message, is_final=True, **more)
