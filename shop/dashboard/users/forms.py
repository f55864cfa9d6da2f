"""Oscar's form of the list of customers in the words of this shop."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.users import forms as oscar

from shop.dashboard.inputs import label


class UserSearchForm(oscar.UserSearchForm):
    """What customers are looked for by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields, {"email": _("E-mail")})


ProductAlertUpdateForm, ProductAlertSearchForm = oscar.ProductAlertUpdateForm, oscar.ProductAlertSearchForm
__all__ = ["ProductAlertSearchForm", "ProductAlertUpdateForm", "UserSearchForm"]
