"""Relevance checks: a product that has to be among the first so many results of a query."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from search.relevance import operations
from search.relevance.models import RelevanceCheck, spelt
from shop.dashboard.inputs import ProductField
from shop.dashboard.rows import RowCreateView, RowDeleteView, RowListView, RowUpdateView


class CheckForm(forms.ModelForm):
    """Query, product, and how far up it has to be."""

    product = ProductField(label=_("Product"), help_text=_("Its SKU, UPC, slug or name."))

    class Meta:
        model = RelevanceCheck
        fields = ("query", "product", "within", "note")
        help_texts: ClassVar = {
            "within": _("3: it has to be first, second or third."),
            "note": _("Whoever finds the check failing reads this."),
        }

    def clean_query(self) -> str:
        """As queries are kept."""
        query = spelt(self.cleaned_data["query"])
        if not query:
            raise forms.ValidationError(_now("A check needs a query."))
        return query

    def clean(self) -> dict[str, Any]:
        """One check for a product and query."""
        data = super().clean() or {}
        same = RelevanceCheck.objects.filter(query=data.get("query"), product=data.get("product"))
        if data.get("product") and same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_now("There is a check for this product and query already: change that one."))
        return data


class Checks:
    """What the pages of the checks share."""

    base = "search-check"
    model: Any = RelevanceCheck
    title = _("Relevance checks")
    one = _("Relevance check")
    intro = _("A rule or synonym that makes one of these fail cannot be published without a second word.")


class CheckListView(Checks, RowListView):
    """All checks with where the product stands now."""

    columns = ((_("Query"), "query"), (_("Is now"), "place"), (_("Has to be"), "within"), (_("Product"), "product"))

    def get_queryset(self) -> Any:
        """With the products, in one query."""
        return super().get_queryset().select_related("product")

    def show_within(self, row: RelevanceCheck) -> str:
        """In words."""
        return _now("among the first %(count)s") % {"count": row.within} if row.within > 1 else _now("first")

    def show_product(self, row: RelevanceCheck) -> str:
        """With the reason below it."""
        title = row.product.get_title()
        return format_html('{}<br><small class="quiet">{}</small>', title, row.note) if row.note else title

    def show_place(self, row: RelevanceCheck) -> str:
        """Whether it passes, and the place."""
        if row.place is None:
            return _now("soon")
        place = _now("at place %(place)s") % {"place": row.place} if row.place else _now("not found")
        kind, word = ("on", _now("passes")) if row.is_passing else ("cancelled", _now("fails"))
        return format_html('<span class="state state--{}">{}</span> {}', kind, word, place)


class Looks:
    """A check that was saved is looked at at once."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and see where the product stands."""
        form.instance.by = form.instance.by or self.request.user  # type: ignore[attr-defined]
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        operations.look_at(self.object)  # type: ignore[attr-defined]
        return answer


class CheckCreateView(Checks, Looks, RowCreateView):
    """A new check."""

    form_class = CheckForm


class CheckUpdateView(Checks, Looks, RowUpdateView):
    """Another place or product."""

    form_class = CheckForm


class CheckDeleteView(Checks, RowDeleteView):
    """Rules are no longer held to it."""
