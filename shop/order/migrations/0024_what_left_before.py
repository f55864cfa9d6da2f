"""What left before there were shipments is one shipment for each order."""

import django.utils.timezone
from django.db import migrations, models


def fill(apps, schema_editor):
    """Lines that left, or never will, did so whole."""
    Line = apps.get_model("order", "Line")
    Line.objects.filter(status="cancelled").update(cancelled=models.F("quantity"))
    gone = Line.objects.filter(status="dispatched")
    gone.update(dispatched=models.F("quantity"), dispatched_amount=models.F("line_price_incl_tax"))
    Shipment, ShipmentLine = apps.get_model("order", "Shipment"), apps.get_model("order", "ShipmentLine")
    changes = apps.get_model("order", "OrderStatusChange").objects.filter(
        new_status__in=("dispatched", "partly-dispatched")
    )
    moments = dict(changes.order_by("-pk").values_list("order", "date_created"))
    found = {}
    for pk, order, quantity in gone.order_by("pk").values_list("pk", "order", "quantity").iterator():
        if order not in found:
            found[order] = Shipment(order_id=order, created_at=moments.get(order) or django.utils.timezone.now())
            found[order].save()
        ShipmentLine.objects.create(shipment=found[order], line_id=pk, quantity=quantity)


class Migration(migrations.Migration):
    dependencies = [("order", "0023_shipments")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
