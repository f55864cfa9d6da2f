"""The pieces of HTML that the hosted page is made of. Everything that comes from outside is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from .words import language, say

CSS = Path(__file__).with_name("checkout.css")
BANNER = "Sandbox: no money moves. This page stands in for Stripe’s; use the test cards below and no real card."


def document(title: str, main: str) -> str:
    """A whole page."""
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/assets/checkout.css">\n'
        "</head>\n<body>\n"
        f'<header class="banner"><p>{escape(say(BANNER))}</p></header>\n<main>\n{main}\n</main>\n</body>\n</html>\n'
    )


def field(
    name: str,
    label: str,
    value: str,
    *,
    error: str = "",
    hint: str = "",
    kind: str = "text",
    complete: str = "",
    mode: str = "",
) -> str:
    """A labelled field with its hint and what is wrong with it."""
    told = [f"{name}-{part}" for part, text in (("hint", hint), ("error", error)) if text]
    attributes = {
        "id": name, "name": name, "type": kind, "value": value, "autocomplete": complete, "inputmode": mode,
        "aria-describedby": " ".join(told), "aria-invalid": "true" if error else "",
    }  # fmt: skip
    written = " ".join(f'{key}="{escape(text)}"' for key, text in attributes.items() if text or key == "value")
    return (
        f'<div class="field field-{name}"><label for="{name}">{escape(label)}</label>'
        + (f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else "")
        + (f'<p class="error" id="{name}-error">{escape(error)}</p>' if error else "")
        + f"<input {written}></div>"
    )


def way(value: str, label: str, *, is_chosen: bool, below: str = "") -> str:
    """A way to pay, to be chosen, with the fields that belong to it."""
    checked = " checked" if is_chosen else ""
    return (
        f'<div class="way"><label><input type="radio" name="way" value="{escape(value)}"{checked}> {escape(label)}</label>'
        + (f'<div class="below">{below}</div>' if below else "")
        + "</div>"
    )


def errors(found: dict[str, str], general: str) -> str:
    """What is wrong, at the top, with links to the fields."""
    if not found and not general:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in found.items())
    said = f"<p>{escape(general)}</p>" if general else ""
    return (
        '<div class="errors" role="alert" tabindex="-1"><h2>' + escape(say("Not paid")) + "</h2>"
        + said + (f"<ul>{items}</ul>" if items else "") + "</div>"
    )  # fmt: skip


def lines(rows: Sequence[tuple[str, str, int, str]], total: str) -> str:
    """What is paid for: name, description, how many, how much; and the total."""
    body = "".join(
        f'<tr><th scope="row">{escape(name)}{about(text)}</th><td>{quantity}</td><td>{escape(amount)}</td></tr>'
        for name, text, quantity, amount in rows
    )
    return (
        f'<table><caption class="quiet">{escape(say("What you pay for"))}</caption><thead><tr>'
        f'<th scope="col">{escape(say("Item"))}</th><th scope="col">{escape(say("Quantity"))}</th>'
        f'<th scope="col">{escape(say("Amount"))}</th></tr></thead>'
        f'<tbody>{body}</tbody><tfoot><tr><th scope="row" colspan="2">{escape(say("Total"))}</th><td>{escape(total)}</td></tr></tfoot></table>'
    )


def about(text: str) -> str:
    """A line of small print, where there is any."""
    return f'<span class="hint">{escape(text)}</span>' if text else ""


def link(address: str, text: str) -> str:
    """A link; nothing where there is no address."""
    return f'<p><a href="{escape(address)}">{escape(text)}</a></p>' if address else ""
