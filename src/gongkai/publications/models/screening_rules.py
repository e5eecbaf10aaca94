"""What a place decides of screening: severities of its own, what happens to files that cannot be stripped, its wording lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Jurisdiction
from gongkai.publications.models.screenings import ScreeningFinding


class ScreeningPolicy(models.Model):
    """Differences from the rules of screening/rules/findings.toml: `severities` {rule id: block | warn | allow}."""

    class Unstripped(models.TextChoices):
        REFUSE = "refuse", "不能公开，要求换成可以处理的格式"
        KEEP = "keep", "按原件公开，并在检查页面提醒"

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="screening_policy", verbose_name="行政区划")
    severities = models.JSONField("程度", default=dict, blank=True)
    unstripped = models.CharField(
        "不能去除属性的格式", max_length=6, choices=Unstripped.choices, default=Unstripped.REFUSE, help_text="如 OFD、GIF"
    )

    class Meta:
        verbose_name = verbose_name_plural = "内容检查设置"

    def __str__(self) -> str:
        return f"{self.jurisdiction} 内容检查设置"


class WordingList(models.Model):
    """A list of wordings a jurisdiction imported, with its dates; no list is ours. It holds for the place and those below it."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="wording_lists", verbose_name="行政区划")
    name = models.CharField("名称", max_length=120)
    severity = models.CharField("程度", max_length=5, choices=ScreeningFinding.Severity.choices, default=ScreeningFinding.Severity.WARN)
    effective_from = models.DateField("启用日期")
    effective_to = models.DateField("停用日期", null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "用语表"
        ordering = ["jurisdiction", "name"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "name"], name="wording_list_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")), name="wording_list_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """One wording: what is wrong, what to write instead; `allow` for phrases in which it is right. Dates inside those of its list."""

    wordings = models.ForeignKey(WordingList, models.CASCADE, related_name="entries", verbose_name="用语表")
    text = models.CharField("词语", max_length=100)
    category = models.CharField("类别", max_length=60, blank=True)
    severity = models.CharField(
        "程度", max_length=5, choices=ScreeningFinding.Severity.choices, blank=True, default="", help_text="空为用语表的程度"
    )
    instead = models.CharField("建议用语", max_length=200, blank=True)
    allow = models.BooleanField("允许", default=False)
    effective_from = models.DateField("生效日期", null=True, blank=True)
    effective_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用语"
        ordering = ["wordings", "text"]
        constraints = [
            models.UniqueConstraint(fields=["wordings", "text"], name="wording_once_in_list"),
            models.CheckConstraint(condition=~Q(text=""), name="wording_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text
