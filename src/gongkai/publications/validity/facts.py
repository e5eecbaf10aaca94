"""What the rules of law hear of marks, and the marks as proof that they were made (法定规则 document.mark_original, S4-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.obligations.facts import declare
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.proving import Candidate, Facts, record_proves, register
from gongkai.obligations.statutes import of_fact
from gongkai.obligations.triggers import Fact, end, happened_all
from gongkai.publications import search_source
from gongkai.publications.models import Document, Revision, RevisionIssuer, ValidityChange
from gongkai.publications.validity import telling
from gongkai.publications.validity.state import ENDED, with_standing

CHANGED, IN_FORCE, MARK = "document_changed", "document_in_force", "validity_mark"


def register_all() -> None:
    """Called once from apps.ready()."""
    declare(CHANGED)
    register(MARK, facts_of, label="原文件页面的效力标注", candidates=candidates, address=_address)


def changed(changes: Sequence[ValidityChange], actor: User | None) -> None:
    """Tells of new marks, proves with each what the law makes of it, and ends the assessments that nobody needs any more.

    A continuation changes nothing on the page but its state, and is no change in the sense of the fact. Inside the caller's transaction.
    """
    search_source.changed({row.document_id for row in changes})
    told = [row for row in changes if row.effect != ValidityChange.Effect.CONTINUED]
    titles = titles_of(row.document_id for row in told)
    telling.tell(told, titles)
    today = timezone.localdate()
    duties = happened_all(
        (
            Fact(
                CHANGED,
                row.document.jurisdiction,
                row.document.agency,
                row.pk,
                f"{titles.get(row.document_id, row.document.index_number)}（{row.get_effect_display()}）",
                min(row.on, today),
            )
            for row in told
        ),
        actor,
    )
    for duty in duties:
        record_proves(duty, MARK, duty.subject_id)
    _end_assessments([row for row in told if row.effect in ENDED], actor, today)


def _end_assessments(ended: Sequence[ValidityChange], actor: User | None, today: date) -> None:
    rules = of_fact(IN_FORCE)
    if not ended or not rules:
        return
    subjects = {row.document_id: row.get_effect_display() for row in ended}
    rows = Obligation.objects.select_for_update(of=("self",)).filter(
        OPEN, source=Obligation.Source.STATUTE, rule__in=rules, subject_id__in=list(subjects)
    )
    by_word: dict[str, list[Obligation]] = {}
    for row in rows:
        by_word.setdefault(subjects[row.subject_id], []).append(row)
    for word, listed in by_word.items():
        end(listed, actor, f"文件已经{word}，有效期届满前不用再评估。", today)


def titles_of(documents: Iterable[int]) -> dict[int, str]:
    """Document id → the title of the text that speaks for it. Two queries."""
    rows = dict(with_standing(Document.objects.filter(pk__in=list(documents))).order_by().values_list("pk", "standing_id"))
    titles = dict(Revision.objects.filter(pk__in=[pk for pk in rows.values() if pk]).order_by().values_list("pk", "title"))
    return {document: titles[revision] for document, revision in rows.items() if revision in titles}


def facts_of(pk: int) -> Facts | None:
    """A mark stands from the moment it was registered: the page has shown it since."""
    row = ValidityChange.objects.select_related("document").filter(pk=pk).first()
    if row is None:
        return None
    title = titles_of([row.document_id]).get(row.document_id, row.document.index_number)
    return Facts(
        title=f"{title}：{row.get_effect_display()}",
        url=reverse("validity:document", args=[row.document_id]),
        published_on=timezone.localdate(row.at),
        published_at=row.at,
        agency_id=row.document.agency_id,
        also_ids=_issuers(row.document_id),
    )


def _issuers(document: int) -> frozenset[int]:
    """In whose name the mark counts too: the agencies that issued the document."""
    rows = RevisionIssuer.objects.filter(revision__current_of__document=document, revision__current_of__state="live")
    return frozenset(rows.order_by().values_list("agency", flat=True))


def candidates(obligation: Obligation) -> Iterable[Candidate]:
    rows = list(ValidityChange.objects.filter(document__agency=obligation.owner_id).select_related("document").order_by("-at")[:40])
    titles = titles_of(row.document_id for row in rows)
    for row in rows:
        title = titles.get(row.document_id, row.document.index_number)
        yield Candidate(MARK, row.pk, f"{title}：{row.get_effect_display()}", timezone.localdate(row.at))


def _address(pk: int) -> str:
    return reverse("validity:change", args=[pk])
