"""Oscar's forms of ranges: categories by their path, and two forms on one page with names of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.ranges import forms as oscar

from shop.dashboard.catalogue.formsets import category_choices
from shop.dashboard.inputs import explain

EXCLUDED = oscar.RangeProductFileUpload.EXCLUDED_PRODUCTS_TYPE


class RangeForm(oscar.RangeForm):
    """What a range takes in as a whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = category_choices()
        for name in ("included_categories", "excluded_categories"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["description"].widget = forms.Textarea(attrs={"rows": 3})
        explain(
            self.fields,
            {
                "is_public": _("The shop has a page of its products."),
                "includes_all_products": _("Whatever is chosen below does not matter then."),
                "included_categories": _(
                    "All products in these and below them. Single products are chosen after saving."
                ),
                "excluded_categories": _(
                    "Products in these are not in the range, though another category of theirs is."
                ),
            },
        )


class RangeProductForm(oscar.RangeProductForm):
    """Products by their numbers. The form of those left out stands on the same page and has other ids."""

    def __init__(self, product_range: Any, *args: Any, **kwargs: Any) -> None:
        if (kwargs.get("initial") or {}).get("upload_type") == EXCLUDED:
            kwargs.setdefault("auto_id", "id_excluded_%s")
        super().__init__(product_range, *args, **kwargs)
        self.fields["query"].label = _("SKUs or UPCs")
        self.fields["query"].help_text = _("Several between commas, spaces or line ends.")
        self.fields["query"].widget.attrs["rows"] = 3
        self.fields["file_upload"].label = _("Or a file of them")
        self.fields["file_upload"].help_text = _("Between commas, or one a line.")
