"""The change log from which every index is fed, whoever keeps it: in the database, written in the transaction of the change itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class IndexChange(models.Model):
    """Something that can be found has changed, or can no longer be. What it is now is asked of its source when it is read.

    `seq` is given after the commit, in order and without gaps behind it (`log.number`), so that a reader at position n has missed nothing;
    ids alone are not: a transaction that began earlier may commit later.
    """

    kind = models.CharField("类别", max_length=20)
    object_id = models.PositiveBigIntegerField("记录")
    at = models.DateTimeField("时间", auto_now_add=True)
    seq = models.PositiveBigIntegerField("序号", null=True, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索变更"
        ordering = ["seq", "id"]
        indexes = [models.Index(fields=["id"], condition=Q(seq__isnull=True), name="index_change_unnumbered")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


class IndexCounter(models.Model):
    """One row: the last number given, and up to where old changes were removed. An index older than that is made anew."""

    last = models.PositiveBigIntegerField("已编到", default=0)
    trimmed = models.PositiveBigIntegerField("已清到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "检索变更序号"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_index_counter")]

    def __str__(self) -> str:
        return str(self.last)
