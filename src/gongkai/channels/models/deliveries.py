"""One publication on its way to one channel, and every attempt. What came of it are facts with a time; its state is computed
(states.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.channels.models.channels import Channel
from gongkai.deeds.models import AppendOnly
from gongkai.publications.models import Document, Edition


class Delivery(models.Model):
    """`key` says once for all what is delivered where: whoever asks again, and however often, there is one row (invariant 8).

    `address` is where it stands now, as the other side or the person who posted it says. `gates` holds what was confirmed of the four
    checks: {gate: true}, by whom and when. An outcome is final until somebody asks for another try.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", "发布"
        UPDATE = "update", "更新"
        WITHDRAW = "withdraw", "撤下"

    class Outcome(models.TextChoices):
        DONE = "done", "已送达"
        FAILED = "failed", "没有送达"
        SKIPPED = "skipped", "不再推送"
        SUPERSEDED = "superseded", "已被后一版代替"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries", verbose_name="渠道")
    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries", verbose_name="政府信息")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="deliveries", verbose_name="版次")
    action = models.CharField("动作", max_length=8, choices=Action.choices)
    key = models.CharField("推送标识", max_length=100, unique=True)
    made_at = models.DateTimeField("生成时间")
    by_hand = models.BooleanField("人工发布", default=False)
    needs_gates = models.BooleanField("先审后发", default=False)
    gates = models.JSONField("四关审核", default=dict, blank=True)
    gated_at = models.DateTimeField("审核时间", null=True, blank=True)
    gated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    next_at = models.DateTimeField("何时推送")
    attempts = models.PositiveSmallIntegerField("推送次数", default=0)
    token = models.UUIDField(null=True, blank=True, help_text="正在推送的进程")
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    accepted_at = models.DateTimeField("对方受理时间", null=True, blank=True)
    error = models.CharField("没有送达的原因", max_length=300, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.CharField("不再推送的理由", max_length=300, blank=True)
    address = models.CharField("发布地址", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "推送"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)), name="delivery_end_has_time"
            ),
            models.CheckConstraint(condition=~Q(outcome="failed") | ~Q(error=""), name="failed_delivery_says_why"),
            models.CheckConstraint(condition=~Q(outcome__in=["skipped", "superseded"]) | ~Q(reason=""), name="skipped_delivery_says_why"),
            models.CheckConstraint(
                condition=~Q(outcome="done") | Q(needs_gates=False) | Q(gated_at__isnull=False) | Q(action="withdraw"),
                name="delivered_after_gates",
            ),
            models.CheckConstraint(
                condition=(Q(gated_at__isnull=True) & Q(gated_by__isnull=True)) | (Q(gated_at__isnull=False) & Q(gated_by__isnull=False)),
                name="gates_have_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(outcome=""), name="delivery_to_send"),
            models.Index(fields=["channel", "document", "id"], name="delivery_in_order"),
            models.Index(fields=["document", "-made_at"], name="delivery_of_document"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} ← {self.document_id} {self.get_action_display()}"


class Attempt(models.Model):
    """推送日志: one try that ended, with what the other side answered. One that was interrupted is counted in `attempts` alone."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="log", verbose_name="推送")
    number = models.PositiveSmallIntegerField("第几次")
    at = models.DateTimeField("时间")
    took_ms = models.PositiveIntegerField("毫秒")
    ok = models.BooleanField("成功")
    answer = models.CharField("回答", max_length=300)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推送日志"
        ordering = ["delivery", "-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} 第 {self.number} 次"
