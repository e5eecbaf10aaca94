"""办理记录 of publishing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.deeds.models import AbstractDeed

AT_WORK = (
    "drafted",
    "saved",
    "restored",
    "attached",
    "detached",
    "discarded",
    "submitted",
    "recalled",
    "reviewed",
    "returned",
    "inquired",
    "determined",
    "scheduled",
    "unscheduled",
    "failed",
)
"""Done to an edition that is being worked on, these change nothing that the public sees."""


class Deed(AbstractDeed):
    """What was done to a document, its editions, its reviews and its marks."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "拟稿"
        SAVED = "saved", "保存"
        RESTORED = "restored", "恢复旧稿"
        ATTACHED = "attached", "上传附件"
        DETACHED = "detached", "移除附件"
        DISCARDED = "discarded", "放弃草稿"
        SUBMITTED = "submitted", "送审"
        RECALLED = "recalled", "撤回送审"
        REVIEWED = "reviewed", "审核"
        RETURNED = "returned", "退回"
        INQUIRED = "inquired", "送请确定"
        DETERMINED = "determined", "收到确定意见"
        SCREENED = "screened", "内容检查"
        MASKED = "masked", "遮盖"
        OVERRULED = "overruled", "认定可以公开"
        SCHEDULED = "scheduled", "定时发布"
        UNSCHEDULED = "unscheduled", "取消定时"
        PUBLISHED = "published", "发布"
        FAILED = "failed", "发布失败"
        FORCED = "forced", "紧急发布"
        CONFIRMED = "confirmed", "补审"
        WITHDRAWN = "withdrawn", "撤下"
        EXPIRED = "expired", "到期撤下"
        MARKED = "marked", "标注效力"
        EVALUATED = "evaluated", "定期评估"
        LABELLED = "labelled", "登记标识"
        CLEANED = "cleaned", "清理"
        GATHERED = "gathered", "编入专题"
        REMOVED = "removed", "移出专题"
        CONFIGURED = "configured", "设定"
        IMPORTED = "imported", "导入"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "发布办理记录"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="publication_deed_has_key")]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="publication_deed_by_subject"),
            models.Index(fields=["-id"], condition=~Q(about="edition", kind__in=AT_WORK), name="publication_deed_seen"),
        ]
