"""Who opens a reply: the people of the agency asked, and who signs for a government (the head of its competent agency)."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.models import CaseFile, Reply, ReplyFile, Service

_WITH = ("request__agency__jurisdiction", "request__jurisdiction", "request__obligation")


def may_read(user: Any, reply: Reply) -> bool:
    request = reply.request
    if access.may_read_case(user, request):
        return True
    return request.agency.kind == Agency.Kind.GOVERNMENT and scope_of(user).heads_competent_agency_of(request.jurisdiction_id)


def access_reply(user: Any, pk: int) -> Reply:
    row = Reply.objects.select_related(*_WITH, "author", "signed_by", "template").filter(pk=pk).first()
    if row is None or not may_read(user, row):
        raise Http404(access.MISSING)
    return row


def access_file(user: Any, pk: int) -> ReplyFile:
    """A file of a reply, for whoever reads the reply."""
    row = ReplyFile.objects.select_related("source", *(f"reply__{path}" for path in _WITH)).filter(pk=pk).first()
    if row is None or not may_read(user, row.reply):
        raise Http404(access.MISSING)
    return row


def access_found(user: Any, pk: int) -> CaseFile:
    """A file the agency found: no applicant's. Other files of the case are handed out by its own room."""
    row: CaseFile = access.of_case(user, CaseFile, pk)
    if row.kind != CaseFile.Kind.FOUND or row.removed_at is not None:
        raise Http404(access.MISSING)
    return row


def access_service(user: Any, pk: int) -> Service:
    row: Service = access.of_case(user, Service, pk)
    return row
