"""内容检查: what was found in one revision and its attachments, and what people decided of it. No unmasked value is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.publications.models.attachments import AttachmentVersion
from gongkai.publications.models.editions import Revision


class Screening(models.Model):
    """One pass over a revision with all its attachments. `rules_key` names the rules and wordings it was done under (screening_rules.py).

    Done when every part is. Findings count for this revision; what was decided before of the same content is taken over.
    """

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="screening", verbose_name="文稿")
    rules_on = models.DateField("规则日期")
    rules_key = models.CharField("规则校验值", max_length=64)
    asked_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "内容检查"
        indexes = [models.Index(fields=["asked_at"], condition=Q(finished_at__isnull=True), name="screening_unfinished")]

    def __str__(self) -> str:
        return f"{self.revision} 内容检查"


class ScreeningPart(models.Model):
    """One thing to be looked through: the text with its metadata (no version), or one attachment.

    `attempts` counts beginnings, so that a file that kills the worker is given up with a sentence and the others are still screened.
    """

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="parts", verbose_name="内容检查")
    version = models.ForeignKey(
        AttachmentVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="附件", help_text="空为正文和著录项"
    )
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    begun_at = models.DateTimeField("开始时间", null=True, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "内容检查的一份"
        ordering = ["screening", "id"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "version"], name="version_screened_once"),
            models.UniqueConstraint(fields=["screening"], condition=Q(version__isnull=True), name="text_screened_once"),
        ]

    def __str__(self) -> str:
        return str(self.version or "正文和著录项")


class ScreeningFinding(models.Model):
    """One thing found. Blocking until masked or overruled with a reason by a reviewer who is not the author."""

    class Severity(models.TextChoices):
        BLOCK = "block", "禁止发布"
        WARN = "warn", "提醒"

    class Decision(models.TextChoices):
        OPEN = "", "未处理"
        MASKED = "masked", "已遮盖"
        OVERRULED = "overruled", "认定可以公开"

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="findings", verbose_name="内容检查")
    version = models.ForeignKey(
        AttachmentVersion, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="附件", help_text="空为正文和著录项"
    )
    kind = models.CharField("种类", max_length=20)
    rule = models.CharField("规则", max_length=60)
    severity = models.CharField("程度", max_length=5, choices=Severity.choices)
    where = models.CharField("位置", max_length=300, blank=True)
    masked = models.CharField("遮盖后的内容", max_length=300, blank=True)
    why = models.CharField("原因", max_length=500)
    decision = models.CharField("处理", max_length=9, choices=Decision.choices, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查发现"
        ordering = ["screening", "severity", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(decision="") | Q(decided_at__isnull=False), name="decided_finding_has_time"),
            models.CheckConstraint(condition=~Q(decision="overruled") | ~Q(reason=""), name="overruled_finding_has_reason"),
        ]
        indexes = [models.Index(fields=["rule", "masked"], name="screening_finding_by_rule")]

    def __str__(self) -> str:
        return f"{self.kind} {self.where}"


class ScreenedFile(models.Model):
    """What was found in a file of these bytes under these rules: the same attachment in the next revision costs nothing.

    `findings`: [{kind, rule, severity, where, masked, why}], as the kernel gives them. `name` is the extension, by which some are read.
    """

    sha256 = models.CharField(max_length=64)
    name = models.CharField("扩展名", max_length=20, blank=True)
    rules_key = models.CharField("规则校验值", max_length=64)
    findings = models.JSONField("发现", default=list)
    at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = verbose_name_plural = "查过的文件"
        constraints = [models.UniqueConstraint(fields=["sha256", "name", "rules_key"], name="file_screened_once")]

    def __str__(self) -> str:
        return self.sha256[:12]
