"""What search engines ask for: /sitemap.xml and /robots.txt."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.models import Page

from shop.catalogue.models import Category, Product

# The protocol allows 50,000; a smaller part is made sooner.
PART = 5000
# What is personal, changes nothing but a session, or is for staff.
CLOSED = (
    "/basket/",
    "/checkout/",
    "/account/",
    "/cms/",
    "/dashboard/",
    "/search/",
    "/api/",
    "/newsletter/",
    "/documents/",
)


class HostSitemap(Sitemap):
    """Addresses on the host that was asked, like the pages' own: each in every language, and naming the others."""

    i18n = True
    alternates = True
    x_default = True

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.request = request

    def get_domain(self, site: Any = None) -> str:
        """The host."""
        return self.request.get_host()

    def get_protocol(self, protocol: str | None = None) -> str:
        """http or https, as asked."""
        return self.request.scheme or "https"


class ProductSitemap(HostSitemap):
    """Products that can be seen, variants left out: theirs is the parent's page."""

    limit = PART
    changefreq = "daily"

    def items(self) -> Any:
        """In an order that new products do not shift."""
        shown = Product.objects.filter(is_public=True).exclude(structure=Product.CHILD)
        return shown.order_by("pk").values("slug", "date_updated")

    def location(self, item: dict[str, Any]) -> str:
        """The product page."""
        return reverse("catalogue:detail", kwargs={"slug": item["slug"]})

    def lastmod(self, item: dict[str, Any]) -> Any:
        """When it was last changed."""
        return item["date_updated"]


class CategorySitemap(HostSitemap):
    """Public categories."""

    limit = PART
    changefreq = "daily"

    def items(self) -> list[str]:
        """Their addresses, the tree read once."""
        step = Category.steplen
        slugs: dict[str, str] = {}
        found = []
        for path, slug, public in Category.objects.order_by("path").values_list("path", "slug", "is_public"):
            above = slugs.get(path[:-step]) if len(path) > step else ""
            if above is None or not public:
                continue
            slugs[path] = f"{above}/{slug}".strip("/")
            found.append(slugs[path])
        return found

    def location(self, item: str) -> str:
        """The category page."""
        return reverse("search:category", kwargs={"path": item})


class TranslatedPageSitemap(PageSitemap):
    """The site's pages and their translations, which stand in trees of their own; each names the others."""

    limit = PART

    def items(self) -> Any:
        """Every live page that anybody may see, of any language."""
        root = self.get_wagtail_site().root_page
        roots = Page.objects.filter(depth=root.depth, translation_key=root.translation_key)
        below = reduce(or_, (Q(path__startswith=path) for path in roots.values_list("path", flat=True)))
        pages = Page.objects.filter(below).live().public().order_by("path")
        return pages.select_related("locale").defer_streamfields().specific()

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        rows = list(self.paginator.page(page).object_list)
        same = Page.objects.live().public().filter(translation_key__in={row.translation_key for row in rows})
        addresses: dict[Any, dict[str, str]] = defaultdict(dict)
        for other in same.select_related("locale"):
            if url := other.get_full_url(self.request):
                addresses[other.translation_key][other.locale.language_code] = url
        found = []
        for row in rows:
            others = addresses[row.translation_key]
            alternates = [{"location": url, "lang_code": code} for code, url in sorted(others.items())]
            if settings.LANGUAGE_CODE in others:
                alternates.append({"location": others[settings.LANGUAGE_CODE], "lang_code": "x-default"})
            named = {"alternates": alternates if len(others) > 1 else []}
            found += [{**entry, **named} for entry in row.get_sitemap_urls(self.request)]
        return found


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Pages, categories and products; `?section=products&p=2` is a part of one."""
    sections: dict[str, Any] = {
        "pages": TranslatedPageSitemap(request),
        "categories": CategorySitemap(request),
        "products": ProductSitemap(request),
    }
    section = request.GET.get("section")
    if section in sections:
        return sitemap(request, {section: sections[section]})
    parts = []
    for name, made in sections.items():
        number = made.paginator.num_pages
        for page in range(1, number + 1):
            tail = f"&amp;p={page}" if page > 1 else ""
            address = f"{request.scheme}://{request.get_host()}/sitemap.xml?section={name}{tail}"
            parts.append(f"<sitemap><loc>{address}</loc></sitemap>")
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(parts)
        + "</sitemapindex>\n",
        content_type="application/xml",
    )


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What robots may not read, and where the sitemap is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    address = f"{request.scheme}://{request.get_host()}/sitemap.xml"
    return HttpResponse(f"User-agent: *\n{closed}\nSitemap: {address}\n", content_type="text/plain; charset=utf-8")
