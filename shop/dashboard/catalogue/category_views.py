"""Oscar's pages of categories: a list that names the way, a delete that says what it costs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from oscar.apps.dashboard.catalogue import views as oscar

from shop import slots
from shop.catalogue.models import Category, Product
from shop.dashboard.tables import RealPages

from .category_forms import category_choices


class CategoryListView(RealPages, oscar.CategoryListView):
    """The uppermost categories, or those that are looked for, each of these with the way to it."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Found ones are named by their path: "Cups" alone may stand in two places."""
        context = super().get_context_data(*args, **kwargs)
        if self.form.is_valid() and self.form.cleaned_data.get("name"):
            paths = dict(category_choices())
            for row in context["categories"].page.object_list:
                row.record.shown_name = paths.get(row.record.pk)
        return context


class CategoryDetailListView(RealPages, oscar.CategoryDetailListView):
    """The categories in one."""


class _Says:
    """Says where the category stands now."""

    object: Category
    request: HttpRequest

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """The branch moves with all that is below it, or not at all."""
        return super().form_valid(form)  # type: ignore[misc]

    def get_success_url(self) -> str:
        """Where its neighbours are listed, or here again."""
        path = dict(category_choices())[self.object.pk]
        messages.success(self.request, _("Saved: %(name)s.") % {"name": path})
        if self.request.POST.get("action") == "continue":
            return reverse("dashboard:catalogue-category-update", args=[self.object.pk])
        parent = self.object.get_parent()
        if parent is None:
            return reverse("dashboard:catalogue-category-list")
        return reverse("dashboard:catalogue-category-detail-list", args=[parent.pk])


class CategoryCreateView(_Says, oscar.CategoryCreateView):
    """A new category; from the page of another it is meant to be in that one."""

    def get_initial(self) -> dict[str, Any]:
        """Its parent."""
        return {"parent": self.kwargs.get("parent")}


class CategoryUpdateView(_Says, oscar.CategoryUpdateView):
    """Another name, another place."""


class CategoryDeleteView(oscar.CategoryDeleteView):
    """Says what goes with it and what is left without a place, and offers to hide it instead."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Counted over the whole branch."""
        context = super().get_context_data(*args, **kwargs)
        branch = Category.objects.filter(path__startswith=self.object.path)
        products = Product.objects.filter(categories__in=branch).distinct()
        elsewhere = Product.categories.through.objects.filter(product=OuterRef("pk")).exclude(category__in=branch)
        below = list(branch.exclude(pk=self.object.pk).values_list("name", flat=True)[:11])
        return {
            **context,
            "title": _("Delete “%(name)s”?") % {"name": self.object.name},
            "branch_count": branch.count() - 1,
            "branch_names": below[:10],
            "product_count": products.count(),
            "homeless_count": products.filter(~Exists(elsewhere)).count(),
            "ranges": list(
                branch.filter(includes__isnull=False).values_list("includes__name", flat=True).distinct()[:10]
            ),
            "used_in": slots.render("category.used", self.request, {"category": self.object}),
        }

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """All of it or nothing."""
        name = self.object.name
        parent = self.object.get_parent()
        self.object.delete()
        messages.success(self.request, _("Deleted: %(name)s.") % {"name": name})
        if parent is None:
            return redirect(reverse("dashboard:catalogue-category-list"))
        return redirect(reverse("dashboard:catalogue-category-detail-list", args=[parent.pk]))


class CategoryHideView(View):
    """Takes a category and all below it out of the shop and keeps them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hide it."""
        category = get_object_or_404(Category, pk=pk)
        category.is_public = False
        category.save(update_fields=["is_public"])
        messages.success(request, _("“%(name)s” is hidden from the shop.") % {"name": category.name})
        return redirect(reverse("dashboard:catalogue-category-update", args=[category.pk]))
