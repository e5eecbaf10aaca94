"""Evidence closes an obligation; nobody ticks “done”. Handing in, checking by fact, judging, withdrawing, declaring no change.

Each is one transaction that locks the obligation, leaves a Step and a journal entry, and settles `fulfilled_on` (fulfilment.py), so that
withdrawing reopens. The same `key` again returns what it made. The kinds of records that may prove something are registered by the apps
that keep them (facts.py); a record is checked by the system, everything else by a person. The server fetches no address.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Leader, User
from gongkai.journal.actions import record as note
from gongkai.obligations import proving_rules as rules
from gongkai.obligations.checks import Finding, check
from gongkai.obligations.fulfilment import missing_quantity, settle_proof, whose
from gongkai.obligations.models import Evidence, Obligation, Step, StepFile
from gongkai.obligations.proving_base import (
    USED,
    add,
    counting_of,
    earlier_of,
    fill,
    handed_words,
    insist_key,
    lock,
    locked_evidence,
    new_row,
    one_form,
    result_words,
    row_of,
    rows_of,
    settle_and_say,
    show,
    signed_by,
    step_of,
    take_back,
    text_reasons,
)
from gongkai.obligations.records import Candidate, Facts, candidates, facts_of, label_of, record_at, register
from gongkai.obligations.uploads import described, upload_reasons

__all__ = [
    "Candidate",
    "Facts",
    "candidates",
    "declare_no_change",
    "hand_in",
    "judge",
    "judgement",
    "prove_by_fact",
    "record_proves",
    "register",
    "settle_proof",
    "withdraw",
    "withdraw_record",
]

Kind, Result = Evidence.Kind, Evidence.Result
NO_CHANGE = "本期没有新内容"


def hand_in(
    obligation: Obligation,
    actor: User,
    *,
    key: str,
    kind: str,
    record: tuple[str, int] | None = None,
    url: str = "",
    file: File[Any] | None = None,
    proves: str = "",
    on: date | None = None,
    at: datetime | None = None,
    quantity: Decimal | int | None = None,
    leader: Leader | None = None,
) -> Evidence:
    """One proof, by somebody acting for the owner: a record of this system, a public address, a file, or a declaration to be signed.

    A record, also when given by its public address, brings its own day, title and quantity and is checked at once; it may fail, and stays
    in sight with the sentence why. The rest waits for the openness office. `at` is the moment it was done, for limits in hours.
    Raises NotAllowed or ActionRefused; then nothing is kept, no file either.
    """
    insist_key(key)
    amount = Decimal(1) if quantity is None else Decimal(quantity)
    target = record or (record_at(url) if kind == Kind.ADDRESS else None)
    saved: list[StepFile] = []
    try:
        with transaction.atomic():
            locked = lock(obligation)
            if (earlier := earlier_of(key, locked, actor)) is not None:
                return earlier
            if reason := rules.hand_in_role(locked, actor):
                raise NotAllowed(reason)
            reasons = rules.hand_in_state(locked) or [
                *rules.content(locked, kind, url, file is not None, proves, on, at, amount),
                *(upload_reasons([file]) if file is not None else []),
                *(["请选择一条记录"] if kind == Kind.RECORD and target is None else []),
                *(["这条记录已经作为佐证交过"] if target and row_of(locked, *target) else []),
            ]
            if leader is not None and leader.agency_id != locked.owner_id:
                reasons.append(f"{leader}不是责任单位的负责人")
            if reasons:
                raise ActionRefused(reasons)
            facts = facts_of(*target) if target else None
            words = proves.strip() or (facts.title if facts else NO_CHANGE)
            step = step_of(locked, Step.Kind.EVIDENCE, handed_words(kind, target, words), actor, key, link=url.strip())
            row = new_row(locked, key, actor, step, words, amount, leader)
            if target and facts:
                row.kind, row.record_kind, row.record_id = Kind.RECORD, *target
                fill(row, facts, check(locked, *target, facts=facts))
            else:
                row.kind, row.result = kind, Result.TO_JUDGE
                row.on, row.at, row.url = on or (timezone.localdate(at) if at else timezone.localdate()), at, url.strip()
            if file is not None:
                stored = StepFile(step=step, **described(file))
                stored.file.save(stored.name, file, save=False)
                saved.append(stored)
                stored.save()
                row.file = stored
            add(row, actor)
    except BaseException as error:
        for stored in saved:
            stored.file.delete(save=False)
        if isinstance(error, IntegrityError):
            raise ActionRefused(USED) from error
        raise
    show(obligation, locked)
    return row


@transaction.atomic
def record_proves(obligation: Obligation, record_kind: str, record_id: int) -> Evidence:
    """A record proves an obligation by the system's own knowledge, from the action of the app that keeps it. Asked again, it is checked
    again. One record may prove many obligations; of one that is dealt with under another, it proves that other."""
    locked = lock(obligation)
    if locked.merged_into is not None:
        return record_proves(locked.merged_into, record_kind, record_id)
    row = row_of(locked, record_kind, record_id)
    if row is not None:
        prove_by_fact(record_kind, record_id)
        row.refresh_from_db()
    else:
        facts = facts_of(record_kind, record_id)
        words = facts.title or label_of(record_kind)
        key = f"record:{record_kind}:{record_id}:{locked.pk}:{locked.evidence.count()}"
        step = step_of(locked, Step.Kind.EVIDENCE, f"系统登记佐证：{label_of(record_kind)}“{words}”。", None, key)
        row = new_row(locked, key, None, step, words, Decimal(1), None)
        row.kind, row.record_kind, row.record_id = Kind.RECORD, record_kind, record_id
        fill(row, facts, check(locked, record_kind, record_id, facts=facts))
        add(row, None)
    show(obligation, locked)
    return row


@transaction.atomic
def prove_by_fact(record_kind: str, record_id: int) -> int:
    """Checks every evidence of a record again, after the record has changed: what it proved may open again, what failed may pass.

    Returns how many results changed. What a person has refused stays refused, what a person has passed stays so while the facts hold.
    """
    facts = facts_of(record_kind, record_id)
    changed = 0
    for row in rows_of(record_kind, record_id):
        locked = lock(row.obligation)
        row.refresh_from_db()
        row.obligation = locked
        by_person = row.checked_by_id is not None
        if row.withdrawn_at or (by_person and row.result == Result.FAILED):
            continue
        found = check(locked, record_kind, record_id, facts=facts)
        if by_person and row.result == Result.PASSED and found.result == Result.TO_JUDGE:
            found = Finding(Result.PASSED, row.reason)
        else:
            row.checked_by = None
        old = {"result": row.result, "on": row.on, "reason": row.reason}
        fill(row, facts, found)
        row.save()
        new = {"result": row.result, "on": row.on, "reason": row.reason}
        if old == new:
            continue
        changed += 1
        note("evidence.rechecked", row, actor=None, old=old, new=new, **whose(locked))
        settle_and_say(row, Step.Kind.JUDGED, f"自动重新核查“{row.proves}”：{result_words(row)}。", None, f"fact:{uuid.uuid4()}")
    return changed


def judge(evidence: Evidence, actor: User, key: str, passed: bool, reason: str = "") -> Evidence:
    """核查 by the openness office, never by who handed it in. A refusal says why."""
    insist_key(key)
    words = reason.strip()
    with one_form(), transaction.atomic():
        row, done = locked_evidence(evidence, key, Step.Kind.JUDGED, actor)
        if done:
            return row
        if role := rules.judge_role(row, actor):
            raise NotAllowed(role)
        reasons = rules.judge_state(row) or text_reasons(words, "" if passed else "请写明为什么不符合、怎么补")
        if reasons:
            raise ActionRefused(reasons)
        row.result = Result.PASSED if passed else Result.FAILED
        row.reason, row.checked_by, row.checked_at = words, actor, timezone.now()
        row.save(update_fields=["result", "reason", "checked_by", "checked_at"])
        note(
            "evidence.judged",
            row,
            actor=actor,
            old={"result": Result.TO_JUDGE},
            new={"result": row.result},
            note=words,
            **whose(row.obligation),
        )
        settle_and_say(row, Step.Kind.JUDGED, f"“{row.proves}”{result_words(row)}。", actor, key)
    show(evidence.obligation, row.obligation)
    return row


def withdraw(evidence: Evidence, actor: User, key: str, reason: str) -> Evidence:
    """撤回 by the owner or the office, with the reason; what it proved is open again unless something else proves it."""
    insist_key(key)
    words = reason.strip()
    with one_form(), transaction.atomic():
        row, done = locked_evidence(evidence, key, Step.Kind.WITHDRAWN, actor)
        if done:
            return row
        if role := rules.withdraw_role(row, actor):
            raise NotAllowed(role)
        if reasons := rules.withdraw_state(row) or text_reasons(words, "请写明撤回的理由"):
            raise ActionRefused(reasons)
        take_back(row, actor, words, key)
    show(evidence.obligation, row.obligation)
    return row


@transaction.atomic
def withdraw_record(record_kind: str, record_id: int, reason: str) -> int:
    """A record was taken back: it proves nothing any more, anywhere. Returns how many pieces of evidence went."""
    rows = rows_of(record_kind, record_id)
    for row in rows:
        row.obligation = lock(row.obligation)
        row.refresh_from_db(fields=["withdrawn_at"])
        if row.withdrawn_at is None:
            take_back(row, None, reason[:500], f"gone:{uuid.uuid4()}")
    return len(rows)


def declare_no_change(obligation: Obligation, actor: User, key: str, text: str = "") -> Evidence:
    """“本期没有新内容”, signed by the owner's head or reviewer: another than who prepared it (hand_in) where the owner has two people.

    Counts as passed and is shown to the public as what it is.
    """
    insist_key(key)
    with one_form(), transaction.atomic():
        locked = lock(obligation)
        if (step := Step.objects.filter(key=key).first()) is not None:
            return signed_by(step, locked, actor)
        if role := rules.declare_role(locked, actor):
            raise NotAllowed(role)
        words = text.strip()
        too_long = [] if len(words) <= 200 else ["声明不能超过 200 个字"]
        if reasons := rules.declare_state(locked, actor) or [*too_long, *text_reasons(words, "")]:
            raise ActionRefused(reasons)
        row = rules.prepared(locked) or new_row(locked, key, actor, None, words or NO_CHANGE, Decimal(1), None)
        row.obligation, row.kind, row.on = locked, Kind.NO_CHANGE, timezone.localdate()
        row.quantity = missing_quantity(locked, counting_of(locked))
        row.result, row.reason, row.checked_by, row.checked_at = Result.PASSED, words, actor, timezone.now()
        row.save()
        note("evidence.no_change", row, actor=actor, new={"result": row.result, "on": row.on}, note=words, **whose(locked))
        settle_and_say(row, Step.Kind.NO_CHANGE, f"签署声明：{row.proves}。", actor, key)
    show(obligation, locked)
    return row


def judgement(locked: Obligation, step: Step, request: Step) -> Evidence:
    """The office's signed opinion (核查通过) as evidence for what is still missing, on the day the completion names. The row is locked."""
    row = new_row(
        locked, f"step:{step.pk}", request.actor, step, "核查认定任务已经完成", missing_quantity(locked, counting_of(locked)), None
    )
    row.kind, row.on = Kind.JUDGEMENT, request.done_on or timezone.localdate(request.at)
    row.at = request.at if timezone.localdate(request.at) == row.on else None
    row.result, row.reason, row.checked_by, row.checked_at = Result.PASSED, step.text[:500], step.actor, step.at
    row.url = request.link
    row.save()
    settle_proof(locked, step.actor)
    return row


def address_proves(locked: Obligation, step: Step) -> bool:
    """Takes the address of a completion for proof where it is a record of this system; whether that was enough. The row is locked."""
    target = record_at(step.link) if step.link else None
    if target is None or row_of(locked, *target) is not None:
        return False
    facts = facts_of(*target)
    row = new_row(locked, f"step:{step.pk}", step.actor, step, facts.title or step.link[:200], Decimal(1), None)
    row.kind, row.record_kind, row.record_id = Kind.RECORD, *target
    fill(row, facts, check(locked, *target, facts=facts))
    row.save()
    settle_proof(locked, step.actor)
    return locked.fulfilled_on is not None
