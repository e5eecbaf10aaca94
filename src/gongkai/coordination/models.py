"""How an openness office runs its plan: who leads, whom it asked, what it collects and files, what it checks.

Leading groups (S1-12, S2-1), opinions on a draft plan and its filing upward (S1-13), collections from every unit with receipt (S4-1, S4-3),
checks of every kind: self-check, conformance, acceptance, inspection (S1-16 to S1-18, S4-61).
"""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.plans.models import Plan


class LeadingGroup(models.Model):
    """领导小组 or 专班: who answers for the work, from when to when, on what document."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="leading_groups", verbose_name="设立单位")
    name = models.CharField("名称", max_length=120)
    basis = models.CharField("设立文件", max_length=200, blank=True)
    established_on = models.DateField("设立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "领导小组"
        ordering = ["ended_on", "-established_on"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], condition=Q(ended_on__isnull=True), name="group_name_once_in_agency"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("established_on")), name="group_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """One person's place in a group, with its term. A change of person ends one row and begins another."""

    class Place(models.TextChoices):
        HEAD = "head", "组长"
        DEPUTY = "deputy", "副组长"
        MEMBER = "member", "成员"
        OFFICE = "office", "办公室人员"

    group = models.ForeignKey(LeadingGroup, models.CASCADE, related_name="members", verbose_name="领导小组")
    place = models.CharField("分工", max_length=8, choices=Place.choices)
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=120, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    since = models.DateField("任职起")
    until = models.DateField("任职止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "小组成员"
        ordering = ["until", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name", "post"], condition=Q(until__isnull=True), name="member_once_at_a_time"),
            models.UniqueConstraint(fields=["group"], condition=Q(place="head", until__isnull=True), name="one_head_at_a_time"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="term_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.name}"


class Opinion(models.Model):
    """征求意见: one body asked about a draft plan, its answer, and what was done with it (S1-13)."""

    class Adoption(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        DECLINED = "declined", "未采纳"
        NONE = "none", "无意见"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="opinions", verbose_name="方案")
    asked = models.CharField("征求对象", max_length=120)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="征求人")
    asked_at = models.DateTimeField("发出时间")
    due_on = models.DateField("请于何日前答复", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer = models.TextField("意见", blank=True, validators=[MaxLengthValidator(5000)])
    adoption = models.CharField("采纳情况", max_length=10, choices=Adoption.choices, blank=True)
    adoption_note = models.CharField("采纳说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "asked"], name="body_asked_once_about_a_plan"),
            models.CheckConstraint(condition=Q(adoption="") | Q(answered_on__isnull=False), name="adoption_follows_an_answer"),
            models.CheckConstraint(condition=~Q(adoption="declined") | ~Q(adoption_note=""), name="declining_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.asked}：{self.plan}"


class Collection(models.Model):
    """收集: what every unit must hand in by a day: its own plan, its catalogue list (S4-1, S4-3), or a filing upward (S1-13)."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="collections", verbose_name="收集地区")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="collections", verbose_name="依据方案")
    title = models.CharField("收集事项", max_length=200)
    items = models.JSONField("应报材料", help_text='["实施方案", "主动公开目录清单"]')
    due_on = models.DateField("报送期限")
    contact = models.CharField("联系人和电话", max_length=120, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    opened_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "材料收集"
        ordering = ["-due_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "title"], name="collection_title_once")]

    def __str__(self) -> str:
        return self.title


def submission_path(instance: Submission, name: str) -> str:
    """A path of our own making; the name the file came with is kept in `name`."""
    return f"submissions/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(instance.name).suffix.lower()}"


class Submission(models.Model):
    """One item owed by one agency to a collection. A row exists from the start; its state is a query over its dates."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="submissions", verbose_name="材料收集")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="submissions", verbose_name="报送单位")
    item = models.CharField("材料", max_length=120)
    file = models.FileField("文件", upload_to=submission_path, max_length=200, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="系统内的方案")
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    receipt = models.CharField("回执编号", max_length=40, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "报送"
        ordering = ["agency", "item"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "agency", "item"], name="item_owed_once"),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="receipt_number_unique"),
            models.CheckConstraint(condition=Q(received_at__isnull=True) | Q(submitted_at__isnull=False), name="received_after_submitted"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, receipt="") | (Q(received_at__isnull=False) & ~Q(receipt="")),
                name="receipt_with_reception",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.item}"


class Reminder(models.Model):
    """催报: one reminder to one agency of a collection, with actor and time."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="reminders", verbose_name="材料收集")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催报人")
    text = models.CharField("内容", max_length=300, blank=True)
    key = models.CharField("提交标识", max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "催报"
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.agency} {self.at:%Y-%m-%d %H:%M}"


class Check(models.Model):
    """A self-check, a conformance check, an acceptance or an inspection: one list gone through once (S1-16, S1-17, S1-18, S4-61)."""

    class Kind(models.TextChoices):
        SELF_CHECK = "self_check", "自查"
        CONFORMANCE = "conformance", "规范对照"
        ACCEPTANCE = "acceptance", "验收"
        INSPECTION = "inspection", "督查"

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    title = models.CharField("名称", max_length=200)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="方案")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="checked", verbose_name="被查单位")
    checker = models.ForeignKey(Agency, models.PROTECT, related_name="checking", verbose_name="检查单位")
    rules = models.CharField("检查表", max_length=60, blank=True, help_text="rules/ 下的检查表名和版本")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    summary = models.TextField("总结", blank=True, validators=[MaxLengthValidator(10000)])

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ["-started_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(finished_at__isnull=True) | ~Q(summary=""), name="finished_check_has_summary")]

    def __str__(self) -> str:
        return self.title


class CheckPoint(models.Model):
    """One point of a check: what was asked, what was found, and, where it failed, how it was put right (整改)."""

    class Result(models.TextChoices):
        OPEN = "", "未查"
        PASSED = "passed", "符合"
        FAILED = "failed", "不符合"
        NOT_APPLICABLE = "not_applicable", "不适用"

    check_record = models.ForeignKey(Check, models.CASCADE, related_name="points", verbose_name="检查")
    position = models.PositiveSmallIntegerField("次序")
    text = models.CharField("要求", max_length=300)
    basis = models.CharField("依据", max_length=200, blank=True)
    result = models.CharField("结果", max_length=16, choices=Result.choices, blank=True, default="")
    finding = models.TextField("问题", blank=True, validators=[MaxLengthValidator(3000)])
    due_on = models.DateField("整改期限", null=True, blank=True)
    rectified_on = models.DateField("整改日期", null=True, blank=True)
    rectification = models.TextField("整改情况", blank=True, validators=[MaxLengthValidator(3000)])

    class Meta:
        verbose_name = verbose_name_plural = "检查项"
        ordering = ["check_record", "position"]
        constraints = [
            models.UniqueConstraint(fields=["check_record", "position"], name="point_in_its_place"),
            models.CheckConstraint(condition=~Q(result="failed") | ~Q(finding=""), name="failed_point_says_what_was_found"),
            models.CheckConstraint(condition=Q(rectified_on__isnull=True) | ~Q(rectification=""), name="rectification_says_what_was_done"),
        ]

    def __str__(self) -> str:
        return self.text
