"""A duty that comes back: every period of it is an obligation of its own, made when the period begins."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency, Jurisdiction, Leader, Section
from gongkai.obligations.models.obligation import Obligation


class Series(models.Model):
    """What each period's obligation looks like, and how far they have been made. `next_on` is the first day of the first period not made.

    The rows depend on their periods alone (clocks.periods): making them twice, late, or after a month without a scheduler gives the same.
    """

    class Cadence(models.TextChoices):
        DAILY = "daily", "每日"
        WEEKLY = "weekly", "每周"
        MONTHLY = "monthly", "每月"
        QUARTERLY = "quarterly", "每季度"
        HALF_YEARLY = "half_yearly", "每半年"
        YEARLY = "yearly", "每年"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="series", verbose_name="行政区划")
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="series", verbose_name="责任单位")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="承办科室")
    leader = models.ForeignKey(Leader, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责人")
    helpers = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="配合单位")
    role = models.CharField("角色", max_length=12, choices=Obligation.Role.choices, default=Obligation.Role.LEAD)
    joint = models.BooleanField("分别牵头或按职责分工", default=False)
    source = models.CharField("来源", max_length=20, choices=Obligation.Source.choices)
    rule = models.CharField("规则", max_length=60, blank=True)
    document_id = models.PositiveBigIntegerField("来源文件", null=True, blank=True)
    subject_id = models.PositiveBigIntegerField("来源记录", default=0)
    share = models.CharField("承办份额", max_length=80, blank=True)
    title = models.CharField("事项", max_length=300)
    basis = models.CharField("依据", max_length=300, blank=True)
    cadence = models.CharField("周期", max_length=12, choices=Cadence.choices)
    due_rule = models.JSONField("到期规则", default=dict, help_text="clocks.periods.DueRule：kind、n、month、day")
    quota_op = models.CharField("数量要求", max_length=2, blank=True)
    quota_value = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    quota_unit = models.CharField("单位", max_length=20, blank=True)
    proof = models.JSONField("要求的佐证", default=dict, blank=True, help_text="见 Obligation.proof")
    since = models.DateField("起始日期")
    until = models.DateField("截止日期", null=True, blank=True)
    next_on = models.DateField("下一期的第一天")
    closed_on = models.DateField("终止日期", null=True, blank=True)
    closed_reason = models.CharField("终止理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "周期任务"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "rule", "subject_id", "owner", "share", "cadence"], name="series_made_once"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="series_until_after_since"),
            models.CheckConstraint(condition=Q(closed_on__isnull=True) | ~Q(closed_reason=""), name="closed_series_says_why"),
            models.CheckConstraint(condition=~Q(title=""), name="series_has_title"),
        ]
        indexes = [
            models.Index(fields=["next_on"], condition=Q(closed_on__isnull=True), name="series_to_extend"),
            models.Index(fields=["source", "subject_id"], name="series_by_subject"),
            models.Index(fields=["source", "document_id"], name="series_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_cadence_display()}）"
