"""拆分 (一事一申请) and 认定相同: one request becomes several, or is found to ask what another asks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import clock, likeness, loaded, numbers, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, masked, no_role, open_reasons, perform
from gongkai.disclosure_requests.models import Applicant, Deed, DisclosureRequest
from gongkai.obligations import triggers

MOST = 50


def split_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if request.split_from_id is not None:
        found.append("拆出的申请不能再拆分，请在原申请上拆分")
    if loaded.reply_of(request) is not None:
        found.append("已经拟写答复，不能再拆分")
    if clock.is_paused(request):
        found.append("期限正在中止，恢复以后再拆分")
    return found


def split(request: DisclosureRequest, actor: User, *, key: str, contents: Sequence[str]) -> DisclosureRequest:
    """Each further content becomes a request of its own, received on the same day with the same applicant and the same clock; the first
    stays with this one. `contents`: what each asks, this one's first."""
    listed = [" ".join(words.split()) for words in contents if words.strip()]
    insist(no_role(actor, request), split_reasons(request))
    if not 2 <= len(listed) <= MOST:
        raise ActionRefused(f"拆分要写明 2 到 {MOST} 项内容，每项一行")
    if len(set(listed)) != len(listed):
        raise ActionRefused("有两项内容相同，请合并")

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", split_reasons(row))
        for n, words in enumerate(listed[1:], 1):
            _part(row, words, f"{key}:{n}", actor)
        row.subject = masked(listed[0])[:120]
        row.likeness = likeness.signature(listed[0])
        row.save(update_fields=["subject", "likeness"])
        return row

    return perform(Deed.Kind.SPLIT, actor, key, request, work, request=request, text=f"拆分为 {len(listed)} 件")


def _part(request: DisclosureRequest, words: str, key: str, actor: User) -> DisclosureRequest:
    assert request.received_on is not None
    number = numbers.request_number(request.agency, request.received_on)
    part = DisclosureRequest.objects.create(
        jurisdiction=request.jurisdiction,
        agency=request.agency,
        number=number,
        check_digest=request.check_digest,  # no code of its own: the applicant sees it from the page of the one that was split
        key=key[-100:],
        channel=request.channel,
        submitted_at=request.submitted_at,
        arrived_at=request.arrived_at,
        confirmed_at=request.confirmed_at,
        received_on=request.received_on,
        receipt_rule=request.receipt_rule,
        subject=masked(words)[:120],
        description=words,
        form=request.form,
        route=request.route,
        suggests_opening=request.suggests_opening,
        likeness=likeness.signature(words),
        registered_at=request.registered_at,
        accepted_at=request.accepted_at,
        section=request.section,
        split_from=request,
    )
    told = Applicant.objects.get(request=request)
    told.pk, told.request = None, part
    told._state.adding = True
    told.save()
    clock.start(part, actor)
    part.save(update_fields=["obligation"])
    _same_clock(request, part, key)
    if numbers.settings_of(request.jurisdiction).sends_receipt:
        services.send(part, "receipt", timezone.localdate())
    return part


def _same_clock(request: DisclosureRequest, part: DisclosureRequest, key: str) -> None:
    """What happened to the clock before the contents were told apart happened to each of them: a correction that came, an extension."""
    assert request.obligation is not None
    for n, event in enumerate(request.obligation.clock_events.exclude(kind="start").select_related("approved_by").order_by("pk")):
        more = {"n": event.n, "reason": event.reason, "approved_by": event.approved_by, "document": event.document}
        clock.record(part, event.kind, event.on, f"{key}:{n}"[-90:], **more)


def match_reasons(request: DisclosureRequest) -> list[str]:
    return open_reasons(request) + (["已经认定过"] if request.same_as_id else [])


def match(request: DisclosureRequest, actor: User, *, key: str, other: DisclosureRequest) -> DisclosureRequest:
    """It asks what `other` asks. By another applicant that counts towards opening it proactively (条例第四十四条); by the same it may be
    a repeated request (第三十六条第六项), which the reply says, not this verb."""
    insist(no_role(actor, request), match_reasons(request))
    if other.agency_id != request.agency_id or other.pk == request.pk:
        raise ActionRefused("只能与本机关的另一件申请认定相同")

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", match_reasons(row))
        first = lock(other)
        row.same_as = first.same_as or first
        if row.same_as_id == row.pk:
            raise ActionRefused("那一件已经认定与这一件相同")
        row.save(update_fields=["same_as"])
        if _applicants(row.same_as) > 1:
            triggers.happened(clock.fact_of("asked_by_many", row.same_as, row.received_on or timezone.localdate(row.created_at)), actor)
        return row

    return perform(Deed.Kind.MATCHED, actor, key, request, work, request=request, text=other.number)


def _applicants(first: DisclosureRequest) -> int:
    rows = DisclosureRequest.objects.filter(same_as=first) | DisclosureRequest.objects.filter(pk=first.pk)
    return Applicant.objects.filter(request__in=rows).exclude(digest="").values("digest").distinct().count()
