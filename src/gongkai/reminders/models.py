"""What somebody was told, the letters that carry it, and how each person wants to be told."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.obligations.models import Obligation


class Preference(models.Model):
    """How one person wants letters; nobody needs one, the defaults serve. What is told always stands on the screen, whatever it says."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", "随时"
        DAILY = "daily", "每天一次"
        WEEKLY = "weekly", "每周一次"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "周一"
        TUESDAY = 1, "周二"
        WEDNESDAY = 2, "周三"
        THURSDAY = 3, "周四"
        FRIDAY = 4, "周五"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="reminder_preference", verbose_name="用户"
    )
    by_mail = models.BooleanField("用电子邮件提醒", default=True)
    address = models.EmailField("邮箱", blank=True, help_text="空为账号登记的邮箱")
    lead_days = models.PositiveSmallIntegerField("提前几个工作日", null=True, blank=True, help_text="空为本地区的设置")
    muted = models.JSONField("不发邮件的类别", default=list, blank=True)
    rhythm = models.CharField("多久发一次", max_length=8, choices=Rhythm.choices, default=Rhythm.AT_ONCE)
    hour = models.PositiveSmallIntegerField("几点发", default=9)
    weekday = models.PositiveSmallIntegerField("星期几发", choices=Weekday.choices, default=Weekday.MONDAY)
    quiet_from = models.TimeField("从几点起不发", default=time(18, 0))
    quiet_to = models.TimeField("到几点为止", default=time(8, 30))
    rest_days = models.BooleanField("节假日和周末不发", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒设置"
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23) & Q(weekday__lte=4), name="preference_hour_and_weekday"),
            models.CheckConstraint(condition=Q(lead_days__isnull=True) | Q(lead_days__lte=60), name="preference_lead_days"),
        ]

    def __str__(self) -> str:
        return f"提醒设置 {self.person_id}"


class Hook(models.Model):
    """Where an agency's own system is told, set by the agency's head; only to hosts that the installation lists (channels/webhook.py)."""

    agency = models.OneToOneField(Agency, models.CASCADE, related_name="reminder_hook", verbose_name="机构")
    url = models.URLField("接收地址", max_length=300)
    secret = models.CharField("签名密钥", max_length=64)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设置人")
    set_at = models.DateTimeField("设置时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "系统对接提醒"

    def __str__(self) -> str:
        return f"{self.agency} → {self.url}"


class Told(models.Model):
    """One person was told one thing of one obligation. `mark` tells occasions apart: the due date, the step, the evidence it is about.

    The constraint is the promise: however often, late or concurrently reminders are computed, nothing is told twice.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="told", verbose_name="义务")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="told", verbose_name="用户")
    kind = models.CharField("类别", max_length=20)
    mark = models.CharField("事由", max_length=40)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="以哪个机构的身份")
    text = models.CharField("提醒", max_length=200)
    late = models.BooleanField("补发", default=False)
    at = models.DateTimeField("提醒时间")
    batch = models.UUIDField("批次", help_text="同时计算的两个进程各自认得自己写下的行")

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["obligation", "person", "kind", "mark"], name="told_once")]
        indexes = [
            models.Index(F("person"), F("at").desc(), F("id").desc(), name="told_to_person"),
            models.Index(fields=["batch"], name="told_by_batch"),
        ]

    def __str__(self) -> str:
        return self.text


class Message(models.Model):
    """One letter in the outbox, made in the transaction that writes what it tells. Sealed when first claimed: its text changes no more.

    A letter to somebody without an account (a subscriber, an applicant) is written by the app that sends it, and sealed from the start.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "电子邮件"
        WEBHOOK = "webhook", "系统对接"

    class State(models.TextChoices):
        QUEUED = "queued", "等待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    key = models.CharField(max_length=160, unique=True, help_text="收件人、方式和发送时刻：同一时刻的几项提醒合在一封里")
    channel = models.CharField("方式", max_length=8, choices=Channel.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="收件人")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机构")
    address = models.CharField("地址", max_length=300)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED)
    made_at = models.DateTimeField("生成时间")
    next_at = models.DateTimeField("何时发送")
    sealed_at = models.DateTimeField("成文时间", null=True, blank=True)
    subject = models.CharField("标题", max_length=200, blank=True)
    body = models.TextField("正文", blank=True)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    token = models.UUIDField(null=True, blank=True, help_text="正在发送的进程")
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    error = models.CharField("未发出的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒消息"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_message_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="failed_message_says_why"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(sealed_at__isnull=False) | ~Q(channel="mail"), name="letter_has_reader"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="message_to_send"),
            models.Index(fields=["agency", "state"], name="message_by_agency"),
        ]

    def __str__(self) -> str:
        return self.subject or self.key


class Item(models.Model):
    """What a letter tells."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="items")
    told = models.ForeignKey(Told, models.CASCADE, related_name="items")

    class Meta:
        verbose_name = verbose_name_plural = "消息内容"
        constraints = [models.UniqueConstraint(fields=["message", "told"], name="told_once_in_a_message")]

    def __str__(self) -> str:
        return f"{self.told_id} → {self.message_id}"


class Feed(models.Model):
    """A calendar to subscribe to: what one person works on, or what one agency owes as that person may see it.

    The address is signed from id and version (feeds.py) and stored nowhere; a new version makes the old address worthless.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds", verbose_name="用户")
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="机构")
    version = models.PositiveIntegerField("第几个地址", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(agency__isnull=True), name="own_feed_once"),
            models.UniqueConstraint(fields=["person", "agency"], condition=Q(agency__isnull=False), name="agency_feed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.agency or ''}"
