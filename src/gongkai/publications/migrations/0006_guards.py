from django.db import migrations

from gongkai.publications import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("publications", "0005_place_labels")]
    operations = [migrations.RunPython(install, remove)]
