"""Dispatch by quantity."""

import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("order", "0022_language_payment_and_tax"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="dispatched",
            field=models.PositiveIntegerField(default=0, verbose_name="dispatched"),
        ),
        migrations.AddField(
            model_name="line",
            name="cancelled",
            field=models.PositiveIntegerField(default=0, verbose_name="cancelled"),
        ),
        migrations.AddField(
            model_name="line",
            name="dispatched_amount",
            field=models.DecimalField(
                decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="worth of what was dispatched"
            ),
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("carrier", models.CharField(blank=True, max_length=32, verbose_name="carrier")),
                ("tracking_number", models.CharField(blank=True, max_length=64, verbose_name="tracking number")),
                ("tracking_url", models.URLField(blank=True, max_length=500, verbose_name="tracking page")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shipments",
                        to="order.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shipment_lines",
                        to="order.line",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="order.shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a shipment",
                "verbose_name_plural": "lines of a shipment",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.UniqueConstraint(fields=("shipment", "line"), name="shipment_line_once"),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="shipment_line_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", models.F("dispatched") + models.F("cancelled"))),
                name="order_line_leaves_once",
            ),
        ),
    ]
