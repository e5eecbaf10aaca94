"""What was done for an obligation: its steps, the files handed in with them, and which deliverable each is."""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.journal.append_only import Immutable
from gongkai.obligations.models.obligation import Obligation


class Step(Immutable):
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
        REINSTATED = "reinstated", "取消免除"
        CLOCK = "clock", "计时变动"
        EVIDENCE = "evidence", "提交佐证"
        JUDGED = "judged", "核查佐证"
        WITHDRAWN = "withdrawn", "撤回佐证"
        NO_CHANGE = "no_change", "声明没有新内容"
        URGED = "urged", "催办"
        REPLIED = "replied", "答复催办"
        HANDED_OVER = "handed_over", "移交"
        MERGED = "merged", "并案办理"
        SEPARATED = "separated", "取消并案"

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="steps", verbose_name="义务")
    kind = models.CharField("环节", max_length=14, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位")
    at = models.DateTimeField("时间")
    text = models.TextField("说明", blank=True, validators=[MaxLengthValidator(5000)])
    link = models.URLField("公开链接", max_length=500, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    reply_by = models.DateField("要求答复的日期", null=True, blank=True, help_text="催办")
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="completion", done_on__isnull=False) | (~Q(kind="completion") & Q(done_on__isnull=True)),
                name="completion_says_when_done",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "waived", "withdrawn", "handed_over", "urged", "replied"]) | ~Q(text=""),
                name="return_and_waiver_say_why",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="step_has_key"),
        ]
        indexes = [models.Index(fields=["obligation", "kind"], name="step_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


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


class DeliverableProof(Immutable):
    """Which deliverable (deliverables.py) a file of a step is, or that it stands at the step's address. Written once, with its step."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="proofs", verbose_name="办理记录")
    name = models.CharField("成果材料", max_length=80)
    file = models.ForeignKey(
        StepFile, models.PROTECT, null=True, blank=True, related_name="proves", verbose_name="附件", help_text="为空：见这条记录的公开链接"
    )

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
