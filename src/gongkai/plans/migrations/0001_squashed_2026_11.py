import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.plans.models
from gongkai.journal import migrating


class Migration(migrating.Migration):
    # A new installation is made at once; one that has taken the steps keeps them.
    replaces = [("plans", "0001_initial"), ("plans", "0002_deadline_rhythm")]

    initial = True

    dependencies = [
        ("agencies", "0001_squashed_2026_11"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="发文机关")),
                ("doc_number", models.CharField(blank=True, max_length=80, verbose_name="发文字号")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="成文日期")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "待核对"), ("issued", "已下达"), ("superseded", "已被新方案代替")],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("source_name", models.CharField(max_length=255, verbose_name="文件名")),
                ("source_file", models.FileField(max_length=200, upload_to=gongkai.plans.models.file_path, verbose_name="原文件")),
                ("source_member", models.CharField(blank=True, max_length=255, verbose_name="压缩包中的文件")),
                ("source_sha256", models.CharField(help_text="上传的文件本身的摘要", max_length=64)),
                ("source_text", models.TextField(help_text="所有位置都按这里的字符计数，不再改动", verbose_name="提取的原文")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="提示")),
                ("cited_documents", models.JSONField(blank=True, default=list, verbose_name="引用文件")),
                ("imported_at", models.DateTimeField(auto_now_add=True, verbose_name="导入时间")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="下达时间")),
                (
                    "imported_by",
                    models.ForeignKey(
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
                        related_name="plans",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="下达人",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="plans.plan",
                        verbose_name="代替的方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案",
                "verbose_name_plural": "方案",
                "ordering": ["-year", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "source_sha256", "source_member"), name="same_file_imported_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="issued_plan_has_issue_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True), models.Q(("supersedes", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="plan_supersedes_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(help_text="按原文先后，间隔留空以便插入", verbose_name="次序")),
                ("path", models.JSONField(blank=True, default=list, verbose_name="所在章节")),
                ("text", models.TextField(verbose_name="任务")),
                ("span_start", models.PositiveIntegerField(verbose_name="原文起点")),
                ("span_end", models.PositiveIntegerField(verbose_name="原文终点")),
                (
                    "marks",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='[{"kind","text","span":[起,止]}]，见 reading.model.Mark',
                        verbose_name="原文标记",
                    ),
                ),
                ("joint", models.BooleanField(default=False, verbose_name="分别牵头或按职责分工")),
                ("inherited", models.BooleanField(default=False, verbose_name="按共性任务")),
                ("channels", models.JSONField(blank=True, default=list, verbose_name="公开渠道")),
                ("quotas", models.JSONField(blank=True, default=list, verbose_name="数量要求")),
                ("due_on", models.DateField(blank=True, help_text="各个确定日期中最晚的一个", null=True, verbose_name="最终期限")),
                (
                    "review",
                    models.CharField(
                        choices=[("pending", "待核对"), ("confirmed", "已确认"), ("not_a_task", "不是任务")],
                        default="pending",
                        max_length=12,
                        verbose_name="核对",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("read", "读出"), ("added", "人工增加"), ("split", "拆分"), ("merged", "合并")],
                        default="read",
                        max_length=8,
                        verbose_name="来历",
                    ),
                ),
                ("doubts", models.JSONField(blank=True, default=list, verbose_name="疑点")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="核对说明")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="核对时间")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="plans.plan", verbose_name="方案"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务",
                "verbose_name_plural": "任务",
                "ordering": ["plan", "position", "id"],
                "indexes": [models.Index(fields=["plan", "position"], name="task_in_order")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("span_end__gte", models.F("span_start"))), name="task_span_in_order"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="task_has_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("review", "not_a_task"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="excluded_task_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("imported", "导入"),
                            ("accepted", "确认"),
                            ("edited", "修改"),
                            ("split", "拆分"),
                            ("merged", "合并"),
                            ("reassigned", "改派"),
                            ("added", "增加"),
                            ("excluded", "标为不是任务"),
                            ("restored", "恢复为任务"),
                            ("resolved", "确认单位"),
                            ("compared", "核对上下级对应"),
                            ("issued", "下达"),
                            ("superseded", "被代替"),
                        ],
                        max_length=12,
                        verbose_name="操作",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("before", models.JSONField(blank=True, null=True, verbose_name="改前")),
                ("after", models.JSONField(blank=True, null=True, verbose_name="改后")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="同一张表单提交两次只有一条记录",
                        max_length=100,
                        null=True,
                        unique=True,
                        verbose_name="提交标识",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="plans.plan", verbose_name="方案"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="steps",
                        to="plans.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案操作记录",
                "verbose_name_plural": "方案操作记录",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Counterpart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(choices=[("confirmed", "确认对应"), ("rejected", "不对应")], max_length=10, verbose_name="结论"),
                ),
                ("similarity", models.FloatField(verbose_name="相似度")),
                ("decided_at", models.DateTimeField(auto_now=True, verbose_name="确认时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="确认人"
                    ),
                ),
                (
                    "lower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="plans.task", verbose_name="下级任务"
                    ),
                ),
                (
                    "upper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answered_by", to="plans.task", verbose_name="上级任务"
                    ),
                ),
            ],
            options={
                "verbose_name": "上下级任务对应",
                "verbose_name_plural": "上下级任务对应",
                "constraints": [models.UniqueConstraint(fields=("upper", "lower"), name="pair_decided_once")],
            },
        ),
        migrations.CreateModel(
            name="TaskDeadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("absolute", "确定日期"),
                            ("relative", "事件之后若干时间"),
                            ("recurring", "定期"),
                            ("ongoing", "长期"),
                            ("on_event", "另行确定"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("raw", models.CharField(max_length=120, verbose_name="原文")),
                ("due", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("every", models.CharField(blank=True, max_length=4, verbose_name="周期")),
                ("within", models.CharField(blank=True, max_length=120, verbose_name="起算")),
                (
                    "due_rule",
                    models.JSONField(
                        blank=True, help_text="定期：clocks.periods.DueRule；空为该周期的通常规则", null=True, verbose_name="到期规则"
                    ),
                ),
                ("since", models.DateField(blank=True, help_text="定期：空为下达之日", null=True, verbose_name="从哪一天起")),
                ("until", models.DateField(blank=True, help_text="定期：空为方案年度的最后一天", null=True, verbose_name="到哪一天止")),
                (
                    "n",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="事件之后若干时间；长期任务为多久更新一次", null=True, verbose_name="时限"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        choices=[("working_days", "个工作日"), ("days", "日"), ("hours", "小时"), ("months", "个月")],
                        max_length=12,
                        verbose_name="单位",
                    ),
                ),
                ("span_start", models.PositiveIntegerField(blank=True, null=True, verbose_name="原文起点")),
                ("span_end", models.PositiveIntegerField(blank=True, null=True, verbose_name="原文终点")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="plans.task", verbose_name="任务"
                    ),
                ),
            ],
            options={
                "verbose_name": "时限",
                "verbose_name_plural": "时限",
                "ordering": ["task", "due", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kind", "absolute"), _negated=True), ("due__isnull", False), _connector="OR"),
                        name="absolute_deadline_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "recurring"), _negated=True), models.Q(("every", ""), _negated=True), _connector="OR"
                        ),
                        name="recurring_deadline_has_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("n__isnull", True), models.Q(("n__gt", 0), models.Q(("unit", ""), _negated=True)), _connector="OR"
                        ),
                        name="deadline_length_has_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__isnull", True), ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="window_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "负责"), ("support", "配合")], max_length=12, verbose_name="角色"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("text", models.CharField(max_length=200, verbose_name="原文称谓")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_in",
                        to="agencies.agency",
                        verbose_name="机构",
                    ),
                ),
                (
                    "collective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.collectivename",
                        verbose_name="集合称谓",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.section",
                        verbose_name="内设机构",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="units", to="plans.task", verbose_name="任务"
                    ),
                ),
            ],
            options={
                "verbose_name": "任务单位",
                "verbose_name_plural": "任务单位",
                "ordering": ["task", "role", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "role", "text"), name="unit_once_per_role"),
                    models.CheckConstraint(
                        condition=models.Q(("agency__isnull", True), ("collective__isnull", True), _connector="OR"),
                        name="unit_is_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("section__isnull", True), ("agency__isnull", False), _connector="OR"),
                        name="unit_section_has_agency",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="unit_has_text"),
                ],
            },
        ),
    ]
