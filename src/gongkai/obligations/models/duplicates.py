"""Two tasks of different documents that ask the same of the same agency: offered to a person, who decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.obligations.models.obligation import Obligation


class Duplicate(models.Model):
    """A pair that was decided: done together from now on (one proof for both), or really two things."""

    class Decision(models.TextChoices):
        TOGETHER = "together", "并案办理"
        DISTINCT = "distinct", "不是一件事"

    first = models.ForeignKey(Obligation, models.CASCADE, related_name="+", verbose_name="义务")
    second = models.ForeignKey(Obligation, models.CASCADE, related_name="+", verbose_name="义务")
    decision = models.CharField("结论", max_length=8, choices=Decision.choices)
    similarity = models.FloatField("相似度")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "重复任务"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_decided_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≈ {self.second}"
