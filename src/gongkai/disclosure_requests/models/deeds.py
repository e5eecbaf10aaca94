"""办理记录 of requests, the timeline of each case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.deeds.models import AbstractDeed


class Deed(AbstractDeed):
    """What was done to a request, by staff, by the applicant (`actor` empty) or by the system. `request_id` makes the timeline of a case
    one indexed read, whatever record the verb was pressed on."""

    class Kind(models.TextChoices):
        FILED = "filed", "提交申请"
        CONFIRMED = "confirmed", "双方确认"
        REGISTERED = "registered", "登记"
        ACCEPTED = "accepted", "签收"
        AMENDED = "amended", "修改登记"
        ASSIGNED = "assigned", "交办"
        ANSWERED = "answered", "承办回复"
        TRANSFERRED = "transferred", "转办"
        SPLIT = "split", "拆分"
        MATCHED = "matched", "认定相同"
        CLARIFYING = "clarifying", "告知补正"
        CLARIFIED = "clarified", "收到补正"
        ABANDONED = "abandoned", "视为放弃"
        CONSULTED = "consulted", "征求意见"
        RESPONDED = "responded", "收到意见"
        OVERRIDDEN = "overridden", "决定公开"
        EXTENDING = "extending", "提出延期"
        EXTENDED = "extended", "批准延期"
        CHARGED = "charged", "收费通知"
        PAID = "paid", "缴费"
        ASKED_REASONS = "asked_reasons", "要求说明理由"
        REASONED = "reasoned", "说明理由"
        JUDGED = "judged", "认定理由"
        DELAYED = "delayed", "延迟答复"
        ATTACHED = "attached", "加入文件"
        DRAFTED = "drafted", "拟写答复"
        REDACTED = "redacted", "遮盖"
        PROPOSED = "proposed", "送审"
        REVIEWED = "reviewed", "审核"
        SIGNED = "signed", "签发"
        SENT = "sent", "发出"
        SERVED = "served", "送达"
        RESENT = "resent", "再次发出"
        CLOSED = "closed", "办结"
        WITHDRAWN = "withdrawn", "撤回"
        RATED = "rated", "评价"
        CORRECTING = "correcting", "更正"
        CONTESTED = "contested", "复议诉讼"
        SUGGESTED = "suggested", "工作建议"
        OPENING = "opening", "转主动公开"
        FREQUENT = "frequent", "常见问题"
        ARCHIVED = "archived", "归档"
        ANONYMISED = "anonymised", "去标识化"
        CONFIGURED = "configured", "设定"
        MAILED = "mailed", "读入邮件"

    kind = models.CharField("操作", max_length=16, choices=Kind.choices)
    actor = models.ForeignKey(  # type: ignore[assignment]  # the applicant and the system have no account
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    request_id = models.PositiveBigIntegerField("申请", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申请办理记录"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="request_deed_has_key")]
        indexes = [
            models.Index(fields=["request_id", "at"], name="request_timeline"),
            models.Index(fields=["subject", "subject_id"], name="request_deed_by_subject"),
        ]
