"""Puts the bar over Wagtail's pages too; the shop's and the dashboard's have a place for it of their own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .guard import is_allowed
from .people import TOURS


class OfficeStripMiddleware:
    """Adds the bar to the end of whole HTML pages of /cms/; frames and fragments stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/cms/") or "/preview/" in request.path or not self._is_page(request, response):
            return response
        bar = render_to_string(
            "demo/office_strip.html", {"path": request.get_full_path(), "tours": TOURS, "here": "edit"}
        )
        response.content = response.content.replace(b"</body>", bar.encode() + b"</body>", 1)
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
        return response

    @staticmethod
    def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
        return (
            is_allowed(request)
            and not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and request.headers.get("X-Requested-With") != "XMLHttpRequest"
            and request.headers.get("Sec-Fetch-Dest", "document") == "document"
            and b"</body>" in response.content
        )
