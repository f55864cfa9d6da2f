"""Stripe's own client, each of whose requests goes to the sandbox and to stripe-mock, and each answer past the description."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.contract import stripe_mock
from tests.contract.description import Description
from tests.stripe_sandbox import Sandbox

# What stripe-mock shows that Stripe shows when asked (refunds), or of cards only.
NOT_ALWAYS = {("charge", "refunds"), ("dispute", "payment_method_details")}


@dataclass
class Contract:
    """What was asked, which answers were judged, and what was wrong with any of it."""

    sandbox: Sandbox
    mock: str
    description: Description
    asked: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail with everything that was wrong."""
        assert self.asked, "nothing was asked, so nothing was checked"
        assert self.judged == self.asked, "not every answer was judged"
        assert self.problems == []


class TwofoldClient(stripe.RequestsClient):
    """Sends every request to the sandbox, whose answer counts, and the very same to stripe-mock."""

    contract: Contract

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request."""
        parts, contract = urlsplit(url), self.contract
        asked = f"{method.upper()} {parts.path}"
        contract.asked.append(asked)
        spoken, described = (headers or {}).get("Stripe-Version"), contract.description.version
        if spoken != described:
            contract.problems.append(f"{method} {url} speaks version {spoken}, and {described} is described")
        answer = super().request(method, url, headers, post_data)
        body, status = json.loads(answer[0]), answer[1]
        mock = urlsplit(contract.mock)
        said, their_status, _ = super().request(method, parts._replace(netloc=mock.netloc).geturl(), headers, post_data)
        if status == 200:
            if their_status != 200:
                contract.problems.append(f"stripe-mock refuses {method} {url} {post_data}: {said!r}")
            contract.problems += contract.description.problems_of_answer(method, parts.path, body)
            contract.problems += missing(body, json.loads(said))
        else:
            contract.problems += contract.description.problems_of(body, "error")
        contract.judged.append(asked)
        return answer


def missing(ours: Any, theirs: Any) -> list[str]:
    """What stripe-mock's object of the same kind has and ours has not."""
    if ours["object"] == "list":
        return missing(ours["data"][0], theirs["data"][0]) if ours["data"] and theirs["data"] else []
    if ours["object"] != theirs.get("object") or ours.get("deleted"):
        return []
    left = {(ours["object"], name) for name in set(theirs) - set(ours)} - NOT_ALWAYS
    return [f"{kind}.{name} is not shown, and stripe-mock shows it" for kind, name in sorted(left)]


@pytest.fixture(scope="session")
def description() -> Description:
    """Stripe's description of its API."""
    return Description(stripe_mock.description())


@pytest.fixture(scope="session")
def _mock() -> Iterator[str]:
    with stripe_mock.server() as address:
        yield address


@pytest.fixture
def contract(sandbox: Sandbox, _mock: str, description: Description) -> Iterator[Contract]:
    """The contract; what broke it fails the test at its end."""
    made = Contract(sandbox, _mock, description)
    TwofoldClient.contract = made
    yield made
    made.check()


@pytest.fixture
def client(contract: Contract) -> Iterator[stripe.StripeClient]:
    """The client; it tries nothing twice."""
    http = TwofoldClient(timeout=20)
    yield stripe.StripeClient(
        contract.sandbox.key,
        base_addresses={"api": contract.sandbox.address},
        http_client=http,
        max_network_retries=0,
        stripe_version=contract.description.version,
    )
    http.close()
