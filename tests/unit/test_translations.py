"""German is complete where it is said to be, and says what the English says."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
GERMAN = ROOT / "site" / "masthead" / "locale" / "de" / "LC_MESSAGES" / "django.po"
ROOMS = ("content", "demo", "search", "shop", "site", "themes")
# What a shopper reads; the back offices and their models' labels may stay in English.
COMPLETE = (
    *(
        f"themes/base/templates/{folder}"
        for folder in (
            "account",
            "basket",
            "catalogue",
            "checkout",
            "components",
            "content",
            "demo",
            "errors",
            "giftcards",
            "mail",
            "search",
        )
    ),
    "demo",
    "shop/basket/views.py",
    "shop/basket/operations.py",
    "shop/basket/snapshots.py",
    "shop/catalogue/views.py",
    "shop/catalogue/forms.py",
    "shop/checkout/views.py",
    "shop/checkout/forms.py",
    "shop/checkout/gift_cards.py",
    "shop/giftcards/details.py",
    "shop/giftcards/selectors.py",
    "shop/giftcards/views.py",
    "shop/customer",
    "shop/order/operations.py",
    "shop/order/selectors.py",
    "shop/invoices/models.py",
    "shop/invoices/pdf.py",
    "shop/returns/forms.py",
    "shop/returns/mails.py",
    "shop/returns/selectors.py",
    "shop/payment/methods.py",
    "shop/payment/reasons.py",
    "shop/payment/stripe_checkout.py",
    "search/api.py",
    "search/pages.py",
    "search/shown.py",
    "search/params.py",
    "search/views.py",
    "site/masthead/views.py",
    "themes/formats.py",
    "themes/drawing.py",
)
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "pgettext": ((1, "c"), 2),
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|#")


def german() -> Catalog:
    with GERMAN.open("rb") as words:
        return read_po(words, locale="de")


def sources(*rooms: str) -> list[Path]:
    folders = [ROOT / room for room in rooms]
    assert all(folder.exists() for folder in folders), folders
    files = [path for path in folders if path.is_file()]
    files += [
        path for folder in folders for kind in ("*.py", "*.html", "*.txt", "*.subject") for path in folder.rglob(kind)
    ]
    return [path for path in files if "migrations" not in path.parts and "static" not in path.parts]


def messages(path: Path) -> set[str]:
    """The texts of one file that are marked for translation, the singular of those with a plural."""
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else templatize(text)
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    return {text[0] if isinstance(text, tuple) else text for _, text, _, _ in found}


def test_every_german_text_is_there_and_keeps_its_placeholders() -> None:
    wrong = []
    for message in german():
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(originals[-1]))
        if (
            message.fuzzy
            or any(not word or set(PLACEHOLDER.findall(word)) - wanted for word in words)
            or set(PLACEHOLDER.findall(words[-1])) != wanted
        ):
            wrong.append(message.id)
    assert not wrong


@pytest.mark.parametrize("room", COMPLETE)
def test_nothing_is_left_in_english(room: str) -> None:
    catalog = german()
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalog if message.id}
    missing = {text for path in sources(room) for text in messages(path)} - known
    assert not missing, f"{GERMAN.relative_to(ROOT)} lacks {sorted(missing)}"


def test_no_text_hides_in_an_f_string() -> None:
    # The programs that collect texts do not look into f-strings, so such a text would never be translated.
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources(*ROOMS)
        if path.suffix == ".py"
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    ]
    assert not hidden


def test_german_is_spoken() -> None:
    with translation.override("de"):
        assert translation.gettext("Add to basket") == "In den Warenkorb"
        assert translation.ngettext("%(number)s review", "%(number)s reviews", 2) == "%(number)s Bewertungen"


def test_a_voucher_and_a_gift_card_have_two_names_in_german() -> None:
    # Where both were "Gutschein", a gift card's code was typed into the basket's field, which takes none.
    of_vouchers = [message for message in german() if "voucher" in str(message.id).lower()]
    assert of_vouchers and not [message.string for message in of_vouchers if "Gutschein" in str(message.string)]
