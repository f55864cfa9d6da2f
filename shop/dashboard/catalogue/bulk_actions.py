"""What can be done to many products at once. Oscar's write past those who keep copies of products."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from oscar.apps.dashboard.catalogue import bulk_actions as oscar

from shop.catalogue.models import Product
from shop.catalogue.operations import catalogue_changed
from shop.partner.models import StockRecord

from .prices import SetProductPriceForm, refused


class _Publish(oscar.ProductIntermediateAction):
    """Products and variants appear or go."""

    is_public: bool

    @transaction.atomic
    def execute(self, request: HttpRequest, objects: Any, form: Any) -> None:
        """And the lists hear of it."""
        ids = list(objects.values_list("pk", flat=True))
        count = Product.objects.filter(pk__in=ids).update(is_public=self.is_public, date_updated=timezone.now())
        catalogue_changed(ids)
        if self.is_public:
            text = ngettext("%(count)s product is published.", "%(count)s products are published.", count)
        else:
            text = ngettext(
                "%(count)s product is hidden from the shop.", "%(count)s products are hidden from the shop.", count
            )
        messages.success(request, text % {"count": count})


class MakeProductsPublicAction(_Publish):
    """Into the shop."""

    label = _("Publish")
    is_public = True


class MakeProductsNonPublicAction(_Publish):
    """Out of it."""

    label = _("Hide from the shop")
    is_public = False


class SetProductPriceAction(oscar.SetProductPriceAction):
    """New prices."""

    label = _("Change prices")
    form_class = SetProductPriceForm

    @transaction.atomic
    def execute(self, request: HttpRequest, objects: Any, form: SetProductPriceForm) -> None:
        """Worked out from the prices as they are now, behind a lock; all of them or none."""
        change = form.change()
        records = list(form.records().select_for_update(of=("self",)))
        problems = refused(change, records)
        if problems:
            # They were fine a moment ago, when the form looked at them.
            text = _now("No price was changed, because one changed meanwhile: %(why)s")
            messages.error(request, text % {"why": problems[0][1]})
            return
        now, changed = timezone.now(), []
        for record in records:
            new = change.of(record)
            if new is not None and new != record.price:
                record.price, record.date_updated = new, now
                changed.append(record)
        StockRecord.objects.bulk_update(changed, ["price", "date_updated"], batch_size=500)
        catalogue_changed(record.product_id for record in changed)
        text = ngettext("%(count)s price changed.", "%(count)s prices changed.", len(changed))
        messages.success(request, text % {"count": len(changed)})


class _PublishCategories(oscar.BulkAction):
    """Categories appear or go, with all below them."""

    is_public: bool

    @transaction.atomic
    def execute(self, request: HttpRequest, objects: Any) -> None:
        """One by one: what is below each follows from saving it."""
        count = 0
        for category in objects.exclude(is_public=self.is_public):
            category.is_public = self.is_public
            category.save(update_fields=["is_public"])
            count += 1
        if self.is_public:
            text = ngettext("%(count)s category is published.", "%(count)s categories are published.", count)
        else:
            text = ngettext(
                "%(count)s category is hidden, with all below it.",
                "%(count)s categories are hidden, with all below.",
                count,
            )
        messages.success(request, text % {"count": count})


class MakePublicAction(_PublishCategories):
    """Into the shop."""

    label = _("Publish")
    is_public = True


class MakeNonPublicAction(_PublishCategories):
    """Out of it."""

    label = _("Hide from the shop")
    is_public = False
