"""Invoices and credit notes as files, for whoever may see their order."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shop.invoices.answers import pdf_answer
from shop.invoices.selectors import document_of
from shop.order.models import Order

from .orders import guests, mine


@require_safe
def document(request: HttpRequest, order_number: str, code: str) -> HttpResponse:
    """A document of one's own order."""
    return _file(mine(request, order_number), code)


@require_safe
def guest_document(request: HttpRequest, order_number: str, hash: str, code: str) -> HttpResponseBase:
    """A document by the link in a mail. Where the order belongs to an account, it is there, after signing in."""
    order = guests(order_number, hash)
    if order.user_id is not None:
        return redirect("customer:document", order_number=order.number, code=code)
    return _file(order, code)


def _file(order: Order, code: str) -> HttpResponse:
    found = document_of(order, code)
    if found is None:
        raise Http404(f"order {order.number} has no document {code}")
    return pdf_answer(found)
