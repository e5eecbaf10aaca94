"""What follows a reply: correction, reconsideration and suit, what requests teach, and what is kept of the case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.models.applicants import case_path
from gongkai.disclosure_requests.models.requests import DisclosureRequest
from gongkai.sealing.fields import SealedText
from gongkai.sealing.files import SealedStorage


class Correction(models.Model):
    """更正申请 (条例第四十一条): a record about the applicant is wrong, with evidence; corrected, passed on, or refused with reasons."""

    class Result(models.TextChoices):
        CORRECTED = "corrected", "已经更正"
        TRANSFERRED = "transferred", "转送有权更正的机关"
        REDIRECTED = "redirected", "告知向有权更正的机关提出"
        REFUSED = "refused", "不予更正"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="corrections", verbose_name="机关")
    request = models.ForeignKey(
        DisclosureRequest, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="相关申请"
    )
    number = models.CharField("编号", max_length=80, unique=True)
    applicant = SealedText("申请人和联系方式")
    record = models.CharField("有误的记录", max_length=300)
    claim = SealedText("更正内容和证据")
    received_on = models.DateField("收到日期")
    result = models.CharField("结果", max_length=12, choices=Result.choices, blank=True)
    to = models.CharField("有权更正的机关", max_length=120, blank=True)
    words = models.TextField("说明", blank=True)
    answered_on = models.DateField("告知日期", null=True, blank=True)
    retention_until = models.DateField("个人信息保存至", null=True, blank=True, help_text="没有相关申请的，告知时定下")
    anonymised_at = models.DateTimeField("去标识化时间", null=True, blank=True)

    not_in_journal = frozenset({"applicant", "claim"})

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ["-received_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(answered_on__isnull=True) | ~Q(result=""), name="correction_has_result")]

    def __str__(self) -> str:
        return self.number


class Remedy(models.Model):
    """行政复议、行政诉讼 over a reply or over silence, with the results of table four of the annual report."""

    class Kind(models.TextChoices):
        RECONSIDERATION = "reconsideration", "行政复议"
        SUIT = "suit", "行政诉讼（未经复议直接起诉）"
        SUIT_AFTER = "suit_after", "行政诉讼（复议后起诉）"

    class Result(models.TextChoices):
        UPHELD = "upheld", "结果维持"
        CORRECTED = "corrected", "结果纠正"
        OTHER = "other", "其他结果"

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="remedies", verbose_name="申请")
    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    procedure = models.CharField("程序", max_length=8, choices=[("ordinary", "普通程序"), ("simple", "简易程序")], default="ordinary")
    organ = models.CharField("复议机关、法院", max_length=120)
    number = models.CharField("案号", max_length=80, blank=True)
    filed_on = models.DateField("提起日期")
    served_on = models.DateField("收到副本的日期", null=True, blank=True)
    answered_on = models.DateField("提出答复、答辩的日期", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result.choices, blank=True)
    result_words = models.CharField("裁判、决定内容", max_length=500, blank=True)
    closed_on = models.DateField("审结日期", null=True, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name="前一程序")

    class Meta:
        verbose_name = verbose_name_plural = "复议和诉讼"
        ordering = ["filed_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closed_on__isnull=True, result="") | ~Q(result=""), name="closed_remedy_has_result"),
            models.CheckConstraint(condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("filed_on")), name="remedy_closed_later"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.filed_on}"


class WorkSuggestion(models.Model):
    """工作建议 to a unit from what requests reveal (S4-57), with its answer."""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, null=True, blank=True, related_name="suggestions", verbose_name="申请")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="提出单位")
    to = models.ForeignKey(Agency, models.PROTECT, related_name="suggestions_received", verbose_name="被建议单位")
    problem = models.TextField("发现的问题")
    advice = models.TextField("建议")
    sent_at = models.DateTimeField("提出时间")
    answer = models.TextField("办理情况", blank=True)
    answered_at = models.DateTimeField("回复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作建议"
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(problem="") & ~Q(advice=""), name="suggestion_has_words"),
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="suggestion_answer_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.sent_at:%Y-%m-%d}"


class OpeningProposal(models.Model):
    """转为主动公开 (条例第四十四条; S4-58): what several asked for, or an applicant suggested; published promptly if it qualifies."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="opening_proposals", verbose_name="机关")
    subject = models.CharField("信息", max_length=200)
    requests = models.ManyToManyField(DisclosureRequest, related_name="opening_proposals", verbose_name="申请")
    suggested_by_applicant = models.BooleanField("申请人建议", default=False)
    found_on = models.DateField("发现日期")
    accepted = models.BooleanField("纳入主动公开", null=True, blank=True)
    reason = models.CharField("审核意见", max_length=500, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人")
    document_id = models.PositiveBigIntegerField("公开的政府信息", null=True, blank=True, help_text="publications 的 Document；由佐证核对")

    class Meta:
        verbose_name = verbose_name_plural = "转为主动公开"
        ordering = ["-found_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | (Q(accepted__isnull=False) & ~Q(reason="")), name="proposal_decided"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class FrequentAnswer(models.Model):
    """常见问题: an answer that many need, without anything of any applicant."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="frequent_answers", verbose_name="机关")
    question = models.CharField("问题", max_length=200)
    answer = models.TextField("回答")
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "常见问题"
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(published_at__isnull=True) | Q(reviewed_by__isnull=False), name="published_answer_reviewed")
        ]

    def __str__(self) -> str:
        return self.question


class ArchivePackage(models.Model):
    """归档: all documents of a case, its timeline and their hashes, in one sealed zip (条例第四十五条)."""

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="archive", verbose_name="申请")
    file = models.FileField("案卷包", upload_to=case_path, storage=SealedStorage(), max_length=200)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveBigIntegerField("字节")
    made_at = models.DateTimeField("归档时间")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="归档人")

    not_in_journal = frozenset({"file"})

    class Meta:
        verbose_name = verbose_name_plural = "案卷"

    def __str__(self) -> str:
        return f"{self.request_id} {self.made_at:%Y-%m-%d}"
