"""复查: everything a place has public, looked through again under the rules of a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Jurisdiction
from gongkai.publications.models.documents import Document
from gongkai.publications.models.editions import Revision


class HistoryScreening(models.Model):
    """One pass over what a place had public when it was asked for. Resumed where it stopped: a document with a result is done."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="history_screenings", verbose_name="行政区划")
    rules_on = models.DateField("规则日期")
    rules_key = models.CharField("规则校验值", max_length=64)
    total = models.PositiveIntegerField("件数")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    asked_at = models.DateTimeField("发起时间")
    looked_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "已公开信息复查"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction"], condition=Q(finished_at__isnull=True), name="one_history_screening_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.rules_on} 复查"


class HistoryResult(models.Model):
    """What one public document showed; documents without findings have a row too. `findings` as ScreenedFile has them, with `file`."""

    history = models.ForeignKey(HistoryScreening, models.CASCADE, related_name="results", verbose_name="复查")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="政府信息")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name="所查文稿")
    blocking = models.PositiveIntegerField("禁止发布", default=0)
    warning = models.PositiveIntegerField("提醒", default=0)
    findings = models.JSONField("发现", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "复查结果"
        ordering = ["history", "-blocking", "-warning", "id"]
        constraints = [models.UniqueConstraint(fields=["history", "document"], name="document_once_in_history")]

    def __str__(self) -> str:
        return f"{self.document} {self.blocking}"
