"""有效性: what happened to a document's force, each time with its cause; the state of a day is computed from it (validity.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.publications.models.documents import Document


class Cleanup(models.Model):
    """文件清理: one review of a stock of documents, its list published as what the pages say (S0-25: the list equals the marks)."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="cleanups", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cleanups", verbose_name="清理单位")
    title = models.CharField("名称", max_length=200)
    basis = models.CharField("依据", max_length=300)
    on = models.DateField("清理基准日")
    notice = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="cleanups", verbose_name="清理结果公告")
    decided_at = models.DateTimeField("作出决定", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件清理"
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(title="") & ~Q(basis=""), name="cleanup_has_title_and_basis")]

    def __str__(self) -> str:
        return self.title


class ValidityChange(models.Model):
    """A decision that changed a document's force from a day on, with what decided it. The page carries the mark for ever (S4-16)."""

    class Effect(models.TextChoices):
        AMENDED = "amended", "已修改"
        REPEALED = "repealed", "废止"
        LAPSED = "lapsed", "失效"
        SUSPENDED = "suspended", "宣布停止执行"
        CONTINUED = "continued", "继续有效"

    document = models.ForeignKey(Document, models.PROTECT, related_name="validity_changes", verbose_name="文件")
    effect = models.CharField("效力", max_length=9, choices=Effect.choices)
    on = models.DateField("生效日期")
    until = models.DateField("延续至", null=True, blank=True, help_text="继续有效到何时；空为不限")
    cause = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="causes", verbose_name="依据文件")
    cause_words = models.CharField("依据", max_length=300)
    cleanup = models.ForeignKey(Cleanup, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="清理")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "效力变更"
        ordering = ["document", "on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(cause_words=""), name="validity_change_has_cause"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="continued_until_later"),
            models.CheckConstraint(condition=Q(cause__isnull=True) | ~Q(cause=F("document")), name="document_causes_another"),
        ]
        indexes = [
            models.Index(fields=["document", "on"], name="validity_by_document"),
            models.Index(fields=["effect", "document"], name="validity_by_effect"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_effect_display()}"


class CleanupEntry(models.Model):
    """One document in a clean-up, and what is proposed for it."""

    cleanup = models.ForeignKey(Cleanup, models.CASCADE, related_name="entries", verbose_name="清理")
    document = models.ForeignKey(Document, models.PROTECT, related_name="cleanup_entries", verbose_name="文件")
    effect = models.CharField("处理", max_length=9, choices=ValidityChange.Effect.choices, blank=True, default="")
    until = models.DateField("延续至", null=True, blank=True, help_text="继续有效的新期限；空则有期限的仍按原期限，已满的重新计算")
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "清理文件"
        constraints = [
            models.UniqueConstraint(fields=["cleanup", "document"], name="document_once_in_cleanup"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(effect="continued"), name="only_continued_has_until"),
        ]

    def __str__(self) -> str:
        return str(self.document)


class ValidityTerm(models.Model):
    """A place's own 有效期, in months, for the documents whose term is `term`; without one rules/validity.toml holds."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="validity_terms", verbose_name="行政区划")
    term = models.CharField("有效期", max_length=6, choices=[("plain", "一般"), ("trial", "试行、暂行")])
    months = models.PositiveSmallIntegerField("月数")
    basis = models.CharField("依据", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "有效期设置"
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "term"], name="one_term_of_a_place"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=600), name="term_is_of_sense"),
            models.CheckConstraint(condition=~Q(basis=""), name="term_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.get_term_display()} {self.months} 个月"
