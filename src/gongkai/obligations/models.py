"""The one idea: a duty with one owner, one clock and one proof. First cut, fed by plan tasks; see design/OBLIGATIONS.md.

State is never stored: `queries.with_state` computes it from dates and evidence on every read.
"""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Section


class Obligation(models.Model):
    """One duty of one agency. `subject_id` names the record that made it.

    Making it twice is harmless (unique on source, subject, owner, share, period).
    """

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
    document_id = models.PositiveBigIntegerField("来源文件", null=True, blank=True, help_text="方案任务：所属方案")
    subject_id = models.PositiveBigIntegerField("来源记录", help_text="方案任务：任务")
    share = models.CharField("承办份额", max_length=80, blank=True, help_text="同一单位的几个科室各办一份时，科室的名称")
    period = models.CharField("周期", max_length=20, blank=True, help_text="重复任务的期别，如 2026-Q1；一次性任务为空")
    title = models.CharField("事项", max_length=300)
    basis = models.CharField("依据", max_length=300, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("期限", null=True, blank=True)
    standing = models.CharField("长期或另行确定的时限", max_length=120, blank=True)
    inner_due_on = models.DateField("内部期限", null=True, blank=True, help_text="责任单位交办时自己定的日期；是否逾期只看期限")
    fulfilled_on = models.DateField("完成日期", null=True, blank=True)
    waived_at = models.DateTimeField("免除时间", null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人")
    waiver_reason = models.CharField("免除理由", max_length=500, blank=True)
    replaced_on = models.DateField("由新方案接续的日期", null=True, blank=True, help_text="来源文件被新文件代替；不再计入台账，记录保留")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "义务"
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "subject_id", "owner", "share", "period"], name="obligation_made_once"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True, waived_by__isnull=True, waiver_reason="")
                | (Q(waived_at__isnull=False, waived_by__isnull=False) & ~Q(waiver_reason="")),
                name="waiver_has_approver_and_reason",
            ),
            models.CheckConstraint(condition=Q(waived_at__isnull=True) | Q(fulfilled_on__isnull=True), name="waived_is_not_fulfilled"),
            models.CheckConstraint(condition=~Q(title=""), name="obligation_has_title"),
            models.CheckConstraint(condition=Q(due_on__isnull=False) | ~Q(standing=""), name="obligation_has_due_date_or_says_why_not"),
        ]
        indexes = [
            models.Index(fields=["jurisdiction", "due_on"], name="obligation_by_due"),
            models.Index(fields=["owner", "fulfilled_on", "due_on"], name="obligation_by_owner"),
            models.Index(fields=["source", "subject_id"], name="obligation_by_subject"),
            models.Index(fields=["source", "document_id"], name="obligation_by_document"),
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


class AppendOnly(models.QuerySet[Any]):
    """Rows that are written once. Bulk roads are closed too; a correction is a further row."""

    def update(self, **kwargs: Any) -> int:
        raise RuntimeError("办理记录只增不改")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise RuntimeError("办理记录只增不删")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise RuntimeError("办理记录只增不改")


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

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="steps", verbose_name="义务")
    kind = models.CharField("环节", max_length=14, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位")
    at = models.DateTimeField("时间")
    text = models.TextField("说明", blank=True, validators=[MaxLengthValidator(5000)])
    link = models.URLField("公开链接", max_length=500, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交两次只有一条记录")

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="completion", done_on__isnull=False) | (~Q(kind="completion") & Q(done_on__isnull=True)),
                name="completion_says_when_done",
            ),
            models.CheckConstraint(condition=~Q(kind__in=["returned", "waived"]) | ~Q(text=""), name="return_and_waiver_say_why"),
            models.CheckConstraint(condition=~Q(key=""), name="step_has_key"),
        ]
        indexes = [models.Index(fields=["obligation", "kind"], name="step_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("办理记录只增不改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RuntimeError("办理记录只增不删")


def file_path(instance: StepFile, name: str) -> str:
    """A path of our own making: what somebody typed as a file name is kept in `name`, never used on disk."""
    return f"steps/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(instance.name).suffix.lower()}"


class StepFile(models.Model):
    """A file handed in with a step; served only through access.py. `content_type` comes from its bytes, not from its name."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="files", verbose_name="办理记录")
    file = models.FileField("文件", upload_to=file_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("内容类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "办理附件"

    def __str__(self) -> str:
        return self.name


class DeliverableProof(models.Model):
    """Which deliverable (deliverables.py) a file of a step is, or that it stands at the step's address. Written once, with its step."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="proofs", verbose_name="办理记录")
    name = models.CharField("成果材料", max_length=80)
    file = models.ForeignKey(
        StepFile, models.PROTECT, null=True, blank=True, related_name="proves", verbose_name="附件", help_text="为空：见这条记录的公开链接"
    )

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成果佐证"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="proof_names_deliverable"),
            models.UniqueConstraint(fields=["step", "name", "file"], name="file_proves_once"),
            models.UniqueConstraint(fields=["step", "name"], condition=Q(file__isnull=True), name="link_proves_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("办理记录只增不改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RuntimeError("办理记录只增不删")
