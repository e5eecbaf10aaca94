import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.publications.models.attachments
import gongkai.publications.models.topics
from gongkai.journal import migrating
from gongkai.publications import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrating.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_squashed_2026_11"),
        ("agencies", "__first__"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
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
                            ("drafted", "拟稿"),
                            ("saved", "保存"),
                            ("restored", "恢复旧稿"),
                            ("attached", "上传附件"),
                            ("detached", "移除附件"),
                            ("discarded", "放弃草稿"),
                            ("submitted", "送审"),
                            ("recalled", "撤回送审"),
                            ("reviewed", "审核"),
                            ("returned", "退回"),
                            ("inquired", "送请确定"),
                            ("determined", "收到确定意见"),
                            ("screened", "内容检查"),
                            ("masked", "遮盖"),
                            ("overruled", "认定可以公开"),
                            ("scheduled", "定时发布"),
                            ("unscheduled", "取消定时"),
                            ("published", "发布"),
                            ("failed", "发布失败"),
                            ("forced", "紧急发布"),
                            ("confirmed", "补审"),
                            ("withdrawn", "撤下"),
                            ("expired", "到期撤下"),
                            ("marked", "标注效力"),
                            ("evaluated", "定期评估"),
                            ("labelled", "登记标识"),
                            ("cleaned", "清理"),
                            ("gathered", "编入专题"),
                            ("removed", "移出专题"),
                            ("configured", "设定"),
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
                "verbose_name": "发布办理记录",
                "verbose_name_plural": "发布办理记录",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["subject", "subject_id"], name="publication_deed_by_subject")],
                "constraints": [models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="publication_deed_has_key")],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative", "行政规范性文件"),
                            ("policy", "其他政策文件"),
                            ("list", "清单"),
                            ("names", "名单公示"),
                            ("penalty", "行政处罚决定"),
                            ("other", "其他信息"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("list_kind", models.CharField(blank=True, max_length=40, verbose_name="清单种类")),
                ("index_number", models.CharField(max_length=80, unique=True, verbose_name="索引号")),
                (
                    "origin_url",
                    models.CharField(
                        blank=True, help_text="从旧站导入的页面原来的地址，仍然指到这里", max_length=500, verbose_name="原网址"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("first_published_at", models.DateTimeField(blank=True, null=True, verbose_name="首次公开")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500, verbose_name="撤下原因")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="agencies.agency", verbose_name="公开主体"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="catalogue.column",
                        verbose_name="栏目",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="拟稿人"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
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
                        verbose_name="承办内设机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "政府信息",
                "verbose_name_plural": "政府信息",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["agency", "-id"], name="document_of_agency")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("index_number", ""), _negated=True), name="document_has_index_number"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "list"), ("list_kind", ""), _connector="OR"), name="only_lists_have_list_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="withdrawal_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin_url", ""), _negated=True), fields=("origin_url",), name="document_origin_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryScreening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rules_on", models.DateField(verbose_name="规则日期")),
                ("rules_key", models.CharField(max_length=64, verbose_name="规则校验值")),
                ("total", models.PositiveIntegerField(verbose_name="件数")),
                ("asked_at", models.DateTimeField(verbose_name="发起时间")),
                ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="最近进展")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="发起人"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_screenings",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "已公开信息复查",
                "verbose_name_plural": "已公开信息复查",
                "ordering": ["-asked_at", "-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)), fields=("jurisdiction",), name="one_history_screening_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexPattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pattern", models.CharField(max_length=80, verbose_name="格式")),
                ("counters", models.JSONField(blank=True, default=dict, verbose_name="已用到")),
                (
                    "jurisdiction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="index_pattern",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "索引号格式",
                "verbose_name_plural": "索引号格式",
                "indexes": [],
                "constraints": [models.CheckConstraint(condition=models.Q(("pattern", ""), _negated=True), name="index_pattern_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="PlaceLabels",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("labels", models.CharField(max_length=20, verbose_name="标识")),
                (
                    "jurisdiction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="label_choice",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "印制标识",
                "verbose_name_plural": "印制标识",
                "indexes": [],
                "constraints": [models.CheckConstraint(condition=models.Q(("labels", ""), _negated=True), name="place_labels_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="ScreenedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=20, verbose_name="扩展名")),
                ("rules_key", models.CharField(max_length=64, verbose_name="规则校验值")),
                ("findings", models.JSONField(default=list, verbose_name="发现")),
                ("at", models.DateTimeField(verbose_name="检查时间")),
            ],
            options={
                "verbose_name": "查过的文件",
                "verbose_name_plural": "查过的文件",
                "constraints": [models.UniqueConstraint(fields=("sha256", "name", "rules_key"), name="file_screened_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ScreeningPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("severities", models.JSONField(blank=True, default=dict, verbose_name="程度")),
                (
                    "unstripped",
                    models.CharField(
                        choices=[("refuse", "不能公开，要求换成可以处理的格式"), ("keep", "按原件公开，并在检查页面提醒")],
                        default="refuse",
                        help_text="如 OFD、GIF",
                        max_length=6,
                        verbose_name="不能去除属性的格式",
                    ),
                ),
                (
                    "jurisdiction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screening_policy",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "内容检查设置",
                "verbose_name_plural": "内容检查设置",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("topic", "专题专栏"), ("rules", "制度文件汇编"), ("services", "办事一本通")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("introduction", models.TextField(blank=True, verbose_name="导语")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="公开时间")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="归档日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="topics", to="agencies.agency", verbose_name="编制单位"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "专题和汇编",
                "verbose_name_plural": "专题和汇编",
                "ordering": ["-id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "title"), name="topic_title_once_of_agency"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="topic_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValidityTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.CharField(choices=[("plain", "一般"), ("trial", "试行、暂行")], max_length=6, verbose_name="有效期")),
                ("months", models.PositiveSmallIntegerField(verbose_name="月数")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="validity_terms",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "有效期设置",
                "verbose_name_plural": "有效期设置",
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "term"), name="one_term_of_a_place"),
                    models.CheckConstraint(condition=models.Q(("months__gte", 1), ("months__lte", 600)), name="term_is_of_sense"),
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="term_has_basis"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WordingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "severity",
                    models.CharField(choices=[("block", "禁止发布"), ("warn", "提醒")], default="warn", max_length=5, verbose_name="程度"),
                ),
                ("effective_from", models.DateField(verbose_name="启用日期")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                ("imported_at", models.DateTimeField(auto_now_add=True, verbose_name="导入时间")),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wording_lists",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "用语表",
                "verbose_name_plural": "用语表",
                "ordering": ["jurisdiction", "name"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "name"), name="wording_list_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to__isnull", True), ("effective_to__gte", models.F("effective_from")), _connector="OR"
                        ),
                        name="wording_list_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Workflow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("steps", models.JSONField(default=list, verbose_name="步骤")),
                (
                    "column",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workflow",
                        to="catalogue.column",
                        verbose_name="栏目",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workflows",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核流程",
                "verbose_name_plural": "审核流程",
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("column__isnull", True)), fields=("jurisdiction",), name="one_workflow_of_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "ordering": ["id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Booklet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(choices=[("docx", "Word"), ("pdf", "PDF")], max_length=4, verbose_name="格式")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="篇数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已编")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.publications.models.topics.booklet_path, verbose_name="文件"
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="没有编成的原因")),
                ("asked_at", models.DateTimeField(verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="编制人"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="booklets", to="publications.topic", verbose_name="专题"
                    ),
                ),
            ],
            options={
                "verbose_name": "汇编成书",
                "verbose_name_plural": "汇编成书",
                "ordering": ["-asked_at", "-id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("file", ""), _negated=True),
                            models.Q(("problem", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="booklet_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cleanup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("on", models.DateField(verbose_name="清理基准日")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="作出决定")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cleanups", to="agencies.agency", verbose_name="清理单位"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="经办人"
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
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleanups",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleanups",
                        to="publications.document",
                        verbose_name="清理结果公告",
                    ),
                ),
            ],
            options={
                "verbose_name": "文件清理",
                "verbose_name_plural": "文件清理",
                "ordering": ["-on", "-id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("title", ""), _negated=True), models.Q(("basis", ""), _negated=True)),
                        name="cleanup_has_title_and_basis",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="item_links",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_links",
                        to="catalogue.item",
                        verbose_name="公开事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "所属公开事项",
                "verbose_name_plural": "所属公开事项",
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("document", "item"), name="item_once_on_document")],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟稿"),
                            ("review", "审核中"),
                            ("ready", "审核通过，待发布"),
                            ("scheduled", "定时发布"),
                            ("failed", "发布失败"),
                            ("live", "已公开"),
                            ("past", "历史版本"),
                            ("withdrawn", "已撤下"),
                            ("discarded", "已放弃"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[("first", "首次公开"), ("major", "重要修改"), ("minor", "文字订正")],
                        default="first",
                        max_length=6,
                        verbose_name="变更",
                    ),
                ),
                ("change_note", models.CharField(blank=True, max_length=500, verbose_name="变更说明")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="送审时间")),
                ("publish_at", models.DateTimeField(blank=True, null=True, verbose_name="定时发布")),
                ("failure", models.CharField(blank=True, max_length=500, verbose_name="发布失败原因")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("forced_reason", models.CharField(blank=True, max_length=500, verbose_name="紧急发布理由")),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, help_text="紧急发布后由另一人补审；没有补审前一直标记", null=True, verbose_name="补审时间"
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(blank=True, help_text="到期次日自动撤下（处罚决定、名单）", null=True, verbose_name="公示截止"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="拟稿人"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "版次",
                "verbose_name_plural": "版次",
                "ordering": ["document", "-number"],
                "indexes": [
                    models.Index(fields=["state", "publish_at"], name="edition_by_state"),
                    models.Index(condition=models.Q(("state", "live")), fields=["-published_at"], name="live_edition_newest"),
                    models.Index(condition=models.Q(("state", "live")), fields=["expires_on"], name="live_edition_expiring"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="edition_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "review", "ready", "scheduled", "failed"))),
                        fields=("document",),
                        name="one_working_edition",
                    ),
                    models.UniqueConstraint(condition=models.Q(("state", "live")), fields=("document",), name="one_live_edition"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["live", "past", "withdrawn"]), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="opened_edition_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "scheduled"), _negated=True), ("publish_at__isnull", False), _connector="OR"),
                        name="scheduled_edition_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True), models.Q(("failure", ""), _negated=True), _connector="OR"
                        ),
                        name="failed_edition_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change", "major"), _negated=True),
                            models.Q(("change_note", ""), _negated=True),
                            ("state", "draft"),
                            _connector="OR",
                        ),
                        name="major_change_has_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[("withheld", "不予公开的信息"), ("validity", "有效期届满前评估")], max_length=8, verbose_name="评估对象"
                    ),
                ),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("keep", "维持"), ("open", "转为公开"), ("amend", "修改"), ("repeal", "废止"), ("lapse", "失效")],
                        max_length=6,
                        verbose_name="结论",
                    ),
                ),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("on", models.DateField(verbose_name="评估日期")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="下次评估")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="评估人"
                    ),
                ),
            ],
            options={
                "verbose_name": "定期评估",
                "verbose_name_plural": "定期评估",
                "ordering": ["-on", "-id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="evaluation_has_basis"),
                    models.CheckConstraint(
                        condition=models.Q(("next_on__isnull", True), ("next_on__gt", models.F("on")), _connector="OR"),
                        name="next_evaluation_is_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "point",
                    models.CharField(
                        choices=[("slip", "签文稿纸"), ("register", "审查登记"), ("issue", "正式发文"), ("web", "网上公开")],
                        max_length=8,
                        verbose_name="环节",
                    ),
                ),
                ("label", models.CharField(max_length=40, verbose_name="标识")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="label_records",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
            ],
            options={
                "verbose_name": "标识登记",
                "verbose_name_plural": "标识登记",
                "ordering": ["document", "at", "id"],
                "indexes": [models.Index(fields=["document", "point"], name="label_by_document")],
                "constraints": [models.CheckConstraint(condition=models.Q(("label", ""), _negated=True), name="label_record_has_label")],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="邮箱")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("asked_from", models.CharField(blank=True, max_length=32, verbose_name="来源")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更订阅",
                "verbose_name_plural": "变更订阅",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("confirmed_at__isnull", True)), fields=["asked_at"], name="subscription_unconfirmed")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "email"), name="subscribed_once"),
                    models.CheckConstraint(condition=models.Q(("email", ""), _negated=True), name="subscription_has_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.CharField(blank=True, max_length=120, verbose_name="分类")),
                ("position", models.PositiveIntegerField(default=1, verbose_name="次序")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topic_entries",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="publications.topic", verbose_name="专题"
                    ),
                ),
            ],
            options={
                "verbose_name": "专题内容",
                "verbose_name_plural": "专题内容",
                "ordering": ["topic", "position", "id"],
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("topic", "document"), name="document_once_in_topic")],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=100, verbose_name="词语")),
                ("category", models.CharField(blank=True, max_length=60, verbose_name="类别")),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("block", "禁止发布"), ("warn", "提醒")],
                        default="",
                        help_text="空为用语表的程度",
                        max_length=5,
                        verbose_name="程度",
                    ),
                ),
                ("instead", models.CharField(blank=True, max_length=200, verbose_name="建议用语")),
                ("allow", models.BooleanField(default=False, verbose_name="允许")),
                ("effective_from", models.DateField(blank=True, null=True, verbose_name="生效日期")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                (
                    "wordings",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="publications.wordinglist",
                        verbose_name="用语表",
                    ),
                ),
            ],
            options={
                "verbose_name": "用语",
                "verbose_name_plural": "用语",
                "ordering": ["wordings", "text"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("wordings", "text"), name="wording_once_in_list"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="wording_not_empty"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=100, verbose_name="内容类型")),
                (
                    "original",
                    models.FileField(max_length=200, upload_to=gongkai.publications.models.attachments.original_path, verbose_name="原件"),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="publications.attachment",
                        verbose_name="附件",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="上传人"
                    ),
                ),
            ],
            options={
                "verbose_name": "附件版本",
                "verbose_name_plural": "附件版本",
                "ordering": ["attachment", "-number"],
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("attachment", "number"), name="attachment_version_number_once")],
            },
        ),
        migrations.CreateModel(
            name="CleanupEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "effect",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("amended", "已修改"),
                            ("repealed", "废止"),
                            ("lapsed", "失效"),
                            ("suspended", "宣布停止执行"),
                            ("continued", "继续有效"),
                        ],
                        default="",
                        max_length=9,
                        verbose_name="处理",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="继续有效的新期限；空则有期限的仍按原期限，已满的重新计算", null=True, verbose_name="延续至"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "cleanup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="publications.cleanup", verbose_name="清理"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cleanup_entries",
                        to="publications.document",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "清理文件",
                "verbose_name_plural": "清理文件",
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("cleanup", "document"), name="document_once_in_cleanup"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("effect", "continued"), _connector="OR"),
                        name="only_continued_has_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to_words", models.CharField(max_length=120, verbose_name="送请单位名称")),
                ("question", models.TextField(verbose_name="请求确定的问题")),
                ("asked_at", models.DateTimeField(verbose_name="送请时间")),
                ("answer", models.TextField(blank=True, verbose_name="确定意见")),
                ("allowed", models.BooleanField(blank=True, null=True, verbose_name="可以公开")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="送请人"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="publications.edition",
                        verbose_name="版次",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="送请单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "送请确定",
                "verbose_name_plural": "送请确定",
                "ordering": ["asked_at", "id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("question", ""), _negated=True), models.Q(("to_words", ""), _negated=True)),
                        name="inquiry_asks_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_on__isnull", True),
                            models.Q(("allowed__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="answered_inquiry_concludes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="稿次")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
                ("keywords", models.CharField(blank=True, max_length=200, verbose_name="主题词")),
                ("doc_number", models.CharField(blank=True, max_length=80, verbose_name="发文字号")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="成文日期")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="实施日期")),
                ("repealed_on", models.DateField(blank=True, help_text="文件自己写明的截止日期", null=True, verbose_name="废止日期")),
                (
                    "term",
                    models.CharField(
                        choices=[("plain", "一般"), ("trial", "试行、暂行"), ("none", "不设有效期")],
                        default="none",
                        max_length=6,
                        verbose_name="有效期",
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=20, verbose_name="主题分类")),
                ("genre", models.CharField(blank=True, max_length=20, verbose_name="体裁")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="信息来源")),
                (
                    "attribute",
                    models.CharField(
                        choices=[("proactive", "主动公开"), ("on_request", "依申请公开"), ("withheld", "不予公开")],
                        default="proactive",
                        max_length=10,
                        verbose_name="公开属性",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40, verbose_name="印制标识")),
                ("redacted", models.BooleanField(default=False, verbose_name="删减后公开")),
                ("ground", models.CharField(blank=True, max_length=30, verbose_name="不予公开的理由")),
                ("needs_interpretation", models.BooleanField(default=False, verbose_name="需要解读")),
                ("in_gazette", models.BooleanField(default=False, verbose_name="报送政府公报")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="保存人"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="publications.edition",
                        verbose_name="版次",
                    ),
                ),
                # Last, for SQLite comes to what stands behind a long text only through all of it.
                ("abstract", models.TextField(blank=True, verbose_name="内容概述")),
                ("ground_words", models.TextField(blank=True, verbose_name="理由说明")),
                (
                    "rows",
                    models.JSONField(blank=True, default=list, help_text="清单类的行，列见 rules/lists.toml", verbose_name="清单内容"),
                ),
                ("body", models.TextField(blank=True, verbose_name="正文")),
            ],
            options={
                "verbose_name": "文稿",
                "verbose_name_plural": "文稿",
                "ordering": ["edition", "-number"],
                "indexes": [models.Index(fields=["doc_number"], name="revision_by_doc_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "number"), name="revision_number_once"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="revision_has_title"),
                    models.CheckConstraint(condition=models.Q(("sha256", ""), _negated=True), name="revision_has_digest"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attribute", "withheld"), _negated=True), models.Q(("ground", ""), _negated=True), _connector="OR"
                        ),
                        name="withheld_has_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repealed_on__isnull", True),
                            ("effective_on__isnull", True),
                            ("repealed_on__gte", models.F("effective_on")),
                            _connector="OR",
                        ),
                        name="repealed_after_effective",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValidityChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("amended", "已修改"),
                            ("repealed", "废止"),
                            ("lapsed", "失效"),
                            ("suspended", "宣布停止执行"),
                            ("continued", "继续有效"),
                        ],
                        max_length=9,
                        verbose_name="效力",
                    ),
                ),
                ("on", models.DateField(verbose_name="生效日期")),
                ("until", models.DateField(blank=True, help_text="继续有效到何时；空为不限", null=True, verbose_name="延续至")),
                ("cause_words", models.CharField(max_length=300, verbose_name="依据")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="causes",
                        to="publications.document",
                        verbose_name="依据文件",
                    ),
                ),
                (
                    "cleanup",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="publications.cleanup",
                        verbose_name="清理",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="validity_changes",
                        to="publications.document",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "效力变更",
                "verbose_name_plural": "效力变更",
                "ordering": ["document", "on", "id"],
                "indexes": [models.Index(fields=["document", "on"], name="validity_by_document")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cause_words", ""), _negated=True), name="validity_change_has_cause"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("on")), _connector="OR"),
                        name="continued_until_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cause__isnull", True), models.Q(("cause", models.F("document")), _negated=True), _connector="OR"
                        ),
                        name="document_causes_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("blocking", models.PositiveIntegerField(default=0, verbose_name="禁止发布")),
                ("warning", models.PositiveIntegerField(default=0, verbose_name="提醒")),
                ("findings", models.JSONField(default=list, verbose_name="发现")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publications.document", verbose_name="政府信息"
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="publications.historyscreening",
                        verbose_name="复查",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publications.revision", verbose_name="所查文稿"
                    ),
                ),
            ],
            options={
                "verbose_name": "复查结果",
                "verbose_name_plural": "复查结果",
                "ordering": ["history", "-blocking", "-warning", "id"],
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("history", "document"), name="document_once_in_history")],
            },
        ),
        migrations.CreateModel(
            name="PublicCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipe", models.CharField(max_length=64, verbose_name="做法")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.publications.models.attachments.public_path, verbose_name="公开件"
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="字节")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="校验值")),
                ("kept", models.BooleanField(default=False, verbose_name="按原件公开")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="不能制作的原因")),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="publications.attachmentversion",
                        verbose_name="附件版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开件",
                "verbose_name_plural": "公开件",
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "recipe"), name="public_copy_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", ""), ("sha256", ""), models.Q(("problem", ""), _negated=True)),
                            models.Q(models.Q(("file", ""), _negated=True), models.Q(("sha256", ""), _negated=True), ("problem", "")),
                            _connector="OR",
                        ),
                        name="public_copy_has_file_or_problem",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=20, verbose_name="步骤")),
                ("kind", models.CharField(choices=[("content", "内容审核"), ("secrecy", "保密审查")], max_length=8, verbose_name="类别")),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("passed", "同意公开"), ("redact", "删减后公开"), ("returned", "退回修改"), ("withheld", "不予公开")],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="publications.edition", verbose_name="版次"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="审核人"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="publications.revision",
                        verbose_name="所审文稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "审核记录",
                "verbose_name_plural": "审核记录",
                "ordering": ["at", "id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="review_has_basis"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conclusion", "returned"), _negated=True), models.Q(("opinion", ""), _negated=True), _connector="OR"
                        ),
                        name="return_has_opinion",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("conclusion__in", ["passed", "redact"])),
                        fields=("revision", "step"),
                        name="step_passed_once_for_revision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevisionAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="次序")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("accessible", models.BooleanField(default=True, verbose_name="读屏软件可读")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="索取其他格式的联系方式")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachment_links",
                        to="publications.revision",
                        verbose_name="文稿",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.attachmentversion",
                        verbose_name="附件版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "文稿的附件",
                "verbose_name_plural": "文稿的附件",
                "ordering": ["revision", "position"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "version"), name="version_once_on_revision"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="attachment_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevisionIssuer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="次序")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issuer_links",
                        to="publications.revision",
                        verbose_name="文稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "发文机关",
                "verbose_name_plural": "发文机关",
                "ordering": ["revision", "position"],
                "indexes": [],
                "constraints": [models.UniqueConstraint(fields=("revision", "agency"), name="issuer_once")],
            },
        ),
        migrations.CreateModel(
            name="RevisionReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        choices=[("cites", "引用"), ("forwards", "转发"), ("interprets", "解读"), ("attaches", "配套")],
                        max_length=10,
                        verbose_name="关系",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="标题")),
                ("doc_number", models.CharField(blank=True, max_length=80, verbose_name="发文字号")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="references",
                        to="publications.revision",
                        verbose_name="文稿",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referred_by",
                        to="publications.document",
                        verbose_name="所指文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "相关文件",
                "verbose_name_plural": "相关文件",
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target__isnull", False), models.Q(("title", ""), _negated=True), _connector="OR"),
                        name="reference_names_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rules_on", models.DateField(verbose_name="规则日期")),
                ("rules_key", models.CharField(max_length=64, verbose_name="规则校验值")),
                ("asked_at", models.DateTimeField(verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screening",
                        to="publications.revision",
                        verbose_name="文稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "内容检查",
                "verbose_name_plural": "内容检查",
                "indexes": [
                    models.Index(condition=models.Q(("finished_at__isnull", True)), fields=["asked_at"], name="screening_unfinished")
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("passed", "同意公开"), ("redact", "删减后公开"), ("returned", "退回修改"), ("withheld", "不予公开")],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="publications.review", verbose_name="审核记录"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.attachmentversion",
                        verbose_name="附件版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "逐项审查",
                "verbose_name_plural": "逐项审查",
                "ordering": ["review", "id"],
                "indexes": [],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="review_item_has_basis"),
                    models.UniqueConstraint(
                        condition=models.Q(("version__isnull", False)), fields=("review", "version"), name="file_once_in_review"
                    ),
                    models.UniqueConstraint(condition=models.Q(("version__isnull", True)), fields=("review",), name="text_once_in_review"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="种类")),
                ("rule", models.CharField(max_length=60, verbose_name="规则")),
                ("severity", models.CharField(choices=[("block", "禁止发布"), ("warn", "提醒")], max_length=5, verbose_name="程度")),
                ("where", models.CharField(blank=True, max_length=300, verbose_name="位置")),
                ("masked", models.CharField(blank=True, max_length=300, verbose_name="遮盖后的内容")),
                ("why", models.CharField(max_length=500, verbose_name="原因")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "未处理"), ("masked", "已遮盖"), ("overruled", "认定可以公开")],
                        default="",
                        max_length=9,
                        verbose_name="处理",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="publications.screening",
                        verbose_name="内容检查",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        help_text="空为正文和著录项",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="publications.attachmentversion",
                        verbose_name="附件",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查发现",
                "verbose_name_plural": "检查发现",
                "ordering": ["screening", "severity", "id"],
                "indexes": [models.Index(fields=["rule", "masked"], name="screening_finding_by_rule")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision", ""), ("decided_at__isnull", False), _connector="OR"),
                        name="decided_finding_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "overruled"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="overruled_finding_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("begun_at", models.DateTimeField(blank=True, null=True, verbose_name="开始时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="publications.screening",
                        verbose_name="内容检查",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        help_text="空为正文和著录项",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.attachmentversion",
                        verbose_name="附件",
                    ),
                ),
            ],
            options={
                "verbose_name": "内容检查的一份",
                "verbose_name_plural": "内容检查的一份",
                "ordering": ["screening", "id"],
                "indexes": [],
                "constraints": [
                    models.UniqueConstraint(fields=("screening", "version"), name="version_screened_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("version__isnull", True)), fields=("screening",), name="text_screened_once"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Document",
            name="items",
            field=models.ManyToManyField(
                related_name="documents", through="publications.DocumentItem", to="catalogue.item", verbose_name="公开事项"
            ),
        ),
        migrations.AddField(
            model_name="Edition",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_of",
                to="publications.revision",
                verbose_name="当前文稿",
            ),
        ),
        migrations.AddField(
            model_name="Revision",
            name="issuers",
            field=models.ManyToManyField(
                related_name="+", through="publications.RevisionIssuer", to="agencies.agency", verbose_name="发文机关"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
