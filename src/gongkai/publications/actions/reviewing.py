"""送审、审核、退回、送请确定: the verbs between a draft and 审核通过. See base.perform for keys and refusals.

A review counts for the revision its reviewer had before him: the form names it, and a save in between refuses the review. Whoever wrote the
text reviews none of it, and nobody does two steps (workflow.person_reason). All verbs lock the document first, so they come one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.journal.actions import record
from gongkai.publications import facts, gates, labels
from gongkai.publications.access import acts_for
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.models import Deed, Edition, Inquiry, LabelRecord, Review, ReviewItem, Revision
from gongkai.publications.reviewing import workflow
from gongkai.publications.screening import runs as screening_runs

State, Conclusion, Attribute = Edition.State, Review.Conclusion, Revision.Attribute
REVIEWABLE = (State.REVIEW, State.READY, State.FAILED)
LABELS = {"submit": "送审", "recall": "撤回送审", "review": "审核", "inquire": "送请确定", "determine": "登记确定意见"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """逐项: what is concluded on the text (`version_id` None) or on one attachment."""

    version_id: int | None
    conclusion: str
    basis: str
    note: str = ""


def locked(edition: Edition) -> Edition:
    """The edition as it is now with its document, both held until the transaction ends; the document first, whatever the verb."""
    document = lock(edition.document)
    row = lock(edition)
    row.document = document
    return row


def role_reason(verb: str, record: Any, actor: Any, step: workflow.WorkStep | None = None) -> str:
    """Why the verb is not this person's, or an empty string. `record` is an Edition, for `determine` an Inquiry."""
    scope = scope_of(actor)
    edition: Edition = record.edition if isinstance(record, Inquiry) else record
    document = edition.document
    if verb in ("submit", "recall"):
        return "" if acts_for(scope, document.agency) else f"{LABELS[verb]}由公开主体的经办人、审核人或负责人办理"
    if verb == "review":
        return workflow.person_reason(step, edition, actor) if step is not None else "没有这一步审核"
    mine = acts_for(scope, document.agency) or scope.is_office_of(document.jurisdiction_id)
    mine = mine or any(workflow.holds(one, document, actor) for one in workflow.steps_for(edition))
    return "" if mine else f"{LABELS[verb]}由公开主体的人员或者政务公开主管部门办理"


def state_reasons(verb: str, record: Any, step: workflow.WorkStep | None = None) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    if verb == "determine":
        return [f"已于 {record.answered_on} 登记答复"] if record.answered_on else []
    edition: Edition = record
    if verb == "submit":
        return gates.submit_reasons(edition) if edition.state == State.DRAFT else [f"现在是“{edition.get_state_display()}”，不用送审"]
    if verb == "recall":
        if edition.state in (State.REVIEW, State.READY, State.FAILED):
            return []
        return ["已经定时发布，请先取消定时"] if edition.state == State.SCHEDULED else ["没有在审核中，不用撤回"]
    if verb == "inquire":
        if edition.state not in (State.DRAFT, *REVIEWABLE):
            return ["拟稿或者审核中的才能送请确定"]
        return ["已经送请确定，正等待答复"] if any(row.answered_on is None for row in edition.inquiries.all()) else []
    if edition.state not in REVIEWABLE:
        return [f"现在是“{edition.get_state_display()}”，不在审核中"]
    if step is not None and step.id not in {one.id for one in [*workflow.waiting_steps(edition), *_done(edition)]}:
        earlier = "、".join(one.name for one in workflow.waiting_steps(edition) if one.kind == workflow.CONTENT)
        return [f"“{step.name}”要等“{earlier}”通过"]
    return []


def _done(edition: Edition) -> list[workflow.WorkStep]:
    done = workflow.done_steps(edition)
    return [step for step in workflow.steps_for(edition) if step.id in done]


def failure_reasons(verb: str, record: Any, actor: Any, step: workflow.WorkStep | None = None) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, record, actor, step)
    return [role] if role else state_reasons(verb, record, step)


def submit(edition: Edition, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Edition:
    """送审: the text goes to its reviewers. The rules of law hear that a publication is proposed (条例第十七条)."""

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("submit", row, actor), state_reasons("submit", row))
        assert row.revision is not None
        row.state = State.READY if not workflow.missing_steps(row) else State.REVIEW
        row.submitted_at = at or timezone.now()
        row.save(update_fields=["state", "submitted_at"])
        if row.revision.label:
            labels.note(
                row.document, LabelRecord.Point.SLIP, row.revision.label, actor, f"第 {row.number} 版第 {row.revision.number} 稿", at=at
            )
        screening_runs.ask(row.revision)
        facts.submitted(row, actor)
        return row

    return perform(Deed.Kind.SUBMITTED, actor, key, edition, work, text=text, at=at, agency_id=edition.document.agency_id)


def recall(edition: Edition, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Edition:
    """撤回送审: back to the draft. What was reviewed of this revision stays on record, and counts if it comes unchanged."""

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("recall", row, actor), state_reasons("recall", row))
        return _back(row)

    return perform(Deed.Kind.RECALLED, actor, key, edition, work, text=text, at=at, agency_id=edition.document.agency_id)


def _back(row: Edition) -> Edition:
    row.state, row.publish_at, row.failure = State.DRAFT, None, ""
    row.save(update_fields=["state", "publish_at", "failure"])
    return row


def review(
    edition: Edition,
    actor: User,
    *,
    key: str,
    step: str,
    revision_id: int,
    conclusion: str,
    basis: str,
    opinion: str = "",
    items: Sequence[Verdict] = (),
    at: datetime | None = None,
) -> Review:
    """One step on one revision: agreed, or back to the draft with what is to be mended. A secrecy review says so of every part of it."""
    missing = [*_content_reasons(conclusion, basis, opinion), *text_reasons(opinion, *(item.note for item in items))]
    revision = Revision.objects.filter(pk=revision_id, edition=edition.pk).first()
    going_on = revision is not None and workflow.agrees(Review(conclusion=conclusion), revision)

    def work() -> Review:
        row = locked(edition)
        doing = next((one for one in workflow.steps_for(row) if one.id == step), None)
        insist(role_reason("review", row, actor, doing), state_reasons("review", row, doing) or _seen_reasons(row, revision_id) or missing)
        assert doing is not None and row.revision is not None
        if going_on and doing.id in workflow.done_steps(row):
            insist("", [f"“{doing.name}”已经通过"])
        if doing.kind == workflow.SECRECY and conclusion != Conclusion.RETURNED:
            insist("", item_reasons(row.revision, conclusion, items))
        made = Review.objects.create(
            edition=row,
            revision=row.revision,
            step=doing.id,
            kind=doing.kind,
            reviewer=actor,
            conclusion=conclusion,
            basis=basis.strip(),
            opinion=opinion.strip(),
            at=at or timezone.now(),
        )
        ReviewItem.objects.bulk_create(
            ReviewItem(
                review=made, version_id=item.version_id, conclusion=item.conclusion, basis=item.basis.strip(), note=item.note.strip()
            )
            for item in items
        )
        _follow(row, made, doing, actor, going_on)
        return made

    return perform(
        Deed.Kind.REVIEWED if going_on else Deed.Kind.RETURNED,
        actor,
        key,
        edition,
        work,
        text=f"{workflow.name_of(edition, step)}：{dict(Conclusion.choices).get(conclusion, '')}。{opinion.strip()}"[:5000],
        at=at,
        agency_id=edition.document.agency_id,
        clash="这一步刚刚由另一个人办理了，请刷新页面",
    )


def _follow(row: Edition, made: Review, step: workflow.WorkStep, actor: User, going_on: bool) -> None:
    """What a conclusion makes of its edition, inside the transaction of the review."""
    if not going_on:
        _back(row)
        return
    assert row.revision is not None
    if step.kind == workflow.SECRECY:
        if row.revision.label:
            labels.note(row.document, LabelRecord.Point.REGISTER, row.revision.label, actor, f"{step.name}：第 {row.revision.number} 稿")
        facts.secrecy_reviewed(row, made)
    if step.role == workflow.OFFICE:
        facts.withholding_reviewed(row, made)
    if not workflow.missing_steps(row):
        row.state = State.READY
        row.save(update_fields=["state"])
        facts.approved(row, actor)


def _content_reasons(conclusion: str, basis: str, opinion: str) -> list[str]:
    reasons = []
    if conclusion not in Conclusion.values:
        reasons.append("请选择审核结论")
    if not basis.strip() or len(basis) > 300:
        reasons.append("请写明依据，不超过 300 个字")
    if conclusion == Conclusion.RETURNED and not opinion.strip():
        reasons.append("退回的，请写明怎样修改")
    return reasons


def _seen_reasons(row: Edition, revision_id: int) -> list[str]:
    if row.revision_id == revision_id:
        return []
    return ["您打开页面以后文稿又保存过，审核对您看到的那一稿有效；请刷新页面，看过新稿再办理"]


def item_reasons(revision: Revision, conclusion: str, items: Sequence[Verdict]) -> list[str]:
    """保密审查要逐项 (保密法实施条例第四十二条): every part once, each with conclusion and basis, and the whole no milder than a part."""
    names = parts_of(revision)
    given = [item.version_id for item in items]
    reasons = [f"“{name}”还没有审查结论" for part, name in names.items() if part not in given]
    if len(set(given)) != len(given) or set(given) - set(names):
        reasons.append("逐项结论和文稿的内容不一致，请刷新页面")
    for item in items:
        name = names.get(item.version_id, "")
        if item.conclusion not in Conclusion.values or item.conclusion == Conclusion.RETURNED:
            reasons.append(f"请选择“{name}”的结论")
        elif not item.basis.strip() or len(item.basis) > 300 or len(item.note) > 500:
            reasons.append(f"请写明“{name}”的依据，不超过 300 个字")
        elif workflow.agrees(Review(conclusion=conclusion), revision) and not workflow.agrees(Review(conclusion=item.conclusion), revision):
            whole, part = dict(Conclusion.choices)[conclusion], dict(Conclusion.choices)[item.conclusion]
            reasons.append(f"“{name}”的结论是“{part}”，总的结论不能是“{whole}”")
    return reasons


def parts_of(revision: Revision) -> dict[int | None, str]:
    """What a secrecy review looks at one by one: None for the text with its metadata, then the version of every attachment. One query."""
    return {None: "正文和著录项", **{link.version_id: link.title for link in revision.attachment_links.all()}}


def inquire(
    edition: Edition, actor: User, *, key: str, question: str, to: Agency | None = None, to_words: str = "", at: datetime | None = None
) -> Inquiry:
    """送请确定 by the competent department or the secrecy administration; until it answers, nothing is opened (条例第十七条第二款)."""
    name = to_words.strip() or (to.name if to else "")
    missing = text_reasons(question, name, most=2000)
    if not question.strip():
        missing.append("请写明要确定的问题")
    if not name or len(name) > 120:
        missing.append("请写明送哪个主管部门或者保密行政管理部门确定")

    def work() -> Inquiry:
        row = locked(edition)
        insist(role_reason("inquire", row, actor), state_reasons("inquire", row) or missing)
        return Inquiry.objects.create(
            edition=row, to=to, to_words=name, question=question.strip(), asked_by=actor, asked_at=at or timezone.now()
        )

    return perform(
        Deed.Kind.INQUIRED,
        actor,
        key,
        edition,
        work,
        text=f"送请{name}确定：{question}"[:5000],
        at=at,
        agency_id=edition.document.agency_id,
    )


def determine(
    inquiry: Inquiry, actor: User, *, key: str, answer: str, allowed: bool | None, on: date, at: datetime | None = None
) -> Inquiry:
    """The answer as it came. A no sends the edition back: it is redacted, or withheld with its ground."""
    missing = text_reasons(answer)
    if not answer.strip():
        missing.append("请写明确定意见")
    if allowed is None:
        missing.append("请选择可以公开还是不能公开")
    if on > timezone.localdate():
        missing.append("答复日期不能晚于今天")

    def work() -> Inquiry:
        row = locked(inquiry.edition)
        asked = lock(inquiry)
        asked.edition = row
        late = [f"答复日期不能早于送请的日子 {day}"] if on < (day := timezone.localdate(asked.asked_at)) else []
        insist(role_reason("determine", asked, actor), state_reasons("determine", asked) or missing or late)
        asked.answer, asked.allowed, asked.answered_on, asked.answered_by = answer.strip(), allowed, on, actor
        asked.save(update_fields=["answer", "allowed", "answered_on", "answered_by"])
        if not allowed and row.state in (*REVIEWABLE, State.SCHEDULED, State.FAILED) and not _withheld(row):
            before = row.state
            _back(row)
            record(
                "publications.returned",
                row,
                actor=actor,
                old={"state": before},
                new={"state": row.state},
                agency_id=row.document.agency_id,
                place=row.document.jurisdiction_id,
            )
        return asked

    words = f"{inquiry.to_words}：{'可以公开' if allowed else '不能公开'}。{answer}"[:5000]
    return perform(Deed.Kind.DETERMINED, actor, key, inquiry, work, text=words, at=at, agency_id=inquiry.edition.document.agency_id)


def _withheld(row: Edition) -> bool:
    return row.revision is not None and row.revision.attribute == Attribute.WITHHELD
