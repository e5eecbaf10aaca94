"""The one idea: a duty with one owner, one clock and one proof. First cut, fed by plan tasks; see design/OBLIGATIONS.md.

State is never stored: `queries.with_state` computes it from dates and evidence on every read.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction, Section


class Obligation(models.Model):
    """One duty of one agency. `subject` names the record that made it; making it twice is harmless (unique on source, subject, owner, period)."""

    class Source(models.TextChoices):
        PLAN_TASK = "plan_task", "方案任务"

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        RESPONSIBLE = "responsible", "负责"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="obligations", verbose_name="行政区划")
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="obligations", verbose_name="责任单位")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="obligations", verbose_name="承办科室")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="obligations", verbose_name="承办人"
    )
    role = models.CharField("角色", max_length=12, choices=Role.choices, default=Role.LEAD)
    joint = models.BooleanField("分别牵头或按职责分工", default=False)
    source = models.CharField("来源", max_length=20, choices=Source.choices)
    subject_id = models.PositiveBigIntegerField("来源记录")
    period = models.CharField("周期", max_length=20, blank=True, help_text="重复任务的期别，如 2026-Q1；一次性任务为空")
    title = models.CharField("事项", max_length=300)
    basis = models.CharField("依据", max_length=300, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("期限", null=True, blank=True)
    standing = models.CharField("长期或另行确定的时限", max_length=120, blank=True)
    fulfilled_on = models.DateField("完成日期", null=True, blank=True)
    waived_at = models.DateTimeField("免除时间", null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人")
    waiver_reason = models.CharField("免除理由", max_length=500, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "义务"
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "subject_id", "owner", "period"], name="obligation_made_once"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True) | (Q(waived_by__isnull=False) & ~Q(waiver_reason="")),
                name="waiver_has_approver_and_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "due_on"], name="obligation_by_due"),
            models.Index(fields=["owner", "fulfilled_on", "due_on"], name="obligation_by_owner"),
            models.Index(fields=["source", "subject_id"], name="obligation_by_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class Helper(models.Model):
    """配合单位: sees the obligation in its list, is never answerable for it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="helpers", verbose_name="义务")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="helping", verbose_name="配合单位")

    class Meta:
        verbose_name = verbose_name_plural = "配合单位"
        constraints = [models.UniqueConstraint(fields=["obligation", "agency"], name="helper_once")]

    def __str__(self) -> str:
        return f"{self.agency} 配合 {self.obligation}"


class Step(models.Model):
    """One step of the work on an obligation, with actor and time. Never changed, never removed; the timeline is these rows."""

    class Kind(models.TextChoices):
        OPENED = "opened", "下达"
        ACKNOWLEDGED = "acknowledged", "签收"
        PROGRESS = "progress", "报送进展"
        COMPLETION = "completion", "申请办结"
        PASSED = "passed", "核查通过"
        RETURNED = "returned", "退回"
        ASSIGNED = "assigned", "交办"
        CHANGED = "changed", "方案调整"
        WAIVED = "waived", "免除"

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="steps", verbose_name="义务")
    kind = models.CharField("环节", max_length=14, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位")
    at = models.DateTimeField("时间")
    text = models.TextField("说明", blank=True, validators=[MaxLengthValidator(5000)])
    link = models.URLField("公开链接", max_length=500, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    key = models.CharField("提交标识", max_length=64, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class StepFile(models.Model):
    """A file handed in with a step; served only through access.py."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="files", verbose_name="办理记录")
    file = models.FileField("文件", upload_to="steps/%Y/%m/")
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "办理附件"

    def __str__(self) -> str:
        return self.name
