"""专题和汇编: set up, gather documents under headings, put in order, open, archive, bind into a booklet (S3-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.publications.access import acts_for
from gongkai.publications.actions.base import insist, lock, perform, text_reasons
from gongkai.publications.models import Booklet, Deed, Document, Topic, TopicEntry
from gongkai.publications.topics import binding
from gongkai.publications.topics.queries import readable

MOST = 2000
LABELS = {
    "change": "修改专题",
    "gather": "编入文件",
    "remove": "移出文件",
    "arrange": "调整次序",
    "open": "公开专题",
    "close": "归档专题",
    "bind": "编制汇编",
}


def role_reason(verb: str, topic: Topic, actor: Any) -> str:
    """Those who act for its agency; opening is for who answers for it, or the openness office."""
    scope = scope_of(actor)
    if verb in ("open", "close"):
        if scope.directs(topic.agency_id) or scope.is_office_of(topic.jurisdiction_id):
            return ""
        return f"{LABELS[verb]}由本单位的审核人、负责人或者本地区政务公开主管部门办理"
    return "" if acts_for(scope, topic.agency) else f"{LABELS[verb]}由{topic.agency.name}办理"


def state_reasons(verb: str, topic: Topic) -> list[str]:
    if verb == "open":
        if topic.opened_at and not topic.closed_on:
            return ["已经公开"]
        return [] if topic.entries.exists() else ["还没有编入文件"]
    if verb == "close":
        return [] if topic.opened_at and not topic.closed_on else ["还没有公开，或者已经归档"]
    if verb == "bind":
        return [] if topic.entries.exists() else ["还没有编入文件"]
    return ["已经归档，要改先重新公开"] if topic.closed_on else []


def failure_reasons(verb: str, topic: Topic, actor: Any) -> list[str]:
    role = role_reason(verb, topic, actor)
    return [role] if role else state_reasons(verb, topic)


def _words(title: str, introduction: str) -> list[str]:
    reasons = text_reasons(title, most=120) + text_reasons(introduction)
    return reasons if title.strip() else [*reasons, "请填写名称"]


def start(agency: Agency, actor: User, *, key: str, kind: str, title: str, introduction: str = "") -> Topic:
    reasons = _words(title, introduction)
    if kind not in Topic.Kind.values:
        reasons.append("请选择类别")

    def work() -> Topic:
        insist("" if acts_for(scope_of(actor), agency) else "专题由编制单位的人建立", reasons)
        return Topic.objects.create(
            jurisdiction=agency.jurisdiction, agency=agency, kind=kind, title=title.strip(), introduction=introduction.strip()
        )

    clash = "本单位已经有同名的专题"
    return perform(Deed.Kind.GATHERED, actor, key, None, work, text=title, agency_id=agency.pk, clash=clash)


def change(topic: Topic, actor: User, *, key: str, title: str, introduction: str = "") -> Topic:
    reasons = _words(title, introduction)

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("change", locked, actor), state_reasons("change", locked) or reasons)
        locked.title, locked.introduction = title.strip(), introduction.strip()
        locked.save(update_fields=["title", "introduction"])
        return locked

    clash = "本单位已经有同名的专题"
    return perform(Deed.Kind.GATHERED, actor, key, topic, work, agency_id=topic.agency_id, clash=clash)


def gather(topic: Topic, actor: User, *, key: str, documents: Sequence[Document], heading: str = "") -> Topic:
    """Puts documents that the public can read at the end, under a heading; those that are in already are passed over."""

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("gather", locked, actor), state_reasons("gather", locked) or text_reasons(heading, most=120))
        inside = set(locked.entries.values_list("document", flat=True))
        fresh = [row for row in documents if row.pk not in inside]
        shown = set(readable().filter(document__in=[row.pk for row in fresh]).values_list("document", flat=True))
        hidden = [str(row) for row in fresh if row.pk not in shown]
        if hidden:
            raise ActionRefused(f"{'、'.join(hidden[:5])}现在没有公开，不能编入")
        if not fresh:
            raise ActionRefused("这些文件已经编入")
        if len(inside) + len(fresh) > MOST:
            raise ActionRefused(f"最多编入 {MOST} 件")
        last = locked.entries.aggregate(last=Max("position"))["last"] or 0
        TopicEntry.objects.bulk_create(
            TopicEntry(topic=locked, document=row, heading=heading.strip(), position=last + n) for n, row in enumerate(fresh, 1)
        )
        return locked

    return perform(Deed.Kind.GATHERED, actor, key, topic, work, text=heading, agency_id=topic.agency_id)


def remove(entry: TopicEntry, actor: User, *, key: str) -> Topic:
    topic = entry.topic

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("remove", locked, actor), state_reasons("remove", locked))
        TopicEntry.objects.filter(pk=entry.pk).delete()
        return locked

    return perform(Deed.Kind.REMOVED, actor, key, topic, work, text=str(entry.document), agency_id=topic.agency_id)


def arrange(topic: Topic, actor: User, *, key: str, places: Mapping[int, tuple[int, str]]) -> Topic:
    """Entry id → (position, heading), as the page was filled in; equal positions keep their order."""

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("arrange", locked, actor), state_reasons("arrange", locked))
        rows = list(locked.entries.order_by("position", "pk"))
        if wrong := [heading for _n, heading in places.values() if text_reasons(heading, most=120)]:
            raise ActionRefused(f"分类“{wrong[0][:30]}”太长，不能超过 120 个字")
        wanted = {row.pk: places.get(row.pk, (row.position, row.heading)) for row in rows}
        rows.sort(key=lambda row: wanted[row.pk][0])
        for n, row in enumerate(rows, 1):
            row.position, row.heading = n, wanted[row.pk][1].strip()
        TopicEntry.objects.bulk_update(rows, ["position", "heading"], batch_size=200)
        return locked

    return perform(Deed.Kind.GATHERED, actor, key, topic, work, agency_id=topic.agency_id)


def open_up(topic: Topic, actor: User, *, key: str) -> Topic:
    """公开; an archived one opens again."""

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("open", locked, actor), state_reasons("open", locked))
        locked.opened_at, locked.closed_on = locked.opened_at or timezone.now(), None
        locked.save(update_fields=["opened_at", "closed_on"])
        return locked

    return perform(Deed.Kind.PUBLISHED, actor, key, topic, work, agency_id=topic.agency_id)


def close(topic: Topic, actor: User, *, key: str, on: date | None = None) -> Topic:
    """归档: the page stays and says so (invariant 4)."""

    def work() -> Topic:
        locked = lock(topic)
        insist(role_reason("close", locked, actor), state_reasons("close", locked))
        locked.closed_on = on or timezone.localdate()
        locked.save(update_fields=["closed_on"])
        return locked

    return perform(Deed.Kind.CONFIGURED, actor, key, topic, work, text="归档", agency_id=topic.agency_id)


def bind(topic: Topic, actor: User, *, key: str, form: str) -> Booklet:
    """Asks for a booklet: made by the worker, with its progress on the page."""

    def work() -> Booklet:
        locked = lock(topic)
        reasons = state_reasons("bind", locked) + ([] if form in Booklet.Form.values else ["请选择 Word 或者 PDF"])
        if locked.booklets.filter(form=form, finished_at__isnull=True).exists():
            reasons.append("正在编制，请等它完成")
        insist(role_reason("bind", locked, actor), reasons)
        made = Booklet.objects.create(topic=locked, form=form, total=locked.entries.count(), asked_by=actor, asked_at=timezone.now())
        transaction.on_commit(partial(binding.enqueue, made.pk), robust=True)
        return made

    return perform(Deed.Kind.GATHERED, actor, key, topic, work, text=f"编制{form}", agency_id=topic.agency_id)
