"""交办、承办回复、转办: who works on a request inside the agency, and which agency it is."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Membership, Section, User
from gongkai.disclosure_requests import access, clock, loaded, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, open_reasons, perform
from gongkai.disclosure_requests.letters.content import contact_of
from gongkai.disclosure_requests.models import Assignment, Deed, DisclosureRequest
from gongkai.obligations import triggers
from gongkai.obligations.handing_over import Handover, move


def assign(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    task: str,
    section: Section | None = None,
    person: User | None = None,
    due_on: date | None = None,
) -> Assignment:
    """Gives the request, or a part of it, to a section or a person of the agency until a day of its own. From the first assignment on the
    applicant is seen by those assigned and by who directs them alone."""
    insist(no_role(actor, request), assign_reasons(request))
    if section is None and person is None:
        raise ActionRefused("请选择承办科室或者承办人")
    if not task.strip():
        raise ActionRefused("请写明承办内容")
    if section is not None and section.agency_id != request.agency_id:
        raise ActionRefused("只能交给本机关的内设机构")
    if person is not None and not Membership.objects.filter(user=person, agency=request.agency_id).exists():
        raise ActionRefused("只能交给本机关的人员")
    if due_on is not None and due_on < timezone.localdate():
        raise ActionRefused("内部期限不能早于今天")

    def work() -> Assignment:
        row = locked(request)
        return Assignment.objects.create(
            request=row, section=section, person=person, task=task.strip()[:300], due_on=due_on, assigned_at=timezone.now()
        )

    return perform(Deed.Kind.ASSIGNED, actor, key, request, work, request=request, text=task)


def assign_reasons(request: DisclosureRequest) -> list[str]:
    return open_reasons(request) + ([] if request.registered_at else ["请先登记"])


def answer(assignment: Assignment, actor: User, *, key: str, words: str) -> Assignment:
    """承办意见 of who was assigned."""
    request = assignment.request
    insist(no_role(actor, request), answer_reasons(assignment))
    if not words.strip():
        raise ActionRefused("请写明承办意见")

    def work() -> Assignment:
        locked(request)
        row = lock(assignment)
        insist("", answer_reasons(row))
        row.answered_at, row.answer = timezone.now(), words.strip()
        row.save(update_fields=["answered_at", "answer"])
        return row

    return perform(Deed.Kind.ANSWERED, actor, key, assignment, work, request=request, text=words)


def answer_reasons(assignment: Assignment) -> list[str]:
    found = open_reasons(assignment.request)
    if assignment.ended_at is not None:
        found.append("这项交办已经收回")
    if assignment.answered_at is not None:
        found.append("这项交办已经回复")
    return found


def take_back(assignment: Assignment, actor: User, *, key: str, reason: str) -> Assignment:
    """The assignment ends without an answer; its reason stays in the timeline."""
    request = assignment.request
    insist(no_role(actor, request), answer_reasons(assignment))
    if not reason.strip():
        raise ActionRefused("请写明收回的理由")

    def work() -> Assignment:
        row = lock(assignment)
        insist("", answer_reasons(row))
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        return row

    return perform(Deed.Kind.ASSIGNED, actor, key, assignment, work, request=request, text=f"收回：{reason}")


def transfer(request: DisclosureRequest, actor: User, *, key: str, to: Agency, reason: str) -> DisclosureRequest:
    """转办 to another agency of this installation that acts for the same government, before anything was decided; the days already run go
    with it, and the applicant is told where it went. What belongs to none of them is answered so (条例第三十六条第五项)."""
    insist(no_role(actor, request), transfer_reasons(request))
    if to.pk == request.agency_id:
        raise ActionRefused("这件申请已经由该机关办理")
    if to.jurisdiction_id != request.jurisdiction_id:
        raise ActionRefused("只能转给本地区的机关；不属于本地区的，答复申请人并告知有权机关")
    if not reason.strip():
        raise ActionRefused("请写明转办的理由")

    def work() -> DisclosureRequest:
        row = locked(request)
        insist("", transfer_reasons(row))
        now, today = timezone.now(), timezone.localdate()
        services.send(row, "transfer", today, told={"转往机关": to.name, "转往机关的联系方式": contact_of(to)})
        Assignment.objects.filter(request=row, answered_at__isnull=True, ended_at__isnull=True).update(ended_at=now)
        row.agency, row.section, row.accepted_at = to, None, None
        row.save(update_fields=["agency", "section", "accepted_at"])
        if row.obligation is not None:
            # The duty goes with the case, its clock as it is: the days do not begin again because agencies pass a letter on.
            move([lock(row.obligation)], Handover(to, actor, f"{key}:duty", f"随申请转办：{reason.strip()}", today))
        triggers.happened(clock.fact_of("request_arrived", row, today), actor)
        return row

    return perform(Deed.Kind.TRANSFERRED, actor, key, request, work, request=request, text=f"转给{to.display_name}：{reason}")


def transfer_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if loaded.reply_of(request) is not None:
        found.append("已经拟写答复的申请不能转办")
    if loaded.waits_for_opinion(request):
        found.append("正在征求意见，收到意见以后才能转办")
    elif clock.is_paused(request):
        found.append("正在等候补正或者缴费，收到以后才能转办")
    return found


def handlers(request: DisclosureRequest) -> list[User]:
    """Who may be given a request: the people acting for its agency."""
    rows = Membership.objects.filter(agency=request.agency_id, user__is_active=True).select_related("user").order_by("user_id")
    return list({row.user_id: row.user for row in rows if access.acts_for(row.user, request.agency)}.values())
