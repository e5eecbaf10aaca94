from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0005_indexes_that_answer"),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "下达"),
                    ("acknowledged", "签收"),
                    ("progress", "报送进展"),
                    ("completion", "申请办结"),
                    ("passed", "核查通过"),
                    ("returned", "退回"),
                    ("assigned", "交办"),
                    ("changed", "方案调整"),
                    ("waived", "免除"),
                    ("reinstated", "取消免除"),
                    ("clock", "计时变动"),
                    ("evidence", "提交佐证"),
                    ("judged", "核查佐证"),
                    ("withdrawn", "撤回佐证"),
                    ("no_change", "声明没有新内容"),
                    ("urged", "催办"),
                    ("replied", "答复催办"),
                    ("handed_over", "移交"),
                    ("merged", "并案办理"),
                    ("separated", "取消并案"),
                ],
                max_length=14,
                verbose_name="环节",
            ),
        ),
    ]
