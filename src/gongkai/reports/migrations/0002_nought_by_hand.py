"""An addition of nought is allowed: it says that there was none, where the system counts nothing."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="addition", name="addition_has_reason"),
        migrations.AddConstraint(
            model_name="addition",
            constraint=models.CheckConstraint(condition=~Q(reason=""), name="addition_has_reason"),
        ),
    ]
