"""What the rules of law hear of publishing (obligations/rules/facts.toml), and what is handed in as proof without anybody typing it.

All of it happens inside the transaction of the verb. The subject of a fact is the document, of `publication_forced` the edition and of
`screening_found` the result of the screening, for each is to be settled by itself; the record that proves is the edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.obligations import triggers
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.proving import prove_by_fact, record_proves
from gongkai.obligations.statutes import of_fact
from gongkai.obligations.statutes import rules as all_rules
from gongkai.obligations.triggers import Fact
from gongkai.publications.models import Document, Edition, Evaluation, HistoryResult, Review, Revision

KINDS = (
    "document_drafted",
    "publication_proposed",
    "information_formed",
    "document_published",
    "document_in_force",
    "information_withheld",
    "list_published",
    "publication_forced",
    "screening_found",
)
PUBLICATION, SECRECY_REVIEW, OPENNESS_REVIEW = "publication", "secrecy_review", "openness_review"
SECOND_REVIEW, SCREENING_SETTLED = "second_review", "screening_settled"
LONGEST = 240
"""Of a title in that of an obligation (300 characters with the words of its rule)."""
RULE_KINDS = (Document.Kind.RULE, Document.Kind.NORMATIVE, Document.Kind.POLICY)
Attribute = Revision.Attribute


def _fact(name: str, edition: Edition, on: date, **tags: str) -> Fact:
    document, revision = edition.document, edition.revision
    assert revision is not None
    makers = tuple(link.agency for link in revision.issuer_links.select_related("agency__jurisdiction"))
    return Fact(name, document.jurisdiction, document.agency, document.pk, revision.title[:LONGEST], on, tags=tags, agencies=makers)


def rule_kind(document: Document) -> str:
    return document.kind if document.kind in RULE_KINDS else "other"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def submitted(edition: Edition, actor: User) -> None:
    """A text is proposed for opening. Whether it was formed earlier is its 成文日期's to say; the clock of Art 26 runs from then."""
    document, revision = edition.document, edition.revision
    assert revision is not None
    today = timezone.localdate()
    formed = min(revision.issued_on or today, today)
    joint = _yes(revision.issuer_links.count() > 1)
    told = [
        _fact("document_drafted", edition, today, kind=rule_kind(document), attribute=revision.attribute),
        _fact("publication_proposed", edition, today),
    ]
    if not was_published(document):
        told.append(_fact("information_formed", edition, formed, attribute=revision.attribute, joint=joint))
        if revision.attribute != Attribute.PROACTIVE:
            triggers.withdrawn("information_formed", document.pk, actor, f"公开属性改为{revision.get_attribute_display()}")
    triggers.happened_all(told, actor)


def was_published(document: Document) -> bool:
    return document.first_published_at is not None


def approved(edition: Edition, actor: User) -> None:
    """All steps have agreed. That something is withheld is decided here, and looked at again in time (条例第十八条)."""
    revision = edition.revision
    assert revision is not None
    if revision.attribute == Attribute.WITHHELD:
        triggers.happened(_fact("information_withheld", edition, timezone.localdate()), actor)


def secrecy_reviewed(edition: Edition, review: Review) -> None:
    _prove(_duties(edition.document, ["publication_proposed"]), SECRECY_REVIEW, review.pk)


def withholding_reviewed(edition: Edition, review: Review) -> None:
    """The openness office agreed that a policy document is not opened: the first of its periodic evaluations (国办发〔2016〕80号)."""
    made = Evaluation.objects.create(
        document=edition.document,
        subject=Evaluation.Subject.WITHHELD,
        conclusion=Evaluation.Conclusion.KEEP,
        basis=review.basis,
        opinion=review.opinion,
        reviewer=review.reviewer,
        on=timezone.localdate(review.at),
    )
    _prove(_duties(edition.document, ["document_drafted"]), OPENNESS_REVIEW, made.pk)


def forced(edition: Edition, actor: User) -> None:
    """Opened before every step was done: another person owes the second review."""
    assert edition.published_at is not None
    fact = _fact("publication_forced", edition, timezone.localdate(edition.published_at))
    triggers.happened(replace(fact, subject_id=edition.pk, agencies=()), actor)


def confirmed(edition: Edition) -> None:
    """The second review is the proof."""
    _prove(_of_subjects(["publication_forced"], [edition.pk]), SECOND_REVIEW, edition.pk)


def screening_found(result: HistoryResult) -> None:
    """What is public holds what may not be: its agency deals with it. A finding that it has to deal with already is not asked for twice."""
    known = HistoryResult.objects.filter(document=result.document_id).exclude(pk=result.pk).values("pk")
    if _of_subjects(["screening_found"], known).exists():
        return
    document = result.document
    title, today = result.revision.title[:LONGEST], timezone.localdate()
    triggers.happened(Fact("screening_found", document.jurisdiction, document.agency, result.pk, title, today), None)


def screening_settled(document: Document) -> None:
    """The document shows another text, is withdrawn, or was found clean: the findings of its earlier screenings are looked at again."""
    known = HistoryResult.objects.filter(document=document.pk, blocking__gt=0).values("pk")
    for duty in _of_subjects(["screening_found"], known).order_by("pk"):
        record_proves(duty, SCREENING_SETTLED, duty.subject_id)


def opened(edition: Edition, actor: User) -> None:
    """An edition is public: what follows from it, and what it proves. A minor correction is no news to the rules."""
    document, revision = edition.document, edition.revision
    assert revision is not None and edition.published_at is not None
    screening_settled(document)
    if revision.attribute != Attribute.PROACTIVE:
        return
    day = timezone.localdate(edition.published_at)
    if edition.change != Edition.Change.MINOR:
        triggers.happened_all(_told_when_opened(edition, day), actor)
    _prove(_duties(document, ["information_formed", "document_drafted"]), PUBLICATION, edition.pk)
    if edition.change != Edition.Change.MINOR:
        _prove(_catalogue_duties(document, day), PUBLICATION, edition.pk)
        _prove(_fresh_duties(document, day), PUBLICATION, edition.pk)


def _told_when_opened(edition: Edition, day: date) -> Iterable[Fact]:
    document, revision = edition.document, edition.revision
    assert revision is not None
    kind = rule_kind(document)
    yield _fact(
        "document_published",
        edition,
        day,
        kind=kind,
        interpret=_yes(revision.needs_interpretation),
        term=revision.term,
        gazette=_yes(revision.in_gazette),
    )
    if kind in (Document.Kind.RULE, Document.Kind.NORMATIVE) and (revision.effective_on or revision.issued_on):
        yield _fact("document_in_force", edition, revision.effective_on or revision.issued_on or day, kind=kind, term=revision.term)
    if document.kind == Document.Kind.NAMES:
        yield _fact("list_published", edition, day)


def taken_down(document: Document) -> None:
    """Withdrawn or at the end of its term: every proof that an edition of it was is looked at again, so that duties may open again."""
    screening_settled(document)
    for pk in document.editions.order_by("pk").values_list("pk", flat=True):
        prove_by_fact(PUBLICATION, pk)


def term_ended(edition: Edition) -> None:
    """A list of names came down when its term ended, which is what was owed (个人信息保护法第四十七条)."""
    _prove(_duties(edition.document, ["list_published"]), PUBLICATION, edition.pk)


def _duties(document: Document, kinds: Iterable[str]) -> QuerySet[Obligation]:
    """The open obligations that these facts of the document made."""
    return _of_subjects(kinds, [document.pk])


def _of_subjects(kinds: Iterable[str], subjects: Any) -> QuerySet[Obligation]:
    """The same for the subjects themselves: their ids, or a query of them."""
    rules = {rule for kind in kinds for rule in of_fact(kind)}
    return Obligation.objects.filter(OPEN, source=Obligation.Source.STATUTE, rule__in=rules, subject_id__in=subjects)


def _catalogue_duties(document: Document, day: date) -> QuerySet[Obligation]:
    """The open obligations of the catalogue items that the document fulfils, of the period the day lies in."""
    items = document.item_links.values("item")
    return Obligation.objects.filter(
        OPEN, source=Obligation.Source.CATALOGUE, rule="", subject_id__in=items, owner=document.agency_id, starts_on__lte=day
    )


def _fresh_duties(document: Document, day: date) -> QuerySet[Obligation]:
    """What must stay fresh and is by this publication: the place's home page, where the newest stands, and the column it stands in. Once a
    day is enough."""
    everywhere = [row.id for row in all_rules() if row.freshness and row.trigger != "fact" and PUBLICATION in row.proof.get("kinds", ())]
    here = Q(rule__in=everywhere, jurisdiction=document.jurisdiction_id)
    if document.column_id:
        here |= Q(rule__in=of_fact("site_column"), subject_id=document.column_id)
    return Obligation.objects.filter(OPEN, here, source=Obligation.Source.STATUTE, freshness__isnull=False).exclude(shown_on=day)


def _prove(duties: QuerySet[Obligation], kind: str, record: int) -> None:
    """Only duties that take this kind of record; one that names no kinds is for a person to judge."""
    for duty in duties.order_by("pk"):
        if kind in (duty.proof or {}).get("kinds", ()):
            record_proves(duty, kind, record)
