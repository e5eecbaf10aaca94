"""What the actions on evidence share: rows under lock, keys, the step that says what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import IntegrityError
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Leader, Membership, User
from gongkai.journal.actions import record as note
from gongkai.obligations.checks import Finding
from gongkai.obligations.fulfilment import FIELDS, settle_proof, whose
from gongkai.obligations.models import Evidence, Obligation, Step
from gongkai.obligations.records import Facts, label_of

Kind, Result = Evidence.Kind, Evidence.Result
USED = "这张表单已经用于另一条记录，请刷新页面后再提交"
NOTED = ("kind", "record_kind", "record_id", "url", "file_id", "on", "quantity", "result", "reason")
"""What the journal keeps of a new piece of evidence."""


def lock(obligation: Obligation) -> Obligation:
    rows = Obligation.objects.select_for_update(of=("self",))
    return rows.select_related("jurisdiction", "owner", "merged_into", "leader").get(pk=obligation.pk)


def row_of(obligation: Obligation, record_kind: str, record_id: int) -> Evidence | None:
    return obligation.evidence.filter(record_kind=record_kind, record_id=record_id, withdrawn_at__isnull=True).first()


def rows_of(record_kind: str, record_id: int) -> list[Evidence]:
    """In the order in which their obligations are locked. Copies follow what they were copied from."""
    rows = Evidence.objects.filter(record_kind=record_kind, record_id=record_id, withdrawn_at__isnull=True, copied_from__isnull=True)
    return list(rows.select_related("obligation").order_by("obligation_id"))


def counting_of(obligation: Obligation) -> list[Evidence]:
    return list(obligation.evidence.filter(result=Result.PASSED, withdrawn_at__isnull=True))


def locked_evidence(evidence: Evidence, key: str, kind: str, actor: User) -> tuple[Evidence, bool]:
    """The row as it is now with its obligation locked, and whether this very form has been taken already."""
    locked = lock(evidence.obligation)
    row = Evidence.objects.select_related("copied_from__obligation").get(pk=evidence.pk)
    row.obligation = locked
    step = Step.objects.filter(key=key).first()
    if step is not None and (step.obligation_id, step.kind, step.actor_id) != (locked.pk, kind, actor.pk):
        raise ActionRefused(USED)
    return row, step is not None


def earlier_of(key: str, obligation: Obligation, actor: User) -> Evidence | None:
    row = Evidence.objects.filter(key=key).first()
    if row is not None and (row.obligation_id, row.handed_by_id) != (obligation.pk, actor.pk):
        raise ActionRefused(USED)
    return row


def signed_by(step: Step, obligation: Obligation, actor: User) -> Evidence:
    row = obligation.evidence.filter(kind=Kind.NO_CHANGE, checked_by=actor).order_by("-checked_at").first()
    if row is None or (step.obligation_id, step.kind, step.actor_id) != (obligation.pk, Step.Kind.NO_CHANGE, actor.pk):
        raise ActionRefused(USED)
    return row


def new_row(
    obligation: Obligation, key: str, actor: User | None, step: Step | None, proves: str, quantity: Decimal, leader: Leader | None
) -> Evidence:
    return Evidence(
        obligation=obligation,
        key=key,
        handed_by=actor,
        handed_at=timezone.now(),
        step=step,
        proves=proves[:200],
        quantity=quantity,
        leader=leader,
        on=timezone.localdate(),
    )


def fill(row: Evidence, facts: Facts, found: Finding) -> None:
    """What the record says of itself today, and what the check makes of it."""
    row.result, row.reason, row.checked_at = found.result, found.reason[:500], timezone.now()
    if facts.exists:
        row.on = facts.published_on or row.on
        row.at, row.quantity = facts.published_at, facts.quantity
        row.url = facts.url if facts.public else ""
        if row.obligation.leader_id in facts.leader_ids:
            row.leader = row.obligation.leader


def add(row: Evidence, actor: User | None) -> None:
    """Keeps a new piece of evidence, and says what the system makes of it."""
    row.save()
    new = {
        name: getattr(row, name) for name in ("kind", "record_kind", "record_id", "url", "file_id", "on", "quantity", "result", "reason")
    }
    note("evidence.handed_in", row, actor=actor, new=new, note=row.proves, **whose(row.obligation))
    if row.result == Result.TO_JUDGE:
        settle_proof(row.obligation, actor)
    else:
        settle_and_say(row, Step.Kind.JUDGED, f"自动核查：{result_words(row)}。", None, f"checked:{row.pk}")


def take_back(row: Evidence, actor: User | None, words: str, key: str) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), actor, words
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    note("evidence.withdrawn", row, actor=actor, new={"withdrawn_at": row.withdrawn_at}, note=words, **whose(row.obligation))
    settle_and_say(row, Step.Kind.WITHDRAWN, f"“{row.proves}”撤回：{words}。", actor, key)


def settle_and_say(row: Evidence, kind: str, words: str, actor: User | None, key: str) -> None:
    """Settles, then one step that says what happened and what came of it."""
    locked = row.obligation
    before = locked.fulfilled_on
    settle_proof(locked, actor)
    if locked.fulfilled_on and not before:
        words += f"任务于 {locked.fulfilled_on} 办结。"
    elif before and not locked.fulfilled_on:
        words += "任务重新打开。"
    step_of(locked, kind, words, actor, key)


def result_words(row: Evidence) -> str:
    return row.get_result_display() + (f"，{row.reason.rstrip('。')}" if row.reason else "")


def handed_words(kind: str, target: tuple[str, int] | None, words: str) -> str:
    what = label_of(target[0]) if target else Kind(kind).label
    return f"{what}：{words}。"


def step_of(obligation: Obligation, kind: str, text: str, actor: User | None, key: str, *, link: str = "") -> Step:
    agency = None
    if actor is not None:
        mine = set(Membership.objects.filter(user=actor).values_list("agency_id", flat=True))
        agency = obligation.owner_id if obligation.owner_id in mine else min(mine, default=None)
    return Step.objects.create(
        obligation=obligation, kind=kind, actor=actor, agency_id=agency, at=timezone.now(), text=text[:5000], link=link, key=key
    )


def show(obligation: Obligation, locked: Obligation) -> None:
    """The object in hand is current too."""
    for name in FIELDS:
        setattr(obligation, name, getattr(locked, name))


def insist_key(key: str) -> None:
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")


def text_reasons(words: str, missing: str) -> Iterable[str]:
    if missing and not words:
        return [missing]
    if len(words) > 500:
        return ["说明不能超过 500 个字"]
    return ["文字里有不能保存的字符，请重新输入"] if "\x00" in words else []


@contextmanager
def one_form() -> Iterator[None]:
    """One form for two records at once: the second finds its key taken."""
    try:
        yield
    except IntegrityError as error:
        raise ActionRefused(USED) from error
