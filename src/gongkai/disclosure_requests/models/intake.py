"""Where requests come from and how they are numbered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.disclosure_requests.models.applicants import case_path
from gongkai.disclosure_requests.models.requests import DisclosureRequest
from gongkai.sealing.fields import SealedText
from gongkai.sealing.files import SealedStorage


class PlaceSettings(models.Model):
    """How a place handles requests: numbers, terms, what it charges. Without a row the defaults here hold."""

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="request_settings", verbose_name="行政区划")
    number_pattern = models.CharField("申请编号格式", max_length=80, default="{code}-{year}-{n:05d}")
    reply_pattern = models.CharField("答复文号格式", max_length=80, default="{agency}公开〔{year}〕{n}号")
    clarify_days = models.PositiveSmallIntegerField("补正期限（工作日）", default=15, help_text="条例只说合理期限")
    confirm_at_once = models.BooleanField("网上提交即视为双方确认", default=False, help_text="否则由工作人员与申请人确认")
    charges = models.BooleanField("收取信息处理费", default=True)
    frequent_items = models.PositiveSmallIntegerField("频次提示（自然月件数）", default=10, help_text="条例第三十五条没有数字")
    retention_years = models.PositiveSmallIntegerField("个人信息保存年限", default=10, help_text="办结后；法律没有统一年限")
    reconsideration_organ = models.CharField("行政复议机关", max_length=120, blank=True, help_text="空为本级人民政府")
    court = models.CharField("有管辖权的人民法院", max_length=120, blank=True)
    without_script = models.BooleanField("允许不运行脚本的浏览器提交", default=True)
    plain_an_hour = models.PositiveSmallIntegerField(
        "不运行脚本的提交（同一网络每小时）", default=5, help_text="超过的请申请人过一小时再试"
    )
    sends_receipt = models.BooleanField("登记时发收件回执", default=True, help_text="按申请人选择的途径；条例没有要求")
    contact_test_days = models.PositiveSmallIntegerField(
        "自动试信的间隔（日）", default=30, help_text="向各机关指南公布的邮箱发试信；0 为不自动发"
    )

    class Meta:
        verbose_name = verbose_name_plural = "依申请公开设置"

    def __str__(self) -> str:
        return f"{self.jurisdiction} 依申请公开设置"


class Serial(models.Model):
    """The last number given within a period of a series; taken under lock, so that none is used twice."""

    scope = models.CharField("序列", max_length=20)
    period = models.CharField("期间", max_length=80)
    last = models.PositiveIntegerField("最后一个号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "流水号"
        constraints = [models.UniqueConstraint(fields=["scope", "period"], name="request_serial_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.period} {self.last}"


class IncomingMail(models.Model):
    """An e-mail that came to the mailbox of an agency: read once, kept sealed, made into a request or set aside with a reason."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="incoming_mail", verbose_name="机关")
    message_id = models.CharField("邮件标识", max_length=200)
    sender = SealedText("发件人")
    subject = SealedText("主题", blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    arrived_at = models.DateTimeField("到达时间")
    raw = models.FileField("原件", upload_to=case_path, storage=SealedStorage(), max_length=200)
    request = models.OneToOneField(DisclosureRequest, models.PROTECT, null=True, blank=True, related_name="mail", verbose_name="登记为")
    set_aside_at = models.DateTimeField("不作申请处理的时间", null=True, blank=True)
    set_aside_reason = models.CharField("理由", max_length=300, blank=True)

    not_in_journal = frozenset({"sender", "subject", "raw"})

    class Meta:
        verbose_name = verbose_name_plural = "收到的邮件"
        ordering = ["-arrived_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "message_id"], name="mail_read_once"),
            models.CheckConstraint(condition=Q(set_aside_at__isnull=True) | ~Q(set_aside_reason=""), name="mail_set_aside_says_why"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.arrived_at:%Y-%m-%d %H:%M}"


class ContactTest(models.Model):
    """试信: a letter to the address of the guide (条例第十二条), answered by the code it carries, bounced, or neither."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contact_tests", verbose_name="机关")
    address = models.CharField("指南上的电子邮箱", max_length=120)
    code = models.CharField("回执码", max_length=16, unique=True)
    sent_at = models.DateTimeField("发出时间")
    answered_at = models.DateTimeField("收到的时间", null=True, blank=True)
    bounced = models.CharField("退信的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指南邮箱试信"
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.agency} {self.sent_at:%Y-%m-%d}"
