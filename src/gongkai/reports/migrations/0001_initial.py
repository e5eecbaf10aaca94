import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    initial = True

    dependencies = [
        ("agencies", "0004_directory_and_guides"),
        ("agencies", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnualReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("covers_place", models.BooleanField(default=False, verbose_name="汇总本地区各单位")),
                ("layout", models.CharField(default="2021", max_length=8, verbose_name="格式")),
                ("sections", models.JSONField(blank=True, default=dict, help_text="{1…6: 文字}", verbose_name="各部分文字")),
                ("version", models.PositiveIntegerField(default=1, help_text="乐观锁", verbose_name="稿次")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="提交审核时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                (
                    "printed",
                    models.JSONField(
                        blank=True, help_text="formats.annual_report 的 Report.to_dict()", null=True, verbose_name="公布的内容"
                    ),
                ),
                ("imported", models.BooleanField(default=False, verbose_name="由已公布的文件导入")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annual_reports",
                        to="agencies.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度报告",
                "verbose_name_plural": "年度报告",
                "ordering": ["-year", "agency"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "year", "covers_place"), name="one_report_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("published_at__isnull", True), ("printed__isnull", False), _connector="OR"),
                        name="published_report_is_printed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            ("proposed_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="report_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=32, verbose_name="记录类别")),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="记录")),
                ("about", models.CharField(blank=True, max_length=32, verbose_name="所办记录类别")),
                ("about_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="所办记录")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="说明")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("begun", "开始编制"),
                            ("written", "修改文字"),
                            ("added", "手工填写数字"),
                            ("removed", "取消手工数字"),
                            ("proposed", "提交审核"),
                            ("returned", "退回修改"),
                            ("approved", "批准"),
                            ("published", "公布"),
                            ("imported", "导入"),
                        ],
                        max_length=16,
                        verbose_name="操作",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="办理人"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="办理单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度报告办理记录",
                "verbose_name_plural": "年度报告办理记录",
                "ordering": ["at", "id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="report_deed_has_key")],
            },
        ),
        migrations.CreateModel(
            name="Addition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "table",
                    models.CharField(choices=[("two", "表二"), ("three", "表三"), ("four", "表四")], max_length=5, verbose_name="表"),
                ),
                ("row", models.CharField(max_length=20, verbose_name="行")),
                ("column", models.CharField(max_length=30, verbose_name="列")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="增加的数")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("added_at", models.DateTimeField(verbose_name="填写时间")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="填写人"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="additions",
                        to="reports.annualreport",
                        verbose_name="年度报告",
                    ),
                ),
            ],
            options={
                "verbose_name": "手工填写",
                "verbose_name_plural": "手工填写",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("amount", 0), _negated=True)),
                        name="addition_has_reason",
                    )
                ],
            },
        ),
    ]
