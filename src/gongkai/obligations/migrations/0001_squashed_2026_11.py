import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.obligations.models.steps
from gongkai.journal import migrating


class Migration(migrating.Migration):
    # A new installation is made at once; one that has taken the steps keeps them.
    replaces = [
        ("obligations", "0001_initial"),
        ("obligations", "0002_clocks_and_proof"),
        ("obligations", "0003_judgements"),
        ("obligations", "0004_indexes_of_scale"),
    ]

    initial = True

    dependencies = [
        ("agencies", "0001_squashed_2026_11"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "负责")], default="lead", max_length=12, verbose_name="角色"
                    ),
                ),
                ("joint", models.BooleanField(default=False, verbose_name="分别牵头或按职责分工")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("plan_task", "方案任务"),
                            ("statute", "法定规则"),
                            ("catalogue", "目录事项"),
                            ("finding", "问题整改"),
                            ("instruction", "上级交办"),
                        ],
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                ("rule", models.CharField(blank=True, max_length=60, verbose_name="规则")),
                ("document_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="来源文件")),
                ("subject_id", models.PositiveBigIntegerField(default=0, verbose_name="来源记录")),
                ("share", models.CharField(blank=True, max_length=80, verbose_name="承办份额")),
                ("title", models.CharField(max_length=300, verbose_name="事项")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("daily", "每日"),
                            ("weekly", "每周"),
                            ("monthly", "每月"),
                            ("quarterly", "每季度"),
                            ("half_yearly", "每半年"),
                            ("yearly", "每年"),
                        ],
                        max_length=12,
                        verbose_name="周期",
                    ),
                ),
                (
                    "due_rule",
                    models.JSONField(default=dict, help_text="clocks.periods.DueRule：kind、n、month、day", verbose_name="到期规则"),
                ),
                ("quota_op", models.CharField(blank=True, max_length=2, verbose_name="数量要求")),
                ("quota_value", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="数量")),
                ("quota_unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                ("proof", models.JSONField(blank=True, default=dict, help_text="见 Obligation.proof", verbose_name="要求的佐证")),
                ("since", models.DateField(verbose_name="起始日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("next_on", models.DateField(verbose_name="下一期的第一天")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                ("closed_reason", models.CharField(blank=True, max_length=300, verbose_name="终止理由")),
                ("helpers", models.ManyToManyField(blank=True, related_name="+", to="agencies.agency", verbose_name="配合单位")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.leader",
                        verbose_name="负责人",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to="agencies.agency", verbose_name="责任单位"
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
                        verbose_name="承办科室",
                    ),
                ),
            ],
            options={
                "verbose_name": "周期任务",
                "verbose_name_plural": "周期任务",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("closed_on__isnull", True)), fields=["next_on"], name="series_to_extend"),
                    models.Index(fields=["source", "subject_id"], name="series_by_subject"),
                    models.Index(fields=["source", "document_id"], name="series_by_document"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "rule", "subject_id", "owner", "share", "cadence"), name="series_made_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="series_until_after_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on__isnull", True), models.Q(("closed_reason", ""), _negated=True), _connector="OR"),
                        name="closed_series_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="series_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "负责")], default="lead", max_length=12, verbose_name="角色"
                    ),
                ),
                ("joint", models.BooleanField(default=False, verbose_name="分别牵头或按职责分工")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("plan_task", "方案任务"),
                            ("statute", "法定规则"),
                            ("catalogue", "目录事项"),
                            ("finding", "问题整改"),
                            ("instruction", "上级交办"),
                        ],
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                (
                    "rule",
                    models.CharField(blank=True, help_text="法定规则的编号，见 rules/statutes.toml", max_length=60, verbose_name="规则"),
                ),
                (
                    "document_id",
                    models.PositiveBigIntegerField(blank=True, help_text="方案任务：所属方案", null=True, verbose_name="来源文件"),
                ),
                (
                    "subject_id",
                    models.PositiveBigIntegerField(default=0, help_text="方案任务：任务；没有触发记录的规则为 0", verbose_name="来源记录"),
                ),
                (
                    "share",
                    models.CharField(
                        blank=True, help_text="同一单位的几个科室或几位负责人各办一份时，其名称", max_length=80, verbose_name="承办份额"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True, help_text="重复任务的期别，如 2026-Q1；一次性任务为空", max_length=20, verbose_name="周期"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="事项")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "limit",
                    models.JSONField(
                        blank=True, help_text="起算时有效的 clocks.limits.Limit；以后修订不影响", null=True, verbose_name="时限"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("due_at", models.DateTimeField(blank=True, help_text="按小时计算的期限", null=True, verbose_name="期限时刻")),
                ("calendar", models.CharField(blank=True, max_length=80, verbose_name="日历版本")),
                ("provisional", models.BooleanField(default=False, help_text="期限内有尚未公布放假安排的年份", verbose_name="期限暂定")),
                ("suspended_on", models.DateField(blank=True, help_text="正在中止计时", null=True, verbose_name="中止日期")),
                (
                    "freshness",
                    models.JSONField(
                        blank=True,
                        help_text="实时、及时更新的任务：clocks.periods.Freshness；期限随最近一次佐证后移",
                        null=True,
                        verbose_name="更新时限",
                    ),
                ),
                ("quota_op", models.CharField(blank=True, max_length=2, verbose_name="数量要求")),
                ("quota_value", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="数量")),
                ("quota_unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "proof",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="规则快照：kinds、checks、no_change 等，见 proving.py",
                        verbose_name="要求的佐证",
                    ),
                ),
                ("standing", models.CharField(blank=True, max_length=120, verbose_name="长期或另行确定的时限")),
                (
                    "inner_due_on",
                    models.DateField(
                        blank=True, help_text="责任单位交办时自己定的日期；是否逾期只看期限", null=True, verbose_name="内部期限"
                    ),
                ),
                (
                    "fulfilled_on",
                    models.DateField(blank=True, help_text="通过核查的佐证第一次满足要求的日期", null=True, verbose_name="完成日期"),
                ),
                ("fulfilled_at", models.DateTimeField(blank=True, help_text="按小时计算的期限", null=True, verbose_name="完成时刻")),
                ("shown_on", models.DateField(blank=True, null=True, verbose_name="最近一次佐证的日期")),
                ("waived_at", models.DateTimeField(blank=True, null=True, verbose_name="免除时间")),
                ("waiver_reason", models.CharField(blank=True, max_length=500, verbose_name="免除理由")),
                (
                    "replaced_on",
                    models.DateField(
                        blank=True, help_text="由新方案接续、并入别的任务，或者法定规则不再要求", null=True, verbose_name="不再办理的日期"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.leader",
                        verbose_name="负责人",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="佐证在那一项提交，两项同时证明",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="obligations.obligation",
                        verbose_name="并案办理",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="agencies.agency",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="obligations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承办人",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="obligations",
                        to="agencies.section",
                        verbose_name="承办科室",
                    ),
                ),
                (
                    "waived_by",
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
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="obligations.series",
                        verbose_name="周期任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "义务",
                "verbose_name_plural": "义务",
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("fulfilled_on__isnull", True), ("replaced_on__isnull", True), ("waived_at__isnull", True)),
                        fields=["owner", "due_on"],
                        name="open_obligation_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("fulfilled_on__isnull", True), ("replaced_on__isnull", True), ("waived_at__isnull", True)),
                        fields=["jurisdiction", "due_on"],
                        name="open_obligation_by_place",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("fulfilled_on__isnull", True),
                            ("replaced_on__isnull", True),
                            ("waived_at__isnull", True),
                            models.Q(("calendar", ""), _negated=True),
                        ),
                        fields=["calendar"],
                        name="open_clock_by_calendar",
                    ),
                    models.Index(fields=["jurisdiction", "due_on"], name="obligation_by_due"),
                    models.Index(
                        fields=[
                            "owner",
                            "due_on",
                            "fulfilled_on",
                            "waived_at",
                            "suspended_on",
                            "starts_on",
                            "due_at",
                            "fulfilled_at",
                            "jurisdiction",
                            "source",
                            "document_id",
                            "replaced_on",
                        ],
                        name="obligation_rolled_up",
                    ),
                    models.Index(
                        condition=models.Q(("fulfilled_on__isnull", True), ("replaced_on__isnull", True), ("waived_at__isnull", True)),
                        fields=["due_on", "id"],
                        name="open_obligation_by_due",
                    ),
                    models.Index(fields=["source", "subject_id"], name="obligation_by_subject"),
                    models.Index(fields=["source", "document_id"], name="obligation_by_document"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "rule", "subject_id", "owner", "share", "period"), name="obligation_made_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("waived_at__isnull", True), ("waived_by__isnull", True), ("waiver_reason", "")),
                            models.Q(
                                ("waived_at__isnull", False), ("waived_by__isnull", False), models.Q(("waiver_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="waiver_has_approver_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waived_at__isnull", True), ("fulfilled_on__isnull", True), _connector="OR"),
                        name="waived_is_not_fulfilled",
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="obligation_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", False),
                            ("suspended_on__isnull", False),
                            models.Q(("standing", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="obligation_has_due_date_or_says_why_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("suspended_on__isnull", True), ("due_on__isnull", True), _connector="OR"),
                        name="suspended_is_not_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__isnull", True), ("due_on__isnull", False), _connector="OR"),
                        name="due_moment_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quota_value__isnull", True), models.Q(("quota_op", ""), _negated=True), _connector="OR"),
                        name="quota_has_operator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), models.Q(("merged_into", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="merged_into_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="说明")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="公开链接")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("reply_by", models.DateField(blank=True, help_text="催办", null=True, verbose_name="要求答复的日期")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
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
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="obligations.obligation", verbose_name="义务"
                    ),
                ),
            ],
            options={
                "verbose_name": "办理记录",
                "verbose_name_plural": "办理记录",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["obligation", "kind"], name="step_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on__isnull", False), ("kind", "completion")),
                            models.Q(models.Q(("kind", "completion"), _negated=True), ("done_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="completion_says_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["returned", "waived", "withdrawn", "handed_over", "urged", "replied"]), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="return_and_waiver_say_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="step_has_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=gongkai.obligations.models.steps.file_path, verbose_name="文件")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=100, verbose_name="内容类型")),
                ("size", models.PositiveIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="obligations.step", verbose_name="办理记录"
                    ),
                ),
            ],
            options={
                "verbose_name": "办理附件",
                "verbose_name_plural": "办理附件",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "系统中的记录"),
                            ("file", "佐证材料"),
                            ("address", "公开链接"),
                            ("judgement", "核查认定"),
                            ("no_change", "声明本期没有新内容"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("record_kind", models.CharField(blank=True, max_length=40, verbose_name="记录类别")),
                ("record_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="记录")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="公开链接")),
                ("proves", models.CharField(max_length=200, verbose_name="证明什么")),
                ("on", models.DateField(verbose_name="证明的日期")),
                ("at", models.DateTimeField(blank=True, help_text="按小时计算的期限", null=True, verbose_name="证明的时刻")),
                ("quantity", models.DecimalField(decimal_places=2, default=1, max_digits=12, verbose_name="数量")),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "符合"), ("failed", "不符合"), ("to_judge", "待核查")], max_length=8, verbose_name="核查结果"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="核查说明")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核查时间")),
                ("handed_at", models.DateTimeField(verbose_name="提交时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500, verbose_name="撤回理由")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="空为自动核查",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核查人",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="并案办理：另一项义务的佐证",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="obligations.evidence",
                        verbose_name="同时证明",
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.leader",
                        verbose_name="负责人",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="obligations.obligation",
                        verbose_name="义务",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="obligations.step",
                        verbose_name="办理记录",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="obligations.stepfile",
                        verbose_name="附件",
                    ),
                ),
            ],
            options={
                "verbose_name": "佐证",
                "verbose_name_plural": "佐证",
                "ordering": ["on", "id"],
                "indexes": [models.Index(fields=["record_kind", "record_id"], name="evidence_by_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "record"), ("record_id__isnull", False), models.Q(("record_kind", ""), _negated=True)),
                            models.Q(models.Q(("kind", "record"), _negated=True), ("record_id__isnull", True), ("record_kind", "")),
                            _connector="OR",
                        ),
                        name="record_evidence_names_its_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "address"), _negated=True), models.Q(("url", ""), _negated=True), _connector="OR"
                        ),
                        name="address_evidence_has_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kind", "file"), _negated=True), ("file__isnull", False), _connector="OR"),
                        name="file_evidence_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "failed"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="failed_evidence_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("proves", ""), _negated=True), name="evidence_says_what_it_proves"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="evidence_counts_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="withdrawn_evidence_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "record"), ("withdrawn_at__isnull", True)),
                        fields=("obligation", "record_kind", "record_id"),
                        name="record_proves_an_obligation_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="evidence_has_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliverableProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="成果材料")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="obligations.step", verbose_name="办理记录"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        help_text="为空：见这条记录的公开链接",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proves",
                        to="obligations.stepfile",
                        verbose_name="附件",
                    ),
                ),
            ],
            options={
                "verbose_name": "成果佐证",
                "verbose_name_plural": "成果佐证",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="proof_names_deliverable"),
                    models.UniqueConstraint(fields=("step", "name", "file"), name="file_proves_once"),
                    models.UniqueConstraint(condition=models.Q(("file__isnull", True)), fields=("step", "name"), name="link_proves_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helping", to="agencies.agency", verbose_name="配合单位"
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpers",
                        to="obligations.obligation",
                        verbose_name="义务",
                    ),
                ),
            ],
            options={
                "verbose_name": "配合单位",
                "verbose_name_plural": "配合单位",
                "constraints": [models.UniqueConstraint(fields=("obligation", "agency"), name="helper_once")],
            },
        ),
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(choices=[("together", "并案办理"), ("distinct", "不是一件事")], max_length=8, verbose_name="结论"),
                ),
                ("similarity", models.FloatField(verbose_name="相似度")),
                ("decided_at", models.DateTimeField(verbose_name="确认时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="确认人"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="obligations.obligation", verbose_name="义务"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="obligations.obligation", verbose_name="义务"
                    ),
                ),
            ],
            options={
                "verbose_name": "重复任务",
                "verbose_name_plural": "重复任务",
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="duplicate_decided_once"),
                    models.CheckConstraint(condition=models.Q(("first__lt", models.F("second"))), name="duplicate_pair_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "起算"),
                            ("restart", "重新起算"),
                            ("suspend", "中止"),
                            ("resume", "恢复"),
                            ("extend", "延长"),
                            ("stop", "办结"),
                        ],
                        max_length=8,
                        verbose_name="事件",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(blank=True, help_text="按小时计算的期限要写", null=True, verbose_name="时刻")),
                ("n", models.PositiveSmallIntegerField(default=0, help_text="单位与期限相同", verbose_name="延长的数目")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="事由")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="文书")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
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
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_events",
                        to="obligations.obligation",
                        verbose_name="义务",
                    ),
                ),
            ],
            options={
                "verbose_name": "计时事件",
                "verbose_name_plural": "计时事件",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("kind", "start")), fields=("obligation",), name="clock_starts_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_by__isnull", False), ("kind", "extend"), ("n__gt", 0), models.Q(("reason", ""), _negated=True)
                            ),
                            models.Q(models.Q(("kind", "extend"), _negated=True), ("n", 0)),
                            _connector="OR",
                        ),
                        name="extension_has_length_approver_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "suspend"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="suspension_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="clock_event_has_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=60, verbose_name="规则")),
                ("on", models.BooleanField(verbose_name="启用")),
                ("since", models.DateField(verbose_name="起用日期")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="本地参数")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("decided_at", models.DateTimeField(verbose_name="决定时间")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_switches",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则启用",
                "verbose_name_plural": "规则启用",
                "ordering": ["jurisdiction", "rule"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "rule"), name="rule_decided_once_in_place"),
                    models.CheckConstraint(
                        condition=models.Q(("on", True), models.Q(("reason", ""), _negated=True), _connector="OR"), name="rule_off_says_why"
                    ),
                ],
            },
        ),
    ]
