"""检查: a list gone through once, what was found, and how it was put right (S1-16, S1-17, S1-18, S4-61)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency
from gongkai.plans.models import Plan


class Check(models.Model):
    """A self-check, a conformance check, an acceptance or an inspection: one list gone through once (S1-16, S1-17, S1-18, S4-61)."""

    class Kind(models.TextChoices):
        SELF_CHECK = "self_check", "自查"
        CONFORMANCE = "conformance", "规范对照"
        ACCEPTANCE = "acceptance", "验收"
        INSPECTION = "inspection", "督查"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    title = models.CharField("名称", max_length=200)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="方案")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="checked", verbose_name="被查单位")
    checker = models.ForeignKey(Agency, models.PROTECT, related_name="checking", verbose_name="检查单位")
    rules = models.CharField("检查表", max_length=60, help_text="rules/ 下的检查表和版本，开始时固定")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    summary = models.TextField("总结", blank=True, validators=[MaxLengthValidator(10000)])

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(finished_at__isnull=True) | ~Q(summary=""), name="finished_check_has_summary"),
            models.CheckConstraint(condition=~Q(kind="self_check") | Q(agency=models.F("checker")), name="self_check_is_of_oneself"),
        ]

    def __str__(self) -> str:
        return self.title


class CheckPoint(models.Model):
    """One point of a check: what was asked, what was found, and, where it failed, how it was put right (整改) and rechecked (复查)."""

    class Result(models.TextChoices):
        OPEN = "", "未查"
        PASSED = "passed", "符合"
        FAILED = "failed", "不符合"
        NOT_APPLICABLE = "not_applicable", "不适用"

    check_record = models.ForeignKey(Check, models.CASCADE, related_name="points", verbose_name="检查")
    position = models.PositiveSmallIntegerField("次序")
    part = models.CharField("部分", max_length=80, blank=True)
    text = models.CharField("要求", max_length=300)
    basis = models.CharField("依据", max_length=200, blank=True)
    certainty = models.CharField("依据的可靠程度", max_length=10, blank=True, help_text="V 已核对原文；M-high、M-med 据转述")
    result = models.CharField("结果", max_length=16, choices=Result.choices, blank=True, default="")
    finding = models.TextField("问题", blank=True, validators=[MaxLengthValidator(3000)])
    due_on = models.DateField("整改期限", null=True, blank=True)
    rectified_on = models.DateField("整改日期", null=True, blank=True)
    rectified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="整改报告人"
    )
    rectification = models.TextField("整改情况", blank=True, validators=[MaxLengthValidator(3000)])
    rechecked_on = models.DateField("复查通过日期", null=True, blank=True)
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复查人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "检查项"
        ordering = ["check_record", "position"]
        constraints = [
            models.UniqueConstraint(fields=["check_record", "position"], name="point_in_its_place"),
            models.CheckConstraint(
                condition=~Q(result="failed") | (~Q(finding="") & Q(due_on__isnull=False)), name="failed_point_says_what_was_found"
            ),
            models.CheckConstraint(
                condition=Q(rectified_on__isnull=True, rectified_by__isnull=True)
                | (Q(rectified_on__isnull=False, rectified_by__isnull=False, result="failed") & ~Q(rectification="")),
                name="rectification_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_on__isnull=True, rechecked_by__isnull=True)
                | Q(rechecked_on__isnull=False, rechecked_by__isnull=False, rectified_on__isnull=False),
                name="recheck_follows_rectification",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_by__isnull=True) | ~Q(rechecked_by=models.F("rectified_by")), name="recheck_by_another_person"
            ),
        ]

    def __str__(self) -> str:
        return self.text
