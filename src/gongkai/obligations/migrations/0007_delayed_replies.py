from django.db import migrations, models
from django.db.models import Q

NAME = "extension_has_length_approver_and_reason"


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0006_reinstated"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clockevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("start", "起算"),
                    ("restart", "重新起算"),
                    ("suspend", "中止"),
                    ("resume", "恢复"),
                    ("extend", "延长"),
                    ("delay", "延迟答复"),
                    ("stop", "办结"),
                ],
                max_length=8,
                verbose_name="事件",
            ),
        ),
        migrations.AlterField(
            model_name="clockevent",
            name="n",
            field=models.PositiveSmallIntegerField(default=0, help_text="单位与期限相同", verbose_name="延长、延迟的数目"),
        ),
        migrations.RemoveConstraint(model_name="clockevent", name=NAME),
        migrations.AddConstraint(
            model_name="clockevent",
            constraint=models.CheckConstraint(
                condition=Q(kind="extend", n__gt=0, approved_by__isnull=False) & ~Q(reason="")
                | Q(kind="delay", n__gt=0) & ~Q(reason="")
                | (~Q(kind__in=["extend", "delay"]) & Q(n=0)),
                name=NAME,
            ),
        ),
    ]
