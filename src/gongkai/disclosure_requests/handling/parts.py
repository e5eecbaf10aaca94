"""The panels of this room: what happens to a case between receipt and reply. Each is (case, user) → Panel; `case.desk` is the Desk."""

from __future__ import annotations

import zlib
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests.actions import charging, clarifying, filing, frequency
from gongkai.disclosure_requests.actions.base import masked
from gongkai.disclosure_requests.handling.desk import Desk
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.disclosure_requests.panels import Panel
from gongkai.disclosure_requests.services import LETTERS

ROOM = "disclosure_requests/handling/parts/"
NEAR = 10
"""Near-duplicates offered."""
AMONG = 3000
"""Newest requests of the agency that are compared; of twelve months at most."""


def _desk(case: DisclosureRequest) -> Desk:
    desk: Desk = case.desk  # type: ignore[attr-defined]
    return desk


def _one(case: DisclosureRequest, name: str) -> Any | None:
    try:
        row = getattr(case, name)
    except ObjectDoesNotExist:
        return None
    row.request = case
    return row


def masked_name(name: str) -> str:
    """赵**: enough to tell two people apart, no more."""
    return name[:1] + "**" if name else "未写明"


def applicant(case: DisclosureRequest, user: Any) -> Panel:
    """Who asks and what: for handlers alone; in full after 显示, which is written down."""
    desk = _desk(case)
    shown = bool(getattr(case, "is_shown", False))
    context: dict[str, Any] = {"handles": desk.handles, "shown": shown, "anonymised": case.anonymised_at}
    if desk.handles:
        person = case.applicant
        context |= {"person": person, "masked_name": masked_name(person.name)}
        for name in ("description", "features", "purpose"):
            words = getattr(case, name)
            context[name] = words if shown else masked(words)
    else:
        context["kind"] = Applicant.Kind(kind).label if (kind := _kind(case)) else ""
    return Panel("applicant", "申请人和申请内容", f"{ROOM}applicant.html", context)


def _kind(case: DisclosureRequest) -> str:
    return Applicant.objects.filter(request=case).values_list("kind", flat=True).first() or ""


def files(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    if not desk.handles:
        return None
    rows = list(case.files.all())
    return Panel("files", "案卷文件", f"{ROOM}files.html", {"files": rows, "verbs": desk.free("attach")}, len(rows))


def receipt(case: DisclosureRequest, user: Any) -> Panel:
    desk = _desk(case)
    names = ("confirm", "times") if case.received_on is None else ()
    verbs = desk.verbs(*names) + (desk.verbs("register") if case.registered_at is None else [])
    verbs += desk.verbs("accept") if case.registered_at is not None and case.accepted_at is None else []
    verbs += desk.free("amend", "withdraw")
    return Panel("receipt", "收件和登记", f"{ROOM}receipt.html", {"verbs": verbs if case.closed_on is None else []})


def assignments(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    rows = list(case.assignments.all())
    verbs = desk.free("assign", "transfer")
    if not rows and not verbs:
        return None
    today = timezone.localdate()
    listed = []
    for row in rows:
        waits = row.answered_at is None and row.ended_at is None
        listed.append(
            (row, waits and row.due_on is not None and row.due_on < today, desk.free("answer", "take_back", on=row) if waits else [])
        )
    waiting = sum(row.answered_at is None and row.ended_at is None for row in rows)
    return Panel("assignments", "交办和转办", f"{ROOM}assignments.html", {"rows": listed, "verbs": verbs}, waiting)


def clarification(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    row = _one(case, "clarification")
    context: dict[str, Any] = {"item": row, "handles": desk.handles, "shown": getattr(case, "is_shown", False)}
    if row is None:
        context["verbs"] = desk.verbs("clarify") if case.closed_on is None and case.registered_at is not None else []
        context["last"] = clarifying.last_day(case) if context["verbs"] else None
        return Panel("clarification", "补正", f"{ROOM}clarification.html", context) if context["verbs"] else None
    waits = row.answered_at is None and row.lapsed_on is None and case.closed_on is None
    context["verbs"] = desk.verbs("clarified", "lapse", on=row) if waits else []
    context["answer"] = (row.answer if context["shown"] else masked(row.answer)) if desk.handles else ""
    return Panel("clarification", "补正", f"{ROOM}clarification.html", context, int(waits))


def consultations(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    listed = []
    for row in case.consultations.all():
        row.request = case
        verbs = desk.free("consulted", "opinion", on=row) if row.answered_on is None else desk.free("override", on=row)
        listed.append((row, row.party if desk.handles else "", verbs))
    verbs = desk.verbs("consult") if case.closed_on is None and case.registered_at is not None else []
    if not listed and not verbs:
        return None
    waiting = sum(row.answered_on is None for row, *_rest in listed)
    context = {"rows": listed, "verbs": verbs, "handles": desk.handles}
    return Panel("consultations", "征求意见", f"{ROOM}consultations.html", context, waiting)


def extension(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    row = _one(case, "extension")
    if row is None:
        verbs = desk.verbs("extend") if case.closed_on is None and case.registered_at is not None else []
    else:
        verbs = desk.verbs("extend_approve", "extend_refuse", on=row) if row.approved_at is None and case.closed_on is None else []
    if row is None and not verbs:
        return None
    waits = row is not None and row.approved_at is None and case.closed_on is None
    return Panel("extension", "延长答复期限", f"{ROOM}extension.html", {"item": row, "verbs": verbs}, int(waits))


def fee(case: DisclosureRequest, user: Any) -> Panel | None:
    """The notice, or what it would be: reckoned line by line before the button is there."""
    desk = _desk(case)
    row = _one(case, "fee")
    if row is not None:
        waits = row.paid_on is None and row.lapsed_on is None and case.closed_on is None
        names = ("fee_served", "fee_paid", "fee_lapse") if row.served_on is None else ("fee_paid", "fee_lapse")
        context: dict[str, Any] = {"item": row, "verbs": desk.verbs(*names, on=row) if waits else []}
        return Panel("fee", "信息处理费", f"{ROOM}fee.html", context, int(waits))
    verbs = desk.free("charge") if case.closed_on is None and case.registered_at is not None else []
    for shown in verbs:
        shown.asks = True
        _reckon(case, shown)
    return Panel("fee", "信息处理费", f"{ROOM}fee.html", {"item": None, "verbs": verbs}) if verbs else None


def _reckon(case: DisclosureRequest, shown: Any) -> None:
    given: dict[str, Any] | None = getattr(case, "reckon", None)
    if not shown.open or shown.form is None or given is None or shown.form.is_bound:
        return
    form = shown.spec.form({**given, "key": shown.form.initial["key"]}, case=case, auto_id=shown.form.auto_id)
    shown.form = form
    if not form.is_valid():
        return
    by, quantity = form.cleaned_data["by"], form.cleaned_data["quantity"]
    try:
        reckoned = charging.reckoned(case, by, quantity)
    except ActionRefused as error:
        form.add_error(None, str(error))
        return
    shown.lines = [str(line) for line in reckoned.lines] + [f"合计 {reckoned.amount} 元"]
    shown.asks = not reckoned.amount


def often(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    row = _one(case, "frequency")
    if row is not None:
        waits = row.judged_on is None and case.closed_on is None
        given = row.given if desk.handles else ""
        context: dict[str, Any] = {"item": row, "given": given, "verbs": desk.verbs("judge", on=row) if waits else []}
        return Panel("frequency", "数量和频次", f"{ROOM}frequency.html", context, int(waits))
    if not desk.handles or case.closed_on is not None or case.registered_at is None:
        return None
    n = frequency.is_frequent(case)
    return (
        Panel("frequency", "数量和频次", f"{ROOM}frequency.html", {"item": None, "n": n, "verbs": desk.free("ask_reasons")}, 1)
        if n
        else None
    )


def alike(case: DisclosureRequest, user: Any) -> Panel | None:
    """一事一申请, the same and nearly the same among the last twelve months; what several people ask goes towards opening it."""
    desk = _desk(case)
    if not desk.handles or case.received_on is None and case.registered_at is None:
        return None
    found, mine = [], ""
    if case.closed_on is None and case.same_as_id is None:
        found = _near(case)
        mine = case.applicant.digest
    digests = dict(Applicant.objects.filter(request__in=[row.pk for row, _near in found]).values_list("request", "digest")) if found else {}
    listed = [(row, round(near * 100), bool(mine) and digests.get(row.pk) == mine) for row, near in found]
    first = case.same_as or case
    several = list(first.alike.all() if first is case else first.alike.only("pk", "number", "subject"))
    people = _people([first.pk, *(row.pk for row in several)]) if several else 0
    parts = list(case.parts.all())
    verbs = desk.free("split", "match")
    if not (listed or several or parts or verbs or case.split_from_id):
        return None
    context = {"near": listed, "several": several, "first": first, "people": people, "parts": parts, "verbs": verbs, "case": case}
    context["match"] = desk.verb("match") if listed else None
    return Panel("alike", "相同申请和拆分", f"{ROOM}alike.html", context, len(listed))


def _near(case: DisclosureRequest) -> list[tuple[DisclosureRequest, float]]:
    """The nearest of the last twelve months. Comparing thousands takes longer than the page: what was found stands until a further request
    comes to the agency, five minutes at most. What left the agency since is not among them."""
    key = f"alike:{case.key}:{getattr(case, 'newest', None)}:{zlib.crc32(repr(case.likeness).encode())}"
    near: list[tuple[int, float]] | None = cache.get(key)
    if near is None:
        since = add_months(case.received_on or timezone.localdate(case.created_at), -12)
        rows = DisclosureRequest.objects.filter(agency=case.agency_id, created_at__date__gte=since).exclude(pk=case.pk)
        light = rows.only("pk", "likeness").order_by("-created_at")[:AMONG]
        near = [(row.pk, share) for row, share in filing.alike(case, light)[:NEAR]]
        cache.set(key, near, 300)
    if not near:
        return []
    shown = DisclosureRequest.objects.filter(agency=case.agency_id).only("pk", "number", "subject", "closed_on")
    there = shown.in_bulk([pk for pk, _share in near])
    return [(there[pk], share) for pk, share in near if pk in there]


def _people(pks: list[int]) -> int:
    return Applicant.objects.filter(request__in=pks).exclude(digest="").values("digest").distinct().count()


def letters(case: DisclosureRequest, user: Any) -> Panel | None:
    desk = _desk(case)
    listed = []
    for row in case.services.all():
        row.request = case
        waits = row.served_on is None and not row.failed
        names = ("served", "not_served") if waits else ("resend",) if row.reply_id is None else ()
        listed.append((row, LETTERS.get(row.letter, "告知书"), desk.free(*names, on=row)))
    if not listed:
        return None
    waiting = sum(row.served_on is None and not row.failed for row, *_rest in listed)
    return Panel("letters", "文书和送达", f"{ROOM}letters.html", {"rows": listed, "handles": desk.handles}, waiting)
