"""The only doors to groups, opinions, collections and checks (architecture invariant 5).

One's own agencies' records, and, for an openness office, those of its jurisdiction and all below. Out of scope is 404.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency
from gongkai.coordination.models import (
    Check,
    CheckPoint,
    Collection,
    Deed,
    Filing,
    GroupMember,
    Instruction,
    LeadingGroup,
    Opinion,
    Submission,
)
from gongkai.obligations.access import obligations_for
from gongkai.obligations.models import Obligation
from gongkai.plans.access import plans_for
from gongkai.plans.models import Plan

Row = TypeVar("Row", bound=Model)
MISSING = "没有这条记录，或者不在您的范围内"


def acts_for(scope: Scope, agency: Agency) -> bool:
    """Whether this person hands in and rectifies for the agency. A government has no staff of its own: its openness office acts for it."""
    return scope.acts_for(agency.pk) or (agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(agency.jurisdiction_id))


def own(scope: Scope, field: str = "agency") -> Q:
    """Rows whose `field` is an agency this person belongs to, or the government he is the office of."""
    rows = Q(**{f"{field}__in": scope.agency_ids})
    if scope.office_ids:
        rows |= Q(**{f"{field}__kind": Agency.Kind.GOVERNMENT, f"{field}__jurisdiction__in": scope.office_ids})
    return rows


def own_agencies(scope: Scope) -> QuerySet[Any]:
    """Keys of the agencies `own` means, for a condition on rows of which there are millions: no join, so that their index is used."""
    mine = Q(pk__in=scope.agency_ids) | Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return Agency.objects.order_by().filter(mine).values("pk")


def sees(scope: Scope, jurisdiction_id: int) -> bool:
    return jurisdiction_id in scope.seen_ids


def groups_for(user: Any) -> QuerySet[LeadingGroup]:
    """Rosters are known to all staff of the same jurisdiction; an openness office also reads those below."""
    scope = scope_of(user)
    rows = LeadingGroup.objects.select_related("agency__jurisdiction")
    if not scope.is_staff_member:
        return rows.none()
    mine = Agency.objects.filter(pk__in=scope.agency_ids).values("jurisdiction")
    return rows.filter(Q(agency__jurisdiction__in=mine) | Q(agency__jurisdiction__in=scope.seen_ids))


def access_group(user: Any, pk: int) -> LeadingGroup:
    return _one(groups_for(user), pk)


def access_member(user: Any, pk: int) -> GroupMember:
    return _one(GroupMember.objects.select_related("group__agency").filter(group__in=groups_for(user)), pk)


def flows_for(user: Any) -> QuerySet[Plan]:
    """Plans whose way (opinions, filing) this person may follow: the office of the jurisdiction, and once issued those above."""
    return plans_for(user).filter(jurisdiction__in=scope_of(user).seen_ids)


def access_flow(user: Any, pk: int) -> Plan:
    return _one(flows_for(user), pk)


def access_opinion(user: Any, pk: int) -> Opinion:
    return _one(Opinion.objects.select_related("plan__jurisdiction", "agency", "asked_by").filter(plan__in=flows_for(user)), pk)


def access_filing(user: Any, pk: int) -> Filing:
    return _one(Filing.objects.select_related("plan__jurisdiction").filter(plan__in=flows_for(user)), pk)


def submissions_for(user: Any) -> QuerySet[Submission]:
    """What one's own agencies owe, and all that is owed to the jurisdictions one reads as openness office."""
    scope = scope_of(user)
    rows = Submission.objects.select_related("collection__jurisdiction", "agency__jurisdiction", "plan", "submitted_by", "received_by")
    if not scope.is_staff_member:
        return rows.none()
    return rows.filter(own(scope) | Q(collection__jurisdiction__in=scope.seen_ids))


def access_submission(user: Any, pk: int) -> Submission:
    return _one(submissions_for(user), pk)


def collections_for(user: Any) -> QuerySet[Collection]:
    scope = scope_of(user)
    rows = Collection.objects.select_related("jurisdiction", "plan", "opened_by")
    if not scope.is_staff_member:
        return rows.none()
    owed = Exists(Submission.objects.filter(own(scope), collection=OuterRef("pk")))
    return rows.filter(Q(jurisdiction__in=scope.seen_ids) | Q(owed))


def access_collection(user: Any, pk: int) -> Collection:
    return _one(collections_for(user), pk)


def checks_for(user: Any) -> QuerySet[Check]:
    """Checks of and by one's own agencies, and all in the jurisdictions one reads as openness office."""
    scope = scope_of(user)
    rows = Check.objects.select_related("agency__jurisdiction", "checker__jurisdiction", "plan", "started_by")
    if not scope.is_staff_member:
        return rows.none()
    return rows.filter(own(scope) | own(scope, "checker") | Q(agency__jurisdiction__in=scope.seen_ids))


def handed_points(user: Any) -> QuerySet[CheckPoint]:
    """Problems found at another agency that one's own agencies have to mend: the finding was handed over to them."""
    rows = CheckPoint.objects.filter(result=CheckPoint.Result.FAILED)
    scope = scope_of(user)
    if not scope.is_staff_member:
        return rows.none()
    duties = Obligation.objects.filter(owner__in=own_agencies(scope), source=Obligation.Source.FINDING, replaced_on__isnull=True)
    return rows.filter(pk__in=duties.order_by().values("subject_id")).exclude(check_record__in=Check.objects.filter(own(scope)))


def sees_whole(user: Any, check: Check) -> bool:
    """All its points, results and report; who was only handed a problem sees that problem."""
    return checks_for(user).filter(pk=check.pk).exists()


def access_check(user: Any, pk: int) -> Check:
    """The whole check."""
    return _one(checks_for(user), pk)


def access_part_of_check(user: Any, pk: int) -> Check:
    """The whole check, or one of which a problem was handed over to one's own agency (`handed_points`)."""
    rows = Check.objects.select_related("agency__jurisdiction", "checker__jurisdiction", "plan", "started_by")
    return _one(rows.filter(Q(pk__in=checks_for(user)) | Q(pk__in=handed_points(user).values("check_record"))), pk)


def access_point(user: Any, check_pk: int, pk: int) -> CheckPoint:
    """A point of a check, by the check it belongs to."""
    rows = CheckPoint.objects.select_related("check_record__agency__jurisdiction", "check_record__checker__jurisdiction", "rectified_by")
    seen = Q(check_record__in=checks_for(user)) | Q(pk__in=handed_points(user))
    return _one(rows.filter(seen, check_record=check_pk), pk)


def instructions_for(user: Any) -> QuerySet[Instruction]:
    """What one's own agencies were asked to do or help with, and all of the jurisdictions one reads as openness office."""
    scope = scope_of(user)
    rows = Instruction.objects.select_related("jurisdiction", "agency", "parent", "issued_by", "withdrawn_by")
    if not scope.is_staff_member:
        return rows.none()
    asked = obligations_for(user).filter(source=Obligation.Source.INSTRUCTION).order_by().values("subject_id")
    return rows.filter(Q(jurisdiction__in=scope.seen_ids) | Q(pk__in=asked))


def access_instruction(user: Any, pk: int) -> Instruction:
    return _one(instructions_for(user), pk)


def access_deed_file(user: Any, pk: int) -> Deed:
    """A file of an earlier round of a submission, for whoever may see the submission."""
    deed = _one(Deed.objects.exclude(file="").filter(subject="submission"), pk)
    access_submission(user, deed.subject_id)
    return deed


def _one(rows: QuerySet[Row], pk: int) -> Row:
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Http404(MISSING) from error


def access_collecting_agency(collection: Collection, pk: int) -> Agency:
    """An agency that owes something to the collection."""
    return _one(Agency.objects.filter(pk__in=Submission.objects.filter(collection=collection).values("agency")), pk)
