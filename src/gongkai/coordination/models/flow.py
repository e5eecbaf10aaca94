"""A plan's way: opinions on the draft, filing with the superior (S1-13)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.coordination.models.deeds import deed_path
from gongkai.plans.models import Plan


class Opinion(models.Model):
    """征求意见: one body asked about a draft plan, its answer, and what was done with it (S1-13)."""

    class Adoption(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        DECLINED = "declined", "未采纳"
        NONE = "none", "无意见"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="opinions", verbose_name="方案")
    asked = models.CharField("征求对象", max_length=120)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="征求人")
    asked_at = models.DateTimeField("发出时间")
    due_on = models.DateField("请于何日前答复", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer = models.TextField("意见", blank=True, validators=[MaxLengthValidator(5000)])
    adoption = models.CharField("采纳情况", max_length=10, choices=Adoption.choices, blank=True)
    adoption_note = models.CharField("采纳说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "asked"], name="body_asked_once_about_a_plan"),
            models.CheckConstraint(condition=Q(adoption="") | Q(answered_on__isnull=False), name="adoption_follows_an_answer"),
            models.CheckConstraint(
                condition=~Q(adoption__in=["declined", "partly"]) | ~Q(adoption_note=""), name="declining_gives_a_reason"
            ),
            models.CheckConstraint(condition=~Q(asked=""), name="opinion_names_whom_it_asks"),
        ]

    def __str__(self) -> str:
        return f"{self.asked}：{self.plan}"


class Filing(models.Model):
    """报送备案 with a superior that is not on this installation: sent by whom, how and when; its receipt number and day (S1-13).

    A filing with a superior that is here is a Submission to its collection.
    """

    class Method(models.TextChoices):
        EXCHANGE = "exchange", "公文交换系统"
        POST = "post", "机要或邮寄"
        HAND = "hand", "当面送达"
        OTHER = "other", "其他方式"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="filings", verbose_name="方案")
    to = models.CharField("报送对象", max_length=120)
    method = models.CharField("报送方式", max_length=10, choices=Method.choices)
    sent_on = models.DateField("报送日期")
    receipt = models.CharField("对方回执编号", max_length=80, blank=True)
    received_on = models.DateField("回执日期", null=True, blank=True)
    file = models.FileField("回执文件", upload_to=deed_path, max_length=200, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    size = models.PositiveIntegerField("字节", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField("内容类型", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送备案"
        ordering = ["sent_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "to"], name="plan_filed_once_with_a_body"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, receipt="") | (Q(received_on__isnull=False) & ~Q(receipt="")),
                name="filing_receipt_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")), name="filing_received_after_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} 报 {self.to}"
