"""Who changed what, when: entries, the seals that chain them, and the last seal of each day. Written once, never changed, never removed.

The rows refer to nothing by foreign key, so that removing an account or a draft neither is stopped by its history nor takes it along.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.journal.append_only import Immutable
from gongkai.journal.hashing import ALGORITHMS


class Entry(Immutable):
    """One change. `old` and `new` are JSON texts of the changed fields alone, in the canonical form of canonical.py.

    They are text, not jsonb: a hash is over bytes, and PostgreSQL gives back other bytes than it was given. Personal data of applicants
    never enters (条例 and architecture invariant 9): an entry cannot be taken back.
    """

    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人编号", null=True, blank=True, help_text="空为命令行的操作员或系统自己")
    actor = models.CharField("操作人", max_length=150, blank=True)
    action = models.CharField("事项", max_length=80)
    object_kind = models.CharField("对象类型", max_length=80)
    object_id = models.CharField("对象编号", max_length=64)
    place = models.BigIntegerField("行政区划", null=True, blank=True)
    agency_id = models.BigIntegerField("机构", null=True, blank=True)
    old = models.TextField("原值", default="{}")
    new = models.TextField("新值", default="{}")
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(action="") & ~Q(object_kind=""), name="entry_says_what_was_done_to_what"),
        ]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"], name="entry_by_object"),
            models.Index(fields=["place", "at"], name="entry_by_place"),
            models.Index(fields=["actor_id", "at"], name="entry_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_id}"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """(field, old, new) in the order of the names; None where the field was not there before, or is not there any more."""
        old, new = json.loads(self.old), json.loads(self.new)
        return [(name, old.get(name), new.get(name)) for name in sorted({**old, **new})]


class Waiting(models.Model):
    """An entry that has no seal yet. The one table here whose rows go again: finding them must cost nothing in a journal of millions."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="+", verbose_name="记录")

    class Meta:
        verbose_name = verbose_name_plural = "待封存"
        ordering = ["entry"]

    def __str__(self) -> str:
        return str(self.pk)


class Seal(Immutable):
    """One link of the chain: entry `entry` is number `seq`, and `hash` covers it together with the hash before it."""

    seq = models.BigIntegerField("序号", primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal", verbose_name="记录")
    previous = models.CharField("前一条的校验值", max_length=64, unique=True)
    hash = models.CharField("校验值", max_length=64, unique=True)
    algorithm = models.CharField("算法", max_length=10, choices=[(name, name.upper()) for name in ALGORITHMS])
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = verbose_name_plural = "封存"
        ordering = ["seq"]
        constraints = [models.CheckConstraint(condition=Q(seq__gte=1), name="seals_begin_with_one")]
        indexes = [models.Index(fields=["sealed_at", "seq"], name="seal_by_time")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Head(Immutable):
    """The last seal of a day (Asia/Shanghai) that has ended, as published: whoever kept it can hold us to it."""

    day = models.DateField("日期", primary_key=True)
    seq = models.BigIntegerField("最后序号", unique=True)
    hash = models.CharField("校验值", max_length=64)
    algorithm = models.CharField("算法", max_length=10)
    count = models.BigIntegerField("当日条数", help_text="自上一个公布日以来的条数")

    class Meta:
        verbose_name = verbose_name_plural = "每日校验值"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.seq} {self.hash[:12]}"
