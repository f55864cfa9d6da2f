"""The newsletter's addresses and the brand's stylesheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.views import authenticate_with_password

from shop import throttle
from shop.origin import same_origin_required

from . import operations
from .forms import NewsletterForm


def message(
    request: HttpRequest, title: str, text: str, *, status: int = 200, form: NewsletterForm | None = None
) -> HttpResponse:
    """A short page that says one thing and may ask again."""
    context = {"title": title, "text": text, "form": form}
    response = render(request, "content/newsletter_message.html", context, status=status)
    add_never_cache_headers(response)
    return response


@same_origin_required
@require_http_methods(["POST"])
def newsletter_signup(request: HttpRequest) -> HttpResponse:
    """Take an address. The answer is the same whether or not it was known."""
    form = NewsletterForm(request.POST)
    if not form.is_valid():
        return message(
            request,
            _("That address does not look right"),
            _("“%(email)s” is not an e-mail address. It needs a name, an @ and a place, such as ada@example.com.")
            % {"email": request.POST.get("email", "")[:254]},
            status=400,
            form=form,
        )
    if throttle.take(throttle.NEWSLETTER_ADDRESS, throttle.client_address(request)):
        return message(
            request,
            _("Please try again in an hour"),
            _("Ten addresses within the hour is as many as we take from one place."),
            status=429,
        )
    if not form.cleaned_data["website"]:
        operations.subscribe(
            form.cleaned_data["email"],
            language=request.LANGUAGE_CODE,
            source=form.cleaned_data["source"],
        )
    return message(
        request,
        _("Look into your mail"),
        _("We have sent a link to %(email)s. The letter comes once you have followed it.")
        % {"email": form.cleaned_data["email"]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A link from the first mail. Following it shows a button, since mail programs open links by themselves."""
    return _follow(
        request,
        token,
        name="newsletter-confirm",
        act=operations.confirm,
        ask=(_("One more click"), _("Send the letter to %(email)s?"), _("Yes, send it")),
        done=(_("Welcome"), _("The next letter goes to %(email)s.")),
    )


@csrf_exempt  # Mail programs post here by themselves (RFC 8058); the address holds a signature.
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the end of every letter."""
    return _follow(
        request,
        token,
        name="newsletter-stop",
        act=operations.unsubscribe,
        ask=(_("Stop the letter"), _("Send nothing more to %(email)s?"), _("Yes, stop it")),
        done=(_("It stops"), _("Nothing more goes to %(email)s.")),
    )


def _follow(
    request: HttpRequest,
    token: str,
    *,
    name: str,
    act: object,
    ask: tuple[str, str, str],
    done: tuple[str, str],
) -> HttpResponse:
    email = operations.email_of(name, token)
    if email is None:
        return message(
            request,
            _("This link does not work any more"),
            _("It is cut off or too old. Sign up once more and we send a new one."),
            status=404,
        )
    if request.method != "POST":
        title, text, button = ask
        context = {"title": title, "text": text % {"email": email}, "button": button}
        response = render(request, "content/newsletter_message.html", context)
        add_never_cache_headers(response)
        return response
    act(token)  # type: ignore[operator]
    return message(request, done[0], done[1] % {"email": email})


@require_http_methods(["GET", "HEAD", "POST"])
def page_password(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponse:
    """The password of a page that an editor has closed: Wagtail's view, with the tries counted."""
    is_try = request.method == "POST"
    if is_try and (wait := throttle.take(throttle.PAGE_PASSWORD_ADDRESS, throttle.client_address(request))):
        response = message(request, _("Please try again later"), throttle.wait_text(wait), status=429)
        response["Retry-After"] = str(wait)
        return response
    return authenticate_with_password(request, page_view_restriction_id, page_id)


@require_GET
def brand_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The brand's colours. Its name holds a hash of what is in it, so that it may be kept for ever."""
    from .brand import current_brand

    brand = current_brand(request)
    if not brand.css:
        return HttpResponse(status=404)
    response = HttpResponse(brand.css, content_type="text/css; charset=utf-8")
    # An older page may still ask by an older name: it gets today's colours, and keeps them for a minute.
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == brand.digest else "public, max-age=60"
    )
    return response
