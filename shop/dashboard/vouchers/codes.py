"""What a voucher's code may be. Oscar's forms take any length, and its search for a free code then never ends."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Oscar draws codes from 24 letters and 8 digits.
ALPHABET = 32
# Who tries one code at random hits a voucher of the set once in so many tries.
TRIES_PER_HIT = 1_000_000
LONGEST = 32
# They are made in one request, which holds the database's write lock.
MOST_CODES = 1000


def shortest(count: int) -> int:
    """The fewest characters with which `count` codes are free to be found and hard to guess."""
    length = 1
    while ALPHABET**length < count * TRIES_PER_HIT:
        length += 1
    return length


def check_set(count: int, length: int) -> dict[str, str]:
    """What is wrong with a set of `count` codes of `length` characters, by the field that is wrong."""
    if not 1 <= count <= MOST_CODES:
        return {
            "count": _("%(count)s is not between 1 and %(most)s. Make several sets for more codes.")
            % {"count": count, "most": MOST_CODES}
        }
    least = shortest(count)
    if length < least:
        text = ngettext(
            "%(length)s is too short for %(count)s code, which could be guessed: give at least %(least)s characters.",
            "%(length)s is too short for %(count)s codes, which could be guessed: give at least %(least)s characters.",
            count,
        )
        return {"code_length": text % {"length": length, "count": count, "least": least}}
    if length > LONGEST:
        text = _("%(length)s is more than anybody types: give up to %(most)s characters.")
        return {"code_length": text % {"length": length, "most": LONGEST}}
    return {}


def without_spaces(code: str) -> str:
    """The code in capitals. Raises ValidationError where a space stands in it: shoppers could not type it."""
    code = code.strip().upper()
    if any(sign.isspace() for sign in code):
        raise ValidationError(
            _("“%(code)s” has a space in it. Leave it out, or write a hyphen: “%(better)s”."),
            params={"code": code, "better": "-".join(code.split())},
        )
    return code
