"""The only doors to requests and all that hangs on them (architecture invariants 5 and 9). Out of scope is 404.

Three circles: the people of the agency asked read its cases; of these, handlers see who asks; the openness office of the place and those
above read the register, without any applicant (条例第四十七条: they supervise, they do not handle).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import memberships_of
from gongkai.agencies.models import Agency, Membership
from gongkai.disclosure_requests import loaded
from gongkai.disclosure_requests.models import ApplicantLook, Assignment, DisclosureRequest
from gongkai.twins.compiled import GIVEN, Compiled

MISSING = "没有这件申请，或者不在您的范围内"


def agencies_of(user: Any) -> QuerySet[Agency]:
    """The agencies whose requests this person may handle; a government's are handled by its openness office."""
    scope = scope_of(user)
    mine = Q(pk__in=[pk for pk in scope.agency_ids if scope.acts_for(pk)])
    governments = Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return Agency.objects.select_related("jurisdiction").filter(mine | governments, valid_to__isnull=True)


def acts_for(user: Any, agency: Agency) -> bool:
    scope = scope_of(user)
    return scope.acts_for(agency.pk) or (agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(agency.jurisdiction_id))


def requests_for(user: Any) -> QuerySet[DisclosureRequest]:
    """Requests whose register row this person may read. Nothing of an applicant is fetched."""
    scope = scope_of(user)
    rows = DisclosureRequest.objects.select_related("jurisdiction", "agency__jurisdiction", "section", "obligation")
    if not scope.is_staff_member:
        return rows.none()
    if scope.sees_all:
        return rows
    seen = Q(agency__in=scope.kept_ids)
    if scope.office_ids:  # asked for only where it can find something: the condition costs a join and its words
        seen |= Q(agency__kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    if scope.seen_ids:
        seen |= Q(jurisdiction__in=scope.seen_ids)
    return rows.filter(seen)


def access_request(user: Any, pk: int) -> DisclosureRequest:
    try:
        return requests_for(user).get(pk=pk)
    except DisclosureRequest.DoesNotExist:
        raise Http404(MISSING) from None


@cache
def _case() -> Compiled[DisclosureRequest]:
    rows = DisclosureRequest.objects.select_related("jurisdiction", "agency__jurisdiction", "section", "obligation")
    return Compiled(rows.filter(pk=GIVEN).order_by())


def access_case(user: Any, pk: int) -> DisclosureRequest:
    """The case with its papers: for the people of the agency asked. The offices above read the register only. Whoever may read the case may
    read its row in the register (requests_for); a test holds this."""
    row = next(iter(_case()(pk)), None)
    if row is None or not may_read_case(user, row):
        raise Http404(MISSING)
    return row


def opens(user: Any, agency_id: int, kind: str, jurisdiction_id: int) -> bool:
    """may_read_case for a row of values."""
    scope = scope_of(user)
    return agency_id in scope.kept_ids or (kind == Agency.Kind.GOVERNMENT and scope.is_office_of(jurisdiction_id))


def may_read_case(user: Any, request: DisclosureRequest) -> bool:
    scope = scope_of(user)
    return request.agency_id in scope.kept_ids or acts_for(user, request.agency)


def handles(user: Any, request: DisclosureRequest) -> bool:
    """May see who asks and what exactly: who directs the agency's work, who is assigned, and every person acting for the agency while
    nobody is assigned yet."""
    if not acts_for(user, request.agency):
        return False
    scope = scope_of(user)
    if scope.directs(request.agency_id) or request.agency.kind == Agency.Kind.GOVERNMENT:
        return True
    if loaded.is_read(request, "assignments"):
        working = [row for row in request.assignments.all() if row.ended_at is None]
        posts = {post.section_id for post in memberships_of(user) if post.agency_id == request.agency_id and post.section_id}
        return not working or any(row.person_id == user.pk or row.section_id in posts for row in working)
    assigned = Assignment.objects.filter(request=request, ended_at__isnull=True)
    if not assigned.exists():
        return True
    sections = Membership.objects.filter(user=user, agency=request.agency_id, section__isnull=False).values("section")
    return assigned.filter(Q(person=user.pk) | Q(section__in=sections)).exists()


def look(user: Any, request: DisclosureRequest, what: str) -> None:
    """Shows something of the applicant to a handler and writes down that it did. Raises Http404 for anybody else."""
    if not handles(user, request):
        raise Http404(MISSING)
    ApplicantLook.objects.create(request=request, user=user, what=what)


def of_case(user: Any, model: type[Any], pk: int) -> Any:
    """A row that hangs on a case through `request` (Clarification, Reply, CaseFile, …), for those who may read the case."""
    row = model._default_manager.select_related("request__agency__jurisdiction", "request__obligation").filter(pk=pk).first()
    if row is None or not may_read_case(user, row.request):
        raise Http404(MISSING)
    return row
