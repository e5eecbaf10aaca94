"""Channels: one road by which an agency's publications go further, and the rules that say which publications take it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from gongkai.agencies.models import Agency
from gongkai.catalogue.models import Column


class Channel(models.Model):
    """`connector` is a name of the registry, `medium` of rules/media.toml: what a plan's words (网站、微信、广播电视) are compared with.

    `needs_gates`: nothing goes before somebody has confirmed the four checks (先审后发). `paused_until`: the other side did not answer;
    nothing more is tried before then, so that a thousand deliveries ask a dead host once.
    """

    not_in_journal = frozenset({"settings", "secret"})

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="channels", verbose_name="单位")
    name = models.CharField("渠道名称", max_length=80)
    connector = models.CharField("连接方式", max_length=40)
    medium = models.CharField("媒体", max_length=20)
    settings = models.JSONField("设置", default=dict, blank=True)
    secret = models.CharField("签名密钥", max_length=100, blank=True)
    account = models.ForeignKey(
        "channels.Account", models.PROTECT, null=True, blank=True, related_name="channels", verbose_name="新媒体账号"
    )
    needs_gates = models.BooleanField("先审后发", default=False)
    active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    paused_until = models.DateTimeField("暂缓到", null=True, blank=True)
    troubles = models.PositiveSmallIntegerField("连续没有连上", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "渠道"
        ordering = ["agency__jurisdiction__code", "agency__code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="channel_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(connector="") & ~Q(medium=""), name="channel_is_described"),
            models.CheckConstraint(condition=Q(account__isnull=True) | Q(needs_gates=True), name="account_channel_has_gates"),
        ]

    def __str__(self) -> str:
        return self.name


class ChannelRule(models.Model):
    """A publication takes the channel when it fits one row in all that the row names. `agency` empty: every agency the channel serves."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="rules", verbose_name="渠道")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公开主体")
    column = models.ForeignKey(Column, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="栏目")
    genre = models.CharField("体裁", max_length=20, blank=True)
    kind = models.CharField("类别", max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "推送规则"
        ordering = ["channel", "id"]
        constraints = [
            models.UniqueConstraint(F("channel"), Coalesce("agency", 0), Coalesce("column", 0), "genre", "kind", name="channel_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} 规则 {self.pk}"
