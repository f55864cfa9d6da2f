"""Lists of small things that are added, changed and deleted, all with the same pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import CreateView, DeleteView, ListView, UpdateView


class RowsMixin:
    """What the pages of one kind of thing share.

    `base` is the first part of the addresses' names: "brand" for brand-list, brand-create, brand-update, brand-delete.
    """

    base: ClassVar[str]
    title: ClassVar[Any]
    one: ClassVar[Any]
    intro: ClassVar[Any] = ""
    model: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Names and addresses for the templates."""
        return super().get_context_data(  # type: ignore[misc]
            list_title=self.title,
            one=self.one,
            intro=self.intro,
            list_url=reverse(f"dashboard:{self.base}-list"),
            create_url=reverse(f"dashboard:{self.base}-create"),
            update_name=f"dashboard:{self.base}-update",
            delete_name=f"dashboard:{self.base}-delete",
            **kwargs,
        )

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse(f"dashboard:{self.base}-list")


class RowListView(RowsMixin, ListView):
    """All of them. `columns` are pairs of a heading and the name of what a row shows."""

    template_name = "oscar/dashboard/rows/list.html"
    paginate_by = 50
    columns: ClassVar[tuple[tuple[Any, str], ...]] = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cells, row by row."""
        context = super().get_context_data(**kwargs)
        context["headings"] = [heading for heading, _name in self.columns]
        context["rows"] = [
            (row, [self.cell(row, name) for _heading, name in self.columns]) for row in context["object_list"]
        ]
        return context

    def cell(self, row: Any, name: str) -> Any:
        """What stands in one cell: a method of this view, or what the row says."""
        own = getattr(self, f"show_{name}", None)
        return own(row) if own else getattr(row, name)


class RowFormMixin(RowsMixin):
    """Adding and changing."""

    template_name: Any = "oscar/dashboard/rows/form.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Save and say so."""
        answer = super().form_valid(form)  # type: ignore[misc]
        messages.success(self.request, _("Saved: %(name)s.") % {"name": self.object})  # type: ignore[attr-defined]
        return answer


class RowCreateView(RowFormMixin, CreateView):
    """A new one."""


class RowUpdateView(RowFormMixin, UpdateView):
    """A change."""


class RowDeleteView(RowsMixin, DeleteView):
    """Asks first, and keeps what something else needs."""

    template_name = "oscar/dashboard/rows/delete.html"

    def consequences(self, row: Any) -> list[str]:
        """What changes without it, a sentence each."""
        return []

    def in_the_way(self, row: Any) -> str:
        """Why it has to stay, and what to do instead; nothing where it may go."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what it costs."""
        in_the_way = self.in_the_way(self.object)
        sentences = [in_the_way] if in_the_way else self.consequences(self.object)
        return super().get_context_data(disallow=in_the_way, sentences=sentences, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete, or say what stands in the way."""
        if in_the_way := self.in_the_way(self.get_object()):
            messages.error(request, in_the_way)
            return redirect(self.get_success_url())
        try:
            answer = super().post(request, *args, **kwargs)
        except ProtectedError:
            messages.error(request, _("%(name)s is still in use and stays.") % {"name": self.get_object()})
            return redirect(self.get_success_url())
        messages.success(request, _("Deleted: %(name)s.") % {"name": self.object})
        return answer
