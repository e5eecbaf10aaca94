"""定期评估审查: is what was withheld still to be withheld (条例第十八条, S0-26); is a document to stay in force when its term ends.

Every evaluation is a row with its minutes, never changed. 转为公开 begins a new edition. The evaluation proves the duty to evaluate.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import User
from gongkai.clocks.clock import add_months
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.proving import record_proves
from gongkai.obligations.statutes import of_fact
from gongkai.publications.actions import drafting
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.facts import OPENNESS_REVIEW
from gongkai.publications.models import Deed, Document, Edition, Evaluation, Revision
from gongkai.publications.validity.state import FORCED, VALID, revision_of, state_of, withheld_months

Subject, Conclusion = Evaluation.Subject, Evaluation.Conclusion
CONCLUSIONS = {
    Subject.WITHHELD: (Conclusion.KEEP, Conclusion.OPEN),
    Subject.VALIDITY: (Conclusion.KEEP, Conclusion.AMEND, Conclusion.REPEAL, Conclusion.LAPSE),
}
FACTS = {Subject.WITHHELD: "information_withheld", Subject.VALIDITY: "document_in_force"}
OPENING_NOTE = "定期评估审查后转为公开"


def role_reason(document: Document, actor: Any) -> str:
    scope = scope_of(actor)
    if scope.directs(document.agency_id) or scope.is_office_of(document.jurisdiction_id):
        return ""
    return "定期评估由本单位的审核人、负责人或者本地区政务公开主管部门办理"


def subject_of(document: Document) -> str:
    """What of this document may be evaluated now: WITHHELD, VALIDITY, or an empty string. Up to five queries."""
    revision = revision_of(document)
    if revision is not None and revision.attribute == Revision.Attribute.WITHHELD:
        return Subject.WITHHELD
    if document.kind in FORCED and document.first_published_at and state_of(document).code in VALID:
        return Subject.VALIDITY
    return ""


def failure_reasons(document: Document, actor: Any) -> list[str]:
    if role := role_reason(document, actor):
        return [role]
    return [] if subject_of(document) else ["只评估不予公开的信息，以及还有效的文件"]


def evaluate(
    document: Document,
    actor: User,
    *,
    key: str,
    conclusion: str,
    basis: str,
    opinion: str,
    on: date | None = None,
    next_on: date | None = None,
) -> Evaluation:
    """`opinion` are the minutes of this item. `next_on` of something still withheld is set where nobody did. NotAllowed, ActionRefused."""

    def work() -> Evaluation:
        locked = lock(document)
        role = role_reason(locked, actor)
        subject = "" if role else subject_of(locked)
        day = on or timezone.localdate()
        insist(role, [] if role else _reasons(subject, conclusion, basis, opinion, day, next_on))
        following = next_on
        if subject == Subject.WITHHELD and conclusion == Conclusion.KEEP and following is None:
            following = add_months(day, withheld_months())
        made = Evaluation.objects.create(
            document=locked,
            subject=subject,
            conclusion=conclusion,
            basis=basis.strip(),
            opinion=opinion.strip(),
            reviewer=actor,
            on=day,
            next_on=following,
        )
        for duty in _duties(locked, subject, day):
            record_proves(duty, OPENNESS_REVIEW, made.pk)
        if conclusion == Conclusion.OPEN:
            _begin(locked, actor, key)
        return made

    return perform(Deed.Kind.EVALUATED, actor, key, document, work, text=opinion, agency_id=document.agency_id)


def _reasons(subject: str, conclusion: str, basis: str, opinion: str, on: date, next_on: date | None) -> list[str]:
    if not subject:
        return ["只评估不予公开的信息，以及还有效的文件"]
    reasons = text_reasons(basis, most=300) + text_reasons(opinion)
    if conclusion not in CONCLUSIONS[Subject(subject)]:
        reasons.append("请选择评估结论")
    if not basis.strip():
        reasons.append("请写明依据")
    if not opinion.strip():
        reasons.append("请写明评估意见：为什么仍然这样，或者情况有什么变化")
    if on > timezone.localdate():
        reasons.append("评估日期不能晚于今天")
    if next_on is not None and next_on <= on:
        reasons.append("下次评估的日期要晚于这次")
    return reasons


def _duties(document: Document, subject: str, day: date) -> list[Obligation]:
    """The open duties to evaluate this document that this one is in time for; of a series, the periods that have begun."""
    rows = Obligation.objects.filter(
        OPEN, source=Obligation.Source.STATUTE, rule__in=of_fact(FACTS[Subject(subject)]), subject_id=document.pk, starts_on__lte=day
    )
    return [duty for duty in rows.order_by("due_on", "pk") if OPENNESS_REVIEW in (duty.proof or {}).get("kinds", ())]


def _begin(document: Document, actor: User, key: str) -> None:
    """A new edition in which the text is opened, where this person may draft it and none is being worked on; else whoever may begins it."""
    if not drafting.failure_reasons("begin", document, actor):
        drafting.begin_edition(document, actor, key=f"{key[:90]}:open", change=Edition.Change.MAJOR, note=OPENING_NOTE)
