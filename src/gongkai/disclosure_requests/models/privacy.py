"""个人信息保护影响评估 (个人信息保护法第五十五条、第五十六条): what was assessed before it began, kept three years at least (S3-22)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency


class PrivacyAssessment(models.Model):
    """One assessment of one way of handling personal information. Never about one applicant: it holds no personal data itself."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="privacy_assessments", verbose_name="机关")
    subject = models.CharField("处理活动", max_length=200, help_text="例如：网上受理申请时收集身份证明")
    purpose = models.TextField("目的、方式是否合法、正当、必要")
    risks = models.TextField("对个人权益的影响和安全风险")
    measures = models.TextField("保护措施是否合法、有效并与风险程度相适应")
    passed = models.BooleanField("可以进行")
    assessed_on = models.DateField("评估日期")
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评估人")
    keep_until = models.DateField("保存至", help_text="至少三年，个人信息保护法第五十六条")

    class Meta:
        verbose_name = verbose_name_plural = "个人信息保护影响评估"
        ordering = ["-assessed_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(risks="") & ~Q(measures=""), name="assessment_says_all"),
            models.CheckConstraint(condition=Q(keep_until__gt=F("assessed_on")), name="assessment_kept_later"),
        ]

    def __str__(self) -> str:
        return self.subject
