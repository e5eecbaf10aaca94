"""领导小组: who leads the work and who its office is, on any day (S1-12, S2-1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency


class LeadingGroup(models.Model):
    """领导小组 or 专班: who answers for the work, from when to when, on what document."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="leading_groups", verbose_name="设立单位")
    name = models.CharField("名称", max_length=120)
    basis = models.CharField("设立文件", max_length=200, blank=True)
    duties = models.CharField("职责", max_length=500, blank=True)
    established_on = models.DateField("设立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "领导小组"
        ordering = [F("ended_on").desc(nulls_first=True), "-established_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], condition=Q(ended_on__isnull=True), name="group_name_once_in_agency"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("established_on")), name="group_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="group_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """One person's place in a group, with its term. A change of person ends one row and begins another; `until` is the last day."""

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
        ordering = ["group", "since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "name", "post"], condition=Q(until__isnull=True), name="member_once_at_a_time"),
            models.UniqueConstraint(fields=["group"], condition=Q(place="head", until__isnull=True), name="one_head_at_a_time"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="term_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(name=""), name="member_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.name}"
