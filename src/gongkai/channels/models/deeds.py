"""办理记录 of channels, deliveries and accounts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.deeds.models import AbstractDeed


class Deed(AbstractDeed):
    class Kind(models.TextChoices):
        OPENED = "opened", "建立渠道"
        CHANGED = "changed", "修改渠道"
        SWITCHED = "switched", "启用或者停用渠道"
        RULE_ADDED = "rule_added", "增加推送规则"
        RULE_REMOVED = "rule_removed", "删除推送规则"
        ADDED = "added", "补推"
        GATED = "gated", "四关审核"
        REFUSED = "refused", "四关审核不通过"
        POSTED = "posted", "登记人工发布"
        TAKEN_DOWN = "taken_down", "登记人工撤下"
        RETRIED = "retried", "重新推送"
        SKIPPED = "skipped", "不再推送"
        ACCOUNT_OPENED = "account_opened", "登记账号"
        ACCOUNT_CHANGED = "account_changed", "变更账号"
        ACCOUNT_STATE = "account_state", "账号暂停、恢复、注销"
        ACCOUNT_POST = "account_post", "登记发布信息"
        ACCOUNT_READING = "account_reading", "登记账号运行数据"
        ACCOUNT_CHECK = "account_check", "检查账号"
        IMPORTED = "imported", "导入账号"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "渠道办理记录"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="channel_deed_has_key")]
        indexes = [models.Index(fields=["subject", "subject_id"], name="channel_deed_by_subject")]
