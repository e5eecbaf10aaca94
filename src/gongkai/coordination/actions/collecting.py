"""收集材料: open, submit, receive, return, remind, close (S4-1, S4-3). See base.perform for keys and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.utils import timezone

from gongkai.agencies.access import require_office, require_reach, scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, CollectiveName, Jurisdiction, User
from gongkai.coordination.access import acts_for
from gongkai.coordination.actions.base import competent_of, file_reasons, forget, insist, keep_file, lock, perform, text_reasons
from gongkai.coordination.models import Collection, Deed, ReceiptSeries, Reminder, Submission
from gongkai.coordination.queries.collecting import with_state
from gongkai.coordination.receipts import next_receipt, series_of
from gongkai.obligations.proving import prove_by_fact
from gongkai.plans.models import Plan

MOST_ITEMS = 12
REACHES = {
    "all": ("下级政府和本级部门", CollectiveName.Rule.EVERYONE),
    "departments": ("本级各部门", CollectiveName.Rule.DEPARTMENTS),
    "lower": ("下一级各政府", CollectiveName.Rule.LOWER_GOVERNMENTS),
    "chosen": ("指定的单位", CollectiveName.Rule.EXPLICIT),
}
LABELS = {"submit": "报送", "receive": "签收", "return_submission": "退回", "remind": "催报", "close": "结束收集"}


def who_owes(jurisdiction: Jurisdiction, reach: str) -> list[Agency]:
    """The agencies a reach means today, in directory order; the collecting office itself owes nothing to itself."""
    if reach not in REACHES or reach == "chosen":
        return []
    rule = CollectiveName(jurisdiction=jurisdiction, text="", rule=REACHES[reach][1])
    return [agency for agency in Directory(jurisdiction).members(rule) if not (agency.is_competent and agency.jurisdiction == jurisdiction)]


def open_collection(
    jurisdiction: Jurisdiction,
    actor: User,
    *,
    key: str,
    title: str,
    items: Sequence[str],
    due_on: date,
    reach: str = "all",
    agencies: Iterable[Agency] = (),
    plan: Plan | None = None,
    note: str = "",
    contact: str = "",
    at: datetime | None = None,
) -> Collection:
    """A row for every (agency, item) from the start. By the openness office of the jurisdiction; titles are used once."""
    require_office(actor, jurisdiction.pk, "收集材料")
    names = list(dict.fromkeys(" ".join(i.split()) for i in items if i.strip()))
    owing = list({a.pk: a for a in (agencies if reach == "chosen" else who_owes(jurisdiction, reach))}.values())
    day = timezone.localdate(at) if at else timezone.localdate()
    reasons = text_reasons(title, note, contact, *names, most=500)
    if not title.strip() or len(title) > 200:
        reasons.append("请填写收集事项，不超过 200 个字")
    if not names:
        reasons.append("请写明要报送哪些材料，一行一种")
    if len(names) > MOST_ITEMS or any(len(n) > 120 for n in names):
        reasons.append(f"材料最多 {MOST_ITEMS} 种，每种名称不超过 120 个字")
    if reach not in REACHES or not owing:
        reasons.append("没有要报送的单位，请选择范围或指定单位")
    if due_on < day:
        reasons.append("报送期限不能早于发起的日子")
    if plan is not None and (plan.state == Plan.State.DRAFT or plan.jurisdiction_id != jurisdiction.pk):
        reasons.append("依据方案要是本地区已经下达的方案")
    require_reach(jurisdiction.pk, owing)

    def work() -> Collection:
        insist("", reasons)
        made = Collection.objects.create(
            jurisdiction=jurisdiction,
            plan=plan,
            title=title.strip(),
            items=names,
            note=note.strip(),
            due_on=due_on,
            contact=contact.strip()[:120],
            opened_by=actor,
            opened_at=at or timezone.now(),
        )
        Submission.objects.bulk_create(Submission(collection=made, agency=a, item=n) for a in owing for n in names)
        return made

    return perform(
        Deed.Kind.OPENED,
        actor,
        key,
        None,
        work,
        at=at,
        text=f"{len(owing)} 个单位，每个 {len(names)} 份材料",
        agency_id=competent_of(actor, jurisdiction.pk),
        clash=f"本地区已经有一项收集叫“{title.strip()[:40]}”，请换一个名称",
    )


def role_reason(verb: str, record: Any, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    scope = scope_of(actor)
    if verb == "submit":
        return "" if acts_for(scope, record.agency) else "材料由报送单位的经办人、审核人或负责人报送"
    place = record.jurisdiction_id if isinstance(record, Collection) else record.collection.jurisdiction_id
    return "" if scope.is_office_of(place) else f"{LABELS[verb]}由收集地区的政务公开主管部门办理"


def state_reasons(verb: str, record: Any) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    if isinstance(record, Collection):
        return ["这项收集已经结束"] if record.closed_at else []
    if verb != "receive" and record.collection.closed_at:
        return ["这项收集已经结束，不再接收材料"]
    if record.received_at:
        return [f"已经签收，回执 {record.receipt}"]
    waiting = record.submitted_at is not None and record.returned_at is None
    if verb == "submit":
        return ["已经报送，正等待签收；要换材料请联系收集单位退回"] if waiting else []
    return [] if waiting else ["报送单位还没有报送"]


def failure_reasons(verb: str, record: Any, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, record, actor)
    return [role] if role else state_reasons(verb, record)


def submit(
    submission: Submission,
    actor: User,
    *,
    key: str,
    file: File[Any] | None = None,
    plan: Plan | None = None,
    text: str = "",
    at: datetime | None = None,
) -> Submission:
    """报送 a file, or one of the agency's own government's issued plans. After a return it comes anew; the earlier file stays."""
    missing = file_reasons(file)
    if (file is None) == (plan is None):
        missing.append("请上传一个文件，或者选择系统内的一份方案，只选一样")
    if plan is not None and (plan.jurisdiction_id != submission.agency.jurisdiction_id or plan.state == Plan.State.DRAFT):
        missing.append("只能报送本地区已经下达的方案")
    saved: list[Any] = []

    def work() -> Submission:
        locked = lock(submission)
        insist(role_reason("submit", locked, actor), state_reasons("submit", locked) or missing)
        locked.plan, locked.submitted_at, locked.submitted_by = plan, at or timezone.now(), actor
        locked.returned_at, locked.return_reason = None, ""
        locked.file, locked.name, locked.size, locked.sha256, locked.content_type = "", "", None, "", ""
        if file is not None:
            keep_file(locked, file, saved)
        locked.save()
        return locked

    def kept(made: Submission) -> dict[str, Any]:
        return {"file": made.file.name, "name": made.name, "size": made.size, "sha256": made.sha256, "content_type": made.content_type}

    words = f"系统内的方案《{plan.title}》。{text}" if plan is not None else text
    try:
        return perform(Deed.Kind.SUBMITTED, actor, key, submission, work, text=words, at=at, agency_id=submission.agency_id, extra=kept)
    except BaseException:
        forget(saved)
        raise


def receive(submission: Submission, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Submission:
    """签收 by the collecting office; gives the receipt its number."""

    def work() -> Submission:
        locked = lock(submission)
        insist(role_reason("receive", locked, actor), state_reasons("receive", locked))
        locked.received_at, locked.received_by = at or timezone.now(), actor
        locked.receipt = next_receipt(locked.collection.jurisdiction, timezone.localdate(locked.received_at))
        locked.save(update_fields=["received_at", "received_by", "receipt"])
        prove_by_fact("submission", locked.pk)
        return locked

    place = submission.collection.jurisdiction_id
    return perform(Deed.Kind.RECEIVED, actor, key, submission, work, text=text, at=at, agency_id=competent_of(actor, place))


def return_submission(submission: Submission, actor: User, *, key: str, reason: str, at: datetime | None = None) -> Submission:
    """退回 with the reason; the agency hands in anew."""
    missing = [] if reason.strip() else ["请写明退回的理由"]
    if len(reason) > 500:
        missing.append("退回的理由不能超过 500 个字")

    def work() -> Submission:
        locked = lock(submission)
        insist(role_reason("return_submission", locked, actor), state_reasons("return_submission", locked) or missing)
        locked.returned_at, locked.return_reason = at or timezone.now(), reason.strip()
        locked.save(update_fields=["returned_at", "return_reason"])
        return locked

    place = submission.collection.jurisdiction_id
    return perform(Deed.Kind.RETURNED, actor, key, submission, work, text=reason, at=at, agency_id=competent_of(actor, place))


def remind(
    collection: Collection, actor: User, *, key: str, agencies: Iterable[Agency] | None = None, text: str = "", at: datetime | None = None
) -> Collection:
    """催报: the named agencies, or all that are overdue. Each is told once for one form; what is complete is not reminded."""
    chosen = None if agencies is None else {a.pk for a in agencies}

    def work() -> Collection:
        locked = lock(collection)
        insist(role_reason("remind", locked, actor), state_reasons("remind", locked))
        rows = with_state(locked.submissions.all(), timezone.localdate(at) if at else None)
        late = {s.agency_id for s in rows if s.state == "overdue" or (s.state == "returned" and s.is_past)}
        missing = {s.agency_id for s in rows if s.state in ("not_due", "due_soon", "overdue", "returned")}
        told = sorted(late if chosen is None else chosen & missing)
        if not told:
            raise ActionRefused("没有逾期未报的单位" if chosen is None else "所选单位的材料都已报送")
        if len(text) > 300:
            raise ActionRefused("催报内容不能超过 300 个字")
        now = at or timezone.now()
        Reminder.objects.bulk_create(
            Reminder(collection=locked, agency_id=pk, at=now, actor=actor, text=text.strip(), key=f"{key}:{pk}") for pk in told
        )
        return locked

    return perform(
        Deed.Kind.REMINDED, actor, key, collection, work, text=text, at=at, agency_id=competent_of(actor, collection.jurisdiction_id)
    )


def close(collection: Collection, actor: User, *, key: str, text: str = "", at: datetime | None = None) -> Collection:
    """结束收集: nothing more is handed in; what was handed in can still be received."""

    def work() -> Collection:
        locked = lock(collection)
        insist(role_reason("close", locked, actor), state_reasons("close", locked))
        locked.closed_at = at or timezone.now()
        locked.save(update_fields=["closed_at"])
        return locked

    return perform(
        Deed.Kind.CLOSED, actor, key, collection, work, text=text, at=at, agency_id=competent_of(actor, collection.jurisdiction_id)
    )


def set_receipt_prefix(jurisdiction: Jurisdiction, actor: User, *, key: str, prefix: str) -> ReceiptSeries:
    """The words before the year on this jurisdiction's receipts from now on; the numbers run on."""
    words = prefix.strip()

    def work() -> ReceiptSeries:
        if not scope_of(actor).is_office_of(jurisdiction.pk):
            raise NotAllowed("回执字头由本地区政务公开主管部门设定")
        if not words or len(words) > 30 or any(c in words for c in "〔〕{}\x00"):
            raise ActionRefused("字头不超过 30 个字，不带括号")
        series = series_of(jurisdiction, timezone.localdate().year)
        series.prefix = words
        series.save(update_fields=["prefix"])
        return series

    return perform(Deed.Kind.NUMBERED, actor, key, None, work, text=words, clash="这个字头是其他地区在用的，请换一个")
