"""负面清单 (S2-28): classes of information not opened, each with its clause; what is outside them is open in principle (条例第五条)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction, Section


class NegativeClass(models.Model):
    """One class. Proposed by a section of who makes the information (谁制作谁公开), listed once another person has approved it, in force
    until `ended_on`. Whether it must or may stay closed follows from its ground (grounds.py) and is not stored.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="negative_classes", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="negative_classes", verbose_name="制作单位")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="提出科室")
    name = models.CharField("类别名称", max_length=120)
    description = models.CharField("说明", max_length=1000)
    examples = models.CharField("举例", max_length=500, blank=True)
    ground = models.CharField("法律依据", max_length=30, help_text="rules/grounds.toml 的编号")
    words = models.JSONField("特征词", default=list, blank=True, help_text="标题、正文里出现时提示，不作决定")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    effective_on = models.DateField("列入日期", null=True, blank=True)
    ended_on = models.DateField("移出日期", null=True, blank=True, help_text="从这一天起不再适用")
    ended_reason = models.CharField("移出理由", max_length=500, blank=True)
    refused_at = models.DateTimeField("不同意列入的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "负面清单类别"
        ordering = ["jurisdiction", "ground", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(ground="") & ~Q(description=""), name="negative_class_has_name_and_clause"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name="negative_class_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, effective_on__isnull=True) | Q(approved_at__isnull=False, effective_on__isnull=False),
                name="negative_class_in_force_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | (Q(effective_on__isnull=False) & ~Q(ended_reason="")),
                name="negative_class_ended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | Q(approved_at__isnull=True), name="negative_class_refused_not_listed"
            ),
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(ended_on__isnull=True, refused_at__isnull=True), name="negative_class_once_in_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NegativeReview(models.Model):
    """定期评估审查 (条例第十八条) of one class: whether it still has to be closed, and why. Written once."""

    class Conclusion(models.TextChoices):
        KEEP = "keep", "继续适用"
        NARROW = "narrow", "缩小范围"
        OPEN = "open", "移出清单，转为公开"

    negative_class = models.ForeignKey(NegativeClass, models.PROTECT, related_name="reviews", verbose_name="类别")
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion.choices)
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评估人")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="评估单位")
    on = models.DateField("评估日期")

    class Meta:
        verbose_name = verbose_name_plural = "负面清单评估"
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="negative_review_says_why")]

    def __str__(self) -> str:
        return f"{self.negative_class} {self.on} {self.get_conclusion_display()}"
