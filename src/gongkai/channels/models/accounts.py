"""政务新媒体 accounts with owner, person and approval, what was posted, how many use them, what checks found (国办发〔2018〕123号)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency


class Account(models.Model):
    """One account on a third-party platform. `platform` is of rules/media.toml. A closed one stays in the ledger with its reason."""

    not_in_journal = frozenset({"responsible"})

    class State(models.TextChoices):
        OPEN = "open", "正常运行"
        SUSPENDED = "suspended", "暂停更新"
        CLOSED = "closed", "已注销"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="media_accounts", verbose_name="主办单位")
    platform = models.CharField("平台", max_length=20)
    name = models.CharField("账号名称", max_length=80)
    address = models.CharField("账号地址", max_length=300, blank=True)
    responsible = models.CharField("责任人", max_length=40)
    approved_by = models.CharField("批准机关", max_length=120, help_text="县级以上政府办公厅（室）逐级审核")
    opened_on = models.DateField("开设日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    state_on = models.DateField("状态自", null=True, blank=True)
    state_reason = models.CharField("暂停、注销理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政务新媒体账号"
        ordering = ["agency__jurisdiction__code", "agency__code", "platform", "id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "name"], condition=~Q(state="closed"), name="media_account_once"),
            models.CheckConstraint(condition=~Q(platform="") & ~Q(name="") & ~Q(responsible=""), name="media_account_is_described"),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(state_on__isnull=False) & ~Q(state_reason="")), name="media_account_ended_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What stood on an account: recorded by a person, or by a delivery that reached it. Only what still stands counts."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", verbose_name="账号")
    title = models.CharField("标题", max_length=300)
    url = models.CharField("地址", max_length=500, blank=True)
    at = models.DateTimeField("发布时间")
    delivery = models.OneToOneField(
        "channels.Delivery", models.PROTECT, null=True, blank=True, related_name="post", verbose_name="推送", help_text="由推送而来"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "新媒体信息"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="media_post_has_title"),
            models.CheckConstraint(condition=Q(delivery__isnull=False) | ~Q(url=""), name="media_post_has_address"),
            models.UniqueConstraint(fields=["account", "url"], condition=~Q(url=""), name="media_post_once"),
        ]
        indexes = [models.Index(F("account"), F("at").desc(), name="media_post_newest")]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """运行数据: what the platform itself says of an account on a day, written down by its owner, for no platform tells us (S2-20). One
    for a day, the last one written; `messages` and `answered` are of the calendar year so far."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="readings", verbose_name="账号")
    on = models.DateField("统计日期")
    followers = models.PositiveIntegerField("关注人数")
    messages = models.PositiveIntegerField("本年收到留言", default=0)
    answered = models.PositiveIntegerField("其中已答复", default=0)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "账号运行数据"
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "on"], name="media_reading_once_a_day"),
            models.CheckConstraint(condition=Q(answered__lte=F("messages")), name="media_reading_answers_what_came"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.followers}"


class AccountCheck(models.Model):
    """Somebody looked at an account: what was found, and until when it is to be mended. Written once."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="checks", verbose_name="账号")
    on = models.DateField("检查日期")
    passed = models.BooleanField("符合要求")
    finding = models.CharField("发现的问题", max_length=500, blank=True)
    mend_by = models.DateField("整改期限", null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人")

    class Meta:
        verbose_name = verbose_name_plural = "账号检查"
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(passed=True) | ~Q(finding=""), name="failed_account_check_says_why")]

    def __str__(self) -> str:
        return f"{self.on} {'符合' if self.passed else '有问题'}"
