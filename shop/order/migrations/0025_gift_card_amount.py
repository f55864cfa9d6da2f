from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("order", "0024_what_left_before")]

    operations = [
        migrations.AddField(
            "order",
            "gift_card_amount",
            models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="paid by gift card"),
        ),
    ]
