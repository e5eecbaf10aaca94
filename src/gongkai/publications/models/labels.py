"""四环节一致: the label as it stood on the draft slip, in the review register, on the printed document and on the web (S3-25)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.publications.models.documents import Document


class LabelRecord(models.Model):
    """The label seen at one point. Submitting writes the slip, reviewing the register, publishing what stands on the web."""

    class Point(models.TextChoices):
        SLIP = "slip", "签文稿纸"
        REGISTER = "register", "审查登记"
        ISSUE = "issue", "正式发文"
        WEB = "web", "网上公开"

    document = models.ForeignKey(Document, models.PROTECT, related_name="label_records", verbose_name="政府信息")
    point = models.CharField("环节", max_length=8, choices=Point.choices)
    label = models.CharField("标识", max_length=40)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人")
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "标识登记"
        ordering = ["document", "at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="label_record_has_label")]
        indexes = [models.Index(fields=["document", "point"], name="label_by_document")]

    def __str__(self) -> str:
        return f"{self.get_point_display()}：{self.label}"
