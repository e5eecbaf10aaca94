"""What proves that an obligation is met: a record of this system, a file, a public address, a judgement, a declaration of no change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Leader
from gongkai.obligations.models.obligation import Obligation
from gongkai.obligations.models.steps import Step, StepFile


class Evidence(models.Model):
    """One proof of one obligation, on the day it proves, with the result of its check. The same deed may prove several obligations.

    Only passed evidence that is not withdrawn counts; `Obligation.fulfilled_on` follows from it in the same transaction.
    """

    class Kind(models.TextChoices):
        RECORD = "record", "系统中的记录"
        FILE = "file", "佐证材料"
        ADDRESS = "address", "公开链接"
        JUDGEMENT = "judgement", "核查认定"
        NO_CHANGE = "no_change", "声明本期没有新内容"

    class Result(models.TextChoices):
        PASSED = "passed", "符合"
        FAILED = "failed", "不符合"
        TO_JUDGE = "to_judge", "待核查"

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="evidence", verbose_name="义务")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    record_kind = models.CharField("记录类别", max_length=40, blank=True)
    record_id = models.PositiveBigIntegerField("记录", null=True, blank=True)
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="办理记录")
    file = models.ForeignKey(StepFile, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="附件")
    url = models.URLField("公开链接", max_length=500, blank=True)
    proves = models.CharField("证明什么", max_length=200)
    on = models.DateField("证明的日期")
    at = models.DateTimeField("证明的时刻", null=True, blank=True, help_text="按小时计算的期限")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, default=1)
    leader = models.ForeignKey(Leader, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责人")
    result = models.CharField("核查结果", max_length=8, choices=Result.choices)
    reason = models.CharField("核查说明", max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人", help_text="空为自动核查"
    )
    checked_at = models.DateTimeField("核查时间", null=True, blank=True)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人")
    handed_at = models.DateTimeField("提交时间")
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="同时证明",
        help_text="并案办理：另一项义务的佐证",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回理由", max_length=500, blank=True)
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "佐证"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="record", record_id__isnull=False) & ~Q(record_kind="")
                | (~Q(kind="record") & Q(record_kind="", record_id__isnull=True)),
                name="record_evidence_names_its_record",
            ),
            models.CheckConstraint(condition=~Q(kind="address") | ~Q(url=""), name="address_evidence_has_address"),
            models.CheckConstraint(condition=~Q(kind="file") | Q(file__isnull=False), name="file_evidence_has_file"),
            models.CheckConstraint(condition=~Q(result="failed") | ~Q(reason=""), name="failed_evidence_says_why"),
            models.CheckConstraint(condition=~Q(proves=""), name="evidence_says_what_it_proves"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="evidence_counts_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_evidence_says_why",
            ),
            models.UniqueConstraint(
                fields=["obligation", "record_kind", "record_id"],
                condition=Q(kind="record", withdrawn_at__isnull=True),
                name="record_proves_an_obligation_once",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="evidence_has_key"),
        ]
        indexes = [
            models.Index(fields=["record_kind", "record_id"], name="evidence_by_record"),
            models.Index(fields=["obligation"], condition=Q(result="to_judge", withdrawn_at__isnull=True), name="evidence_to_judge"),
        ]

    def __str__(self) -> str:
        return self.proves

    @property
    def counts(self) -> bool:
        return self.result == self.Result.PASSED and self.withdrawn_at is None
