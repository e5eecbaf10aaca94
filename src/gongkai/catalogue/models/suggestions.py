"""What the public says to a row of a catalogue (S1-1, S4-14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency
from gongkai.catalogue.models.items import Item


class Suggestion(models.Model):
    """建议. Nobody is asked who he is; `text` is kept with personal data masked, the unmasked words are nowhere.

    `sender` is a keyed digest of day and network address, only to count how many came from one place that day; it says nothing of anybody
    and is emptied when the day is over (suggestions.forget_senders). `code` is what its writer finds the answer by.
    """

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        NOT_ADOPTED = "not_adopted", "未采纳"
        EXPLAINED = "explained", "解释说明"
        NOT_HANDLED = "not_handled", "不属于建议"

    item = models.ForeignKey(Item, models.PROTECT, related_name="suggestions", verbose_name="公开事项")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="item_suggestions", verbose_name="办理单位")
    code = models.CharField("查询码", max_length=20, unique=True)
    text = models.TextField("建议")
    masked = models.JSONField("遮盖的内容", default=list, blank=True, help_text="种类，不含原文")
    sender = models.CharField("来处摘要", max_length=64, blank=True)
    received_at = models.DateTimeField("收到时间")
    key = models.CharField("提交标识", max_length=100, unique=True)
    outcome = models.CharField("办理结果", max_length=12, choices=Outcome.choices, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公众建议"
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(key="") & ~Q(code=""), name="suggestion_has_words_and_key"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="", answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="") & ~Q(answer="")),
                name="suggestion_answered_with_words",
            ),
        ]
        indexes = [models.Index(fields=["sender", "received_at"], name="suggestion_by_sender")]

    def __str__(self) -> str:
        return f"{self.item} {self.code}"
