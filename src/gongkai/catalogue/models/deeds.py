"""办理记录 of the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.deeds.models import AbstractDeed


class Deed(AbstractDeed):
    """What was done to catalogues, their items and columns."""

    class Kind(models.TextChoices):
        CREATED = "created", "建立目录"
        REVISED = "revised", "开始修订"
        EDITED = "edited", "修改事项"
        ADDED = "added", "增加事项"
        DROPPED = "dropped", "删去事项"
        IMPORT_ASKED = "import_asked", "交后台导入"
        HIDDEN_CHOSEN = "hidden_chosen", "选择隐藏工作表"
        IMPORTED = "imported", "导入"
        APPROVED = "approved", "批准"
        DISCARDED = "discarded", "放弃修订"
        BOUND = "bound", "对应栏目"
        UPLOADED = "uploaded", "上传目录表"
        TRACED = "traced", "从清单建立事项"
        TERM_SET = "term_set", "修改本地区词表"
        HANDED_DOWN = "handed_down", "扩展到下级"
        TEMPLATED = "templated", "从模板建立"
        COLUMN_MADE = "column_made", "设立栏目"
        COLUMN_CHANGED = "column_changed", "修改栏目"
        COLUMN_CLOSED = "column_closed", "关停栏目"
        PROPOSED = "proposed", "提出负面清单类别"
        REFUSED = "refused", "不同意列入负面清单"
        LISTED = "listed", "列入负面清单"
        UNLISTED = "unlisted", "移出负面清单"
        RECONSIDERED = "reconsidered", "评估负面清单"
        SUGGESTED = "suggested", "收到建议"
        SUGGESTION_DONE = "suggestion_done", "答复建议"
        TAKEN_OVER = "taken_over", "采纳上级事项"
        DECLINED = "declined", "不采纳上级事项"
        BODY_SET = "body_set", "登记公共企事业单位"
        LIMITS_SET = "limits_set", "设定管理时限"
        SITE_OPENED = "site_opened", "登记网站"
        SITE_CHANGED = "site_changed", "变更网站"
        SITE_MERGED = "site_merged", "整合迁移网站"
        SITE_CLOSED = "site_closed", "关停网站"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "目录办理记录"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="catalogue_deed_has_key")]
        indexes = [models.Index(fields=["subject", "subject_id"], name="catalogue_deed_by_subject")]
