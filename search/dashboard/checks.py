"""Relevance checks: what the first results of a query have to be, and what must not be among them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from search.relevance import operations
from search.relevance.checks import wanted, where
from search.relevance.models import RelevanceCheck, spelt
from search.rules import targets
from search.rules.content import KINDS
from search.types import Kind
from shop.dashboard.inputs import named
from shop.dashboard.rows import RowCreateView, RowDeleteView, RowFormMixin, RowListView, RowUpdateView


class CheckForm(forms.ModelForm):
    """Query, product or group, and what is wanted of it."""

    about_kind = forms.ChoiceField(label=_("This is"), choices=KINDS, required=False)
    about = forms.CharField(
        label=_("What it is about"), max_length=500,
        help_text=_("A product’s name, SKU, UPC or slug; a brand or category; or a value, such as Glaze: Rust."),
        widget=forms.TextInput(attrs={"data-products": reverse_lazy("dashboard:catalogue-product-lookup")}),
    )  # fmt: skip
    field_order = ("query", "about", "about_kind", "kind", "within", "note")

    class Meta:
        model = RelevanceCheck
        fields = ("query", "kind", "within", "note")
        help_texts: ClassVar = {
            "within": _("3: the first, the second and the third."),
            "note": _("Whoever finds the check failing reads this."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check = self.instance
        if check.pk:
            self.initial.update(
                about=named(check.product) if check.product else check.label,
                about_kind=check.group_kind or "product",
            )

    def clean_query(self) -> str:
        """As queries are kept."""
        query = spelt(self.cleaned_data["query"])
        if not query:
            raise forms.ValidationError(_now("A check needs a query."))
        return query

    def clean(self) -> dict[str, Any]:
        """Find what it is about. The same is not wanted twice."""
        data = super().clean() or {}
        if not data.get("about"):
            return data
        kind: Kind = data.get("about_kind") or "product"
        try:
            value, label = targets.find(kind, data["about"])
        except forms.ValidationError as error:
            self.add_error("about", error)
            return data
        about: dict[str, Any] = (
            {"product_id": int(value), "group_kind": "", "group_value": "", "label": ""}
            if kind == "product"
            else {"product_id": None, "group_kind": kind, "group_value": value, "label": label[:255]}
        )
        for name, held in about.items():
            setattr(self.instance, name, held)
        same = RelevanceCheck.objects.filter(query=data.get("query"), kind=data.get("kind"))
        same = same.filter(
            product_id=about["product_id"], group_kind=about["group_kind"], group_value=about["group_value"]
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_now("There is such a check for this query already: change that one."))
        return data


class Checks:
    """What the pages of the checks share."""

    base = "search-check"
    model: Any = RelevanceCheck
    title = _("Relevance checks")
    one = _("Relevance check")
    intro = _(
        "What must never go wrong, such as no kettle among the first three for “teapot”. A rule or synonym that makes one of "
        "these fail cannot be published without a second word."
    )


class CheckListView(Checks, RowListView):
    """All checks with whether they hold now."""

    columns = ((_("Query"), "query"), (_("Is now"), "place"), (_("What is wanted"), "wanted"))

    def get_queryset(self) -> Any:
        """With the products, in one query."""
        return super().get_queryset().select_related("product")

    def show_wanted(self, row: RelevanceCheck) -> str:
        """With the reason below it."""
        said = capfirst(wanted(row))
        return format_html('{}<br><small class="quiet">{}</small>', said, row.note) if row.note else said

    def show_place(self, row: RelevanceCheck) -> str:
        """Whether it passes, and what decides that."""
        if row.place is None:
            return _now("soon")
        kind, word = ("on", _now("passes")) if row.is_passing else ("cancelled", _now("fails"))
        return format_html('<span class="state state--{}">{}</span> {}', kind, word, where(row, row.place))


class Looks(RowFormMixin):
    """A check that was saved is looked at at once."""

    request: HttpRequest
    object: Any

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and see whether it holds."""
        form.instance.by = form.instance.by or self.request.user
        answer = super().form_valid(form)
        operations.look_at(self.object)
        return answer


class CheckCreateView(Checks, Looks, RowCreateView):
    """A new check."""

    form_class = CheckForm


class CheckUpdateView(Checks, Looks, RowUpdateView):
    """Another place or product."""

    form_class = CheckForm


class CheckDeleteView(Checks, RowDeleteView):
    """Rules are no longer held to it."""
