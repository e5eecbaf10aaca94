"""Who wants to be told: of one document when it changes, or of a list when something comes onto it. An address counts once its owner has
opened the link sent to it; leaving removes it. What is to be told to lists waits here from the moment of publishing, and what was sent,
when, and to how many is kept without a single address (S4-8).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.publications.models.documents import Document
from gongkai.publications.models.editions import Edition


class Subscription(models.Model):
    """One address for one document, or for one list. `asked_from` is a keyed digest of the client address, kept only until the link is
    opened. A list is `chosen` (facet → value) with `words` that all have to stand in the text; `list_key` is the digest of both."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", "有新内容就发"
        DAILY = "daily", "每天一封"
        WEEKLY = "weekly", "每周一封"

    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name="政府信息")
    chosen = models.JSONField("列表的条件", default=dict, blank=True)
    words = models.CharField("搜索词", max_length=100, blank=True)
    list_key = models.CharField(max_length=64, blank=True)
    rhythm = models.CharField("多久发一次", max_length=8, choices=Rhythm.choices, default=Rhythm.AT_ONCE)
    email = models.EmailField("邮箱")
    asked_at = models.DateTimeField("申请时间")
    asked_from = models.CharField("来源", max_length=32, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    next_at = models.DateTimeField("下一封何时发", null=True, blank=True, help_text="没有要说的时为空")
    last_at = models.DateTimeField("上一封", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更订阅"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "email"], condition=Q(document__isnull=False), name="subscribed_once"),
            models.UniqueConstraint(fields=["list_key", "email"], condition=~Q(list_key=""), name="subscribed_to_list_once"),
            models.CheckConstraint(condition=~Q(email=""), name="subscription_has_address"),
            models.CheckConstraint(
                condition=Q(document__isnull=False, list_key="") | (Q(document__isnull=True) & ~Q(list_key="")),
                name="subscription_of_document_or_list",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(confirmed_at__isnull=True), name="subscription_unconfirmed"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="subscription_to_write"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id or self.list_key[:8]}"


class Announcement(models.Model):
    """An edition that lists are to hear of, written in the transaction that publishes it; `spread_at` once every list has it."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="announcement", verbose_name="版次")
    made_at = models.DateTimeField("时间")
    spread_at = models.DateTimeField("分发时间", null=True, blank=True)
    matched = models.PositiveIntegerField("订阅了的", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "待分发的更新"
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(spread_at__isnull=True), name="announcement_to_spread")]

    def __str__(self) -> str:
        return f"{self.edition_id}"


class Waiting(models.Model):
    """What the next letter of a subscription says. It goes with the subscription, and with the letter that says it."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="waiting", verbose_name="订阅")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name="版次")

    class Meta:
        verbose_name = verbose_name_plural = "等待发送的更新"
        constraints = [models.UniqueConstraint(fields=["subscription", "edition"], name="waits_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} → {self.subscription_id}"


class Push(models.Model):
    """推送记录: letters written at one time. `letters` many, about `documents` many; no address, nor anything that leads to one."""

    class Kind(models.TextChoices):
        CHANGE = "change", "单件信息变更"
        AT_ONCE = "at_once", "列表更新，随时"
        DAILY = "daily", "列表更新，每天"
        WEEKLY = "weekly", "列表更新，每周"

    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    at = models.DateTimeField("时间")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="版次")
    documents = models.PositiveIntegerField("信息件数")
    letters = models.PositiveIntegerField("邮件封数")
    by_facet = models.JSONField("按条件", default=dict, help_text="条件（如“主题：税务”）→ 封数")

    class Meta:
        verbose_name = verbose_name_plural = "推送记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="push_newest")]
        constraints = [models.CheckConstraint(condition=Q(letters__gt=0), name="push_sent_something")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.letters}"
