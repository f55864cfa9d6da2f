"""Writes down what was there before the books were: each stock record as it is, and the money of orders that were paid."""

from django.db import migrations
from django.db.models import Exists, OuterRef

AT_ONCE = 1000


def open_stock(apps, schema_editor):
    movement = apps.get_model("ledger", "StockMovement")
    records = apps.get_model("partner", "StockRecord").objects.order_by("pk")
    rows = []
    for record in records.only("pk", "partner_sku", "num_in_stock", "num_allocated").iterator(chunk_size=AT_ONCE):
        rows.append(
            movement(
                stockrecord_id=record.pk,
                sku=record.partner_sku,
                kind="opening",
                on_shelf=record.num_in_stock or 0,
                promised=record.num_allocated or 0,
            )
        )
        if len(rows) == AT_ONCE:
            movement.objects.bulk_create(rows)
            rows = []
    movement.objects.bulk_create(rows)


def open_money(apps, schema_editor):
    """Before there were payments with Stripe, all money came by bank transfer."""
    entry = apps.get_model("ledger", "MoneyEntry")
    change = apps.get_model("order", "OrderStatusChange")
    held = entry.objects.filter(order=OuterRef("order"))
    paid = change.objects.filter(new_status="paid", order__total_incl_tax__gt=0).exclude(old_status="cancelled")
    rows = {}
    for each in paid.exclude(Exists(held)).select_related("order").order_by("pk").iterator(chunk_size=AT_ONCE):
        order = each.order
        rows.setdefault(
            order.pk,
            entry(
                order=order,
                kind="received",
                amount=order.total_incl_tax,
                currency=order.currency,
                key=f"received:{order.pk}",
                note="before the books were kept",
                at=each.date_created,
            ),
        )
        if len(rows) == AT_ONCE:
            entry.objects.bulk_create(rows.values(), ignore_conflicts=True)
            rows = {}
    entry.objects.bulk_create(rows.values(), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_stock_movements"),
        ("order", "0022_language_payment_and_tax"),
        ("partner", "0008_stockrecord_compare_at_price_taxrate"),
    ]
    operations = [
        migrations.RunPython(open_stock, migrations.RunPython.noop),
        migrations.RunPython(open_money, migrations.RunPython.noop),
    ]
