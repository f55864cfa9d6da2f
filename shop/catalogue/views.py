"""The product page, its reviews, and what a visitor looked at before."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.giftcards.details import GiftForm
from shop.http import whole_number
from shop.markets import Market
from shop.shipping.selectors import Delivery, deliveries_of
from themes.paging import PageNumbers

from .cards import Crumb, ProductCard, ProductDetail
from .forms import ReviewForm
from .html import safe_html
from .operations import AlreadyReviewedError, write_review
from .selectors import find_by_slug, product_cards
from .selectors.detail import detail_of
from .selectors.reviews import own_review, review_total, reviews_of, score_counts
from .signals import product_shown
from .structured import crumb_data, product_data

REVIEWS_A_PAGE = 10
RECENT_SHOWN = 12


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product. A former address, or a variant's own, leads to the product's with 301."""
    found = find_by_slug(slug)
    if found is None:
        raise Http404(_("There is no product “%(slug)s”.") % {"slug": slug})
    if found.moved_to:
        return HttpResponsePermanentRedirect(with_query(found.moved_to, request))
    template, context = page_of(request, found.id)
    response = render(request, template, context)
    product_shown.send_robust(sender=product, request=request, product_id=found.id)
    return response


def product_page(request: HttpRequest, slug: str, *, preview: bool = False) -> tuple[str, dict[str, Any]]:
    """Template and context of a product's page, for whoever shows that page in a place of its own.

    A preview shows a product that is not published yet, too. Raises Http404 where there is none.
    """
    found = find_by_slug(slug, unpublished=preview)
    if found is None:
        raise Http404(_("There is no product “%(slug)s”.") % {"slug": slug})
    return page_of(request, found.id, preview=preview)


def page_of(request: HttpRequest, product_id: int, *, preview: bool = False) -> tuple[str, dict[str, Any]]:
    """Template and context of the page of one parent or standalone product."""
    detail = detail_of(
        product_id,
        market=request.market,  # type: ignore[attr-defined]
        variant_id=whole_number(request.GET.get("variant")),
        values=request.GET.dict(),
        unpublished=preview,
    )
    if detail is None:
        raise Http404(_("There is no product with the number %(id)s.") % {"id": product_id})
    return "catalogue/product.html", {
        "detail": detail,
        "product": detail.card,
        "subtitle": subtitle_of(detail.card),
        "description": safe_html(detail.description),
        "gift_form": GiftForm() if detail.is_gift_card else None,
        "deliveries": deliveries(detail, request.market),  # type: ignore[attr-defined]
        "crumbs": crumbs_of(detail),
        "reviews_url": reviews_address(detail),
        "review_total": review_total(detail.score_counts),
        "product_data": product_data(detail, request),
        "crumb_data": crumb_data(detail, request),
    }


def subtitle_of(card: ProductCard) -> str:
    """The line under the name without the maker, who stands above it: of "Ines Calder, 350 ml" the latter."""
    if not card.brand or not card.subtitle.startswith(card.brand):
        return card.subtitle
    rest = card.subtitle.removeprefix(card.brand)
    return rest.removeprefix(", ") if not rest or rest.startswith(", ") else card.subtitle


def deliveries(detail: ProductDetail, market: Market) -> tuple[Delivery, ...]:
    """How what the page shows first can be sent to the visitor's country; nothing for what is not sent or not sold."""
    if not detail.is_sent or detail.price is None:
        return ()
    return deliveries_of(market.country, detail.price.now, detail.weight_grams)


def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """All approved reviews of a product, and the form for those who are signed in."""
    found = find_by_slug(slug)
    if found is None:
        raise Http404(_("There is no product “%(slug)s”.") % {"slug": slug})
    if found.moved_to:
        return HttpResponsePermanentRedirect(with_query(f"{found.moved_to.partition('?')[0]}reviews/", request))
    if request.method == "POST":
        return _post_review(request, found.id)
    return _reviews_page(request, found.id, None)


@login_required
def _post_review(request: HttpRequest, product_id: int) -> HttpResponse:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _reviews_page(request, product_id, form, status=422)
    try:
        write_review(product_id, user=request.user, **form.cleaned_data)
    except AlreadyReviewedError:
        form.add_error(None, _("You have written about this product already; one review a person counts."))
        return _reviews_page(request, product_id, form, status=409)
    return HttpResponseRedirect(f"{request.path}?thanks=1#write")


def _reviews_page(request: HttpRequest, product_id: int, form: ReviewForm | None, *, status: int = 200) -> HttpResponse:
    market: Market = request.market  # type: ignore[attr-defined]
    card = product_cards([product_id], market=market).get(product_id)
    if card is None:
        raise Http404(_("There is no product with the number %(id)s.") % {"id": product_id})
    counts = score_counts(product_id)
    total = review_total(counts)
    last = max(-(-total // REVIEWS_A_PAGE), 1)
    asked = request.GET.get("page", "1")
    number = whole_number(asked) or 0
    if not 1 <= number <= last:
        raise Http404(
            _("The reviews have %(last)s pages; there is no page “%(asked)s”.") % {"last": last, "asked": asked}
        )
    mine = own_review(product_id, user=request.user)
    context = {
        "product": card,
        "crumbs": (Crumb(title=card.title, url=card.url), Crumb(title=_("Reviews"), url=request.path)),
        "reviews": reviews_of(product_id, first=(number - 1) * REVIEWS_A_PAGE, count=REVIEWS_A_PAGE),
        "score_counts": counts,
        "review_total": total,
        "pages": PageNumbers(number=number, last=last, path=request.path),
        "own_review": mine,
        "form": form or (ReviewForm() if mine is None else None),
        "login_url": f"{reverse('customer:login')}?next={request.path}",
    }
    response = render(request, "catalogue/reviews.html", context, status=status)
    # Holds a token and what this person wrote.
    add_never_cache_headers(response)
    return response


@require_safe
def recent(request: HttpRequest) -> HttpResponse:
    """The products `?ids=1,2,3` as a row of cards: what the browser remembers of the pages it saw. A fragment."""
    asked = request.GET.get("ids", "")[:400].split(",")
    ids = list(dict.fromkeys(number for text in asked if (number := whole_number(text))))[:RECENT_SHOWN]
    cards = product_cards(ids, market=request.market)  # type: ignore[attr-defined]
    return render(request, "catalogue/recent.html", {"cards": list(cards.values())})


def with_query(url: str, request: HttpRequest) -> str:
    """`url` with what stands behind the question mark of this request, where `url` has nothing there itself."""
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query and "?" not in url else url


def crumbs_of(detail: ProductDetail) -> tuple[Crumb, ...]:
    """Front page, categories, product."""
    front = Crumb(title=_("Front page"), url=reverse("wagtail_serve", args=[""]))
    return (front, *detail.crumbs, Crumb(title=detail.card.title, url=detail.card.url))


def reviews_address(detail: ProductDetail) -> str:
    """Where all reviews stand."""
    return f"{detail.card.url}reviews/"
