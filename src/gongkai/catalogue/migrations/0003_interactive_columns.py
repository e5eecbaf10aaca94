from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_directory_and_guides"),
        ("catalogue", "0002_import_in_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name="column",
            name="entry_url",
            field=models.CharField(blank=True, max_length=300, verbose_name="参与入口"),
        ),
        migrations.AddField(
            model_name="column",
            name="interactive",
            field=models.CharField(
                blank=True,
                choices=[("interview", "在线访谈"), ("collect", "民意征集"), ("television", "电视问政")],
                max_length=12,
                verbose_name="互动方式",
            ),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("interactive", ""), _negated=True), ("entry_url", ""), _connector="OR"),
                name="only_interactive_column_has_entry",
            ),
        ),
    ]
