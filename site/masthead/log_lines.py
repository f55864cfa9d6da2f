"""How the site's log is written: without the addresses that are keys.

Django names in its warnings what was not found, was refused or failed, and whoever reads a link to a guest's order, or to a
new password, may use it. The proxy cuts the same ones (deploy/debian/nginx.conf).
"""

from __future__ import annotations

import logging
import re

_KEYS = re.compile(
    r"((?:account/order|checkout/pay|account/wishlists/shared)/[^/\s]+/|(?:account/(?:password|confirm|email)|newsletter/(?:confirm|stop))/)[^\s\"'?]+"
)


class Line(logging.Formatter):
    """A line of the log, and what follows it. What makes an address a key is three stars."""

    def format(self, record: logging.LogRecord) -> str:
        """All of it, the traceback included."""
        return _KEYS.sub(r"\1***", super().format(record))
