from django.db import migrations

from gongkai.publications import guards


def install(apps, schema_editor):
    """Again, now that 逐项 conclusions are guarded too."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("publications", "0007_problems_are_findings")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
