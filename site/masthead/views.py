"""Views of the whole site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shop.markets import COOKIE_AGE
from shop.origin import same_origin_required


@require_POST
@same_origin_required
def choose_country(request: HttpRequest) -> HttpResponse:
    """Keep the country to deliver to in its cookie and go back to where the visitor was.

    A country that the shop does not deliver to changes nothing.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target, status=303)
    country = request.POST.get("country", "")
    if country in settings.SHOP_COUNTRIES:
        response.set_cookie(
            settings.COUNTRY_COOKIE_NAME,
            country,
            max_age=COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
