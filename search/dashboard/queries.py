"""What shoppers search for: four reports, one query's own page, and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views import View

from search.insight import reports
from search.insight.reports import Period, QueryRow
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.selectors import product_cards
from shop.markets import market_of

from .charts import chart_of
from .judgements import rating_url
from .periods import PeriodForm

# A file with more rows than a person reads; the numbers of all searches stand above the list.
MOST_ROWS = 10_000
RESULTS = 10
# What a spreadsheet takes for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the reports, and where it is."""

    code: str
    label: str
    about: str
    url: str
    current: bool


class QueryListView(View):
    """One of the reports, a page at a time, or all of it as CSV."""

    template_name = "oscar/dashboard/search/query_list.html"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The report that the address names; the most frequent queries without one."""
        asked = request.GET.get("report", "")
        report = asked if asked in reports.REPORTS else reports.TOP
        form = PeriodForm(request.GET)
        period, language = form.period(), form.chosen_language
        found = reports.rows(report, period, language=language)
        if request.GET.get("format") == "csv":
            return _csv(report, period, (reports.read(row) for row in found[:MOST_ROWS].iterator(chunk_size=500)))
        paginator = Paginator(found, settings.OSCAR_DASHBOARD_ITEMS_PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        context = {
            "form": form,
            "period": period,
            "report": report,
            "tabs": _tabs(report, request),
            "totals": reports.totals(period, language=language),
            "rows": [(row, rule_url(row.text)) for row in map(reports.read, page.object_list)],
            "paginator": paginator,
            "page_obj": page,
            "languages": dict(settings.LANGUAGES) if len(settings.LANGUAGES) > 1 and not language else {},
            "shown_from": settings.SEARCH_SHOWN_FROM,
            "period_query": _period_query(request),
            "csv_url": f"?{urlencode([*_pairs(request, 'report', 'days', 'first', 'last', 'language'), ('format', 'csv')])}",
            "all_url": f"{request.path}?report={report}",
        }
        return render(request, self.template_name, context)


class QueryDetailView(View):
    """One query: what it finds now, what was opened and bought, day by day."""

    template_name = "oscar/dashboard/search/query_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Raises Http404 for a query that is not there, or that too few people made."""
        query = reports.find_query(pk)
        if query is None:
            raise Http404(_("There is no such query, or too few people made it."))
        form = PeriodForm(request.GET, of_list=False)
        period = form.period()
        market = market_of(request)
        answer = find_products(ListingQuery(text=query.text, page_size=RESULTS, with_facets=False), market=market)
        products = reports.products_of(query, period)
        cards = product_cards({*answer.ids, *(each.product_id for each in products)}, market=market)
        clicks = {each.product_id: each.clicks for each in products}
        now, before = reports.numbers_of(query, period)
        days = reports.days_of(query, period)
        context = {
            "query": query,
            "query_language": dict(settings.LANGUAGES).get(query.language, query.language),
            "form": form,
            "period": period,
            "now": now,
            "before": before,
            "days": tuple(reversed(days)),
            "chart": chart_of(days),
            "answer": answer,
            "results": [(place, cards[pk], clicks.get(pk, 0)) for place, pk in enumerate(answer.ids, 1) if pk in cards],
            "products": [(each, cards.get(each.product_id)) for each in products],
            "rule_url": rule_url(query.text),
            "rate_url": rating_url(query.text),
            "shop_url": f"{reverse('search:search')}?{urlencode({'q': query.text})}",
            "all_url": request.path,
            "above": _("What shoppers search for"),
            "above_url": f"{reverse('dashboard:search-query-list')}{_period_query(request)}",
            "currency": market.currency,
        }
        return render(request, self.template_name, context)


def rule_url(text: str) -> str:
    """Where a rule for this query is made; nothing while there are no rules."""
    try:
        return f"{reverse('dashboard:search-rule-create')}?{urlencode({'query': text})}"
    except NoReverseMatch:
        return ""


def _tabs(report: str, request: HttpRequest) -> list[Tab]:
    words = {
        reports.TOP: (_("Most frequent"), _("What is searched for most.")),
        reports.EMPTY: (_("Without result"), _("What people look for and you do not have, or call something else: a synonym, a rule, or a new product.")),
        reports.UNCLICKED: (_("Without click"), _("Something was found, and nobody opened any of it: look at what stands first.")),
        reports.FALLING: (_("With a fall"), _("Fewer clicks than in the same time before: less wanted, or found less well.")),
    }  # fmt: skip
    pairs = _pairs(request, "days", "first", "last", "language")
    return [
        Tab(code, *words[code], url=f"?{urlencode([('report', code), *pairs])}", current=code == report)
        for code in reports.REPORTS
    ]


def _pairs(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


def _period_query(request: HttpRequest) -> str:
    pairs = _pairs(request, "days", "first", "last")
    return f"?{urlencode(pairs)}" if pairs else ""


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(report: str, period: Period, rows: Iterator[QueryRow]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())
    names = ("searches", "without_result", "words_left_out", "clicks", "story_clicks", "click_rate", "mean_place", "adds", "purchases", "units", "revenue")  # fmt: skip
    head = ["query", "language", "results", *names]
    compares = report == reports.FALLING
    if compares:
        head += [f"{name}_before" for name in names]

    def lines() -> Iterator[Any]:
        yield "\ufeff"
        yield writer.writerow(head)
        for row in rows:
            numbers = _cells(row.now) + (_cells(row.before) if row.before else [])
            yield writer.writerow([_plain(row.text), row.language, row.results, *numbers])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    name = f"searches-{report}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(now: reports.Numbers) -> list[Any]:
    rate = "" if now.click_rate is None else f"{now.click_rate:.1f}"
    place = "" if now.place is None else f"{now.place:.1f}"
    return [
        now.searches,
        now.empty,
        now.relaxed,
        now.clicks,
        now.stories,
        rate,
        place,
        now.adds,
        now.purchases,
        now.units,
        now.revenue,
    ]


def _plain(text: str) -> str:
    """No query becomes a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
