"""文件清理: take in a stock, propose for each document, let another person decide. The decision marks every page in one transaction.

It cannot be undone: what was decided wrongly is corrected by a further mark (actions/validity.py), and the page tells both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.clocks.clock import add_months
from gongkai.publications.access import acts_for
from gongkai.publications.actions import drafting
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.actions.validity import mark_all, words_of
from gongkai.publications.models import Cleanup, CleanupEntry, Deed, Document, Edition, ValidityChange
from gongkai.publications.validity.cleanups import CHOICES, Line, lines, open_stock
from gongkai.publications.validity.cleanups_notice import notice_html, notice_title
from gongkai.publications.validity.state import REPEALED, Terms, ends_by_itself, terms

Effect = ValidityChange.Effect
MOST = 5000
LABELS = {
    "take": "选入文件",
    "propose": "提出处理意见",
    "remove": "移出文件",
    "draft": "转为拟稿",
    "decide": "作出决定",
    "announce": "登记公告",
}


class Proposal(NamedTuple):
    effect: str
    until: date | None = None
    note: str = ""


def may_start(agency: Agency, actor: Any) -> bool:
    return acts_for(scope_of(actor), agency)


def role_reason(verb: str, cleanup: Cleanup, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string. Whoever prepared the list does not decide on it."""
    scope = scope_of(actor)
    mine = acts_for(scope, cleanup.agency)
    if verb != "decide":
        return "" if mine else f"{LABELS[verb]}由{cleanup.agency.name}办理"
    if not (scope.directs(cleanup.agency_id) or scope.is_office_of(cleanup.jurisdiction_id)):
        return "清理结果由清理单位的审核人、负责人或者本地区政务公开主管部门决定"
    return "清理是您经办的，要由另一个人决定" if cleanup.created_by_id == actor.pk else ""


def state_reasons(verb: str, cleanup: Cleanup) -> list[str]:
    """Why the verb cannot be done now. One query for `decide`."""
    if verb == "announce":
        return [] if cleanup.decided_at else ["还没有作出决定"]
    if verb == "draft":
        if drafted(cleanup) is not None:
            return ["公告已经转为拟稿"]
        return [] if cleanup.entries.exists() else ["还没有选入文件"]
    if cleanup.decided_at:
        return ["已经作出决定，不能再改；有误的，对那份文件另作标注"]
    if verb != "decide":
        return []
    entries = list(cleanup.entries.values_list("effect", flat=True))
    if not entries:
        return ["还没有选入文件"]
    left = entries.count("")
    return [f"还有 {left} 份文件没有提出处理意见"] if left else []


def failure_reasons(verb: str, cleanup: Cleanup, actor: Any) -> list[str]:
    role = role_reason(verb, cleanup, actor)
    return [role] if role else state_reasons(verb, cleanup)


def start(agency: Agency, actor: User, *, key: str, title: str, basis: str, on: date) -> Cleanup:
    """`on`: the day from which the decisions hold (清理基准日)."""
    reasons = text_reasons(title, most=200) + text_reasons(basis, most=300)
    if not title.strip():
        reasons.append("请填写名称")
    if not basis.strip():
        reasons.append("请写明依据")

    def work() -> Cleanup:
        insist("" if may_start(agency, actor) else "清理由本单位的人发起", reasons)
        return Cleanup.objects.create(
            jurisdiction=agency.jurisdiction, agency=agency, title=title.strip(), basis=basis.strip(), on=on, created_by=actor
        )

    return perform(Deed.Kind.CLEANED, actor, key, None, work, text=title, agency_id=agency.pk)


def take(cleanup: Cleanup, actor: User, *, key: str, documents: Iterable[int] | None = None) -> Cleanup:
    """Takes documents of the open stock in, all of it where none are named; others are passed over. Two statements for any number."""

    def work() -> Cleanup:
        locked = lock(cleanup)
        insist(role_reason("take", locked, actor), state_reasons("take", locked))
        rows = open_stock(locked, actor)
        if documents is not None:
            rows = rows.filter(pk__in=list(documents)[:MOST])
        found = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
        if not found:
            raise ActionRefused("没有可以选入的文件")
        if len(found) + locked.entries.count() > MOST:
            raise ActionRefused(f"一次清理最多 {MOST} 份文件，请分批")
        CleanupEntry.objects.bulk_create([CleanupEntry(cleanup=locked, document_id=pk) for pk in found], batch_size=500)
        return locked

    return perform(Deed.Kind.CLEANED, actor, key, cleanup, work, agency_id=cleanup.agency_id)


def propose(cleanup: Cleanup, actor: User, *, key: str, proposals: Mapping[int, Proposal]) -> Cleanup:
    """Entry id → what is proposed. All of them or none."""

    def work() -> Cleanup:
        locked = lock(cleanup)
        insist(role_reason("propose", locked, actor), state_reasons("propose", locked))
        entries = list(locked.entries.filter(pk__in=list(proposals)))
        reasons = [] if len(entries) == len(proposals) else ["有的文件已经不在这次清理里，请刷新页面"]
        for entry in entries:
            given = proposals[entry.pk]
            reasons += _faults(given, locked)
            entry.effect, entry.note = given.effect, given.note.strip()
            entry.until = given.until if given.effect == Effect.CONTINUED else None
        if reasons:
            raise ActionRefused(list(dict.fromkeys(reasons)))
        CleanupEntry.objects.bulk_update(entries, ["effect", "until", "note"], batch_size=200)
        return locked

    return perform(Deed.Kind.CLEANED, actor, key, cleanup, work, agency_id=cleanup.agency_id)


def _faults(given: Proposal, cleanup: Cleanup) -> list[str]:
    reasons = text_reasons(given.note, most=300)
    if given.effect and given.effect not in CHOICES:
        reasons.append("请选择继续有效、修改、废止或者失效")
    if given.until is not None and given.effect == Effect.CONTINUED and given.until < cleanup.on:
        reasons.append(f"延续至的日期不能早于清理基准日 {cleanup.on}")
    return reasons


def accept_suggestions(cleanup: Cleanup, actor: User, *, key: str) -> Cleanup:
    """What the dates say, for every document without a proposal; a person still goes over the list and another decides."""
    waiting = lines(cleanup, cleanup.entries.filter(effect=""))
    return propose(cleanup, actor, key=key, proposals={line.entry.pk: Proposal(line.suggested, None, line.entry.note) for line in waiting})


def remove(entry: CleanupEntry, actor: User, *, key: str) -> Cleanup:
    cleanup = entry.cleanup

    def work() -> Cleanup:
        locked = lock(cleanup)
        insist(role_reason("remove", locked, actor), state_reasons("remove", locked))
        CleanupEntry.objects.filter(pk=entry.pk).delete()
        return locked

    return perform(Deed.Kind.CLEANED, actor, key, cleanup, work, text=f"移出 {entry.document}", agency_id=cleanup.agency_id)


def decide(cleanup: Cleanup, actor: User, *, key: str, notice: Document | None = None, text: str = "") -> Cleanup:
    """Marks every document of the list, by another person than who prepared it. All of them or none, in one transaction."""

    def work() -> Cleanup:
        locked = lock(cleanup)
        role = role_reason("decide", locked, actor)
        insist(role, [] if role else state_reasons("decide", locked))
        listed = lines(locked, locked.entries.select_related("cleanup").order_by("pk"))
        if reasons := _against(listed, notice):
            raise ActionRefused(reasons)
        words = words_of(notice) if notice is not None else f"{locked.title}（{locked.basis}）"[:300]
        known, now = terms([locked.jurisdiction_id]), timezone.now()
        mark_all([_change(line, locked, actor, words, known, now) for line in listed], actor)
        locked.notice, locked.decided_at, locked.decided_by = notice, now, actor
        locked.save(update_fields=["notice", "decided_at", "decided_by"])
        return locked

    return perform(Deed.Kind.CLEANED, actor, key, cleanup, work, text=text, agency_id=cleanup.agency_id)


def _against(listed: list[Line], notice: Document | None) -> list[str]:
    """What came in between: a document that somebody repealed meanwhile is not brought back by an older list."""
    reasons = []
    if notice is not None and any(line.document.pk == notice.pk for line in listed):
        reasons.append("公告本身不能在清理的文件里")
    gone = [line.title for line in listed if line.document.state.code == REPEALED and line.entry.effect != Effect.REPEALED]
    reasons += [f"《{title}》已经废止，请移出或者改为废止" for title in gone[:10]]
    return reasons


def _change(line: Line, cleanup: Cleanup, actor: User, words: str, known: Terms, now: Any) -> ValidityChange:
    entry = line.entry
    until = entry.until
    if entry.effect == Effect.CONTINUED and until is None:
        until = continued_until(line.document, cleanup.on, known)
    return ValidityChange(
        document=line.document,
        effect=entry.effect,
        on=cleanup.on,
        until=until,
        cause_words=words,
        cleanup=cleanup,
        actor=actor,
        at=now,
    )


def continued_until(document: Any, on: date, known: Terms) -> date | None:
    """The last day of a document that is continued without naming one: its own, or where that is over a new term from the day on."""
    state, revision = document.state, document.standing
    if state.until is not None and state.until >= on:
        return state.until
    own = ends_by_itself(document, revision, known)
    if own is None or (state.change is not None and state.is_valid):
        return None
    if own >= on:
        return own
    term = revision.term if revision.term in ("plain", "trial") else "plain"
    months = known.months(document.jurisdiction_id, term, on)
    return add_months(on, months) - timedelta(1) if months else None


def announce(cleanup: Cleanup, actor: User, *, key: str, notice: Document) -> Cleanup:
    """The notice of a clean-up that was decided before it was published; the pages link to it from now on."""

    def work() -> Cleanup:
        locked = lock(cleanup)
        reasons = state_reasons("announce", locked)
        if locked.notice_id:
            reasons.append("已经登记了公告")
        if notice.jurisdiction_id != locked.jurisdiction_id:
            reasons.append("请选择本地区的文件")
        if locked.entries.filter(document=notice).exists():
            reasons.append("公告本身不能在清理的文件里")
        insist(role_reason("announce", locked, actor), reasons)
        locked.notice = notice
        locked.save(update_fields=["notice"])
        return locked

    return perform(Deed.Kind.CLEANED, actor, key, cleanup, work, agency_id=cleanup.agency_id)


def drafted(cleanup: Cleanup) -> Document | None:
    """The notice as it was taken into drafting, unless that draft was given up."""
    deeds = Deed.objects.filter(kind=Deed.Kind.DRAFTED, subject="document", about="cleanup", about_id=cleanup.pk)
    alive = Document.objects.filter(pk__in=deeds.values("subject_id")).exclude(editions__state=Edition.State.DISCARDED)
    return alive.order_by("-pk").first()


def draft_notice(cleanup: Cleanup, actor: User, *, key: str) -> Document:
    """公告拟稿: the notice with its lists becomes a draft of the agency, to be gone over, reviewed and published like any other."""

    def work() -> Document:
        locked = lock(cleanup)
        insist(role_reason("draft", locked, actor), state_reasons("draft", locked))
        content = {"title": notice_title(locked), "body": notice_html(locked), "genre": "announcement"}
        # What the lists name is linked in the text; five thousand references beside it would say no more.
        return drafting.start(locked.agency, actor, key=f"{key[:80]}:draft", content=content, references=())

    return perform(Deed.Kind.DRAFTED, actor, key, cleanup, work, agency_id=cleanup.agency_id)
