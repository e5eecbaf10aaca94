"""办理记录: every verb of this line of work leaves one row, and its key makes pressing twice one deed (invariants 6 and 8)."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.deeds.models import AbstractDeed


def deed_path(instance: Any, name: str) -> str:
    """A path of our own making; the name the file came with is kept in `name`."""
    return f"coordination/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(instance.name).suffix.lower()}"


class Deed(AbstractDeed):
    """What was done in this line of work, with the one file a deed may carry."""

    class Kind(models.TextChoices):
        ESTABLISHED = "established", "设立"
        JOINED = "joined", "加入"
        REPLACED = "replaced", "换人"
        LEFT = "left", "离任"
        DISSOLVED = "dissolved", "撤销"
        ASKED = "asked", "征求意见"
        ANSWERED = "answered", "收到答复"
        ADOPTED = "adopted", "研究采纳"
        FILED = "filed", "报送备案"
        FILING_RECEIVED = "filing_received", "收到回执"
        OPENED = "opened", "发起收集"
        CLOSED = "closed", "结束收集"
        REMINDED = "reminded", "催报"
        SUBMITTED = "submitted", "报送"
        RECEIVED = "received", "签收"
        RETURNED = "returned", "退回"
        NUMBERED = "numbered", "设定回执字头"
        STARTED = "started", "开始检查"
        POINTED = "pointed", "记录结果"
        POINT_ADDED = "point_added", "增加检查项"
        RECTIFIED = "rectified", "报整改"
        RECHECKED = "rechecked", "复查通过"
        SENT_BACK = "sent_back", "复查不通过"
        FINISHED = "finished", "完成检查"
        INSTRUCTED = "instructed", "交办"
        PASSED_ON = "passed_on", "转办"
        RECALLED = "recalled", "撤回交办"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)
    file = models.FileField("文件", upload_to=deed_path, max_length=200, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    size = models.PositiveIntegerField("字节", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField("内容类型", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "统筹办理记录"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="deed_has_key"),
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=""), name="deed_file_has_digest"),
        ]
        indexes = [models.Index(fields=["subject", "subject_id"], name="deed_by_subject")]
