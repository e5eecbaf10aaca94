"""What happens to a clock, kept as it happened; `due_on` is always gongkai.clocks applied to these rows (OBLIGATIONS.md)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.journal.append_only import Immutable
from gongkai.obligations.models.obligation import Obligation


class ClockEvent(Immutable):
    """One event of one clock. Written once; a mistake is put right by a further event, seen by everybody."""

    class Kind(models.TextChoices):
        START = "start", "起算"
        RESTART = "restart", "重新起算"
        SUSPEND = "suspend", "中止"
        RESUME = "resume", "恢复"
        EXTEND = "extend", "延长"
        DELAY = "delay", "延迟答复"
        STOP = "stop", "办结"

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="clock_events", verbose_name="义务")
    kind = models.CharField("事件", max_length=8, choices=Kind.choices)
    on = models.DateField("日期")
    at = models.DateTimeField("时刻", null=True, blank=True, help_text="按小时计算的期限要写")
    n = models.PositiveSmallIntegerField("延长、延迟的数目", default=0, help_text="单位与期限相同")
    reason = models.CharField("事由", max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    document = models.CharField("文书", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "计时事件"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["obligation"], condition=Q(kind="start"), name="clock_starts_once"),
            models.CheckConstraint(
                condition=Q(kind="extend", n__gt=0, approved_by__isnull=False) & ~Q(reason="")
                | Q(kind="delay", n__gt=0) & ~Q(reason="")
                | (~Q(kind__in=["extend", "delay"]) & Q(n=0)),
                name="extension_has_length_approver_and_reason",
            ),
            models.CheckConstraint(condition=~Q(kind="suspend") | ~Q(reason=""), name="suspension_says_why"),
            models.CheckConstraint(condition=~Q(key=""), name="clock_event_has_key"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
