"""What is filled into the letters of a case: from the request, its applicant, and the step the letter tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.catalogue import grounds
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests.letters.wording import NEED_WORDS, UNFILLED, article_of
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, FeeNotice, FrequencyCheck, Reply, Service
from gongkai.formats.annual_report.outcomes import Outcome

MOST = 300
"""Characters of the description that stand in a letter."""


def day(on: date | datetime | None) -> str:
    """2026年3月2日, as official documents write it (GB/T 9704-2012, 7.3.5.4)."""
    if on is None:
        return ""
    local = timezone.localtime(on).date() if isinstance(on, datetime) else on
    return f"{local.year}年{local.month}月{local.day}日"


def applicant_of(request: DisclosureRequest) -> Applicant | None:
    return Applicant.objects.filter(request=request).first()


def of_request(request: DisclosureRequest, applicant: Applicant | None) -> dict[str, str]:
    """What every letter to the applicant may say."""
    words = " ".join((request.description or request.wanted_number or request.subject).split())
    if len(words) > MOST:
        words = f"{words[:MOST]}……"
    natural = applicant is None or applicant.kind == Applicant.Kind.NATURAL
    return {
        "称呼": "你" if natural else "你单位",
        "申请人": applicant.name if applicant else "",
        "机关": request.agency.name,
        "申请编号": request.number,
        "申请内容": words.rstrip("。"),
        "提交日期": day(request.submitted_at or request.arrived_at or request.received_on or request.created_at),
        "收到日期": day(request.received_on),
        "答复期限": day(request.obligation.due_on if request.obligation else None),
    }


def of_reply(
    outcome: Outcome, situation: str, answers: Mapping[str, str], ground_ids: Sequence[str], files: Sequence[str]
) -> dict[str, str]:
    """What the outcome's form was told."""
    found = {NEED_WORDS[need]: answers.get(need, "") for need in outcome.asked(situation)}
    found["条款"] = article_of(outcome, situation)
    found["不予公开的依据"] = "；".join(ground_words(one) for one in ground_ids)
    found["提供的文件"] = listed(files)
    return found


def listed(names: Sequence[str]) -> str:
    return "、".join(f"《{name}》" for name in names)


def ground_words(ident: str) -> str:
    one = grounds.ground(ident)
    return f"{one.name}（{one.clause}）" if one else ident


def given_names(reply: Reply) -> list[str]:
    """Names of the files that go with a reply, without their extension."""
    return [(file.given_name or file.source.name).rpartition(".")[0] or file.source.name for file in reply.files.select_related("source")]


def text_with_files(reply: Reply) -> str:
    """正文 with the names of what is given where their place was left open: files come after the text was generated."""
    gap = f"{UNFILLED}{NEED_WORDS['documents']}】"
    names = given_names(reply) if gap in reply.text else []
    return reply.text.replace(gap, listed(names)) if names else reply.text


def of_service(service: Service) -> dict[str, str]:
    """What a procedural letter tells of its step."""
    request, letter = service.request, service.letter
    if letter == "clarification":
        row = getattr(request, "clarification", None)
        return {"补正事项": row.items, "补正期限": day(row.due_on)} if row else {}
    if letter == "extension":
        row = getattr(request, "extension", None)
        return {"延长理由": row.reason.rstrip("。"), "延长天数": str(row.n)} if row else {}
    if letter in ("frequency", "delay"):
        row = getattr(request, "frequency", None)
        return _frequency(row) if row else {}
    if letter == "fee":
        row = getattr(request, "fee", None)
        return _fee(row) if row else {}
    asked = service.consultation
    if asked is not None:
        return {
            "称呼": "贵单位" if letter == "organ" else "你（单位）",
            "征求意见的内容": asked.asked,
            "公共利益的理由": asked.override_reason,
        }
    return {}


def _frequency(row: FrequencyCheck) -> dict[str, str]:
    """要求说明理由 and 延迟答复 (条例第三十五条)."""
    return {
        "数量和频次": row.facts.rstrip("。"),
        "认定": row.words.rstrip("。"),
        "延迟答复日期": day(row.delayed_to),
    }


def _fee(row: FeeNotice) -> dict[str, Any]:
    unit = "件" if row.by == FeeNotice.By.ITEM else "页"
    values = {"计收方式": row.get_by_display(), "数量": f"{row.quantity}{unit}", "金额": str(row.amount), "计算过程": "；".join(row.lines)}
    payment = limit("fee_payment", row.issued_on)
    return {**values, "缴费期限": day(row.due_on) or f"自收到本通知书的次日起{payment.words.replace(' ', '')}届满之日"}
