"""Every address of the site. Names that outside checks rely on are listed in docs/architecture.md."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from content.urls import page_urlpatterns
from content.urls import plain_urlpatterns as brand_urlpatterns
from shop.payment import views as payment_views
from themes import views as theme_views

from . import discovery, health, views
from .api import api


def oscar(label: str) -> Any:
    """The addresses of one Oscar app, with its namespace."""
    config: Any = apps.get_app_config(label)
    return config.urls


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    # One sign-in for everybody.
    path("cms/login/", RedirectView.as_view(pattern_name="customer:login", query_string=True)),
    path("cms/password_reset/", RedirectView.as_view(pattern_name="password-reset")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("dashboard/login/", RedirectView.as_view(pattern_name="customer:login", query_string=True)),
    path("dashboard/", oscar("dashboard")),
    path("stripe/webhook/", payment_views.webhook, name="stripe-webhook"),
    path("country/", views.choose_country, name="country"),
    *brand_urlpatterns,
    path("sitemap.xml", discovery.sitemap_xml, name="sitemap"),
    path("robots.txt", discovery.robots_txt, name="robots"),
    path("i18n/", include("django.conf.urls.i18n")),
]
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
if settings.DEMO:
    urlpatterns += [path("demo/", include("demo.urls"))]
    urlpatterns += i18n_patterns(
        path("styleguide/", theme_views.styleguide, name="styleguide"), prefix_default_language=False
    )
urlpatterns += i18n_patterns(
    path("products/", oscar("catalogue")),
    path("basket/", oscar("basket")),
    path("checkout/", oscar("checkout")),
    path("gift-cards/", include("shop.giftcards.urls")),
    path("account/password/", include("shop.customer.password_urls")),
    path("account/", oscar("customer")),
    path("", oscar("search")),
    path("api/", api.urls),
    path("", include("content.urls")),
    # Last: Wagtail takes every address that is left.
    path("", include(page_urlpatterns)),
    prefix_default_language=False,
)

handler404 = "masthead.errors.not_found"
handler403 = "masthead.errors.forbidden"
handler500 = "masthead.errors.server_error"
