"""From here on the database refuses to change or delete a row of the books."""

from django.db import migrations

from shop.ledger import append_only


def put_on(apps, schema_editor):
    append_only.put_on(schema_editor.connection)


def take_off(apps, schema_editor):
    append_only.take_off(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_open_the_books")]
    operations = [migrations.RunPython(put_on, take_off)]
