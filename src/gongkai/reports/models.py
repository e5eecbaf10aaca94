"""政府信息公开工作年度报告 (条例第四十九、五十条): its text, what was added by hand and why, and what was published."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.deeds.models import AbstractDeed


class AnnualReport(models.Model):
    """The report of one agency on one year. Its tables are counted from live records (counting.py) until it is published; then `printed`
    holds what was published, which does not change any more, whatever happens to the records.

    `covers_place`: a government's report, rolled up from its departments. State is computed: drafting, proposed, approved, published.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="annual_reports", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    covers_place = models.BooleanField("汇总本地区各单位", default=False)
    layout = models.CharField("格式", max_length=8, default="2021")
    sections = models.JSONField("各部分文字", default=dict, blank=True, help_text="{1…6: 文字}")
    version = models.PositiveIntegerField("稿次", default=1, help_text="乐观锁")
    proposed_at = models.DateTimeField("提交审核时间", null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    printed = models.JSONField("公布的内容", null=True, blank=True, help_text="formats.annual_report 的 Report.to_dict()")
    imported = models.BooleanField("由已公布的文件导入", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "年度报告"
        ordering = ["-year", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "covers_place"], name="one_report_a_year"),
            models.CheckConstraint(condition=Q(published_at__isnull=True) | Q(printed__isnull=False), name="published_report_is_printed"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="report_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"


class Addition(models.Model):
    """A number added by hand to one cell, with its reason: what this system does not know (licences decided elsewhere, cases of before).
    Nought says of such a cell that there was none, which is not the same as saying nothing."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="additions", verbose_name="年度报告")
    table = models.CharField("表", max_length=5, choices=[("two", "表二"), ("three", "表三"), ("four", "表四")])
    row = models.CharField("行", max_length=20)
    column = models.CharField("列", max_length=30)
    amount = models.DecimalField("增加的数", max_digits=14, decimal_places=2)
    reason = models.CharField("理由", max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    added_at = models.DateTimeField("填写时间")
    removed_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "手工填写"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="addition_has_reason")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.row}/{self.column} {self.amount}"


class Deed(AbstractDeed):
    """What was done to a report."""

    class Kind(models.TextChoices):
        BEGUN = "begun", "开始编制"
        WRITTEN = "written", "修改文字"
        ADDED = "added", "手工填写数字"
        REMOVED = "removed", "取消手工数字"
        PROPOSED = "proposed", "提交审核"
        RETURNED = "returned", "退回修改"
        APPROVED = "approved", "批准"
        PUBLISHED = "published", "公布"
        IMPORTED = "imported", "导入"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "年度报告办理记录"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="report_deed_has_key")]
