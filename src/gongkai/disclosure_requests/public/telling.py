"""The course of a case in the words of the public: what was done and when, never by whom, never what was written inside the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gongkai.disclosure_requests.models import Deed, DisclosureRequest, Service
from gongkai.disclosure_requests.services import LETTERS, TO_APPLICANT

Kind = Deed.Kind
WORDS: Mapping[str, tuple[str, str]] = {
    Kind.FILED: ("申请已提交", "ok"),
    Kind.CONFIRMED: ("受理机关与申请人确认收到", "ok"),
    Kind.REGISTERED: ("已登记", "ok"),
    Kind.ACCEPTED: ("已由承办人员签收，开始办理", "ok"),
    Kind.TRANSFERRED: ("转由有关机关办理", "ok"),
    Kind.SPLIT: ("一份申请有几项内容，已分别办理", "ok"),
    Kind.CLARIFYING: ("需要申请人补正", "warn"),
    Kind.CLARIFIED: ("收到补正，答复期限重新计算", "ok"),
    Kind.ABANDONED: ("逾期没有补正，视为放弃", "late"),
    Kind.CONSULTED: ("征求意见，答复期限中止", "wait"),
    Kind.RESPONDED: ("收到意见", "ok"),
    Kind.EXTENDED: ("答复期限延长", "warn"),
    Kind.CHARGED: ("发出收费通知", "warn"),
    Kind.PAID: ("收到信息处理费", "ok"),
    Kind.ASKED_REASONS: ("请申请人说明理由", "warn"),
    Kind.REASONED: ("收到申请人说明的理由", "ok"),
    Kind.DELAYED: ("确定延迟答复的日期", "warn"),
    Kind.SIGNED: ("答复已签发", "ok"),
    Kind.SENT: ("答复已发出", "ok"),
    Kind.WITHDRAWN: ("申请人撤回申请", "ok"),
    Kind.RATED: ("申请人作出评价", "ok"),
}
"""Kind → (words, css of the dot). Kinds that are not here are the office's own."""


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    css: str
    at: datetime


def steps(case: DisclosureRequest) -> list[Step]:
    """One query. What was not approved is not told."""
    found: list[Step] = []
    for deed in Deed.objects.filter(request_id=case.pk, kind__in=WORDS).order_by("at", "id").values("kind", "subject", "at"):
        if deed["kind"] == Kind.EXTENDED and deed["subject"] != "extension":
            continue
        words, css = WORDS[deed["kind"]]
        if not found or found[-1].words != words:
            found.append(Step(words, css, deed["at"]))
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to the applicant: its name, when and how it went, what stands in it in short, its file where it has one."""

    service: Service
    name: str
    lines: list[str] = field(default_factory=list)


def sent(case: DisclosureRequest) -> list[Service]:
    """All that was sent in the case, oldest first, as kept on the row. One query."""
    kept: list[Service] | None = case.__dict__.get("sent")
    if kept is None:
        rows = Service.objects.filter(request=case).select_related("file")
        kept = case.__dict__["sent"] = list(rows)
        for row in kept:
            row.request = case
    return kept


def letters(case: DisclosureRequest) -> list[Letter]:
    """Those sent to the applicant, oldest first. The reply has a page of its own."""
    rows = [row for row in sent(case) if row.letter in TO_APPLICANT and not row.failed and row.letter != "reply"]
    return [Letter(row, LETTERS.get(row.letter, row.letter), _lines(case, row)) for row in rows]


def _lines(case: DisclosureRequest, sent: Service) -> list[str]:
    letter = sent.letter
    asked, longer, fee, often = (getattr(case, name, None) for name in ("clarification", "extension", "fee", "frequency"))
    if letter == "clarification" and asked is not None:
        return [*asked.items.splitlines(), f"请在 {asked.due_on} 以前补正（政府信息公开条例第三十条）"]
    if letter == "extension" and longer is not None:
        return [f"答复期限延长 {longer.n} 个工作日（政府信息公开条例第三十三条）", f"理由：{longer.reason}"]
    if letter == "delay" and often is not None and often.delayed_to is not None:
        return [f"将在 {often.delayed_to} 前答复（政府信息公开条例第三十五条）"]
    if letter == "frequency" and often is not None:
        return [often.facts, "请说明理由（政府信息公开条例第三十五条）"]
    if letter == "transfer" and sent.told.get("转往机关"):
        return [f"已转由{sent.told['转往机关']}办理，{sent.told.get('转往机关的联系方式', '')}".rstrip("，")]
    if letter == "fee" and fee is not None:
        until = [f"请在 {fee.due_on} 以前缴纳，逾期视为放弃申请"] if fee.due_on else []
        return [*map(str, fee.lines), f"合计 {fee.amount} 元（国办函〔2020〕109号）", *until]
    return []


def reply_service(case: DisclosureRequest) -> Service | None:
    """The last sending of the reply in force; None before one was sent."""
    if not any(row.letter == "reply" for row in sent(case)):
        return None
    rows = Service.objects.filter(
        request=case, letter="reply", reply__isnull=False, reply__replaced_at__isnull=True, reply__signed_at__isnull=False
    )
    return rows.select_related("reply", "file", "request__agency__jurisdiction").order_by("-sent_on", "-pk").first()
