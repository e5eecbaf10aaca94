"""Everything that happens to an obligation: one function per verb, each one transaction that adds one Step.

Every verb takes `key`, the form's idempotency key: the same key again returns the step it made (invariant 8). The obligation's row is
locked first, so that of two people pressing at once the second meets what the first has done. Raises NotAllowed or ActionRefused.
`at` is for loading what happened before this installation; views leave it out, and the step happens now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Membership, Section, User
from gongkai.journal.actions import record as note
from gongkai.obligations import proving
from gongkai.obligations.fulfilment import FIELDS as SETTLED
from gongkai.obligations.fulfilment import whose
from gongkai.obligations.models import Obligation, Step, StepFile
from gongkai.obligations.opening import NewObligation, open_obligation, open_obligations
from gongkai.obligations.periods import acknowledge_the_rest, close_series
from gongkai.obligations.proofs import Proof, files_of, keep_proofs, proof_reasons
from gongkai.obligations.series_again import revive_series
from gongkai.obligations.uploads import described, upload_reasons
from gongkai.obligations.verbs import (
    LABELS,
    Verb,
    available_verbs,
    checked_kinds,
    comes_back,
    content_reasons,
    failure_reasons,
    open_request,
    opinion_needed,
    own_request_reason,
    role_reason,
    state_reasons,
)

__all__ = [
    "LABELS",
    "ActionRefused",
    "NewObligation",
    "NotAllowed",
    "Proof",
    "Verb",
    "acknowledge",
    "assign",
    "available_verbs",
    "failure_reasons",
    "open_obligation",
    "open_obligations",
    "pass_check",
    "report_progress",
    "request_completion",
    "return_work",
    "waive",
    "reinstate",
]


CHANGED = ("section", "person", "inner_due_on", "waived_at", "waived_by", "waiver_reason")
"""What a verb may put on the row; what evidence settles has its own entry in the journal."""


def acknowledge(obligation: Obligation, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Step:
    """签收 by somebody acting for the owner; once, and for all periods of a series that have begun."""
    with transaction.atomic():
        step = _do("acknowledge", Step.Kind.ACKNOWLEDGED, obligation, actor, key, at=at, text=text)
        acknowledge_the_rest(obligation, actor, step.at)
    return step


def report_progress(
    obligation: Obligation,
    actor: User,
    *,
    key: str,
    text: str = "",
    link: str = "",
    files: Sequence[File[Any]] = (),
    proofs: Sequence[Proof] = (),
    at: datetime | None = None,
) -> Step:
    """报送进展: words, a public address or files, at least one of them. `proofs` say which deliverable a file or the address is."""
    lacking = [] if text.strip() or link or files or proofs else ["请填写进展情况，或附上公开链接、佐证材料"]
    return _do(
        "report_progress",
        Step.Kind.PROGRESS,
        obligation,
        actor,
        key,
        at=at,
        text=text,
        link=link,
        files=files,
        proofs=proofs,
        lacking=lacking,
    )


def request_completion(
    obligation: Obligation,
    actor: User,
    *,
    key: str,
    text: str = "",
    link: str = "",
    files: Sequence[File[Any]] = (),
    done_on: date | None = None,
    proofs: Sequence[Proof] = (),
    at: datetime | None = None,
) -> Step:
    """申请办结: says what was done and on which day, and shows it by a public address or files.

    Where there is nothing to show, the proof is the written judgement of the openness office (pass_check), never the owner's word.
    An address that is a record of this system is checked at once; where that is all the rule asks, nobody need look and it is done.
    `proofs` say which deliverable (deliverables.py) a file or the address is.
    """

    def by_fact(locked: Obligation, step: Step, _request: Step | None) -> None:
        if proving.address_proves(locked, step):
            words = "公开链接是本系统的记录，自动核查全部符合，不需要人工核查。"
            Step.objects.create(obligation=locked, kind=Step.Kind.PASSED, at=timezone.now(), text=words, key=f"auto:{step.pk}")

    lacking = []
    if not text.strip():
        lacking.append("请说明完成情况")
    if done_on is None:
        lacking.append("请填写完成日期")
    elif done_on > timezone.localdate():
        lacking.append("完成日期不能晚于今天")
    return _do(
        "request_completion",
        Step.Kind.COMPLETION,
        obligation,
        actor,
        key,
        at=at,
        text=text,
        link=link,
        files=files,
        proofs=proofs,
        done_on=done_on,
        lacking=lacking,
        then=by_fact,
    )


def pass_check(obligation: Obligation, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Step:
    """核查通过 by the openness office: its signed opinion is the evidence for what is still missing, on the day the completion names.

    Where neither address nor file shows it, or a deliverable its words ask for was never handed in, the office says in words why it
    passes: then this signed judgement is the proof.
    """
    needed = "" if text.strip() else opinion_needed(obligation)
    lacking = [needed] if needed else []

    def sign(locked: Obligation, step: Step, request: Step | None) -> None:
        assert request is not None
        proving.judgement(locked, step, request)

    return _do("pass_check", Step.Kind.PASSED, obligation, actor, key, at=at, text=text, lacking=lacking, then=sign)


def return_work(obligation: Obligation, actor: User, *, key: str, reason: str, at: datetime | None = None) -> Step:
    """退回 by the openness office, with the reason; the obligation stays open."""
    lacking = [] if reason.strip() else ["请写明退回的理由"]
    return _do("return_work", Step.Kind.RETURNED, obligation, actor, key, at=at, text=reason, lacking=lacking)


def assign(
    obligation: Obligation,
    actor: User,
    *,
    key: str,
    section: Section | None = None,
    person: User | None = None,
    inner_due_on: date | None = None,
    text: str = "",
    at: datetime | None = None,
) -> Step:
    """交办 to a section or person of the owner, by its head or a reviewer. What is not given stays as it is.

    `inner_due_on` is the owner's own date, not after the due date; whether the duty is late depends on the due date alone.
    """
    lacking = []
    if section is None and person is None and inner_due_on is None:
        lacking.append("请选择承办科室或承办人")
    if inner_due_on is not None and obligation.due_on is not None and inner_due_on > obligation.due_on:
        lacking.append(f"内部期限不能晚于任务的期限 {obligation.due_on:%Y-%m-%d}")
    if section is not None and section.agency_id != obligation.owner_id:
        lacking.append(f"{section.name}不是{obligation.owner.display_name}的内设机构")
    if person is not None and not Membership.objects.filter(user=person, agency=obligation.owner_id).exists():
        lacking.append(f"{person}不在{obligation.owner.display_name}任职")
    named = "、".join(str(x) for x in (section, person) if x is not None)

    def hand_over(locked: Obligation, _request: Step | None) -> list[str]:
        locked.section = section or locked.section
        locked.person = person or locked.person
        locked.inner_due_on = inner_due_on or locked.inner_due_on
        return ["section", "person", "inner_due_on"]

    within = f"内部期限 {inner_due_on:%Y-%m-%d}。" if inner_due_on else ""
    words = f"{f'交{named}办理。' if named else ''}{within}{text}".strip()
    return _do("assign", Step.Kind.ASSIGNED, obligation, actor, key, at=at, text=words, lacking=lacking, change=hand_over)


NO_MORE = "不再要求，后面各期也不再产生"


def waive(obligation: Obligation, actor: User, *, key: str, reason: str, for_good: bool = False, at: datetime | None = None) -> Step:
    """免除 by the head of the competent agency, with the reason, in the open.

    `for_good`, of a duty that comes back: its later periods are not asked for either. Periods that have begun stay owed, each for itself.
    """
    lacking = [] if reason.strip() else ["请写明免除的理由"]
    if len(reason) > 500:
        lacking.append("免除的理由不能超过 500 个字")
    if for_good and not comes_back(obligation):
        lacking.append("这项任务没有后面各期，请去掉“不再要求”")

    def let_go(locked: Obligation, _request: Step | None) -> list[str]:
        locked.waived_at, locked.waived_by, locked.waiver_reason = at or timezone.now(), actor, reason.strip()
        return ["waived_at", "waived_by", "waiver_reason"]

    def no_more(locked: Obligation, _step: Step, _request: Step | None) -> None:
        close_series(locked.source, on=timezone.localdate(), reason=reason, actor=actor, for_good=True, pk=locked.series_id)

    text = f"{reason.strip()}（{NO_MORE}）" if for_good else reason
    then = no_more if for_good else None
    return _do("waive", Step.Kind.WAIVED, obligation, actor, key, at=at, text=text, lacking=lacking, change=let_go, then=then)


def reinstate(obligation: Obligation, actor: User, *, key: str, reason: str, at: datetime | None = None) -> Step:
    """取消免除: it is owed again, its date as it was. Where the waiver ended its series for good, that goes on from the period of today;
    the periods between are not asked for."""
    lacking = [] if reason.strip() else ["请写明取消免除的理由"]
    if len(reason) > 500:
        lacking.append("理由不能超过 500 个字")
    ended_by_it = waived_for_good(obligation)

    def owe(locked: Obligation, _request: Step | None) -> list[str]:
        locked.waived_at, locked.waived_by, locked.waiver_reason = None, None, ""
        return ["waived_at", "waived_by", "waiver_reason"]

    def go_on(locked: Obligation, _step: Step, _request: Step | None) -> None:
        if locked.series_id is not None:
            revive_series(locked.series_id, actor, reason)

    then = go_on if ended_by_it else None
    return _do("reinstate", Step.Kind.REINSTATED, obligation, actor, key, at=at, text=reason, lacking=lacking, change=owe, then=then)


def waived_for_good(obligation: Obligation) -> bool:
    """Whether it was this waiver that ended the series."""
    series = obligation.series
    return bool(
        obligation.waived_at
        and series is not None
        and series.closed_on is not None
        and series.closed_on == series.until
        and series.closed_reason == obligation.waiver_reason[:300]
    )


def _do(
    verb: str,
    kind: str,
    obligation: Obligation,
    actor: User,
    key: str,
    *,
    at: datetime | None = None,
    text: str = "",
    link: str = "",
    files: Sequence[File[Any]] = (),
    done_on: date | None = None,
    lacking: Iterable[str] = (),
    proofs: Sequence[Proof] = (),
    change: Any = None,
    then: Any = None,
) -> Step:
    """The one road of every verb: key, role, state, content, then the step, its files and what changes with it, or nothing at all.

    `change` puts new values on the row before the step is made, and names them; `then` does what needs the step.
    """
    now = timezone.now()
    if at is not None and at > now:
        raise ActionRefused("办理时间不能晚于现在")
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    saved: list[StepFile] = []
    uploads = [*files, *files_of(proofs)]
    try:
        with transaction.atomic():
            locked = Obligation.objects.select_for_update().get(pk=obligation.pk)
            if earlier := _same_form(key, kind, locked, actor):
                return earlier
            if reason := role_reason(verb, locked, actor):
                raise NotAllowed(reason)
            steps = checked_kinds(locked)
            if reason := own_request_reason(verb, steps, actor):
                raise NotAllowed(reason)
            reasons = state_reasons(verb, locked, steps) or [
                *lacking,
                *content_reasons(text, link),
                *upload_reasons(uploads),
                *proof_reasons(locked, proofs, link),
            ]
            if reasons:
                raise ActionRefused(reasons)
            old = {name: getattr(locked, name) for name in CHANGED}
            fields = change(locked, open_request(steps)) if change else []
            step = Step.objects.create(
                obligation=locked,
                kind=kind,
                actor=actor,
                agency_id=_agency_of(verb, locked, actor),
                at=at or now,
                text=text.strip(),
                link=link.strip(),
                done_on=done_on,
                key=key,
            )
            kept: dict[int, StepFile] = {}
            for file in uploads:
                row = StepFile(step=step, **described(file))
                row.file.save(row.name, file, save=False)
                saved.append(row)
                row.save()
                kept[id(file)] = row
            keep_proofs(step, proofs, kept)
            if fields:
                locked.save(update_fields=fields)
            note(
                f"obligation.{verb}",
                locked,
                actor=actor,
                old={name: old[name] for name in fields},
                new={"step": step.pk} | {name: getattr(locked, name) for name in fields},
                note=step.text,
                **whose(locked),
            )
            if then:
                then(locked, step, open_request(steps))
    except IntegrityError as error:
        _forget(saved)
        raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交") from error
    except BaseException:
        _forget(saved)
        raise
    for name in {*fields, *SETTLED}:
        setattr(obligation, name, getattr(locked, name))
    return step


def _forget(saved: list[StepFile]) -> None:
    """The database rolled back; the files of the step go with it."""
    for row in saved:
        row.file.delete(save=False)


def _same_form(key: str, kind: str, obligation: Obligation, actor: User) -> Step | None:
    earlier = Step.objects.filter(key=key).first()
    if earlier and (earlier.obligation_id, earlier.kind, earlier.actor_id) != (obligation.pk, kind, actor.pk):
        raise ActionRefused("这张表单已经用于另一条记录，请刷新页面后再提交")
    return earlier


def _agency_of(verb: str, obligation: Obligation, actor: User) -> int | None:
    """In whose name the step was taken: the owner's, or the competent agency's."""
    if verb in {"acknowledge", "report_progress", "request_completion", "assign"}:
        return obligation.owner_id
    mine = Membership.objects.filter(user=actor, agency__jurisdiction=obligation.jurisdiction_id, agency__is_competent=True)
    return mine.values_list("agency_id", flat=True).first() or next(iter(scope_of(actor).agency_ids), None)
