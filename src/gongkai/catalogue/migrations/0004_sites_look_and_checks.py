import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_interactive_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="日期")),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="页面")),
                ("columns", models.PositiveIntegerField(default=0, verbose_name="栏目")),
                ("seconds", models.FloatField(default=0, verbose_name="用时（秒）")),
                ("whole", models.BooleanField(default=True, verbose_name="查完了全部页面")),
                ("findings", models.JSONField(blank=True, default=list, verbose_name="发现的问题")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="catalogue.site",
                        verbose_name="网站",
                    ),
                ),
            ],
            options={
                "verbose_name": "网站检查",
                "verbose_name_plural": "网站检查",
                "ordering": ["-on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "on"), name="site_checked_once_a_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("site__isnull", True)), fields=("on",), name="main_site_checked_once_a_day"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="site",
            name="colour",
            field=models.CharField(
                choices=[
                    ("red", "印泥红"),
                    ("blue", "青花蓝"),
                    ("green", "松柏绿"),
                    ("teal", "石青"),
                    ("purple", "绛紫"),
                    ("brown", "赭石"),
                ],
                default="red",
                max_length=12,
                verbose_name="主色",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="errors_url",
            field=models.CharField(blank=True, max_length=300, verbose_name="“我为政府网站找错”入口"),
        ),
        migrations.AddField(
            model_name="site",
            name="icp",
            field=models.CharField(blank=True, max_length=40, verbose_name="ICP 备案号"),
        ),
        migrations.AddField(
            model_name="site",
            name="organ",
            field=models.CharField(blank=True, max_length=120, verbose_name="页脚的主办单位"),
        ),
        migrations.AddField(
            model_name="site",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="联系电话"),
        ),
        migrations.AddField(
            model_name="site",
            name="police",
            field=models.CharField(blank=True, max_length=60, verbose_name="公安机关备案号"),
        ),
        migrations.AddField(
            model_name="site",
            name="scope",
            field=models.CharField(
                choices=[("own", "本单位的信息"), ("below", "本单位和下属单位的信息"), ("place", "本地区全部信息")],
                default="own",
                max_length=8,
                verbose_name="展示范围",
            ),
        ),
    ]
