"""审核: what each step concluded on one revision; 送请确定; the periodic evaluation of what is withheld (条例第十七、十八条)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue.models import Column
from gongkai.publications.models.attachments import AttachmentVersion
from gongkai.publications.models.documents import Document
from gongkai.publications.models.editions import Edition, Revision


class Workflow(models.Model):
    """The review steps of a place, or of one column of it; without one the steps of rules/workflow.toml (三审 and 保密审查) hold.

    `steps`: [{id, name, role, kind}], kind content or secrecy, at least one of each; in order, except that secrecy may run beside.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="workflows", verbose_name="行政区划")
    column = models.OneToOneField(Column, models.PROTECT, null=True, blank=True, related_name="workflow", verbose_name="栏目")
    steps = models.JSONField("步骤", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "审核流程"
        constraints = [models.UniqueConstraint(fields=["jurisdiction"], condition=Q(column__isnull=True), name="one_workflow_of_a_place")]

    def __str__(self) -> str:
        return f"{self.column or self.jurisdiction} 审核流程"


class Review(models.Model):
    """What one person concluded at one step on one revision. Append-only; a conclusion is changed by a further review."""

    class Conclusion(models.TextChoices):
        PASSED = "passed", "同意公开"
        REDACT = "redact", "删减后公开"
        RETURNED = "returned", "退回修改"
        WITHHELD = "withheld", "不予公开"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews", verbose_name="版次")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews", verbose_name="所审文稿")
    step = models.CharField("步骤", max_length=20)
    kind = models.CharField("类别", max_length=8, choices=[("content", "内容审核"), ("secrecy", "保密审查")])
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人")
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion.choices)
    basis = models.CharField("依据", max_length=300)
    opinion = models.TextField("意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核记录"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="review_has_basis"),
            models.CheckConstraint(condition=~Q(conclusion="returned") | ~Q(opinion=""), name="return_has_opinion"),
            models.UniqueConstraint(
                fields=["revision", "step"], condition=Q(conclusion__in=["passed", "redact"]), name="step_passed_once_for_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.step}"


class ReviewItem(models.Model):
    """逐项: what a review concluded on the text (`version` empty) or on one attachment, and on what basis. Append-only like its review."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="items", verbose_name="审核记录")
    version = models.ForeignKey(AttachmentVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="附件版本")
    conclusion = models.CharField("结论", max_length=8, choices=Review.Conclusion.choices)
    basis = models.CharField("依据", max_length=300)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "逐项审查"
        ordering = ["review", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="review_item_has_basis"),
            models.UniqueConstraint(fields=["review", "version"], condition=Q(version__isnull=False), name="file_once_in_review"),
            models.UniqueConstraint(fields=["review"], condition=Q(version__isnull=True), name="text_once_in_review"),
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.get_conclusion_display()}"


class Inquiry(models.Model):
    """送请确定: whether something may be opened is asked of the competent department or the secrecy administration (条例第十七条第二款)."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="inquiries", verbose_name="版次")
    to = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="送请单位")
    to_words = models.CharField("送请单位名称", max_length=120)
    question = models.TextField("请求确定的问题")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送请人")
    asked_at = models.DateTimeField("送请时间")
    answer = models.TextField("确定意见", blank=True)
    allowed = models.BooleanField("可以公开", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "送请确定"
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(question="") & ~Q(to_words=""), name="inquiry_asks_somebody"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | (Q(allowed__isnull=False) & ~Q(answer="")), name="answered_inquiry_concludes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} 送请{self.to_words}确定"


class Evaluation(models.Model):
    """定期评估审查 of withheld information, or of a normative document before its term ends: still so, or changed (条例第十八条)."""

    class Subject(models.TextChoices):
        WITHHELD = "withheld", "不予公开的信息"
        VALIDITY = "validity", "有效期届满前评估"

    class Conclusion(models.TextChoices):
        KEEP = "keep", "维持"
        OPEN = "open", "转为公开"
        AMEND = "amend", "修改"
        REPEAL = "repeal", "废止"
        LAPSE = "lapse", "失效"

    document = models.ForeignKey(Document, models.PROTECT, related_name="evaluations", verbose_name="政府信息")
    subject = models.CharField("评估对象", max_length=8, choices=Subject.choices)
    conclusion = models.CharField("结论", max_length=6, choices=Conclusion.choices)
    basis = models.CharField("依据", max_length=300)
    opinion = models.TextField("意见", blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评估人")
    on = models.DateField("评估日期")
    next_on = models.DateField("下次评估", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定期评估"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="evaluation_has_basis"),
            models.CheckConstraint(condition=Q(next_on__isnull=True) | Q(next_on__gt=F("on")), name="next_evaluation_is_later"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_conclusion_display()}"
