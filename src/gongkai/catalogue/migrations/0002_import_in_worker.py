import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "__first__"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_error", models.BooleanField(verbose_name="不能导入")),
                ("place", models.CharField(max_length=120, verbose_name="位置")),
                ("column", models.CharField(blank=True, max_length=120, verbose_name="栏目")),
                ("why", models.CharField(max_length=500, verbose_name="原因")),
                ("mend", models.CharField(blank=True, max_length=300, verbose_name="怎么改")),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="catalogue.import", verbose_name="导入"
                    ),
                ),
            ],
            options={
                "verbose_name": "导入要改的地方",
                "verbose_name_plural": "导入要改的地方",
                "ordering": ["imported", "-is_error", "id"],
            },
        ),
        migrations.AddField(
            model_name="import",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="交办导入的时间"),
        ),
        migrations.AddField(
            model_name="import",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="导入人",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="次数"),
        ),
        migrations.AddField(
            model_name="import",
            name="base",
            field=models.PositiveIntegerField(blank=True, help_text="导入开始时定下，中断后接着用", null=True, verbose_name="起始序号"),
        ),
        migrations.AddField(
            model_name="import",
            name="done",
            field=models.PositiveIntegerField(default=0, verbose_name="已办"),
        ),
        migrations.AddField(
            model_name="import",
            name="include_hidden",
            field=models.BooleanField(default=False, verbose_name="隐藏的工作表也读"),
        ),
        migrations.AddField(
            model_name="import",
            name="lease",
            field=models.CharField(blank=True, max_length=36, verbose_name="正在办理"),
        ),
        migrations.AddField(
            model_name="import",
            name="leased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="办理时间"),
        ),
        migrations.AddField(
            model_name="import",
            name="outlook",
            field=models.JSONField(blank=True, default=dict, verbose_name="试读结果"),
        ),
        migrations.AddField(
            model_name="import",
            name="partial",
            field=models.BooleanField(default=False, verbose_name="只导入没有错的行"),
        ),
        migrations.AddField(
            model_name="import",
            name="problem",
            field=models.CharField(blank=True, max_length=500, verbose_name="没有读成或者没有导入的原因"),
        ),
        migrations.AddField(
            model_name="import",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="读完时间"),
        ),
        migrations.AddField(
            model_name="import",
            name="rejected",
            field=models.FileField(blank=True, upload_to="catalogue/%Y/%m/", verbose_name="要改的行"),
        ),
        migrations.AddField(
            model_name="import",
            name="rows",
            field=models.PositiveIntegerField(default=0, help_text="数出来的，决定当时办还是后台办", verbose_name="行数"),
        ),
        migrations.AddField(
            model_name="import",
            name="total",
            field=models.PositiveIntegerField(default=0, verbose_name="要办"),
        ),
        migrations.AlterField(
            model_name="deed",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "建立目录"),
                    ("revised", "开始修订"),
                    ("edited", "修改事项"),
                    ("added", "增加事项"),
                    ("dropped", "删去事项"),
                    ("import_asked", "交后台导入"),
                    ("hidden_chosen", "选择隐藏工作表"),
                    ("imported", "导入"),
                    ("approved", "批准"),
                    ("discarded", "放弃修订"),
                    ("bound", "对应栏目"),
                    ("uploaded", "上传目录表"),
                    ("traced", "从清单建立事项"),
                    ("term_set", "修改本地区词表"),
                    ("handed_down", "扩展到下级"),
                    ("templated", "从模板建立"),
                    ("column_made", "设立栏目"),
                    ("column_changed", "修改栏目"),
                    ("column_closed", "关停栏目"),
                    ("proposed", "提出负面清单类别"),
                    ("refused", "不同意列入负面清单"),
                    ("listed", "列入负面清单"),
                    ("unlisted", "移出负面清单"),
                    ("reconsidered", "评估负面清单"),
                    ("suggested", "收到建议"),
                    ("suggestion_done", "答复建议"),
                    ("taken_over", "采纳上级事项"),
                    ("declined", "不采纳上级事项"),
                    ("body_set", "登记公共企事业单位"),
                    ("limits_set", "设定管理时限"),
                    ("site_opened", "登记网站"),
                    ("site_changed", "变更网站"),
                    ("site_merged", "整合迁移网站"),
                    ("site_closed", "关停网站"),
                ],
                max_length=16,
                verbose_name="操作",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_at__isnull", True), ("asked_by__isnull", False), _connector="OR"),
                name="catalogue_import_asked_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("applied_at__isnull", True), ("asked_at__isnull", False)),
                fields=("version",),
                name="one_import_at_a_time",
            ),
        ),
    ]
