"""A government's plan as read, reviewed and issued; its tasks and who is named in them."""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from gongkai.agencies.models import Agency, CollectiveName, Jurisdiction, Section
from gongkai.journal.append_only import Immutable


def file_path(instance: Plan, name: str) -> str:
    """A path of our own making; the name the file came with is kept in `source_name`."""
    return f"plans/{timezone.localdate():%Y}/{uuid.uuid4().hex}{PurePath(instance.source_name).suffix.lower()}"


class Plan(models.Model):
    """工作要点 / 实施方案. Once issued (下达) its text and tasks are frozen; a change is a new plan that supersedes it."""

    class State(models.TextChoices):
        DRAFT = "draft", "待核对"
        ISSUED = "issued", "已下达"
        SUPERSEDED = "superseded", "已被新方案代替"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="plans", verbose_name="行政区划")
    title = models.CharField("标题", max_length=300)
    issuer = models.CharField("发文机关", max_length=200, blank=True)
    doc_number = models.CharField("发文字号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    source_name = models.CharField("文件名", max_length=255)
    source_file = models.FileField("原文件", upload_to=file_path, max_length=200)
    source_member = models.CharField("压缩包中的文件", max_length=255, blank=True)
    source_sha256 = models.CharField(max_length=64, help_text="上传的文件本身的摘要")
    source_text = models.TextField("提取的原文", help_text="所有位置都按这里的字符计数，不再改动")
    warnings = models.JSONField("提示", default=list, blank=True)
    cited_documents = models.JSONField("引用文件", default=list, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="代替的方案"
    )
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="下达人")
    opened_at = models.DateTimeField("下达时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "方案"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "source_sha256", "source_member"], name="same_file_imported_once"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True) | (~Q(state="draft") & Q(opened_at__isnull=False)),
                name="issued_plan_has_issue_time",
            ),
            models.CheckConstraint(condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="plan_supersedes_another"),
        ]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """任务: one assigned unit of work, tied to the words of the document by `span`."""

    class Review(models.TextChoices):
        PENDING = "pending", "待核对"
        CONFIRMED = "confirmed", "已确认"
        NOT_A_TASK = "not_a_task", "不是任务"

    class Origin(models.TextChoices):
        READ = "read", "读出"
        ADDED = "added", "人工增加"
        SPLIT = "split", "拆分"
        MERGED = "merged", "合并"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="方案")
    position = models.PositiveIntegerField("次序", help_text="按原文先后，间隔留空以便插入")
    path = models.JSONField("所在章节", default=list, blank=True)
    text = models.TextField("任务")
    span_start = models.PositiveIntegerField("原文起点")
    span_end = models.PositiveIntegerField("原文终点")
    marks = models.JSONField("原文标记", default=list, blank=True, help_text='[{"kind","text","span":[起,止]}]，见 reading.model.Mark')
    joint = models.BooleanField("分别牵头或按职责分工", default=False)
    inherited = models.BooleanField("按共性任务", default=False)
    channels = models.JSONField("公开渠道", default=list, blank=True)
    quotas = models.JSONField("数量要求", default=list, blank=True)
    due_on = models.DateField("最终期限", null=True, blank=True, help_text="各个确定日期中最晚的一个")
    review = models.CharField("核对", max_length=12, choices=Review.choices, default=Review.PENDING)
    origin = models.CharField("来历", max_length=8, choices=Origin.choices, default=Origin.READ)
    doubts = models.JSONField("疑点", default=list, blank=True)
    note = models.CharField("核对说明", max_length=500, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    reviewed_at = models.DateTimeField("核对时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(span_end__gte=F("span_start")), name="task_span_in_order"),
            models.CheckConstraint(condition=~Q(text=""), name="task_has_text"),
            models.CheckConstraint(condition=~Q(review="not_a_task") | ~Q(note=""), name="excluded_task_says_why"),
        ]
        indexes = [models.Index(fields=["plan", "position"], name="task_in_order")]

    def __str__(self) -> str:
        return self.text[:40]


class TaskUnit(models.Model):
    """A unit named in a task, as written, and what the directory makes of it: an agency (or its section), a collective name, or nothing."""

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        RESPONSIBLE = "responsible", "负责"
        SUPPORT = "support", "配合"

    task = models.ForeignKey(Task, models.CASCADE, related_name="units", verbose_name="任务")
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    position = models.PositiveSmallIntegerField("次序")
    text = models.CharField("原文称谓", max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="named_in", verbose_name="机构")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="内设机构")
    collective = models.ForeignKey(CollectiveName, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="集合称谓")

    class Meta:
        verbose_name = verbose_name_plural = "任务单位"
        ordering = ["task", "role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["task", "role", "text"], name="unit_once_per_role"),
            models.CheckConstraint(condition=Q(agency__isnull=True) | Q(collective__isnull=True), name="unit_is_one_thing"),
            models.CheckConstraint(condition=Q(section__isnull=True) | Q(agency__isnull=False), name="unit_section_has_agency"),
            models.CheckConstraint(condition=~Q(text=""), name="unit_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def resolved(self) -> bool:
        return self.agency_id is not None or self.collective_id is not None


class TaskDeadline(models.Model):
    """One time limit of a task, as printed and as understood (reading.model.Deadline).

    What the words leave open is empty until a person corrects it; rhythm.py says what is meant then.
    """

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", "个工作日"
        DAYS = "days", "日"
        HOURS = "hours", "小时"
        MONTHS = "months", "个月"

    class Kind(models.TextChoices):
        ABSOLUTE = "absolute", "确定日期"
        RELATIVE = "relative", "事件之后若干时间"
        RECURRING = "recurring", "定期"
        ONGOING = "ongoing", "长期"
        ON_EVENT = "on_event", "另行确定"

    task = models.ForeignKey(Task, models.CASCADE, related_name="deadlines", verbose_name="任务")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    raw = models.CharField("原文", max_length=120)
    due = models.DateField("期限", null=True, blank=True)
    every = models.CharField("周期", max_length=4, blank=True)
    within = models.CharField("起算", max_length=120, blank=True)
    due_rule = models.JSONField("到期规则", null=True, blank=True, help_text="定期：clocks.periods.DueRule；空为该周期的通常规则")
    since = models.DateField("从哪一天起", null=True, blank=True, help_text="定期：空为下达之日")
    until = models.DateField("到哪一天止", null=True, blank=True, help_text="定期：空为方案年度的最后一天")
    n = models.PositiveSmallIntegerField("时限", null=True, blank=True, help_text="事件之后若干时间；长期任务为多久更新一次")
    unit = models.CharField("单位", max_length=12, choices=Unit.choices, blank=True)
    span_start = models.PositiveIntegerField("原文起点", null=True, blank=True)
    span_end = models.PositiveIntegerField("原文终点", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["task", "due", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="absolute") | Q(due__isnull=False), name="absolute_deadline_has_date"),
            models.CheckConstraint(condition=~Q(kind="recurring") | ~Q(every=""), name="recurring_deadline_has_period"),
            models.CheckConstraint(condition=Q(n__isnull=True) | Q(n__gt=0) & ~Q(unit=""), name="deadline_length_has_unit"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")), name="window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.raw


class PlanStep(Immutable):
    """What was done to a plan before and at issue, with actor and time: import, every correction in review, issue. Never changed.

    Only with a draft that is discarded do its steps go.
    """

    class Kind(models.TextChoices):
        IMPORTED = "imported", "导入"
        ACCEPTED = "accepted", "确认"
        EDITED = "edited", "修改"
        SPLIT = "split", "拆分"
        MERGED = "merged", "合并"
        REASSIGNED = "reassigned", "改派"
        ADDED = "added", "增加"
        EXCLUDED = "excluded", "标为不是任务"
        RESTORED = "restored", "恢复为任务"
        RESOLVED = "resolved", "确认单位"
        COMPARED = "compared", "核对上下级对应"
        ISSUED = "issued", "下达"
        SUPERSEDED = "superseded", "被代替"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps", verbose_name="方案")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name="任务")
    kind = models.CharField("操作", max_length=12, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间", auto_now_add=True)
    text = models.CharField("说明", max_length=500, blank=True)
    before = models.JSONField("改前", null=True, blank=True)
    after = models.JSONField("改后", null=True, blank=True)
    key = models.CharField("提交标识", max_length=100, unique=True, null=True, blank=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "方案操作记录"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.plan}"


class Counterpart(models.Model):
    """A task of the superior's plan and its answer below, as proposed by comparison and confirmed or rejected by a person."""

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", "确认对应"
        REJECTED = "rejected", "不对应"

    upper = models.ForeignKey(Task, models.CASCADE, related_name="answered_by", verbose_name="上级任务")
    lower = models.ForeignKey(Task, models.CASCADE, related_name="answers", verbose_name="下级任务")
    decision = models.CharField("结论", max_length=10, choices=Decision.choices)
    similarity = models.FloatField("相似度")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "上下级任务对应"
        constraints = [models.UniqueConstraint(fields=["upper", "lower"], name="pair_decided_once")]

    def __str__(self) -> str:
        return f"{self.upper} ↔ {self.lower}"
