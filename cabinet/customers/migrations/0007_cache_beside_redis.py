from django.core.management import call_command
from django.db import migrations

TABLE = "kelisim_cache"  # settings.CACHES["database"]: throttles are counted there while Redis is away


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_marks_of_guests")]

    operations = [migrations.RunPython(make, drop)]
