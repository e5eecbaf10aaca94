"""The records of publishing as proof of obligations. Registered in apps.ready().

`publication` is an edition, whose day never moves: a later edition proves a later period. Its public page is the document's, which names
the edition that is live. `secrecy_review` is a Review, `openness_review` an Evaluation, `second_review` an edition that was forced,
`screening_settled` the result of a screening of what is public, which is settled once it no longer stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.obligations.models import Obligation
from gongkai.obligations.proving import Candidate, Facts, register
from gongkai.publications.facts import OPENNESS_REVIEW, PUBLICATION, SCREENING_SETTLED, SECOND_REVIEW, SECRECY_REVIEW
from gongkai.publications.models import Edition, Evaluation, HistoryResult, Review, Revision
from gongkai.publications.reviewing.workflow import agrees
from gongkai.publications.visible import live_editions

State = Edition.State
OPENED = (State.LIVE, State.PAST)


def register_all() -> None:
    register(
        PUBLICATION,
        publication,
        label="政府信息公开记录",
        candidates=publications,
        page="documents:document",
        record_of_page=live_edition_of,
    )
    register(SECRECY_REVIEW, secrecy_review, label="保密审查记录")
    register(OPENNESS_REVIEW, openness_review, label="定期评估审查记录")
    register(SECOND_REVIEW, second_review, label="紧急发布的补审记录")
    register(SCREENING_SETTLED, screening_settled, label="复查问题处理记录")


def live_edition_of(document_id: int) -> int | None:
    """The edition that stands on the page of a document."""
    return live_editions().filter(document=document_id).values_list("pk", flat=True).first()


def publication(pk: int) -> Facts | None:
    """An opened edition, until its document is withdrawn; one whose own term is over was public as long as it was owed."""
    row = Edition.objects.select_related("document__column", "revision").filter(pk=pk).first()
    if row is None or row.revision is None:
        return None
    document = row.document
    ended = row.state == State.WITHDRAWN and row.expires_on is not None and row.expires_on < timezone.localdate()
    stands = row.published_at is not None and (ended or (row.state in OPENED and document.withdrawn_at is None))
    shown = stands and row.revision.attribute == Revision.Attribute.PROACTIVE
    makers = frozenset(row.revision.issuer_links.values_list("agency", flat=True))
    return Facts(
        title=row.revision.title,
        url=reverse("documents:document", args=[document.pk]),
        published_on=timezone.localdate(row.published_at) if shown and row.published_at else None,
        published_at=row.published_at if shown else None,
        agency_id=document.agency_id,
        also_ids=makers,
        column=document.column.name if document.column else "",
        public=bool(shown),
        item_ids=frozenset(document.item_links.values_list("item", flat=True)),
        lacking="已经撤下" if document.withdrawn_at else "还没有公开",
    )


def publications(obligation: Obligation) -> Iterable[Candidate]:
    """What the owner has opened, newest first; its own, or made together with others."""
    mine = Q(document__agency=obligation.owner_id) | Q(revision__issuers=obligation.owner_id)
    rows = live_editions().filter(mine, revision__attribute=Revision.Attribute.PROACTIVE).select_related("revision").distinct()
    for row in rows.order_by("-published_at", "-pk"):
        if row.revision is not None and row.published_at is not None:
            yield Candidate(PUBLICATION, row.pk, row.revision.title, timezone.localdate(row.published_at))


def secrecy_review(pk: int) -> Facts | None:
    """A secrecy review that agreed to what its revision says of itself."""
    row = Review.objects.select_related("edition__document", "revision").filter(pk=pk, kind="secrecy").first()
    if row is None:
        return None
    passed = agrees(row, row.revision)
    return Facts(
        title=f"保密审查：{row.revision.title}"[:200],
        url=reverse("reviewing:edition", args=[row.edition_id]),
        published_on=timezone.localdate(row.at) if passed else None,
        published_at=row.at if passed else None,
        agency_id=row.edition.document.agency_id,
        lacking="没有通过",
    )


def openness_review(pk: int) -> Facts | None:
    row = Evaluation.objects.select_related("document").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"{row.get_subject_display()}评估：{row.get_conclusion_display()}",
        published_on=row.on,
        agency_id=row.document.agency_id,
    )


def second_review(pk: int) -> Facts | None:
    """A forced edition that another person has confirmed."""
    row = Edition.objects.select_related("document", "revision").filter(pk=pk).exclude(forced_reason="").first()
    if row is None or row.revision is None:
        return None
    return Facts(
        title=f"补审：{row.revision.title}"[:200],
        url=reverse("reviewing:edition", args=[row.pk]),
        published_on=timezone.localdate(row.confirmed_at) if row.confirmed_at else None,
        published_at=row.confirmed_at,
        agency_id=row.document.agency_id,
        lacking="还没有补审",
    )


def screening_settled(pk: int) -> Facts | None:
    """What was found no longer stands: the document shows another text, which has passed its screening or whose findings a reviewer has
    overruled with a reason (the gate of publishing asks for one or the other), is withdrawn, or was found clean when screened again."""
    row = HistoryResult.objects.select_related("document", "revision", "history").filter(pk=pk).first()
    if row is None:
        return None
    at = _settled_at(row)
    return Facts(
        title=f"复查问题已处理：{row.revision.title}"[:200],
        url=reverse("screening:history", args=[row.history_id]),
        published_on=timezone.localdate(at) if at else None,
        published_at=at,
        agency_id=row.document.agency_id,
        lacking="还没有处理",
    )


def _settled_at(row: HistoryResult) -> datetime | None:
    live = live_editions().filter(document=row.document_id).first()
    if live is None:
        ended = row.document.editions.filter(revision=row.revision_id).values_list("ended_at", flat=True).first()
        return row.document.withdrawn_at or ended
    if live.revision_id != row.revision_id:
        ended = row.document.editions.filter(revision=row.revision_id).values_list("ended_at", flat=True).first()
        return ended or live.published_at
    later = HistoryResult.objects.filter(document=row.document_id, pk__gt=row.pk, blocking=0).order_by("pk")
    return later.values_list("history__asked_at", flat=True).first()
