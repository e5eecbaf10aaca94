"""The only doors to documents and all that hangs on them, drafts included (architecture invariant 5).

People of the document's agency; for a government, those of the office that acts for it; the openness office of the place and those above
read all. Out of scope is 404. What the public sees is `visible.py`'s.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import Scope, scope_of
from gongkai.agencies.models import Agency
from gongkai.publications.models import Attachment, AttachmentVersion, Document, Edition, Revision

Row = TypeVar("Row", bound=Model)
MISSING = "没有这条政府信息，或者不在您的范围内"


def acts_for(scope: Scope, agency: Agency) -> bool:
    """Whether this person drafts for the agency. A government has no staff of its own: its openness office acts for it."""
    return scope.acts_for(agency.pk) or (agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(agency.jurisdiction_id))


def agencies_of(user: Any) -> QuerySet[Agency]:
    """The agencies this person may draft for, today's only."""
    scope = scope_of(user)
    mine = Q(pk__in=[pk for pk in scope.agency_ids if scope.acts_for(pk)])
    governments = Q(kind=Agency.Kind.GOVERNMENT, jurisdiction__in=scope.office_ids)
    return Agency.objects.select_related("jurisdiction").filter(mine | governments, valid_to__isnull=True)


def documents_for(user: Any) -> QuerySet[Document]:
    """Documents this person may read in the workbench, in whatever state."""
    scope = scope_of(user)
    rows = Document.objects.select_related("jurisdiction", "agency__jurisdiction", "column")
    if not scope.is_staff_member:
        return rows.none()
    return rows if scope.sees_all else rows.filter(_seen(scope))


def _seen(scope: Scope, prefix: str = "") -> Q:
    """The condition on documents, or on rows that reach theirs through `prefix`."""
    rows = Q(**{f"{prefix}agency__in": scope.kept_ids})
    # 人民政府 has no staff of its own: what it makes public goes through the people of its office (条例第三条).
    offices = Agency.objects.filter(pk__in=scope.agency_ids, is_competent=True)
    rows |= Q(**{f"{prefix}agency__kind": Agency.Kind.GOVERNMENT, f"{prefix}jurisdiction__in": offices.values("jurisdiction")})
    if scope.seen_ids:
        rows |= Q(**{f"{prefix}jurisdiction__in": scope.seen_ids})
    return rows


def access_document(user: Any, pk: int) -> Document:
    return _one(documents_for(user), pk)


def access_edition(user: Any, pk: int) -> Edition:
    rows = Edition.objects.select_related(
        "document__jurisdiction", "document__agency__jurisdiction", "document__column", "revision", "author"
    )
    return _one(_within(user, rows, "document__"), pk)


def access_revision(user: Any, pk: int) -> Revision:
    rows = Revision.objects.select_related("edition__document__jurisdiction", "edition__document__agency__jurisdiction", "author")
    return _one(_within(user, rows, "edition__document__"), pk)


def access_attachment(user: Any, pk: int) -> Attachment:
    rows = Attachment.objects.select_related("document__jurisdiction", "document__agency__jurisdiction")
    return _one(_within(user, rows, "document__"), pk)


def access_version(user: Any, pk: int) -> AttachmentVersion:
    """One file as uploaded: for staff alone, also when its stripped copy is public."""
    rows = AttachmentVersion.objects.select_related("attachment__document__agency__jurisdiction", "uploaded_by")
    return _one(_within(user, rows, "attachment__document__"), pk)


def _within(user: Any, rows: QuerySet[Row], prefix: str) -> QuerySet[Row]:
    scope = scope_of(user)
    if not scope.is_staff_member:
        return rows.none()
    return rows if scope.sees_all else rows.filter(_seen(scope, prefix))


def _one(rows: QuerySet[Row], pk: int) -> Row:
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Http404(MISSING) from error
