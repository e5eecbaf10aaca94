"""内容检查: what was found in one revision and its attachments, and what people decided of it. No unmasked value is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Jurisdiction
from gongkai.publications.models.attachments import AttachmentVersion
from gongkai.publications.models.editions import Revision


class Screening(models.Model):
    """One pass over a revision with all its attachments, done by the worker; `done` of `total` parts. Findings count for this revision."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="screening", verbose_name="文稿")
    rules_on = models.DateField("规则日期")
    total = models.PositiveIntegerField("份数", default=0)
    done = models.PositiveIntegerField("已查", default=0)
    asked_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    problem = models.CharField("没有查成的原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "内容检查"

    def __str__(self) -> str:
        return f"{self.revision} 内容检查"


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
        indexes = [models.Index(fields=["rule"], name="screening_finding_by_rule")]

    def __str__(self) -> str:
        return f"{self.kind} {self.where}"


class WordingList(models.Model):
    """A list of wordings a jurisdiction imported, with its dates; no list is ours. `allow` entries take back what others would find."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="wording_lists", verbose_name="行政区划")
    name = models.CharField("名称", max_length=120)
    severity = models.CharField("程度", max_length=5, choices=ScreeningFinding.Severity.choices, default=ScreeningFinding.Severity.WARN)
    effective_from = models.DateField("启用日期")
    effective_to = models.DateField("停用日期", null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "用语表"
        ordering = ["jurisdiction", "name"]
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "name"], name="wording_list_once")]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """One wording: what is wrong, what to write instead; `allow` for phrases in which it is right. `hits` counts findings."""

    wordings = models.ForeignKey(WordingList, models.CASCADE, related_name="entries", verbose_name="用语表")
    text = models.CharField("用语", max_length=100)
    instead = models.CharField("建议", max_length=200, blank=True)
    allow = models.BooleanField("允许", default=False)
    hits = models.PositiveIntegerField("命中次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "用语"
        ordering = ["wordings", "text"]
        constraints = [
            models.UniqueConstraint(fields=["wordings", "text"], name="wording_once_in_list"),
            models.CheckConstraint(condition=~Q(text=""), name="wording_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text
