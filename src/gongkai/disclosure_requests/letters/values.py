"""What is filled into the letters of a case: from the request, its applicant, and the step the letter tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.catalogue import grounds
from gongkai.disclosure_requests.letters.wording import NEED_WORDS, article_of
from gongkai.disclosure_requests.models import Applicant, Consultation, DisclosureRequest, FeeNotice, Reply, Service
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
    found["提供的文件"] = "、".join(f"《{name}》" for name in files)
    return found


def ground_words(ident: str) -> str:
    one = grounds.ground(ident)
    return f"{one.name}（{one.clause}）" if one else ident


def given_names(reply: Reply) -> list[str]:
    """Names of the files that go with a reply, without their extension."""
    return [(file.given_name or file.source.name).rpartition(".")[0] or file.source.name for file in reply.files.select_related("source")]


def of_service(service: Service) -> dict[str, str]:
    """What a procedural letter tells of its step."""
    request, letter = service.request, service.letter
    if letter == "clarification":
        row = getattr(request, "clarification", None)
        return {"补正事项": row.items, "补正期限": day(row.due_on)} if row else {}
    if letter == "extension":
        row = getattr(request, "extension", None)
        return {"延长理由": row.reason.rstrip("。"), "延长天数": str(row.n)} if row else _delayed(request)
    if letter == "fee":
        row = getattr(request, "fee", None)
        return _fee(row) if row else {}
    asked = consultation_of(service)
    if asked is not None:
        return {
            "称呼": "贵单位" if letter == "organ" else "你（单位）",
            "征求意见的内容": asked.asked,
            "公共利益的理由": asked.override_reason,
        }
    return {}


def _delayed(request: DisclosureRequest) -> dict[str, str]:
    """延迟答复 of one of too many requests whose reasons were good (条例第三十五条): told by the same letter."""
    row = getattr(request, "frequency", None)
    if row is None or row.delayed_to is None:
        return {}
    return {"延长理由": "申请理由合理，但是申请的数量较多", "延长天数": "若干", "答复期限": day(row.delayed_to)}


def _fee(row: FeeNotice) -> dict[str, Any]:
    unit = "件" if row.by == FeeNotice.By.ITEM else "页"
    values = {"计收方式": row.get_by_display(), "数量": f"{row.quantity}{unit}", "金额": str(row.amount), "计算过程": "；".join(row.lines)}
    return {**values, "缴费期限": day(row.due_on) or "自收到本通知书之日起20个工作日届满之日"}


def consultation_of(service: Service) -> Consultation | None:
    """Whom a letter asked or told. Each asking sends one letter in the same transaction, so that both stand in the same order; who was
    told is found by the day."""
    rows = Consultation.objects.filter(request=service.request).order_by("id")
    if service.letter == "third_party_told":
        told = list(rows.filter(overridden=True).order_by("told_on", "id"))
        return _same_place(service, told)
    if service.letter in ("third_party", "organ"):
        third = service.letter == "third_party"
        kind = Consultation.Kind.THIRD_PARTY
        return _same_place(service, list(rows.filter(kind=kind) if third else rows.exclude(kind=kind)))
    return None


def _same_place(service: Service, rows: Sequence[Consultation]) -> Consultation | None:
    sent = list(Service.objects.filter(request=service.request, letter=service.letter).order_by("id").values_list("pk", flat=True))
    at = sent.index(service.pk) if service.pk in sent else len(sent)
    return rows[at] if at < len(rows) else None
