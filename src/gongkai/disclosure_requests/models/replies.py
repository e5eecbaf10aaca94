"""答复: a letter made from a versioned template, with grounds, files and remedy; reviewed by others than its author; served with proof."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.disclosure_requests.models.applicants import CaseFile, case_path
from gongkai.disclosure_requests.models.handling import Consultation
from gongkai.disclosure_requests.models.requests import DisclosureRequest
from gongkai.sealing.fields import SealedText
from gongkai.sealing.files import SealedStorage


class LetterTemplate(models.Model):
    """The words of one kind of letter in a place, versioned; without one the national words of rules/letters.toml hold. A reply keeps the
    version it was written by. One that nobody approved yet is a draft and used by nobody."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="letter_templates", verbose_name="行政区划")
    letter = models.CharField("文书", max_length=40, help_text="处理结果的编号，或 receipt、clarification、extension、third_party 等")
    version = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", help_text="{花括号} 里是填入的内容，见 rules/letters.toml")
    effective_from = models.DateField("启用日期")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟稿人")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文书模板"
        ordering = ["letter", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "letter", "version"], name="letter_version_once"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="letter_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="letter_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} 第 {self.version} 版"


class Reply(models.Model):
    """The answer to a request; one is current, an earlier one that was returned for good or set aside by a court keeps its row.

    `answers`: what the form of the outcome asked (outcomes.toml `needs`), e.g. where it is public, which organ has it. Its state is
    computed: drafting, in review, reviewed, signed, served.
    """

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="replies", verbose_name="申请")
    outcome = models.CharField("处理结果", max_length=40)
    situation = models.CharField("情形", max_length=40, blank=True, help_text="一行有两种情形的，outcomes.toml 的 situations")
    grounds = models.JSONField("依据", default=list, blank=True)
    answers = models.JSONField("各项内容", default=dict, blank=True)
    text = SealedText("正文")
    template = models.ForeignKey(LetterTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="模板")
    template_version = models.CharField("模板版本", max_length=40, blank=True, help_text="全国文本：其施行日期")
    number = models.CharField("文号", max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间")
    version = models.PositiveIntegerField("稿次", default=1, help_text="乐观锁；审核只对看过的稿次有效")
    proposed_at = models.DateTimeField("送审时间", null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人")
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    served_on = models.DateField("送达日期", null=True, blank=True)
    snapshots = SealedText(
        "送审过的文稿", blank=True, help_text="JSON：最近两次送审的 {version, outcome, situation, grounds, answers, text, files}"
    )
    cleared = models.JSONField(
        "筛查认定", default=dict, blank=True, help_text="{筛查结果摘要: {reason, by, name, at}}，见 replying/gate.py"
    )
    replaced_at = models.DateTimeField("不再有效的时间", null=True, blank=True)
    replaced_reason = models.CharField("不再有效的理由", max_length=300, blank=True)

    not_in_journal = frozenset({"text", "answers", "snapshots", "cleared"})

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(replaced_at__isnull=True), name="one_current_reply"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="reply_number_once"),
            models.CheckConstraint(condition=Q(signed_at__isnull=True) | (Q(signed_by__isnull=False) & ~Q(number="")), name="signed_reply"),
            models.CheckConstraint(condition=Q(served_on__isnull=True) | Q(signed_at__isnull=False), name="served_after_signing"),
            models.CheckConstraint(condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("author")), name="signed_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.outcome}"


class ReplyReview(models.Model):
    """What one person concluded on one version of a reply. Refusals need a second reviewer, every reply a secrecy review by another than
    its author (条例第十七条; 保密法实施条例第四十二条; S2-30, S3-33)."""

    class Step(models.TextChoices):
        CONTENT = "content", "审核"
        SECOND = "second", "复核"
        SECRECY = "secrecy", "保密审查"

    class Conclusion(models.TextChoices):
        PASSED = "passed", "同意"
        RETURNED = "returned", "退回"

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="reviews", verbose_name="答复")
    version = models.PositiveIntegerField("所审稿次")
    step = models.CharField("步骤", max_length=8, choices=Step.choices)
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion.choices)
    basis = models.CharField("依据", max_length=300)
    opinion = models.TextField("意见", blank=True)
    items = models.JSONField(
        "逐项", default=list, blank=True, help_text="保密审查：[{file, name, conclusion, basis, note}]，file 为空是正文"
    )
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "答复审核"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="reply_review_has_basis"),
            models.CheckConstraint(condition=~Q(conclusion="returned") | ~Q(opinion=""), name="reply_return_has_opinion"),
            models.UniqueConstraint(fields=["reply", "version", "step"], condition=Q(conclusion="passed"), name="reply_step_passed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.get_step_display()}"


class ReplyFile(models.Model):
    """What is given with a reply: a file of the case as it is, or a redacted copy with its areas and their reasons (条例第三十七条)."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="files", verbose_name="答复")
    source = models.ForeignKey(CaseFile, models.PROTECT, related_name="+", verbose_name="原件")
    areas = models.JSONField("遮盖处", default=list, blank=True, help_text="[{page, box, match, reason}]，见 gongkai.redaction")
    given = models.FileField("提供的文件", upload_to=case_path, storage=SealedStorage(), max_length=200, blank=True)
    given_name = models.CharField("提供的文件名", max_length=200, blank=True)
    given_sha256 = models.CharField("校验值", max_length=64, blank=True)
    given_size = models.PositiveBigIntegerField("字节", default=0)
    made_at = models.DateTimeField("制作时间", null=True, blank=True)
    failed = models.CharField("不能制作的原因", max_length=300, blank=True)
    pages_done = models.PositiveIntegerField("已处理页数", default=0)
    pages = models.PositiveIntegerField("页数", default=0)
    findings = models.JSONField(
        "筛查结果", default=list, blank=True, help_text="[{kind, rule, severity, where, masked, why}]，只有遮掩后的值"
    )

    not_in_journal = frozenset({"areas", "given", "given_name", "findings"})

    class Meta:
        verbose_name = verbose_name_plural = "提供的文件"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["reply", "source"], name="file_given_once")]

    def __str__(self) -> str:
        return f"{self.reply_id} #{self.pk}"


class Service(models.Model):
    """送达: how and when a letter of the case reached the applicant or another, with its proof. A failed attempt has its row too.

    What a letter tells is fixed when it is sent (`agency`, `told`, `consultation`): its file is made later, when the case has gone on.
    """

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="services", verbose_name="申请")
    letter = models.CharField("文书", max_length=40)
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="services", verbose_name="答复")
    file = models.ForeignKey(CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文书文件")
    word_file = models.ForeignKey(CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文书的 Word 版")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发文机关", help_text="转办以后，原机关的文书仍是它的"
    )
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="services", verbose_name="征求意见", help_text="发给谁的"
    )
    told = models.JSONField("发出时填入的内容", default=dict, blank=True, help_text="日期、机关等以后会变的；没有申请人的信息")
    again_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="没有送达的前一次")
    route = models.CharField("途径", max_length=8, choices=DisclosureRequest.Route.choices)
    sent_on = models.DateField("发出日期")
    served_on = models.DateField("送达日期", null=True, blank=True)
    proof = models.CharField("凭证", max_length=200, blank=True, help_text="邮件号、签收人、网上打开的时间")
    proof_file = models.ForeignKey(CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="凭证文件")
    failed = models.CharField("没有送达的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(served_on__isnull=True) | Q(failed=""), name="served_or_failed"),
            models.CheckConstraint(condition=Q(served_on__isnull=True) | Q(served_on__gte=F("sent_on")), name="served_after_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.letter} {self.sent_on}"
