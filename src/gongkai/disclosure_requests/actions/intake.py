"""Before a request is worked on: times told later, mistakes of the register put right, papers added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import casefiles, clock, likeness
from gongkai.disclosure_requests.actions.base import insist, locked, masked, no_role, open_reasons, perform, text_reasons
from gongkai.disclosure_requests.models import Applicant, CaseFile, Deed, DisclosureRequest

TIMES = {"submitted_at": "提交（寄出）时间", "arrived_at": "到达（签收）时间", "confirmed_at": "双方确认时间"}
WORDS = {"subject": "申请事项", "description": "内容描述", "wanted_number": "文号", "form": "获取形式", "route": "获取途径"}
APPLICANT = {"kind": "申请人类别", "name": "姓名或者名称", "phone": "联系电话", "email": "电子邮箱", "address": "通信地址"}
LONGEST = 20_000


def times_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.received_on is not None:
        found.append(f"收到申请之日已经是 {request.received_on}，有误的用“更正登记”")
    return found


def complete_times(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    submitted_at: datetime | None = None,
    arrived_at: datetime | None = None,
    confirmed_at: datetime | None = None,
) -> DisclosureRequest:
    """A letter's arrival, or the talk with the applicant, is noted when it is known; the clock runs as soon as the channel's rule can say
    the day (条例第三十一条). A time left out stays as it is."""
    given = {"submitted_at": submitted_at, "arrived_at": arrived_at, "confirmed_at": confirmed_at}
    told = {name: at for name, at in given.items() if at is not None}
    insist(no_role(actor, request), times_reasons(request))
    if not told:
        raise ActionRefused("请至少填写一个时间")
    if late := [f"{TIMES[name]}不能晚于现在" for name, at in told.items() if at > timezone.now()]:
        raise ActionRefused(late)

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", times_reasons(row))
        for name, at in told.items():
            setattr(row, name, at)
        receipt = clock.receipt_of(row)
        if receipt is not None:
            row.received_on, row.receipt_rule = receipt.on, receipt.why
            clock.start(row, actor)
        row.save(update_fields=[*TIMES, "received_on", "receipt_rule", "obligation"])
        return row

    words = "；".join(f"{TIMES[name]} {timezone.localtime(at):%Y-%m-%d %H:%M}" for name, at in told.items())
    return perform(Deed.Kind.CONFIRMED, actor, key, request, work, request=request, text=words)


def amend_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.accepted_at is not None:
        found.append("已经签收的申请不再改登记，有出入的在办理中说明")
    return found


def amend(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    reason: str,
    changes: Mapping[str, Any],
    applicant: Mapping[str, Any] | None = None,
) -> DisclosureRequest:
    """更正登记: what was taken down wrong, before anybody accepted it. `changes`: fields of TIMES and WORDS; `applicant`: of APPLICANT.

    Where the day of receipt becomes another after the clock began, the clock begins anew on that day by an event that says why; it cannot
    be moved back, and a sentence says so then.
    """
    insist(no_role(actor, request), amend_reasons(request))
    new = {name: value for name, value in changes.items() if name in (*TIMES, *WORDS) and getattr(request, name) != value}
    told = Applicant.objects.get(request=request)
    person = {name: value for name, value in (applicant or {}).items() if name in APPLICANT and getattr(told, name) != value}
    _insist_amended(new, person, reason)

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", amend_reasons(row))
        for name, value in new.items():
            setattr(row, name, masked(value) if name == "subject" else value)
        _amend_receipt(row, actor, key, reason)
        row.likeness = likeness.signature(f"{row.description}{row.wanted_number}{row.features}")
        row.save()
        if person:
            from gongkai.disclosure_requests.actions.filing import applicant_digest

            for name, value in person.items():
                setattr(told, name, value)
            told.digest = applicant_digest(told.name, told.identity_number)
            told.save()
        return row

    names = {**TIMES, **WORDS, **{name: f"申请人的{word}" for name, word in APPLICANT.items()}}
    words = f"{'、'.join(names[name] for name in (*new, *person))}：{reason.strip()}"
    return perform(Deed.Kind.AMENDED, actor, key, request, work, request=request, text=words)


def _insist_amended(new: Mapping[str, Any], person: Mapping[str, Any], reason: str) -> None:
    found = text_reasons(*(str(v) for v in (*new.values(), *person.values()) if v is not None), most=LONGEST)
    if not reason.strip():
        found.append("请写明原来错在哪里")
    if not new and not person:
        found.append("没有改动任何一项")
    if "subject" in new and not str(new["subject"]).strip():
        found.append("申请事项不能是空的")
    if "name" in person and not str(person["name"]).strip():
        found.append("申请人的姓名或者名称不能是空的")
    found += [f"{TIMES[name]}不能晚于现在" for name, at in new.items() if name in TIMES and at is not None and at > timezone.now()]
    if found:
        raise ActionRefused(found)


def _amend_receipt(row: DisclosureRequest, actor: User, key: str, reason: str) -> None:
    receipt = clock.receipt_of(row)
    if receipt is None:
        if row.received_on is not None:
            raise ActionRefused("期限已经起算，决定收到日的那个时间不能清空")
        return
    if row.received_on is None:
        row.received_on, row.receipt_rule = receipt.on, receipt.why
        clock.start(row, actor)
    elif receipt.on < row.received_on:
        raise ActionRefused(f"期限已经自 {row.received_on} 起算，不能倒回到 {receipt.on}；请在办理中注明，并按 {receipt.on} 掌握答复时间")
    elif receipt.on > row.received_on:
        clock.record(row, "restart", receipt.on, key, reason=f"更正收到申请之日：{reason.strip()}"[:500])
        row.received_on, row.receipt_rule = receipt.on, receipt.why


def attach(request: DisclosureRequest, actor: User, *, key: str, kind: str, files: Sequence[File[Any]]) -> DisclosureRequest:
    """Papers of the case: what was found, a scanned letter, a proof. Kept sealed like everything of the case."""
    insist(no_role(actor, request), open_reasons(request))
    if kind not in CaseFile.Kind.values:
        raise ActionRefused("请选择文件的类别")
    if not files:
        raise ActionRefused("请选择文件")
    if found := casefiles.file_reasons(files):
        raise ActionRefused(found)
    kept: list[CaseFile] = []

    def work() -> DisclosureRequest:
        row = locked(request)
        kept.extend(casefiles.add(row, kind, files, actor))
        return row

    text = f"{CaseFile.Kind(kind).label} {len(files)} 个文件"
    try:
        return perform(Deed.Kind.ATTACHED, actor, key, request, work, request=request, text=text)
    except BaseException:
        casefiles.forget(kept)
        raise
