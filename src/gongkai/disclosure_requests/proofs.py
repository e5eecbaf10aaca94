"""The records of requests as proof of obligations. Registered in apps.ready(). Their titles name the case by its number alone."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from gongkai.disclosure_requests.models import (
    ArchivePackage,
    Consultation,
    Correction,
    Deed,
    DisclosureRequest,
    OpeningProposal,
    Remedy,
    Reply,
    Service,
    WorkSuggestion,
)
from gongkai.disclosure_requests.replying import secrecy
from gongkai.disclosure_requests.services import LETTERS
from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import Facts, register

NOTICE, OPINION, REPLY, CORRECTION, SUGGESTION = "notice", "request_opinion", "reply", "correction", "suggestion"
PLEADING, OPENING_REVIEW, ARCHIVE = "pleading", "opening_review", "archive"
STEP = "request_step"


def register_all() -> None:
    register(STEP, step, label="申请的首次办理记录")
    register(NOTICE, notice, label="告知书、通知书")
    register(OPINION, opinion, label="征求意见记录")
    register(REPLY, reply, label="答复", address=_reply_page, examine=unreviewed)
    register(secrecy.RECORD, reply_secrecy, label="答复的保密审查记录", address=_reply_page)
    register(CORRECTION, correction, label="更正申请的处理")
    register(SUGGESTION, suggestion, label="工作建议")
    register(PLEADING, pleading, label="复议、诉讼答复材料")
    register(OPENING_REVIEW, opening_review, label="转为主动公开的审核记录")
    register(ARCHIVE, archive, label="案卷")


def _page(request_id: int) -> str:
    return reverse("request_cases:case", args=[request_id])


def _reply_page(pk: int) -> str:
    return reverse("request_cases:reply", args=[pk])


def step(pk: int) -> Facts | None:
    """The first deed of the staff on a request."""
    row = Deed.objects.filter(pk=pk).first()
    if row is None or row.request_id is None:
        return None
    number = DisclosureRequest.objects.filter(pk=row.request_id).values_list("number", flat=True).first()
    title = f"{row.get_kind_display()} {number}"
    return Facts(title=title, url=_page(row.request_id), published_on=timezone.localdate(row.at), agency_id=row.agency_id)


def notice(pk: int) -> Facts | None:
    """A letter that went out; the day it was sent is the day of the notice."""
    row = Service.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    title = f"{LETTERS.get(row.letter, '告知书')} {row.request.number}"
    return Facts(title=title, url=_page(row.request_id), published_on=row.sent_on, agency_id=row.request.agency_id)


def opinion(pk: int) -> Facts | None:
    """An opinion that came, or the end of the days in which it could."""
    row = Consultation.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    asked = frozenset({row.agency_id}) if row.agency_id else frozenset()
    return Facts(
        title=f"{row.get_kind_display()}意见：{row.get_opinion_display() or '未提出'} {row.request.number}",
        url=_page(row.request_id),
        published_on=row.answered_on,
        agency_id=row.request.agency_id,
        also_ids=asked,
        lacking="还没有收到意见",
    )


def reply(pk: int) -> Facts | None:
    """A reply from the day it was served (条例第三十三条: 答复 means that the applicant has it), or sent where service is not known yet."""
    row = Reply.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    sent = row.services.order_by("sent_on").values_list("sent_on", flat=True).first()
    return Facts(
        title=f"答复 {row.number or row.request.number}",
        url=_page(row.request_id),
        # One that was set aside later did answer in time; one that was replaced before it went out never did.
        published_on=sent if row.signed_at else None,
        agency_id=row.request.agency_id,
        lacking="不再有效" if row.replaced_at else "还没有发出",
    )


def reply_secrecy(pk: int) -> Facts | None:
    """保密审查 of the reply as it was signed, by another person than its author (保密法第三十五条; S2-30). The record is the reply, so that
    a version written after a review shows none."""
    row = Reply.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    review = secrecy.review_of(row)
    return Facts(
        title=f"答复的保密审查：{row.number or row.request.number}" + (f"，{review.reviewer}" if review else ""),
        url=_page(row.request_id),
        published_on=timezone.localdate(review.at) if review else None,
        published_at=review.at if review else None,
        agency_id=row.request.agency_id,
        lacking="还没有由拟稿人以外的人审查通过",
    )


def unreviewed(obligation: Obligation, pk: int) -> tuple[str, str]:
    """A reply that went out without its secrecy review answers nobody lawfully: it proves nothing."""
    row = Reply.objects.filter(pk=pk).first()
    if row is None or secrecy.review_of(row) is not None:
        return "", ""
    return "这份答复没有由拟稿人以外的人保密审查通过的记录，不能证明依法答复；请查明情况", ""


def correction(pk: int) -> Facts | None:
    row = Correction.objects.filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"更正申请 {row.number}：{row.get_result_display()}",
        published_on=row.answered_on,
        agency_id=row.agency_id,
        lacking="还没有告知",
    )


def suggestion(pk: int) -> Facts | None:
    row = WorkSuggestion.objects.filter(pk=pk).first()
    if row is None:
        return None
    return Facts(title=f"工作建议：{row.to}", published_on=timezone.localdate(row.sent_at), agency_id=row.agency_id)


def pleading(pk: int) -> Facts | None:
    """答复书、答辩状 handed in to the organ or the court."""
    row = Remedy.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"{row.get_kind_display()}答复材料 {row.request.number}",
        url=_page(row.request_id),
        published_on=row.answered_on,
        agency_id=row.request.agency_id,
        lacking="还没有提出",
    )


def opening_review(pk: int) -> Facts | None:
    """Why information that several asked for is not published proactively (条例第四十四条)."""
    row = OpeningProposal.objects.filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"转为主动公开审核：{row.subject}",
        published_on=timezone.localdate(row.decided_at) if row.decided_at else None,
        agency_id=row.agency_id,
        lacking="还没有审核",
    )


def archive(pk: int) -> Facts | None:
    row = ArchivePackage.objects.select_related("request").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"案卷 {row.request.number}",
        url=_page(row.request_id),
        published_on=timezone.localdate(row.made_at),
        agency_id=row.request.agency_id,
    )
