"""The hosted page: what a buyer sees, chooses and types, and what follows from it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html import escape

from . import bodies, cards, markup, money, payments, sessions
from .box import Box
from .store import Object
from .words import amount as written
from .words import say, speak

EXPIRY = re.compile(r"\s*(\d{1,2})\s*/\s*(\d{2}|20\d{2})\s*")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
WAYS = {"card": "Card", "sepa_debit": "SEPA direct debit", "ideal": "iDEAL", "bancontact": "Bancontact"}
LOST = "The address may be cut off, or the sandbox was emptied."
TYPED = ("way", "email", "name", "number", "expiry", "cvc", "iban", "keep")


@dataclass
class Page:
    """An answer to a browser: a page, or another address to go to."""

    html: str = ""
    status: int = 200
    location: str = ""


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """One value, without spaces around it."""
        return self.typed.get(name, "").strip()


def show(box: Box, identifier: str, query: dict[str, str]) -> Page:
    """The page of a session."""
    session = _open_session(box, identifier)
    if isinstance(session, Page):
        return session
    typed = {"way": next(iter(_saved(box, session)), {}).get("id", session["payment_method_types"][0])}
    fill = query.get("fill", "")
    if fill in cards.BY_NUMBER:
        typed = {"way": "card", "number": _spaced(fill), "expiry": "12 / 34", "cvc": "123", "name": "Test Buyer"}
    elif fill in cards.BY_IBAN:
        typed = {"way": "sepa_debit", "iban": fill, "name": "Test Buyer"}
    if fill:
        typed["email"] = "buyer@example.com"
    return Page(_pay_page(box, session, Form(typed)))


def pay(box: Box, identifier: str, typed: dict[str, str]) -> Page:
    """Somebody pressed the button to pay."""
    session = _open_session(box, identifier)
    if isinstance(session, Page):
        return session
    form = Form({name: typed.get(name, "") for name in TYPED})
    email = _email(session, form)
    session["_payer"] = sessions.details(email, form.get("name") or None)
    result = _try(box, session, form, email)
    if result is None:
        return Page(_pay_page(box, session, form), 422)
    if result.state == "declined":
        return Page(_pay_page(box, session, form, say(result.says)), 402)
    if result.state == "challenge":
        return Page(location=f"/c/3ds/{result.intent}")
    return Page(location=success_url(session))


def _open_session(box: Box, identifier: str) -> Object | Page:
    """A session that can be paid, in whose language is spoken from here on; or the page that says why it cannot."""
    session = box.store.get("checkout.session", identifier)
    speak(session["locale"] if session else None)
    if session is None:
        return message("There is no such checkout session", LOST, 404)
    return session if session["status"] == "open" else closed(session)


def success_url(session: Object) -> str:
    """Where the buyer goes after paying."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _email(session: Object, form: Form) -> str | None:
    known = (session["customer_details"] or {}).get("email")
    if known:
        return str(known)
    email = form.get("email")
    if not EMAIL.fullmatch(email):
        form.errors["email"] = say("Enter an e-mail address, such as name@example.com.")
    return email


def _try(box: Box, session: Object, form: Form, email: str | None) -> payments.Result | None:
    """Pay in the chosen way; nothing where a field is wrong, which the form then says."""
    way, payer = form.get("way"), bodies.billing(email, form.get("name") or None)
    if session["amount_total"] == 0:
        return None if form.errors else payments.pay_nothing(box, session)
    if way == "card" and way in session["payment_method_types"]:
        return _try_card(box, session, form, payer)
    if way == "sepa_debit" and way in session["payment_method_types"]:
        return _try_account(box, session, form, payer)
    saved = next((method for method in _saved(box, session) if method["id"] == way), None)
    if saved is None and way not in session["payment_method_types"]:
        form.errors["way"] = say("Choose how to pay; this way is not there, or not any more.")
    if form.errors:
        return None
    if saved is not None:
        return payments.pay_by_card(box, session, saved, keep=False)
    return payments.pay_by_redirect(box, session, box.store.add(bodies.redirect_method(box, way, payer)))


def _try_card(box: Box, session: Object, form: Form, payer: Object) -> payments.Result | None:
    number = cards.digits(form.get("number"))
    if not cards.is_plausible(number):
        form.errors["number"] = say("This is no card number: check the digits.")
    elif number not in cards.BY_NUMBER:
        form.errors["number"] = say(
            "The sandbox takes Stripe’s test cards only; they are listed below. Use no real card here."
        )
    date = EXPIRY.fullmatch(form.get("expiry"))
    month, year = (int(date[1]), int(date[2]) % 100 + 2000) if date else (0, 0)
    if not date or not 1 <= month <= 12:
        form.errors["expiry"] = say("Enter month and year, such as 12 / 34.")
    elif (year, month) < _this_month(box):
        form.errors["expiry"] = say("The card’s expiry, {date}, is in the past.", date=f"{month:02}/{year}")
    if not re.fullmatch(r"\d{3,4}", form.get("cvc")):
        form.errors["cvc"] = say("Enter the security code: three digits, or four.")
    if form.errors:
        return None
    method = box.store.add(bodies.card_method(box, cards.BY_NUMBER[number], payer, month, year))
    return payments.pay_by_card(box, session, method, keep=form.get("keep") == "yes")


def _try_account(box: Box, session: Object, form: Form, payer: Object) -> payments.Result | None:
    account = cards.BY_IBAN.get(cards.digits(form.get("iban")).upper())
    if account is None:
        form.errors["iban"] = say("The sandbox takes Stripe’s test IBANs only; they are listed below.")
    if not form.get("name"):
        form.errors["name"] = say("Enter the account holder’s name.")
    if account is None or form.errors:
        return None
    method = box.store.add(bodies.account_method(box, account, payer))
    return payments.pay_by_account(box, session, method, account)


def _this_month(box: Box) -> tuple[int, int]:
    now = time.gmtime(box.store.now())
    return now.tm_year, now.tm_mon


# --- 3-D Secure, and the pages of local methods


def show_challenge(box: Box, identifier: str) -> Page:
    """The page of the buyer's bank."""
    intent = _challenged(box, identifier)
    if isinstance(intent, Page):
        return intent
    asks = say(
        "This stands in for the page of the buyer’s bank, which asks whether {amount} may be paid.",
        amount=written(money.written(intent["amount"], intent["currency"])),
    )
    main = (
        f"<h1>3-D Secure</h1><p>{escape(asks)}</p>"
        f'<form method="post" action="/c/3ds/{escape(identifier)}" class="actions">'
        f'<button name="answer" value="complete" class="main">{escape(say("Complete authentication"))}</button>'
        f'<button name="answer" value="fail">{escape(say("Fail authentication"))}</button></form>'
    )
    return Page(markup.document(say("3-D Secure: sandbox"), main))


def answer_challenge(box: Box, identifier: str, typed: dict[str, str]) -> Page:
    """Somebody answered the bank's question."""
    intent = _challenged(box, identifier)
    if isinstance(intent, Page):
        return intent
    result = payments.finish_challenge(box, intent, passed=typed.get("answer") == "complete")
    session = box.store.known("checkout.session", intent["_session"])
    if result.state == "paid":
        return Page(location=success_url(session))
    typed = {"way": session["payment_method_types"][0], "email": (session["_payer"] or {}).get("email") or ""}
    return Page(_pay_page(box, session, Form(typed), say(result.says)), 402)


def _challenged(box: Box, identifier: str) -> Object | Page:
    """An intent that waits for the bank's question, in whose language is spoken from here on; or the page to be seen instead."""
    intent = box.store.get("payment_intent", identifier)
    speak(box.store.known("checkout.session", intent["_session"])["locale"] if intent else None)
    if intent is None:
        return message("There is no such payment", LOST, 404)
    return intent if intent["status"] == "requires_action" else Page(location=f"/c/pay/{intent['_session']}")


# --- the pages themselves


def closed(session: Object) -> Page:
    """A session that takes no payment any more."""
    if session["status"] == "complete":
        return message("You have paid already", "There is nothing more to do here.", address=success_url(session))
    return message(
        "This payment page has expired", "Go back to the shop to try again.", 410, address=session["cancel_url"] or ""
    )


def message(title: str, text: str, status: int = 200, *, address: str = "") -> Page:
    """A page with one thing to say, and a link back to the shop."""
    title, back = say(title), markup.link(address, say("Back to the shop"))
    main = f"<h1>{escape(title)}</h1><p>{escape(say(text))}</p>{back}"
    return Page(markup.document(title, main), status)


def _saved(box: Box, session: Object) -> list[Object]:
    """The cards of the customer that may be offered again."""
    options = session["saved_payment_method_options"] or {}
    allowed = options.get("allow_redisplay_filters", ["always"])
    if not session["customer"]:
        return []
    found = box.store.find("payment_method", customer=session["customer"], type="card")
    return [method for method in found if method["allow_redisplay"] in allowed]


def _pay_page(box: Box, session: Object, form: Form, general: str = "") -> str:
    total = written(money.written(session["amount_total"], session["currency"]))
    rows = [
        (
            item["description"],
            item["_about"],
            item["quantity"],
            written(money.written(item["amount_total"], item["currency"])),
        )
        for item in session["_line_items"]
    ]
    pays = say("Pay {total}", total=total)
    submit = pays if session["amount_total"] else say("Complete order")
    back = markup.link(session["cancel_url"] or "", say("Back to the shop"))
    main = (
        f"<h1>{escape(pays)}</h1>{markup.errors(form.errors, general)}"
        f'<div class="columns"><section>{markup.lines(rows, total)}{back}{_expires(box, session)}</section>'
        f'<form method="post" action="/c/pay/{session["id"]}" novalidate>{_contact(session, form)}{_ways(box, session, form)}'
        f'{_note(session)}<button class="main">{escape(submit)}</button></form></div>{_quick(session)}'
    )
    title = say("Pay {total}: sandbox", total=total)
    return markup.document(say("Not paid: {title}", title=title) if form.errors or general else title, main)


def _expires(box: Box, session: Object) -> str:
    hours, minutes = divmod(max(0, session["expires_at"] - box.store.now()) // 60, 60)
    left = say("This page can be used for another {hours} h {minutes} min.", hours=hours, minutes=minutes)
    return f'<p class="hint">{escape(left)}</p>'


def _note(session: Object) -> str:
    submit = session["custom_text"]["submit"]
    return f"<p>{escape(submit['message'])}</p>" if submit else ""


def _contact(session: Object, form: Form) -> str:
    known = (session["customer_details"] or {}).get("email")
    if known:
        return f'<p class="contact">{escape(say("E-mail"))}: <strong>{escape(known)}</strong></p>'
    return markup.field(
        "email",
        say("E-mail"),
        form.get("email"),
        error=form.errors.get("email", ""),
        kind="email",
        complete="email",
        mode="email",
    )


def _ways(box: Box, session: Object, form: Form) -> str:
    if not session["amount_total"]:
        return ""
    chosen = form.get("way")
    parts = [
        markup.way(method["id"], _saved_label(method["card"]), is_chosen=chosen == method["id"])
        for method in _saved(box, session)
    ]
    below = {"card": _card_fields(session, form), "sepa_debit": _account_fields(form)}
    parts += [
        markup.way(name, say(WAYS[name]), is_chosen=chosen == name, below=below.get(name, ""))
        for name in session["payment_method_types"]
    ]
    wrong = form.errors.get("way", "")
    said = f'<p class="error" id="way">{escape(wrong)}</p>' if wrong else ""
    return f"<fieldset><legend>{escape(say('How to pay'))}</legend>{said}{''.join(parts)}</fieldset>"


def _saved_label(card: Object) -> str:
    return say(
        "Saved {brand} ending in {last4}, {month}/{year}",
        brand=card["brand"], last4=card["last4"], month=f"{card['exp_month']:02}", year=card["exp_year"],
    )  # fmt: skip


def _card_fields(session: Object, form: Form) -> str:
    error = form.errors.get
    fields = [
        markup.field(
            "number",
            say("Card number"),
            form.get("number"),
            error=error("number", ""),
            complete="cc-number",
            mode="numeric",
        ),
        markup.field(
            "expiry",
            say("Expiry"),
            form.get("expiry"),
            error=error("expiry", ""),
            hint=say("MM / YY"),
            complete="cc-exp",
        ),
        markup.field(
            "cvc",
            say("Security code"),
            form.get("cvc"),
            error=error("cvc", ""),
            hint=say("3 or 4 digits"),
            complete="cc-csc",
            mode="numeric",
        ),
    ]
    if "sepa_debit" not in session["payment_method_types"]:
        fields.append(markup.field("name", say("Name on card"), form.get("name"), complete="cc-name"))
    saving = session["saved_payment_method_options"] or {}
    if session["customer"] and saving.get("payment_method_save") == "enabled":
        checked = " checked" if form.get("keep") == "yes" else ""
        fields.append(
            f'<label class="keep"><input type="checkbox" name="keep" value="yes"{checked}> '
            f"{escape(say('Save this card for next time'))}</label>"
        )
    return "".join(fields)


def _account_fields(form: Form) -> str:
    error = form.errors.get
    return markup.field("iban", "IBAN", form.get("iban"), error=error("iban", "")) + markup.field(
        "name", say("Account holder"), form.get("name"), error=error("name", ""), complete="name"
    )


def _quick(session: Object) -> str:
    """Buttons that fill in a test card, and the list of all of them."""
    if not session["amount_total"]:
        return ""
    quick = [(number, say(cards.BY_NUMBER[number].says)) for number in cards.QUICK]
    accounts = cards.ACCOUNTS if "sepa_debit" in session["payment_method_types"] else ()
    quick += [(account.iban, f"SEPA: {_small(say(account.says))}") for account in accounts[:4]]
    buttons = "".join(
        f'<button name="fill" value="{number}">{escape(says)} <span class="number">{_spaced(number)}</span></button>'
        for number, says in quick
    )
    known = [(_spaced(card.number), say(card.says)) for card in cards.ALL] + [
        (account.iban, say(account.says)) for account in accounts
    ]
    rows = "".join(f"<tr><td>{number}</td><td>{escape(says)}</td></tr>" for number, says in known)
    return (
        f'<section class="quick"><h2>{escape(say("Fill in a test card"))}</h2>'
        f'<form method="get" action="/c/pay/{session["id"]}">{buttons}</form>'
        f"<details><summary>{escape(say('All test cards'))}</summary><table><thead><tr>"
        f'<th scope="col">{escape(say("Number"))}</th><th scope="col">{escape(say("What happens"))}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details></section>"
    )


def _small(text: str) -> str:
    """A text that goes on behind another."""
    return text[:1].lower() + text[1:]


def _spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4)) if number.isdecimal() else number
