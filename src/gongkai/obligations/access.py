"""The only doors to obligations and the files of their steps (architecture invariant 5)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from gongkai.agencies.access import Scope, scope_of
from gongkai.obligations.models import DeliverableProof, Helper, Obligation, StepFile


def obligations_for(user: Any) -> QuerySet[Obligation]:
    """What the user's agencies own or help with; the openness office also reads its jurisdiction and those below.

    Every part of the condition is a list of keys, so that both databases find the rows through their indexes whatever the size of the
    ledger; who reads every place of the installation gets no condition at all.
    """
    scope = scope_of(user)
    if not scope.is_staff_member:
        return Obligation.objects.none()
    if scope.sees_all:
        return Obligation.objects.all()
    places = scope.seen_ids | scope.competent_head_ids  # who may waive must be able to see
    mine = Q(owner__in=scope.kept_ids)
    if helped := _helped(user, scope, places):
        mine |= Q(pk__in=helped)
    if places:
        mine |= Q(jurisdiction__in=places)
    return Obligation.objects.filter(mine)


def parts_for(user: Any) -> list[QuerySet[Obligation]]:
    """`obligations_for` in parts that share no row: what lies in the user's places, and what the user's agencies have elsewhere.

    Who counts or sorts many rows asks each part by itself: under the condition of one part the indexes of a place answer without
    reading a row, under one that joins both by "or" neither database uses them so.
    """
    scope = scope_of(user)
    places = scope.seen_ids | scope.competent_head_ids
    if not scope.is_staff_member or scope.sees_all or not places:
        return [obligations_for(user)]
    elsewhere = Q(owner__in=scope.kept_ids)
    if helped := _helped(user, scope, places):
        elsewhere |= Q(pk__in=helped)
    return [
        Obligation.objects.filter(jurisdiction__in=places),
        Obligation.objects.filter(elsewhere).exclude(jurisdiction__in=places),
    ]


def _helped(user: Any, scope: Scope, places: frozenset[int]) -> list[int]:
    """Keys of what the user's agencies help with outside `places`; read once and kept on the user object, which lives one request."""
    cached = getattr(user, "_gongkai_helped", None)
    if cached is None:
        rows = Helper.objects.filter(agency__in=scope.agency_ids)
        if places:
            rows = rows.exclude(obligation__jurisdiction__in=places)
        cached = user._gongkai_helped = list(rows.order_by().values_list("obligation_id", flat=True))
    return list(cached)


def access_obligation(user: Any, pk: int) -> Obligation:
    """One obligation with what its page needs. Http404 outside the user's scope."""
    proofs = Prefetch("steps__proofs", DeliverableProof.objects.select_related("file"))
    try:
        return (
            obligations_for(user)
            .select_related("owner__jurisdiction", "jurisdiction", "section", "person", "waived_by", "series", "merged_into__owner")
            .prefetch_related("helpers__agency", "steps__actor", "steps__agency", "steps__files", proofs)
            .get(pk=pk)
        )
    except Obligation.DoesNotExist as error:
        raise Http404("没有这项任务，或者不在您的范围内") from error


def access_step_file(user: Any, pk: int) -> StepFile:
    """A file handed in with a step, for whoever may see the obligation. Http404 otherwise."""
    try:
        return StepFile.objects.select_related("step__obligation").get(pk=pk, step__obligation__in=obligations_for(user))
    except StepFile.DoesNotExist as error:
        raise Http404("没有这个文件，或者不在您的范围内") from error
