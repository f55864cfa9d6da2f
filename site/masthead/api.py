"""The shop's JSON API at /api/, described at /api/openapi.json; /api/docs shows it to people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router

from search.api import router as search_router

api = NinjaAPI(
    title="Masthead",
    version="1.0",
    description="What the shop’s pages show, for programs. Prices are those of the market that the address and the "
    "country cookie say, tax included; an address that begins with /de/ answers in German.",
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
rest_of_it = Router()


@rest_of_it.get("/{path:rest}", include_in_schema=False)
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else is asked for."""
    said: dict[str, Any] = {
        "parameter": "path",
        "value": rest[:80],
        "message": "There is nothing at this address.",
        "cure": "What there is stands in /api/openapi.json.",
    }
    return api.create_response(request, {"errors": [said]}, status=404)


# In this order: the first that fits answers.
api.add_router("/search", search_router)
api.add_router("", rest_of_it)
