"""The only doors to what follows a reply: one's own agencies' records; a suggestion also for the unit it was sent to. Else 404."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.disclosure_requests.models import Correction, FrequentAnswer, OpeningProposal, Remedy, WorkSuggestion

Row = TypeVar("Row", bound=Model)
MISSING = "没有这条记录，或者不在您的范围内"


def of_mine(user: Any, path: str) -> Q:
    """Rows whose agency, at `path`, this person works at; for a government, its openness office."""
    scope = scope_of(user)
    government = {f"{path}__kind": Agency.Kind.GOVERNMENT, f"{path}__jurisdiction__in": scope.office_ids}
    return Q(**{f"{path}__in": scope.kept_ids}) | Q(**government)


def corrections_for(user: Any) -> QuerySet[Correction]:
    return Correction.objects.select_related("agency__jurisdiction", "request").filter(of_mine(user, "agency"))


def remedies_for(user: Any) -> QuerySet[Remedy]:
    rows = Remedy.objects.select_related("request__agency__jurisdiction", "request__jurisdiction", "request__obligation", "follows")
    return rows.filter(of_mine(user, "request__agency"))


def suggestions_for(user: Any) -> QuerySet[WorkSuggestion]:
    rows = WorkSuggestion.objects.select_related("agency__jurisdiction", "to__jurisdiction", "request__agency")
    return rows.filter(of_mine(user, "agency") | of_mine(user, "to"))


def proposals_for(user: Any) -> QuerySet[OpeningProposal]:
    return OpeningProposal.objects.select_related("agency__jurisdiction", "decided_by").filter(of_mine(user, "agency"))


def answers_for(user: Any) -> QuerySet[FrequentAnswer]:
    return FrequentAnswer.objects.select_related("agency__jurisdiction", "reviewed_by").filter(of_mine(user, "agency"))


def one(rows: QuerySet[Row], pk: int) -> Row:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404(MISSING)
    return row
