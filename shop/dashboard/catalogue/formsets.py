"""The rows below a product's form."""

from __future__ import annotations

from typing import Any

from django.forms.models import inlineformset_factory
from django.forms.widgets import HiddenInput
from oscar.apps.dashboard.catalogue import formsets as oscar

from shop.catalogue.models import Product, ProductImage
from shop.order import stock
from shop.partner.models import StockRecord

from .category_forms import category_choices
from .forms import ProductImageForm, StockRecordForm, only_partner


class StockRecordFormSet(inlineformset_factory(Product, StockRecord, form=StockRecordForm, extra=1)):  # type: ignore[misc]
    """One row, unless there are several partners. Bound, it locks the records until the caller's transaction ends."""

    def __init__(self, product_class: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        self.product_class, self.user = product_class, user
        self.partner = only_partner()
        instance = kwargs.get("instance")
        if self.partner and instance is not None and instance.pk and instance.stockrecords.exists():
            self.extra = 0
        if (args and args[0] is not None) and instance is not None and instance.pk:
            # Before they are read, so that the forms compare with what is there, and orders wait.
            stock.lock(instance.stockrecords.values_list("pk", flat=True))
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, product_class=self.product_class, user=self.user, **kwargs)
        if self.partner and form.instance.partner_id in (None, self.partner.pk):
            form.fields["partner"].initial = self.partner.pk
            form.fields["partner"].widget = HiddenInput()
        return form

    @property
    def has_rows(self) -> bool:
        """Whether any row holds a price or stock after this form is saved."""
        return any(
            form.cleaned_data and not form.cleaned_data.get("DELETE")
            for form in self.forms
            if hasattr(form, "cleaned_data") and (form.has_changed() or form.instance.pk)
        )


class ProductImageFormSet(inlineformset_factory(Product, ProductImage, form=ProductImageForm, extra=2)):  # type: ignore[misc]
    """Those that are there, and two empty rows."""

    def __init__(self, product_class: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ProductCategoryFormSet(oscar.ProductCategoryFormSet):
    """Oscar's, with every category named by its path and read once instead of once a row and level."""

    def __init__(self, product_class: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(product_class, user, *args, **kwargs)
        self._choices = category_choices()

    def clean(self) -> None:
        """A product may stand in no category: search, brands and stories still find it. Oscar's rule is left out."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Every row has the same choices."""
        super().add_fields(form, index)
        if not hasattr(self, "_choices"):
            self._choices = category_choices()
        form.fields["category"].choices = [("", "—"), *self._choices]
