"""The hosted page's words: English in the code, German here. A session says in which language its page speaks, as at Stripe."""

from __future__ import annotations

from contextvars import ContextVar

_language: ContextVar[str] = ContextVar("language", default="en")

GERMAN = {
    "Sandbox: no money moves. This page stands in for Stripe’s; use the test cards below and no real card.": "Sandkasten: "
    "Es fließt kein Geld. Diese Seite steht für die von Stripe; nehmen Sie die Testkarten unten und keine echte Karte.",
    "There is no such checkout session": "Diese Bezahlseite gibt es nicht",
    "There is no such payment": "Diese Zahlung gibt es nicht",
    "The address may be cut off, or the sandbox was emptied.": "Vielleicht ist die Adresse abgeschnitten, oder der Sandkasten "
    "wurde geleert.",
    "You have paid already": "Sie haben schon bezahlt",
    "There is nothing more to do here.": "Hier ist nichts mehr zu tun.",
    "This payment page has expired": "Diese Bezahlseite ist abgelaufen",
    "Go back to the shop to try again.": "Gehen Sie zurück zum Shop, um es noch einmal zu versuchen.",
    "Back to the shop": "Zurück zum Shop",
    "Not paid": "Nicht bezahlt",
    "Not paid: {title}": "Nicht bezahlt: {title}",
    "Pay {total}": "{total} bezahlen",
    "Pay {total}: sandbox": "{total} bezahlen: Sandkasten",
    "Complete order": "Bestellung abschließen",
    "What you pay for": "Was Sie bezahlen",
    "Item": "Artikel",
    "Quantity": "Anzahl",
    "Amount": "Betrag",
    "Total": "Summe",
    "This page can be used for another {hours} h {minutes} min.": "Diese Seite gilt noch {hours} Std. {minutes} Min.",
    "E-mail": "E-Mail",
    "How to pay": "Zahlungsart",
    "Card": "Karte",
    "SEPA direct debit": "SEPA-Lastschrift",
    "Saved {brand} ending in {last4}, {month}/{year}": "Gespeicherte {brand}, endet auf {last4}, {month}/{year}",
    "Card number": "Kartennummer",
    "Expiry": "Gültig bis",
    "MM / YY": "MM / JJ",
    "Security code": "Prüfziffer",
    "3 or 4 digits": "3 oder 4 Ziffern",
    "Name on card": "Name auf der Karte",
    "Save this card for next time": "Diese Karte für das nächste Mal speichern",
    "Account holder": "Kontoinhaber",
    "Fill in a test card": "Testkarte ausfüllen",
    "All test cards": "Alle Testkarten",
    "Number": "Nummer",
    "What happens": "Was geschieht",
    "3-D Secure: sandbox": "3-D Secure: Sandkasten",
    "This stands in for the page of the buyer’s bank, which asks whether {amount} may be paid.": "Dies steht für die Seite der "
    "Bank, die fragt, ob {amount} bezahlt werden darf.",
    "Complete authentication": "Bestätigen",
    "Fail authentication": "Ablehnen",
    "Enter an e-mail address, such as name@example.com.": "Geben Sie eine E-Mail-Adresse ein, etwa name@example.com.",
    "Choose how to pay; this way is not there, or not any more.": "Wählen Sie eine Zahlungsart; diese gibt es nicht, oder nicht "
    "mehr.",
    "This is no card number: check the digits.": "Das ist keine Kartennummer: Prüfen Sie die Ziffern.",
    "The sandbox takes Stripe’s test cards only; they are listed below. Use no real card here.": "Der Sandkasten nimmt nur die "
    "Testkarten von Stripe; sie stehen unten. Nehmen Sie hier keine echte Karte.",
    "Enter month and year, such as 12 / 34.": "Geben Sie Monat und Jahr ein, etwa 12 / 34.",
    "The card’s expiry, {date}, is in the past.": "Die Karte ist seit {date} abgelaufen.",
    "Enter the security code: three digits, or four.": "Geben Sie die Prüfziffer ein: drei Ziffern, oder vier.",
    "The sandbox takes Stripe’s test IBANs only; they are listed below.": "Der Sandkasten nimmt nur die Test-IBANs von Stripe; "
    "sie stehen unten.",
    "Enter the account holder’s name.": "Geben Sie den Namen des Kontoinhabers ein.",
    # What a bank says.
    "Your card has been declined.": "Ihre Karte wurde abgelehnt.",
    "Your card has insufficient funds. Try a different card.": "Ihre Karte ist nicht gedeckt. Versuchen Sie es mit einer anderen.",
    "Your card has expired. Try a different card.": "Ihre Karte ist abgelaufen. Versuchen Sie es mit einer anderen.",
    "Your card's security code is incorrect.": "Die Prüfziffer Ihrer Karte ist falsch.",
    "An error occurred while processing your card. Try again.": "Beim Abbuchen ist ein Fehler aufgetreten. Versuchen Sie es noch "
    "einmal.",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.": "Ihre "
    "Zahlungsart konnte nicht bestätigt werden. Wählen Sie eine andere und versuchen Sie es noch einmal.",
    # Test cards and accounts.
    "Succeeds": "Gelingt",
    "Succeeds (debit)": "Gelingt (Debit)",
    "Succeeds (Mastercard)": "Gelingt (Mastercard)",
    "Succeeds (Mastercard, new range)": "Gelingt (Mastercard, neuer Bereich)",
    "Succeeds (Mastercard debit)": "Gelingt (Mastercard Debit)",
    "Succeeds (American Express)": "Gelingt (American Express)",
    "Succeeds (Discover)": "Gelingt (Discover)",
    "Succeeds (Diners)": "Gelingt (Diners)",
    "Succeeds (JCB)": "Gelingt (JCB)",
    "Succeeds (British)": "Gelingt (britisch)",
    "Succeeds (German)": "Gelingt (deutsch)",
    "Is declined": "Wird abgelehnt",
    "Has insufficient funds": "Ist nicht gedeckt",
    "Is declined: lost": "Wird abgelehnt: verloren",
    "Is declined: stolen": "Wird abgelehnt: gestohlen",
    "Has expired": "Ist abgelaufen",
    "Has another security code": "Hat eine andere Prüfziffer",
    "Meets a processing error": "Stößt auf einen Fehler",
    "Is declined: too often": "Wird abgelehnt: zu oft",
    "Is blocked as fraudulent": "Wird als Betrug gesperrt",
    "Asks for 3-D Secure": "Verlangt 3-D Secure",
    "Asks for 3-D Secure every time": "Verlangt jedes Mal 3-D Secure",
    "Asks for 3-D Secure 2": "Verlangt 3-D Secure 2",
    "Asks for 3-D Secure, then is declined": "Verlangt 3-D Secure und wird dann abgelehnt",
    "Succeeds, is disputed as fraudulent": "Gelingt, wird als Betrug zurückgefordert",
    "Succeeds, is disputed as not received": "Gelingt, wird als nicht erhalten zurückgefordert",
    "Succeeds, is asked about": "Gelingt, wird nachgefragt",
    "Succeeds, is refunded later": "Gelingt, wird später erstattet",
    "Succeeds, its refund fails later": "Gelingt, die Erstattung scheitert später",
    "Pays": "Zahlt",
    "Pays after three minutes": "Zahlt nach drei Minuten",
    "Fails": "Scheitert",
    "Fails after three minutes": "Scheitert nach drei Minuten",
    "Pays, is disputed at once": "Zahlt, wird gleich zurückgefordert",
    "Pays (Austria)": "Zahlt (Österreich)",
    "Pays after three minutes (Austria)": "Zahlt nach drei Minuten (Österreich)",
    "Fails (Austria)": "Scheitert (Österreich)",
    "Fails after three minutes (Austria)": "Scheitert nach drei Minuten (Österreich)",
}


def speak(locale: str | None) -> None:
    """Speak a session's language from here on: German, or English for all others and where the session leaves it open."""
    _language.set("de" if (locale or "").lower().split("-")[0] == "de" else "en")


def language() -> str:
    """The language that is spoken."""
    return _language.get()


def say(text: str, **values: object) -> str:
    """A text in that language, with its values put in."""
    if language() == "de":
        text = GERMAN.get(text, text)
    return text.format(**values) if values else text


def amount(written: str) -> str:
    """An amount as that language writes it: 1.200,50 £ for £1,200.50."""
    if language() != "de":
        return written
    digits = written.lstrip("£€$¥ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    sign = written.removesuffix(digits).strip()
    return f"{digits.translate(str.maketrans(',.', '.,'))}\u00a0{sign}"
