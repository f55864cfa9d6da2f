"""A secret for each basket. Those that are there get theirs one by one: a default would be the same for all."""

import uuid

from django.db import migrations, models


def give_tokens(apps, schema_editor):
    Basket = apps.get_model("basket", "Basket")
    baskets = Basket.objects.using(schema_editor.connection.alias)
    while rows := list(baskets.filter(token=None).only("pk")[:500]):
        for row in rows:
            row.token = uuid.uuid4()
        baskets.bulk_update(rows, ["token"])


class Migration(migrations.Migration):

    dependencies = [("basket", "0013_lines_and_methods")]

    operations = [
        migrations.AddField("basket", "token", models.UUIDField(default=None, editable=False, null=True)),
        migrations.RunPython(give_tokens, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "basket", "token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
