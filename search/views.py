"""Listing, category and search pages, and suggestions. What they show is put together in pages.py and suggestions.py."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.markets import market_of

from . import categories, pages, suggestions
from .insight import recording
from .params import parse
from .rules.addresses import in_language
from .rules.selectors import Redirect, answer_for


@require_safe
def listing(request: HttpRequest, path: str = "") -> HttpResponse:
    """All products, or a category. A category's old address leads to its new one."""
    place = categories.find(path) if path else categories.whole_shop()
    if place is None:
        if moved := categories.moved_to(path):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{moved}?{query}" if query else moved)
        raise Http404(_("There is no category at this address."))
    return _answer(request, *pages.place_page(request, place, parse(request.GET)))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search results, or the page to which merchandisers send whoever searches for that."""
    params = parse(request.GET)
    said = answer_for(params.text) if params.text else None
    if isinstance(said, Redirect):
        recording.note_redirect(request, params.text)
        return HttpResponseRedirect(in_language(request, said.url, get_language() or ""))
    template, context = pages.search_page(request, params)
    response = _answer(request, template, context)
    # Whoever filters, sorts, turns the page or insists on a spelling has searched before.
    if params.page == 1 and not (params.is_filtered or params.exact) and params.sort == "relevance":
        recording.note_search(request, params.text, context["result"])
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions while typing: a fragment, empty where there is nothing to suggest."""
    found = suggestions.suggest(request.GET.get("q", ""), market=market_of(request))
    return render(request, "search/suggest.html", {"found": found, "trail": recording.typed_trail(found.text)})


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=404 if context["listing"].past_end else 200)
