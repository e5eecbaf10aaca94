"""标注效力: amended, repealed, lapsed, suspended, in force again: from a day on, by what decided it, on the original page for ever.

A mark is not taken back: what was marked by mistake is corrected by a further record, and the page tells both (S0-25, S4-16).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import User
from gongkai.journal.actions import Change, record_many
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.models import Deed, Document, ValidityChange
from gongkai.publications.validity import facts as validity_facts
from gongkai.publications.validity.state import ENDED, FORCED, WORDS, ValidityState, revision_of, state_of

Effect = ValidityChange.Effect
EARLIEST = date(1949, 10, 1)
LATEST_YEARS = 30


def role_reason(document: Document, actor: Any) -> str:
    """Why marking is not this person's, or an empty string: those who answer for the agency's documents, and the openness office."""
    scope = scope_of(actor)
    if scope.directs(document.agency_id) or scope.is_office_of(document.jurisdiction_id):
        return ""
    return "标注效力由本单位的审核人、负责人或者本地区政务公开主管部门办理"


def state_reasons(document: Document) -> list[str]:
    """Why nothing can be marked on this document at all."""
    if document.kind not in FORCED:
        return [f"{document.get_kind_display()}没有效力状态，不用标注"]
    if document.first_published_at is None:
        return ["这份文件还没有公开过，没有页面可以标注"]
    return []


def failure_reasons(document: Document, actor: Any) -> list[str]:
    """What stands between this person and the button."""
    role = role_reason(document, actor)
    return [role] if role else state_reasons(document)


def content_reasons(document: Document, effect: str, on: date | None, until: date | None, cause: Document | None, words: str) -> list[str]:
    """What is wrong with a mark as it was filled in. Up to four queries."""
    if effect not in Effect.values:
        return ["请选择效力"]
    if on is None:
        return ["请填写从哪一天起"]
    reasons = text_reasons(words, most=300)
    if not on >= EARLIEST or on.year > timezone.localdate().year + LATEST_YEARS:
        reasons.append("日期请核对")
    if not words.strip() and cause is None:
        reasons.append("请写明依据：哪个文件，或者哪次决定")
    if cause is not None and cause.pk == document.pk:
        reasons.append("依据是另一个文件，不能是它自己")
    if until is not None and effect != Effect.CONTINUED:
        reasons.append("只有继续有效的才填延续到哪一天")
    if until is not None and until < on:
        reasons.append("延续至的日期不能早于生效日期")
    revision = revision_of(document)
    if revision is not None and revision.issued_on and on < revision.issued_on:
        reasons.append(f"生效日期早于文件的成文日期 {revision.issued_on}")
    return reasons or _against(effect, state_of(document, on))


def _against(effect: str, state: ValidityState) -> list[str]:
    """What the state on that day does not allow."""
    if effect in (Effect.REPEALED, Effect.LAPSED, Effect.SUSPENDED) and state.code == effect and state.change is not None:
        return [f"自{state.since}起已经标注为{state.words}"]
    if effect == Effect.SUSPENDED and state.code in ENDED:
        return [f"文件已经{WORDS[state.code]}，不用再停止执行"]
    if effect == Effect.AMENDED and state.code in ENDED:
        return [f"文件已经{WORDS[state.code]}，不能再修改；确实还有效的，先登记继续有效"]
    return []


def words_of(cause: Document) -> str:
    """A document as a cause is cited: 《标题》（文号）."""
    revision = revision_of(cause)
    if revision is None:
        return str(cause.index_number)
    number = f"（{revision.doc_number}）" if revision.doc_number else ""
    return f"《{revision.title}》{number}"[:300]


def mark(
    document: Document,
    actor: User,
    *,
    key: str,
    effect: str,
    on: date | None,
    until: date | None = None,
    cause: Document | None = None,
    cause_words: str = "",
) -> ValidityChange:
    """One decision on one document. `cause` is the deciding document where it is in this system; both pages link to each other then.

    Tells the fact document_changed and hands in the mark as proof of what the law makes of it. Raises NotAllowed or ActionRefused.
    """

    def work() -> ValidityChange:
        locked = lock(document)
        role = role_reason(locked, actor)
        insist(role, [] if role else state_reasons(locked) or content_reasons(locked, effect, on, until, cause, cause_words))
        assert on is not None
        change = ValidityChange.objects.create(
            document=locked,
            effect=effect,
            on=on,
            until=until,
            cause=cause,
            cause_words=cause_words.strip() or (words_of(cause) if cause else ""),
            actor=actor,
            at=timezone.now(),
        )
        validity_facts.changed([change], actor)
        return change

    return perform(Deed.Kind.MARKED, actor, key, document, work, text=cause_words, agency_id=document.agency_id)


def mark_all(changes: Sequence[ValidityChange], actor: User) -> list[ValidityChange]:
    """Unsaved changes that one decision brings about (a clean-up), inside the caller's transaction; their content is the caller's to have
    checked. The statements do not grow with the documents, except where a duty to mark is proved for each."""
    made = ValidityChange.objects.bulk_create(changes, batch_size=500)
    record_many(
        Change(
            f"publications.{Deed.Kind.MARKED}",
            row,
            actor,
            new={"document_id": row.document_id, "effect": row.effect, "on": row.on, "until": row.until, "cause_words": row.cause_words},
            agency_id=row.document.agency_id,
            place=row.document.jurisdiction_id,
        )
        for row in made
    )
    validity_facts.changed(made, actor)
    return made
