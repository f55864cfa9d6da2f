from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_order(apps, schema_editor):
    Payment = apps.get_model("payment", "Payment")
    of = Payment.objects.filter(pk=OuterRef("payment")).values("order")
    apps.get_model("payment", "Refund").objects.update(order=Subquery(of))


class Migration(migrations.Migration):
    dependencies = [("order", "0025_gift_card_amount"), ("payment", "0007_refund_delivery")]

    operations = [
        migrations.RemoveConstraint("refund", "refund_amount_above_zero"),
        migrations.RemoveConstraint("refund", "refund_delivery_within_amount"),
        migrations.AddField(
            "refund",
            "gift_card_amount",
            models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12),
        ),
        migrations.AddField(
            "refund",
            "order",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="order.order"
            ),
        ),
        migrations.AlterField(
            "refund",
            "payment",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payment.payment",
            ),
        ),
        # Last: PostgreSQL changes no table that has rows written in the same transaction.
        migrations.RunPython(name_the_order, migrations.RunPython.noop),
    ]
