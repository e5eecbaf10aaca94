"""收集: what every unit hands in, with receipt and reminder (S4-1, S4-3), and filings upward on this installation (S1-13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.coordination.models.deeds import deed_path
from gongkai.plans.models import Plan


class Collection(models.Model):
    """What every unit must hand in by a day: its own plan, its catalogue list (S4-1, S4-3), or a filing upward (S1-13)."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="collections", verbose_name="收集地区")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="collections", verbose_name="依据方案")
    title = models.CharField("收集事项", max_length=200)
    items = models.JSONField("应报材料", help_text='["实施方案", "主动公开目录清单"]')
    note = models.CharField("要求", max_length=500, blank=True)
    due_on = models.DateField("报送期限")
    contact = models.CharField("联系人和电话", max_length=120, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "材料收集"
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "title"], name="collection_title_once"),
            models.CheckConstraint(condition=~Q(title=""), name="collection_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Submission(models.Model):
    """One item owed by one agency to a collection. A row exists from the start; its state is a query over its dates.

    The fields hold the latest round; earlier rounds with their files are the deeds on it.
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="submissions", verbose_name="材料收集")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="submissions", verbose_name="报送单位")
    item = models.CharField("材料", max_length=120)
    file = models.FileField("文件", upload_to=deed_path, max_length=200, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    size = models.PositiveIntegerField("字节", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField("内容类型", max_length=100, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="submitted_as", verbose_name="系统内的方案")
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    receipt = models.CharField("回执编号", max_length=60, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送"
        ordering = ["agency", "id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "agency", "item"], name="item_owed_once"),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="receipt_number_unique"),
            models.CheckConstraint(condition=Q(received_at__isnull=True) | Q(submitted_at__isnull=False), name="received_after_submitted"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, receipt="") | (Q(received_at__isnull=False) & ~Q(receipt="")),
                name="receipt_with_reception",
            ),
            models.CheckConstraint(condition=Q(received_at__isnull=True) | Q(returned_at__isnull=True), name="received_is_not_returned"),
            models.CheckConstraint(condition=Q(returned_at__isnull=True) | ~Q(return_reason=""), name="returned_says_why"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(plan__isnull=False) | ~Q(file=""), name="submitted_has_file_or_plan"
            ),
        ]
        indexes = [models.Index(fields=["agency", "received_at"], name="submission_by_agency")]

    def __str__(self) -> str:
        return f"{self.agency} {self.item}"


class Reminder(models.Model):
    """催报: one reminder to one agency of a collection, with actor and time."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="reminders", verbose_name="材料收集")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催报人")
    text = models.CharField("内容", max_length=300, blank=True)
    key = models.CharField("提交标识", max_length=130, unique=True, help_text="表单的标识和单位：同一张表单对一个单位只催一次")

    class Meta:
        verbose_name = verbose_name_plural = "催报"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.agency} {self.at:%Y-%m-%d %H:%M}"


class ReceiptSeries(models.Model):
    """收文回执编号: the words before the year and the last number given, one row for each jurisdiction and year."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", verbose_name="行政区划")
    year = models.PositiveSmallIntegerField("年度")
    prefix = models.CharField("字头", max_length=30)
    last = models.PositiveIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "回执编号"
        ordering = ["jurisdiction", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "year"], name="receipt_series_once_a_year"),
            models.UniqueConstraint(fields=["prefix", "year"], name="receipt_prefix_belongs_to_one"),
            models.CheckConstraint(condition=~Q(prefix=""), name="receipt_series_has_prefix"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕"
