import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_squashed_2026_11"),
        ("agencies", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("agency", "部门目录"), ("field", "领域目录"), ("sector", "公共企事业单位目录")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("field", models.CharField(blank=True, help_text="rules/fields.toml 的代码", max_length=40, verbose_name="领域")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="catalogues",
                        to="agencies.agency",
                        verbose_name="编制单位",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="catalogues",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开目录",
                "verbose_name_plural": "公开目录",
                "ordering": ["jurisdiction", "title", "id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "kind", "field"), name="catalogue_once_for_agency_and_field"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="catalogue_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "agency"), models.Q(("field", ""), _negated=True), _connector="OR"),
                        name="field_catalogue_names_field",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, verbose_name="地址")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("kind", models.CharField(blank=True, help_text="rules/columns.toml 的 ColumnType", max_length=30, verbose_name="类型")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("keywords", models.CharField(blank=True, max_length=200, verbose_name="关键词")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="次序")),
                (
                    "freshness_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="多少日没有更新算陈旧；空为不查", null=True, verbose_name="更新间隔（日）"
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="关停日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="columns", to="agencies.agency", verbose_name="责任单位"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="columns",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_from",
                        to="catalogue.column",
                        verbose_name="内容迁往",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="catalogue.column",
                        verbose_name="上级栏目",
                    ),
                ),
            ],
            options={
                "verbose_name": "栏目",
                "verbose_name_plural": "栏目",
                "ordering": ["jurisdiction", "position", "id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "slug"), name="column_slug_once_in_jurisdiction"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("slug", ""), _negated=True)),
                        name="column_has_name_and_slug",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                        name="column_parent_is_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moved_to__isnull", True),
                            models.Q(("closed_on__isnull", False), models.Q(("moved_to", models.F("id")), _negated=True)),
                            _connector="OR",
                        ),
                        name="only_closed_column_moved",
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
                            ("created", "建立目录"),
                            ("revised", "开始修订"),
                            ("edited", "修改事项"),
                            ("added", "增加事项"),
                            ("dropped", "删去事项"),
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
                "verbose_name": "目录办理记录",
                "verbose_name_plural": "目录办理记录",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["subject", "subject_id"], name="catalogue_deed_by_subject")],
                "constraints": [models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="catalogue_deed_has_key")],
            },
        ),
        migrations.CreateModel(
            name="KeepingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("suggestion_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="答复建议（工作日）")),
                ("expansion_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="决定上级扩展事项（工作日）")),
                (
                    "review_cadence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("daily", "每日"),
                            ("weekly", "每周"),
                            ("monthly", "每月"),
                            ("quarterly", "每季度"),
                            ("half_yearly", "每半年"),
                            ("yearly", "每年"),
                        ],
                        max_length=12,
                        verbose_name="评估负面清单的周期",
                    ),
                ),
                (
                    "jurisdiction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keeping_terms",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "目录管理时限",
                "verbose_name_plural": "目录管理时限",
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("suggestion_days__isnull", True), ("suggestion_days__range", (1, 60)), _connector="OR"),
                            models.Q(("expansion_days__isnull", True), ("expansion_days__range", (1, 250)), _connector="OR"),
                        ),
                        name="keeping_terms_within_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NegativeClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="类别名称")),
                ("description", models.CharField(max_length=1000, verbose_name="说明")),
                ("examples", models.CharField(blank=True, max_length=500, verbose_name="举例")),
                ("ground", models.CharField(help_text="rules/grounds.toml 的编号", max_length=30, verbose_name="法律依据")),
                ("words", models.JSONField(blank=True, default=list, help_text="标题、正文里出现时提示，不作决定", verbose_name="特征词")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="列入日期")),
                ("ended_on", models.DateField(blank=True, help_text="从这一天起不再适用", null=True, verbose_name="移出日期")),
                ("ended_reason", models.CharField(blank=True, max_length=500, verbose_name="移出理由")),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="不同意列入的时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="negative_classes",
                        to="agencies.agency",
                        verbose_name="制作单位",
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
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="negative_classes",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="agencies.section",
                        verbose_name="提出科室",
                    ),
                ),
            ],
            options={
                "verbose_name": "负面清单类别",
                "verbose_name_plural": "负面清单类别",
                "ordering": ["jurisdiction", "ground", "name", "id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("ground", ""), _negated=True),
                            models.Q(("description", ""), _negated=True),
                        ),
                        name="negative_class_has_name_and_clause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="negative_class_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("effective_on__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("effective_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="negative_class_in_force_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            models.Q(("effective_on__isnull", False), models.Q(("ended_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="negative_class_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refused_at__isnull", True), ("approved_at__isnull", True), _connector="OR"),
                        name="negative_class_refused_not_listed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("refused_at__isnull", True)),
                        fields=("agency", "name"),
                        name="negative_class_once_in_agency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicBody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sector", models.CharField(max_length=20, verbose_name="行业")),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="public_body", to="agencies.agency", verbose_name="单位"
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised_bodies",
                        to="agencies.agency",
                        verbose_name="主管部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "公共企事业单位",
                "verbose_name_plural": "公共企事业单位",
                "ordering": ["sector", "agency__code"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sector", ""), _negated=True), name="public_body_has_sector"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supervisor__isnull", True), models.Q(("supervisor", models.F("agency")), _negated=True), _connector="OR"
                        ),
                        name="public_body_supervised_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="网站名称")),
                ("host", models.CharField(max_length=253, unique=True, verbose_name="域名")),
                ("id_code", models.CharField(blank=True, max_length=20, verbose_name="网站标识码")),
                (
                    "kind",
                    models.CharField(
                        choices=[("portal", "政府门户网站"), ("department", "部门网站"), ("special", "专项网站")],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "正常运行"), ("merged", "整合迁移"), ("closed", "关停")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="开办日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="关停、迁移日期")),
                ("ended_reason", models.CharField(blank=True, max_length=500, verbose_name="关停、迁移理由")),
                ("moved_to", models.CharField(blank=True, max_length=300, verbose_name="新地址")),
                ("redirects", models.JSONField(blank=True, default=list, verbose_name="地址对照")),
                ("archive", models.CharField(blank=True, max_length=300, verbose_name="归档位置")),
                ("notice_id", models.PositiveBigIntegerField(blank=True, help_text="本系统里公开的公告", null=True, verbose_name="公告")),
                ("notice_url", models.CharField(blank=True, max_length=300, verbose_name="公告地址")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="agencies.agency", verbose_name="主办单位"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="catalogue.site",
                        verbose_name="内容迁往的网站",
                    ),
                ),
            ],
            options={
                "verbose_name": "政府网站",
                "verbose_name_plural": "政府网站",
                "ordering": ["state", "agency__jurisdiction__code", "agency__code", "id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("host", ""), _negated=True)),
                        name="site_has_name_and_host",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("ended_on__isnull", False),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="site_ended_says_when_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), ("notice_id__isnull", False), models.Q(("notice_url", ""), _negated=True), _connector="OR"
                        ),
                        name="site_ended_was_announced",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "merged"), _negated=True), models.Q(("moved_to", ""), _negated=True), _connector="OR"
                        ),
                        name="merged_site_moved_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("moved_to", ""), _negated=True),
                            models.Q(("archive", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closed_site_left_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="site_merged_into_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("field", "公开领域"), ("channel", "公开渠道和载体")], max_length=8, verbose_name="类别"),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("unused", models.BooleanField(default=False, verbose_name="本地区不用")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "本地区词表",
                "verbose_name_plural": "本地区词表",
                "ordering": ["jurisdiction", "kind", "code"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "kind", "code"), name="term_once_in_jurisdiction"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("code", ""), _negated=True)),
                        name="term_has_name_and_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "修订中"), ("current", "现行"), ("past", "历史版本")],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="修订原因")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="编制时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
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
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="catalogue.catalogue", verbose_name="目录"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编制人",
                    ),
                ),
            ],
            options={
                "verbose_name": "目录版本",
                "verbose_name_plural": "目录版本",
                "ordering": ["catalogue", "-number"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("catalogue", "number"), name="catalogue_version_number_once"),
                    models.UniqueConstraint(condition=models.Q(("state", "draft")), fields=("catalogue",), name="one_draft_of_a_catalogue"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "current")), fields=("catalogue",), name="one_current_of_a_catalogue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("approved_at__isnull", False), _connector="OR"),
                        name="version_in_force_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            ("made_by__isnull", True),
                            models.Q(("approved_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="version_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="目录内不重复，修订后不变", max_length=60, verbose_name="编号")),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="catalogue.catalogue", verbose_name="目录"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="catalogue.column",
                        verbose_name="栏目",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_down",
                        to="catalogue.item",
                        verbose_name="上级事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开事项",
                "verbose_name_plural": "公开事项",
                "ordering": ["catalogue", "code"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("catalogue", "code"), name="item_code_once_in_catalogue"),
                    models.UniqueConstraint(
                        condition=models.Q(("origin__isnull", False)), fields=("catalogue", "origin"), name="item_handed_down_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="item_has_code"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NegativeReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("keep", "继续适用"), ("narrow", "缩小范围"), ("open", "移出清单，转为公开")],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("on", models.DateField(verbose_name="评估日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="评估单位"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="评估人"
                    ),
                ),
                (
                    "negative_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="catalogue.negativeclass",
                        verbose_name="类别",
                    ),
                ),
            ],
            options={
                "verbose_name": "负面清单评估",
                "verbose_name_plural": "负面清单评估",
                "ordering": ["-on", "-id"],
                "indexes": [],
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="negative_review_says_why")],
            },
        ),
        migrations.CreateModel(
            name="Expansion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待决定"), ("taken", "采纳"), ("declined", "不采纳"), ("withdrawn", "上级已撤回")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("proposed_at", models.DateTimeField(verbose_name="下达时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expansions",
                        to="catalogue.catalogue",
                        verbose_name="目录",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="决定人",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expansions",
                        to="catalogue.catalogueversion",
                        verbose_name="上级目录版本",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expansion",
                        to="catalogue.item",
                        verbose_name="本级事项",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expansions", to="catalogue.item", verbose_name="上级事项"
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.item", verbose_name="最初的事项"
                    ),
                ),
            ],
            options={
                "verbose_name": "上级扩展事项",
                "verbose_name_plural": "上级扩展事项",
                "ordering": ["-proposed_at", "-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("catalogue", "root"), name="expansion_reaches_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_at__isnull", False), _connector="OR"),
                        name="expansion_decided_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="expansion_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "taken"), _negated=True), ("item__isnull", False), _connector="OR"),
                        name="expansion_taken_has_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item__isnull", True), models.Q(("item", models.F("origin")), _negated=True), _connector="OR"),
                        name="expansion_item_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="catalogue/%Y/%m/", verbose_name="文件")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("size", models.PositiveBigIntegerField(verbose_name="大小")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("content_type", models.CharField(max_length=100, verbose_name="类型")),
                ("drop_missing", models.BooleanField(default=False, verbose_name="表里没有的事项删去")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
                ("summary", models.JSONField(blank=True, default=dict, verbose_name="导入结果")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="上传人"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="catalogue.catalogueversion",
                        verbose_name="版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "目录导入",
                "verbose_name_plural": "目录导入",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sha256", ""), _negated=True), name="catalogue_import_has_digest")
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_kind", models.CharField(max_length=40, verbose_name="清单种类")),
                ("document_id", models.PositiveBigIntegerField(verbose_name="清单")),
                ("row_key", models.CharField(max_length=80, verbose_name="行")),
                ("title", models.CharField(max_length=200, verbose_name="清单名称")),
                ("row_name", models.CharField(max_length=300, verbose_name="清单事项")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="catalogue.item", verbose_name="公开事项"
                    ),
                ),
            ],
            options={
                "verbose_name": "事项来源",
                "verbose_name_plural": "事项来源",
                "ordering": ["item", "id"],
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("item", "document_id", "row_key"), name="item_source_once")],
            },
        ),
        migrations.CreateModel(
            name="ItemStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("level1", models.CharField(max_length=200, verbose_name="一级事项")),
                ("level2", models.CharField(blank=True, max_length=200, verbose_name="二级事项")),
                ("elements", models.TextField(blank=True, verbose_name="公开内容（要素）")),
                ("basis", models.TextField(blank=True, verbose_name="公开依据")),
                ("limit_words", models.CharField(blank=True, max_length=300, verbose_name="公开时限")),
                ("limit", models.JSONField(blank=True, default=dict, verbose_name="解析后的时限")),
                ("cycle", models.CharField(blank=True, max_length=12, verbose_name="更新周期")),
                ("subject_words", models.CharField(blank=True, max_length=300, verbose_name="公开主体")),
                ("channels", models.JSONField(blank=True, default=list, verbose_name="公开渠道和载体")),
                ("audience", models.CharField(blank=True, max_length=12, verbose_name="公开对象")),
                ("audience_words", models.CharField(blank=True, max_length=300, verbose_name="特定群体")),
                ("method", models.CharField(blank=True, max_length=12, verbose_name="公开方式")),
                ("levels", models.JSONField(blank=True, default=list, verbose_name="公开层级")),
                ("stage", models.CharField(blank=True, help_text="决策、执行、管理、服务、结果", max_length=12, verbose_name="过程")),
                ("links", models.JSONField(blank=True, default=list, help_text="发布、解读、会议", verbose_name="环节")),
                ("plain_words", models.CharField(blank=True, max_length=300, verbose_name="通俗说明")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standards", to="catalogue.item", verbose_name="事项"
                    ),
                ),
                ("subjects", models.ManyToManyField(blank=True, related_name="+", to="agencies.agency", verbose_name="公开主体单位")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standards",
                        to="catalogue.catalogueversion",
                        verbose_name="版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开标准",
                "verbose_name_plural": "公开标准",
                "ordering": ["version", "position", "id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "item"), name="item_once_in_version"),
                    models.CheckConstraint(condition=models.Q(("level1", ""), _negated=True), name="standard_has_level1"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="查询码")),
                ("text", models.TextField(verbose_name="建议")),
                ("masked", models.JSONField(blank=True, default=list, help_text="种类，不含原文", verbose_name="遮盖的内容")),
                ("sender", models.CharField(blank=True, max_length=64, verbose_name="来处摘要")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("key", models.CharField(max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "采纳"),
                            ("partly", "部分采纳"),
                            ("not_adopted", "未采纳"),
                            ("explained", "解释说明"),
                            ("not_handled", "不属于建议"),
                        ],
                        max_length=12,
                        verbose_name="办理结果",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_suggestions",
                        to="agencies.agency",
                        verbose_name="办理单位",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="catalogue.item",
                        verbose_name="公开事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "公众建议",
                "verbose_name_plural": "公众建议",
                "ordering": ["-received_at", "-id"],
                "indexes": [models.Index(fields=["sender", "received_at"], name="suggestion_by_sender")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("key", ""), _negated=True),
                            models.Q(("code", ""), _negated=True),
                        ),
                        name="suggestion_has_words_and_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("outcome", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="suggestion_answered_with_words",
                    ),
                ],
            },
        ),
    ]
