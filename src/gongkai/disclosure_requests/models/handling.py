"""What happens to a request between receipt and reply; each row is what gongkai.clocks is told of (clock.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Section
from gongkai.disclosure_requests.models.requests import DisclosureRequest
from gongkai.obligations.models import Obligation
from gongkai.sealing.fields import SealedText


class Assignment(models.Model):
    """交办: a section, or a person of it, works on the request until a day of the office's own; several at once are allowed."""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="assignments", verbose_name="申请")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办科室")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办人")
    task = models.CharField("承办内容", max_length=300)
    due_on = models.DateField("内部期限", null=True, blank=True)
    assigned_at = models.DateTimeField("交办时间")
    answered_at = models.DateTimeField("回复时间", null=True, blank=True)
    answer = models.TextField("承办意见", blank=True)
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "交办"
        ordering = ["assigned_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(section__isnull=False) | Q(person__isnull=False), name="assigned_to_somebody"),
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="assignment_answer_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.section or self.person}"


class Clarification(models.Model):
    """补正告知, once for a request (条例第三十条): the reply's clock runs anew from the day the corrected request is received."""

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="clarification", verbose_name="申请")
    items = models.TextField("需要补正的事项")
    due_on = models.DateField("合理的补正期限")
    issued_on = models.DateField("告知日期")
    served_on = models.DateField("送达日期", null=True, blank=True)
    answered_at = models.DateTimeField("收到补正的时间", null=True, blank=True)
    answer = SealedText("补正内容", blank=True)
    lapsed_on = models.DateField("视为放弃的日期", null=True, blank=True, help_text="无正当理由逾期不补正，不再处理")
    lapse_note = models.CharField("认定说明", max_length=300, blank=True)

    not_in_journal = frozenset({"answer"})

    class Meta:
        verbose_name = verbose_name_plural = "补正告知"
        constraints = [
            models.CheckConstraint(condition=~Q(items=""), name="clarification_says_what"),
            models.CheckConstraint(condition=Q(due_on__gt=F("issued_on")), name="clarification_gives_time"),
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | Q(lapsed_on__isnull=True), name="answered_or_lapsed"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} 补正告知 {self.issued_on}"


class Consultation(models.Model):
    """征求意见 of a third party (条例第三十二条: its silence leaves it to the agency), another organ (第三十三条), or a co-maker, whose
    silence agrees (第三十四条).

    While any third party or other organ is asked the clock stands still. `obligation` carries the fifteen working days.
    """

    class Kind(models.TextChoices):
        THIRD_PARTY = "third_party", "第三方"
        ORGAN = "organ", "其他机关"
        JOINT_MAKER = "joint_maker", "共同制作机关"

    class Opinion(models.TextChoices):
        AGREES = "agrees", "同意公开"
        REFUSES = "refuses", "不同意公开"
        PARTLY = "partly", "同意部分公开"
        SILENT = "silent", "逾期未提出意见"

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="consultations", verbose_name="申请")
    kind = models.CharField("对象", max_length=12, choices=Kind.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机关")
    party = SealedText("第三方姓名或者名称", blank=True)
    contact = SealedText("联系方式", blank=True)
    asked = models.TextField("征求意见的内容")
    sent_on = models.DateField("发出日期")
    served_on = models.DateField("对方收到日期", null=True, blank=True)
    due_on = models.DateField("提出意见的期限", null=True, blank=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="期限")
    answered_on = models.DateField("收到意见或者逾期的日期", null=True, blank=True)
    opinion = models.CharField("意见", max_length=8, choices=Opinion.choices, blank=True)
    reasons = SealedText("理由", blank=True)
    reasonable = models.BooleanField("理由合理", null=True, blank=True)
    overridden = models.BooleanField("因公共利益决定公开", default=False)
    override_reason = models.CharField("公共利益的理由", max_length=500, blank=True)
    told_on = models.DateField("书面告知第三方的日期", null=True, blank=True)

    not_in_journal = frozenset({"party", "contact", "reasons"})

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="joint_maker") | Q(agency__isnull=False), name="joint_maker_is_an_agency"),
            models.CheckConstraint(condition=Q(answered_on__isnull=True, opinion="") | ~Q(opinion=""), name="answered_has_opinion"),
            models.CheckConstraint(condition=Q(overridden=False) | ~Q(override_reason=""), name="override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.get_kind_display()} {self.sent_on}"


class Extension(models.Model):
    """延长答复期限, once, by the head of the disclosure office, and the applicant is told (条例第三十三条)."""

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="extension", verbose_name="申请")
    n = models.PositiveSmallIntegerField("延长的工作日")
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    told_on = models.DateField("告知申请人的日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延长答复期限"
        constraints = [
            models.CheckConstraint(condition=Q(n__gt=0) & ~Q(reason=""), name="extension_is_reasoned"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="extension_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} 延长 {self.n} 个工作日"


class FeeNotice(models.Model):
    """信息处理费收费通知 (国办函〔2020〕109号): by item or by volume, never both; paid, or lapsed. The clock runs anew from the payment."""

    class By(models.TextChoices):
        ITEM = "item", "按件"
        VOLUME = "volume", "按量"

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="fee", verbose_name="申请")
    by = models.CharField("计收方式", max_length=6, choices=By.choices)
    quantity = models.PositiveIntegerField("件数或者页数")
    earlier = models.PositiveIntegerField("当月已计件数", default=0, help_text="按件：同一申请人同一自然月在这一件之前的件数")
    amount = models.PositiveIntegerField("金额（元）")
    lines = models.JSONField("计算过程", default=list)
    issued_on = models.DateField("通知日期")
    served_on = models.DateField("申请人收到日期", null=True, blank=True)
    due_on = models.DateField("缴费期限", null=True, blank=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="期限")
    paid_on = models.DateField("缴费日期", null=True, blank=True)
    receipt_number = models.CharField("票据号", max_length=60, blank=True)
    lapsed_on = models.DateField("视为放弃的日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "信息处理费"
        constraints = [
            models.CheckConstraint(condition=Q(paid_on__isnull=True) | Q(lapsed_on__isnull=True), name="paid_or_lapsed"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_is_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount} 元"


class FrequencyCheck(models.Model):
    """要求说明理由 (条例第三十五条), once for a request of too great a number: not reasonable, or reasonable with a later
    day."""

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="frequency", verbose_name="申请")
    facts = models.CharField("数量和频次", max_length=500)
    measured = models.JSONField("核对的件数", default=dict, blank=True, help_text="{month, year, alike}：要求说明理由时系统数得的")
    asked_on = models.DateField("要求说明理由的日期")
    given = SealedText("申请人说明的理由", blank=True)
    reasonable = models.BooleanField("理由合理", null=True, blank=True)
    words = models.CharField("认定", max_length=500, blank=True)
    judged_on = models.DateField("认定日期", null=True, blank=True)
    delayed_to = models.DateField("延迟答复至", null=True, blank=True)

    not_in_journal = frozenset({"given"})

    class Meta:
        verbose_name = verbose_name_plural = "要求说明理由"
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_on__isnull=True) | (Q(reasonable__isnull=False) & ~Q(words="")), name="frequency_judged"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} 要求说明理由 {self.asked_on}"
