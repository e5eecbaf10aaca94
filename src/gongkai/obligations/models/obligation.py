"""The one idea: a duty with one owner, one clock and one proof; see design/OBLIGATIONS.md.

State is never stored: `queries.with_state` computes it from dates and evidence on every read.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction, Leader, Section

OPEN = Q(fulfilled_on__isnull=True, waived_at__isnull=True, replaced_on__isnull=True)
"""What still asks for something."""


class Obligation(models.Model):
    """One duty of one agency. `rule` and `subject_id` name the rule and the record that made it.

    Making it twice is harmless (unique on source, rule, subject, owner, share, period). A duty with a `limit` has ClockEvents, and
    `due_on`, `due_at`, `suspended_on`, `provisional` and `calendar` are what gongkai.clocks makes of them, stored for queries and written
    by clocking.py alone.
    """

    class Source(models.TextChoices):
        PLAN_TASK = "plan_task", "方案任务"
        STATUTE = "statute", "法定规则"
        CATALOGUE = "catalogue", "目录事项"
        FINDING = "finding", "问题整改"
        INSTRUCTION = "instruction", "上级交办"

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        RESPONSIBLE = "responsible", "负责"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="obligations", verbose_name="行政区划")
    owner = models.ForeignKey(Agency, models.PROTECT, related_name="obligations", verbose_name="责任单位")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="obligations", verbose_name="承办科室")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="obligations", verbose_name="承办人"
    )
    role = models.CharField("角色", max_length=12, choices=Role.choices, default=Role.LEAD)
    joint = models.BooleanField("分别牵头或按职责分工", default=False)
    source = models.CharField("来源", max_length=20, choices=Source.choices)
    rule = models.CharField("规则", max_length=60, blank=True, help_text="法定规则的编号，见 rules/statutes.toml")
    document_id = models.PositiveBigIntegerField("来源文件", null=True, blank=True, help_text="方案任务：所属方案")
    subject_id = models.PositiveBigIntegerField("来源记录", default=0, help_text="方案任务：任务；没有触发记录的规则为 0")
    share = models.CharField("承办份额", max_length=80, blank=True, help_text="同一单位的几个科室或几位负责人各办一份时，其名称")
    leader = models.ForeignKey(Leader, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责人")
    series = models.ForeignKey("Series", models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name="周期任务")
    period = models.CharField("周期", max_length=20, blank=True, help_text="重复任务的期别，如 2026-Q1；一次性任务为空")
    title = models.CharField("事项", max_length=300)
    basis = models.CharField("依据", max_length=300, blank=True)
    starts_on = models.DateField("开始日期")
    limit = models.JSONField("时限", null=True, blank=True, help_text="起算时有效的 clocks.limits.Limit；以后修订不影响")
    due_on = models.DateField("期限", null=True, blank=True)
    due_at = models.DateTimeField("期限时刻", null=True, blank=True, help_text="按小时计算的期限")
    calendar = models.CharField("日历版本", max_length=80, blank=True)
    provisional = models.BooleanField("期限暂定", default=False, help_text="期限内有尚未公布放假安排的年份")
    suspended_on = models.DateField("中止日期", null=True, blank=True, help_text="正在中止计时")
    freshness = models.JSONField(
        "更新时限", null=True, blank=True, help_text="实时、及时更新的任务：clocks.periods.Freshness；期限随最近一次佐证后移"
    )
    quota_op = models.CharField("数量要求", max_length=2, blank=True)
    quota_value = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    quota_unit = models.CharField("单位", max_length=20, blank=True)
    proof = models.JSONField("要求的佐证", default=dict, blank=True, help_text="规则快照：kinds、checks、no_change 等，见 proving.py")
    standing = models.CharField("长期或另行确定的时限", max_length=120, blank=True)
    inner_due_on = models.DateField("内部期限", null=True, blank=True, help_text="责任单位交办时自己定的日期；是否逾期只看期限")
    fulfilled_on = models.DateField("完成日期", null=True, blank=True, help_text="通过核查的佐证第一次满足要求的日期")
    fulfilled_at = models.DateTimeField("完成时刻", null=True, blank=True, help_text="按小时计算的期限")
    shown_on = models.DateField("最近一次佐证的日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="并案办理",
        help_text="佐证在那一项提交，两项同时证明",
    )
    waived_at = models.DateTimeField("免除时间", null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人")
    waiver_reason = models.CharField("免除理由", max_length=500, blank=True)
    replaced_on = models.DateField("不再办理的日期", null=True, blank=True, help_text="由新方案接续、并入别的任务，或者法定规则不再要求")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "义务"
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "rule", "subject_id", "owner", "share", "period"], name="obligation_made_once"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True, waived_by__isnull=True, waiver_reason="")
                | (Q(waived_at__isnull=False, waived_by__isnull=False) & ~Q(waiver_reason="")),
                name="waiver_has_approver_and_reason",
            ),
            models.CheckConstraint(condition=Q(waived_at__isnull=True) | Q(fulfilled_on__isnull=True), name="waived_is_not_fulfilled"),
            models.CheckConstraint(condition=~Q(title=""), name="obligation_has_title"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(suspended_on__isnull=False) | ~Q(standing=""),
                name="obligation_has_due_date_or_says_why_not",
            ),
            models.CheckConstraint(condition=Q(suspended_on__isnull=True) | Q(due_on__isnull=True), name="suspended_is_not_due"),
            models.CheckConstraint(condition=Q(due_at__isnull=True) | Q(due_on__isnull=False), name="due_moment_has_its_day"),
            models.CheckConstraint(condition=Q(quota_value__isnull=True) | ~Q(quota_op=""), name="quota_has_operator"),
            models.CheckConstraint(condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="merged_into_another"),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=OPEN, name="open_obligation_by_owner"),
            models.Index(
                # Answers by itself what is open in a place and in which order. What is always empty in it is there for SQLite, which looks
                # into the row for it otherwise.
                fields=["jurisdiction", "due_on", "id", "merged_into", "fulfilled_on", "waived_at", "replaced_on"],
                condition=OPEN,
                name="open_duty_of_place",
            ),
            models.Index(fields=["calendar"], condition=OPEN & ~Q(calendar=""), name="open_clock_by_calendar"),
            models.Index(
                # All that state, order and choices of the ledger ask of a row of a place (queries.py, choices.py), so that none is read.
                fields=[
                    *("jurisdiction", "due_on", "fulfilled_on", "waived_at", "replaced_on", "suspended_on", "starts_on"),
                    *("due_at", "fulfilled_at", "owner", "section", "source", "document_id", "id"),
                ],
                name="obligation_of_place",
            ),
            models.Index(
                # All that the roll-up asks of a row, so that it reads no row (rollup.py): the widest index pays for the widest page.
                fields=[
                    *("owner", "due_on", "fulfilled_on", "waived_at", "suspended_on", "starts_on"),
                    *("due_at", "fulfilled_at", "jurisdiction", "source", "document_id", "replaced_on"),
                ],
                name="obligation_rolled_up",
            ),
            models.Index(
                fields=["due_on", "id", "suspended_on", "fulfilled_on", "waived_at", "replaced_on"], condition=OPEN, name="open_duty_by_due"
            ),
            models.Index(fields=["source", "subject_id"], name="obligation_by_subject"),
            models.Index(fields=["source", "document_id"], name="obligation_by_document"),
        ]

    def __str__(self) -> str:
        return self.title


class Helper(models.Model):
    """配合单位: sees the obligation in its list, is never answerable for it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="helpers", verbose_name="义务")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="helping", verbose_name="配合单位")

    class Meta:
        verbose_name = verbose_name_plural = "配合单位"
        constraints = [models.UniqueConstraint(fields=["obligation", "agency"], name="helper_once")]

    def __str__(self) -> str:
        return f"{self.agency} 配合 {self.obligation}"
