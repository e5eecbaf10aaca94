"""政府信息公开申请 (条例第二十七条至第四十五条): one row for each content asked of one agency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction, Section
from gongkai.obligations.models import Obligation
from gongkai.sealing.fields import SealedText

OPEN = Q(closed_on__isnull=True) | Q(reopened_on__isnull=False)
"""Still to be answered, or to be answered again (docs/decisions/0031)."""
CLOSED = Q(closed_on__isnull=False, reopened_on__isnull=True)
"""Answered, and not to be answered again: what OPEN is not."""


class DisclosureRequest(models.Model):
    """What one applicant asks of one agency. Its state is computed (queries.with_state) from the dates here and from what hangs on it.

    The clock is that of `obligation` (法定规则 request.reply), whose events are written by clock.py alone. `received_on` is the day of the
    receipt rule of its channel (clocks.receipt, 条例第三十一条); until that is known no clock runs. What the applicant wrote is sealed;
    `subject` is the short line the lists show, with personal numbers masked.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", "网上提交"
        COUNTER = "counter", "当面提交"
        ORAL = "oral", "口头申请，工作人员代填"
        REGISTERED_POST = "registered_post", "挂号信、特快专递"
        ORDINARY_MAIL = "ordinary_mail", "平常信函"
        FAX = "fax", "传真"
        EMAIL = "email", "电子邮件"

    class Form(models.TextChoices):
        PAPER = "paper", "纸质"
        ELECTRONIC = "electronic", "电子文件"
        INSPECT = "inspect", "现场查阅、抄录"

    class Route(models.TextChoices):
        ONLINE = "online", "网上领取"
        EMAIL = "email", "电子邮件"
        POST = "post", "邮寄"
        FAX = "fax", "传真"
        PICK_UP = "pick_up", "自行领取"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="disclosure_requests", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="disclosure_requests", verbose_name="受理机关")
    number = models.CharField("申请编号", max_length=80, unique=True)
    check_digest = models.CharField("查询码摘要", max_length=64)
    wrong_codes = models.PositiveSmallIntegerField("查询码连续输错次数", default=0)
    locked_until = models.DateTimeField("暂停查询至", null=True, blank=True)
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交多次只有一条记录")

    channel = models.CharField("渠道", max_length=16, choices=Channel.choices)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    arrived_at = models.DateTimeField("到达（签收）时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("双方确认时间", null=True, blank=True)
    received_on = models.DateField("收到申请之日", null=True, blank=True)
    receipt_rule = models.CharField("收到日的依据", max_length=300, blank=True)

    subject = models.CharField("申请事项", max_length=120)
    description = SealedText("所需信息的内容描述", blank=True)
    wanted_number = models.CharField("文号", max_length=120, blank=True)
    features = SealedText("便于查询的其他特征", blank=True)
    purpose = SealedText("用途", blank=True, help_text="不是必填项：2019 年条例不再要求说明特殊需要")
    form = models.CharField("获取形式", max_length=10, choices=Form.choices, default=Form.ELECTRONIC)
    route = models.CharField("获取途径", max_length=8, choices=Route.choices, default=Route.ONLINE)
    suggests_opening = models.BooleanField("建议主动公开", default=False, help_text="条例第四十四条")
    offered = models.JSONField("提交前提示的已公开信息", default=dict, blank=True, help_text="{shown, clicked}：提示几条、点开几条")
    likeness = models.JSONField("相似特征", default=list, blank=True, help_text="加密钥的字片签名，不含原文；相同申请由它找出")

    registered_at = models.DateTimeField("登记时间", null=True, blank=True)
    accepted_at = models.DateTimeField("签收时间", null=True, blank=True)
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="承办科室")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="拆自")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="alike", verbose_name="与之相同的申请")
    obligation = models.OneToOneField(
        Obligation, models.PROTECT, null=True, blank=True, related_name="disclosure_request", verbose_name="答复义务"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField("处理结果", max_length=40, blank=True, help_text="formats/annual_report 的 outcomes.toml")
    reopened_on = models.DateField(
        "责令重新答复的日期",
        null=True,
        blank=True,
        help_text="复议、诉讼纠正以后重新答复期间；办结日期和处理结果不改，见 docs/decisions/0031",
    )
    answer_again_by = models.DateField("重新答复的期限", null=True, blank=True)
    withdrawn_at = models.DateTimeField("申请人撤回时间", null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField("满意度", null=True, blank=True, help_text="1 很不满意 至 5 很满意")
    satisfaction_words = SealedText("评价", blank=True)
    retention_until = models.DateField("个人信息保存至", null=True, blank=True)
    anonymised_at = models.DateTimeField("去标识化时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    not_in_journal = frozenset({"description", "features", "purpose", "satisfaction_words", "check_digest", "likeness"})

    class Meta:
        verbose_name = verbose_name_plural = "政府信息公开申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(number="") & ~Q(key="") & ~Q(subject=""), name="request_has_number_and_subject"),
            models.CheckConstraint(condition=Q(received_on__isnull=True) | ~Q(receipt_rule=""), name="receipt_has_rule"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="") | (Q(closed_on__isnull=False, received_on__isnull=False) & ~Q(outcome="")),
                name="closed_request_has_outcome",
            ),
            models.CheckConstraint(condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("received_on")), name="closed_after_receipt"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5), name="satisfaction_one_to_five"
            ),
            models.CheckConstraint(condition=Q(reopened_on__isnull=True) | Q(closed_on__isnull=False), name="reopened_was_closed"),
            models.CheckConstraint(condition=~Q(split_from=F("id")) & ~Q(same_as=F("id")), name="request_is_not_its_own"),
        ]
        indexes = [
            # All that the queue counts and sorts by, so that it does not come to the rows themselves, which are long; with the columns
            # of its condition, for SQLite looks them up otherwise.
            models.Index(
                fields=["agency", "registered_at", "answer_again_by", "obligation", "created_at", "id", "closed_on", "reopened_on"],
                condition=OPEN,
                name="open_request_sorted",
            ),
            models.Index(fields=["agency", "closed_on", "id"], condition=CLOSED, name="closed_request_by_agency"),
            models.Index(fields=["closed_on", "id"], condition=CLOSED, name="closed_request_newest"),
            models.Index(fields=["created_at", "id"], name="request_newest_of_all"),
            models.Index(fields=["agency", "received_on", "closed_on", "outcome"], name="request_counted"),
            models.Index(fields=["jurisdiction", "received_on"], name="request_by_place"),
            models.Index(fields=["agency", "-created_at", "-id"], name="request_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"
