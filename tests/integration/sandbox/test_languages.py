"""The hosted page speaks the session's language, as Stripe's does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from stripe_sandbox import cards, pages, words

from tests.integration.sandbox.conftest import Make
from tests.stripe_sandbox import Sandbox

ROOT = Path(pages.__file__).parent


def said() -> set[str]:
    """Every text that the pages say."""
    found = {text for card in cards.ALL for text in [card.says, *([card.decline.message] if card.decline else [])]}
    found |= {account.says for account in cards.ACCOUNTS} | set(pages.WAYS.values())
    for name in ("pages.py", "markup.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "message"):
                found |= {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found


def test_all_of_it_is_there_in_german() -> None:
    same = {"iDEAL", "Bancontact"}
    assert {text for text in said() if text not in words.GERMAN} - same == set()
    assert "authenticate your payment method" in " ".join(words.GERMAN)


@pytest.mark.parametrize(
    ("locale", "lang", "heading", "button"),
    [
        ("de", "de", "25,00\xa0£ bezahlen", "Zahlungsart"),
        ("en", "en", "Pay £25.00", "How to pay"),
        ("auto", "en", "Pay £25.00", "How to pay"),
        ("fr", "en", "Pay £25.00", "How to pay"),
    ],
)
def test_a_page_in_the_sessions_language(
    sandbox: Sandbox, make: Make, locale: str, lang: str, heading: str, button: str
) -> None:
    url = make(locale=locale).url
    page = sandbox.send("GET", url).text
    assert f'<html lang="{lang}">' in page and f"<h1>{heading}</h1>" in page and button in page


def test_a_refusal_and_3d_secure_in_german(sandbox: Sandbox, make: Make) -> None:
    session = make(locale="de")
    answer = sandbox.pay(session.url, "4000000000009995")
    assert answer.status == 402 and "Ihre Karte ist nicht gedeckt." in answer.text and "Nicht bezahlt" in answer.text
    answer = sandbox.pay(session.url, "4000000000003220", challenge=None)
    page = sandbox.send("GET", answer.location).text
    assert "ob 25,00\xa0£ bezahlt werden darf" in page and "Bestätigen" in page
    assert sandbox.pay(session.url).status == 303
    assert "Sie haben schon bezahlt" in sandbox.send("GET", session.url).text
    # The next page is somebody else's.
    assert '<html lang="en">' in sandbox.send("GET", f"{sandbox.address}/c/pay/none").text
