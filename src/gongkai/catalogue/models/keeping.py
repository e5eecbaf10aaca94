"""What a place decides for itself about keeping its catalogues."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Jurisdiction
from gongkai.obligations.models import Series


class KeepingTerms(models.Model):
    """A place's own limits where the law gives no number (rules/keeping.toml has what holds without a row)."""

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="keeping_terms", verbose_name="行政区划")
    suggestion_days = models.PositiveSmallIntegerField("答复建议（工作日）", null=True, blank=True)
    expansion_days = models.PositiveSmallIntegerField("决定上级扩展事项（工作日）", null=True, blank=True)
    review_cadence = models.CharField("评估负面清单的周期", max_length=12, choices=Series.Cadence.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录管理时限"
        constraints = [
            models.CheckConstraint(
                condition=(Q(suggestion_days__isnull=True) | Q(suggestion_days__range=(1, 60)))
                & (Q(expansion_days__isnull=True) | Q(expansion_days__range=(1, 250))),
                name="keeping_terms_within_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}目录管理时限"
