"""What every view that changes something needs: the answer after it, and numbers out of what was sent."""

from __future__ import annotations

from django.http import HttpResponseRedirect


def see_other(url: str) -> HttpResponseRedirect:
    """Redirect (303) after a POST, so that loading the page again sends nothing twice."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def whole_number(text: str | None) -> int | None:
    """A number above 0 that can be an id in the database, or None."""
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if 0 < number < 2**62 else None
