"""Apart from the one before: PostgreSQL changes no table that has rows written in the same transaction."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payment", "0008_refunds_to_gift_cards")]

    operations = [
        migrations.AlterField(
            "refund",
            "order",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="order.order"
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("payment__isnull", False))
                | models.Q(("amount", 0), ("gift_card_amount__gt", 0), ("payment__isnull", True)),
                name="refund_amount_goes_somewhere",
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=models.Q(
                    ("delivery__gte", 0), ("delivery__lte", models.F("amount") + models.F("gift_card_amount"))
                ),
                name="refund_delivery_within_all",
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.CheckConstraint(
                condition=models.Q(("gift_card_amount__gte", 0)), name="refund_to_gift_cards_not_negative"
            ),
        ),
    ]
