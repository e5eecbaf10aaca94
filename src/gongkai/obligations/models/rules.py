"""Which rules of the law are in use in a place; the rules themselves are data (rules/statutes.toml)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Jurisdiction


class RuleSwitch(models.Model):
    """A decision of a place about one rule: on or off from a day, with values of its own where the rule's are marked from memory."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="rule_switches", verbose_name="行政区划")
    rule = models.CharField("规则", max_length=60)
    on = models.BooleanField("启用")
    since = models.DateField("起用日期")
    values = models.JSONField("本地参数", default=dict, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")

    class Meta:
        verbose_name = verbose_name_plural = "规则启用"
        ordering = ["jurisdiction", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "rule"], name="rule_decided_once_in_place"),
            models.CheckConstraint(condition=Q(on=True) | ~Q(reason=""), name="rule_off_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.rule}"
