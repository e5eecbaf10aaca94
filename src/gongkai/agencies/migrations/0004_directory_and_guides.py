import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("agencies", "0003_reorganisations"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgencyProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("functions", models.TextField(blank=True, verbose_name="职能")),
                ("office_hours", models.CharField(blank=True, max_length=200, verbose_name="办公时间")),
                ("fax", models.CharField(blank=True, max_length=40, verbose_name="传真")),
                ("email", models.CharField(blank=True, max_length=120, verbose_name="电子邮箱")),
                ("postal_code", models.CharField(blank=True, max_length=6, verbose_name="邮政编码")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="网址")),
                ("map_text", models.CharField(blank=True, max_length=300, verbose_name="到达方式")),
                ("intake_name", models.CharField(blank=True, max_length=120, verbose_name="工作机构名称")),
                ("intake_address", models.CharField(blank=True, max_length=200, verbose_name="工作机构办公地址")),
                ("intake_hours", models.CharField(blank=True, max_length=200, verbose_name="工作机构办公时间")),
                ("intake_phone", models.CharField(blank=True, max_length=40, verbose_name="工作机构联系电话")),
                ("intake_fax", models.CharField(blank=True, max_length=40, verbose_name="工作机构传真号码")),
                ("intake_email", models.CharField(blank=True, max_length=120, verbose_name="工作机构电子邮箱")),
                ("intake_postal_code", models.CharField(blank=True, max_length=6, verbose_name="工作机构邮政编码")),
                ("intake_url", models.CharField(blank=True, max_length=200, verbose_name="网上申请地址")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="核对日期")),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profile", to="agencies.agency", verbose_name="机构"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构信息",
                "verbose_name_plural": "机构信息",
            },
        ),
        migrations.CreateModel(
            name="GuideText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(help_text="rules/guide.toml 的代码", max_length=30, verbose_name="部分")),
                ("text", models.TextField(verbose_name="文字")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guide_texts",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "指南的本地文字",
                "verbose_name_plural": "指南的本地文字",
                "ordering": ["jurisdiction", "part"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "part"), name="guide_part_once_in_jurisdiction"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="guide_text_not_empty"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuideVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版次")),
                ("on", models.DateField(verbose_name="日期")),
                ("content", models.JSONField(verbose_name="内容")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="变动")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="生成时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="guides", to="agencies.agency", verbose_name="机构"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
            ],
            options={
                "verbose_name": "政府信息公开指南",
                "verbose_name_plural": "政府信息公开指南",
                "ordering": ["agency", "-number"],
                "constraints": [models.UniqueConstraint(fields=("agency", "number"), name="guide_number_once_of_agency")],
            },
        ),
        migrations.AlterModelOptions(
            name="section",
            options={"ordering": ["agency", "position", "name"], "verbose_name": "内设机构", "verbose_name_plural": "内设机构"},
        ),
        migrations.AddField(
            model_name="leader",
            name="division",
            field=models.CharField(blank=True, max_length=300, verbose_name="分工"),
        ),
        migrations.AddField(
            model_name="section",
            name="functions",
            field=models.TextField(blank=True, verbose_name="职责"),
        ),
        migrations.AddField(
            model_name="section",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="电话"),
        ),
        migrations.AddField(
            model_name="section",
            name="position",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="排序"),
        ),
    ]
