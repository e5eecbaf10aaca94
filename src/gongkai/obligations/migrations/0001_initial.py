import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.obligations.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ("source", models.CharField(choices=[("plan_task", "方案任务")], max_length=20, verbose_name="来源")),
                (
                    "document_id",
                    models.PositiveBigIntegerField(blank=True, help_text="方案任务：所属方案", null=True, verbose_name="来源文件"),
                ),
                ("subject_id", models.PositiveBigIntegerField(help_text="方案任务：任务", verbose_name="来源记录")),
                (
                    "share",
                    models.CharField(
                        blank=True, help_text="同一单位的几个科室各办一份时，科室的名称", max_length=80, verbose_name="承办份额"
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
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("standing", models.CharField(blank=True, max_length=120, verbose_name="长期或另行确定的时限")),
                (
                    "inner_due_on",
                    models.DateField(
                        blank=True, help_text="责任单位交办时自己定的日期；是否逾期只看期限", null=True, verbose_name="内部期限"
                    ),
                ),
                ("fulfilled_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
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
            ],
            options={
                "verbose_name": "义务",
                "verbose_name_plural": "义务",
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "id"],
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
                        ],
                        max_length=14,
                        verbose_name="环节",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="说明")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="公开链接")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
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
            },
        ),
        migrations.CreateModel(
            name="StepFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=gongkai.obligations.models.file_path, verbose_name="文件")),
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
            name="DeliverableProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="成果材料")),
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
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="obligations.step", verbose_name="办理记录"
                    ),
                ),
            ],
            options={
                "verbose_name": "成果佐证",
                "verbose_name_plural": "成果佐证",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["jurisdiction", "due_on"], name="obligation_by_due"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["owner", "fulfilled_on", "due_on"], name="obligation_by_owner"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["source", "subject_id"], name="obligation_by_subject"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["source", "document_id"], name="obligation_by_document"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(fields=("source", "subject_id", "owner", "share", "period"), name="obligation_made_once"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("waived_at__isnull", True), ("waived_by__isnull", True), ("waiver_reason", "")),
                    models.Q(("waived_at__isnull", False), ("waived_by__isnull", False), models.Q(("waiver_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="waiver_has_approver_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(("waived_at__isnull", True), ("fulfilled_on__isnull", True), _connector="OR"),
                name="waived_is_not_fulfilled",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="obligation_has_title"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__isnull", False), models.Q(("standing", ""), _negated=True), _connector="OR"),
                name="obligation_has_due_date_or_says_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=models.UniqueConstraint(fields=("obligation", "agency"), name="helper_once"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["obligation", "kind"], name="step_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", False), ("kind", "completion")),
                    models.Q(models.Q(("kind", "completion"), _negated=True), ("done_on__isnull", True)),
                    _connector="OR",
                ),
                name="completion_says_when_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["returned", "waived"]), _negated=True), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="return_and_waiver_say_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="step_has_key"),
        ),
        migrations.AddConstraint(
            model_name="deliverableproof",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="proof_names_deliverable"),
        ),
        migrations.AddConstraint(
            model_name="deliverableproof",
            constraint=models.UniqueConstraint(fields=("step", "name", "file"), name="file_proves_once"),
        ),
        migrations.AddConstraint(
            model_name="deliverableproof",
            constraint=models.UniqueConstraint(
                condition=models.Q(("file__isnull", True)), fields=("step", "name"), name="link_proves_once"
            ),
        ),
    ]
