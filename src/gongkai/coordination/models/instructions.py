"""上级交办: an order of an openness office to agencies of its place and to the offices below, each of whom may pass it on."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.coordination.models.deeds import deed_path


class Instruction(models.Model):
    """The words of one order. Who must do it are its obligations (source instruction, subject this row): there is no second list."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="instructions", verbose_name="交办地区")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="交办单位")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="转办自",
        help_text="上级交办，由本级转给自己的单位",
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="tree", verbose_name="最初的交办")
    title = models.CharField("事项", max_length=200)
    text = models.TextField("交办内容", validators=[MaxLengthValidator(5000)])
    number = models.CharField("依据或文号", max_length=200, blank=True)
    issued_on = models.DateField("交办日期")
    due_on = models.DateField("办理期限", null=True, blank=True)
    limit = models.CharField("法定时限", max_length=60, blank=True, help_text="clocks.limits 的编号，从交办日期起算")
    file = models.FileField("附件", upload_to=deed_path, max_length=200, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    size = models.PositiveIntegerField("字节", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField("内容类型", max_length=100, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    issued_at = models.DateTimeField("交办时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "上级交办"
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="instruction_has_words"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False, limit="") | (Q(due_on__isnull=True) & ~Q(limit="")), name="instruction_has_one_limit"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_instruction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True) | Q(parent__isnull=False, root__isnull=False),
                name="passed_on_instruction_knows_its_root",
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="instruction_passes_on_another"),
        ]
        indexes = [models.Index(fields=["jurisdiction", "-issued_on"], name="instruction_by_place")]

    def __str__(self) -> str:
        return self.title
