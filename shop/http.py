"""What every view that changes something needs: the answer after it, and numbers out of what was sent."""

from __future__ import annotations

from django.http import HttpResponseRedirect


def see_other(url: str) -> HttpResponseRedirect:
    """Redirect (303) after a POST, so that loading the page again sends nothing twice."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def whole_number(text: str | None) -> int | None:
    """A number above 0, in plain digits, that can be an id in the database, or None."""
    if not text or len(text) > 18 or not (text.isascii() and text.isdigit()):
        return None
    return int(text) or None
