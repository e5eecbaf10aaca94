"""From extracted text to a Plan: clean, cut into blocks, find who answers for what, by when, through which channel."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date

from gongkai.reading.channels import find_channels, split_slot
from gongkai.reading.checks import check
from gongkai.reading.citations import cited_documents
from gongkai.reading.cleaning import Cleaned, clean, tidy
from gongkai.reading.defaults import default_units
from gongkai.reading.entries import Walker
from gongkai.reading.entry import Entry
from gongkai.reading.extracted import Extracted
from gongkai.reading.lexicon import NO_PLAN_TITLE, PLAN_TITLE, Zone
from gongkai.reading.metadata import Metadata, read_metadata
from gongkai.reading.model import NOBODY_NAMED, Deadline, Mark, Plan, Quota, Span, Task
from gongkai.reading.outline import blocks
from gongkai.reading.prose import definite_lead, prose_statement, whole_lead
from gongkai.reading.quotas import find_quotas
from gongkai.reading.statement import ROLES, Statement
from gongkai.reading.tables import from_grids
from gongkai.reading.text_tables import from_text
from gongkai.reading.timing import Found, find_limits, find_slot_limits
from gongkai.reading.units import looks_like_unit
from gongkai.reading.wrapping import unwrap


def compile_plan(extracted: Extracted) -> Plan:
    """Read one document. Linear in its length. A document that is no plan gives a Plan without tasks.

    Every span of the result counts characters of `extracted.text`.
    """
    doc = clean(extracted.text)
    if extracted.kind == "txt":
        doc = unwrap(doc, [])
    apart = [(bisect_left(doc.origin, a), bisect_left(doc.origin, b)) for a, b in extracted.apart]
    tables = from_grids(doc, extracted.grids) if extracted.grids else from_text(doc)
    parts = blocks(doc, tables, apart)
    meta = read_metadata(doc, parts)
    entries = Walker(doc, parts, meta.signature).run()
    default = default_units(doc)
    year = meta.year
    plan = Plan(extracted.name, extracted.text, meta.title, meta.issuer, meta.doc_number, meta.issued_on, year)
    gate = _Gate(meta, entries, default)
    builder = _Builder(doc, year, default)
    plan.tasks = [builder.task(e) for e in entries if gate.is_task(e, doc, year)]
    plan.cited_documents = cited_documents(doc, meta.own_titles or [], [(b.start, b.end) for b in parts])
    plan.warnings = check(plan, _promises(doc, entries, year))
    return plan


_SUPPORTING_TASK_STYLE = re.compile(r"(?:请|务必|须|应|要)[^。]{0,60}(?:报送|上报|报[^告名道到考表刊社复效答]|反馈|提交|填报|备案)")


_VALIDITY = re.compile(
    r"^(?:附则。)?(?:本|以上|上述|该|此)(?:方案|意见|措施|要点|办法|通知|细则|计划|政策|规定|文件|若干措施|政策措施|实施意见|实施方案|实施细则)[^。]{0,24}?(?:施行|实施|执行|生效|有效期|解释)[^。]{0,60}(?:。[^。]{0,60})?。?$"
)
"""本措施自印发之日起施行，有效期三年: how long a document holds binds nobody to anything."""


class _Gate:
    """Which entries are tasks (rules 1, 4, 5, 6 and 7 of the guideline)."""

    def __init__(self, meta: Metadata, entries: list[Entry], default: Statement | None) -> None:
        stated = [e for e in entries if e.statement is not None and (e.statement.lead or e.statement.responsible)]
        titles = [t for t in (meta.own_titles or []) if t and not NO_PLAN_TITLE.search(t)]
        titled = any(PLAN_TITLE.search(t) for t in titles)
        about_plans = bool(meta.own_titles) and not titles and len(stated) < 3
        listed = any(e.zone is Zone.TASKS for e in entries)
        self.is_plan = not about_plans and (bool(stated) or listed or default is not None or titled)
        self.neutral_counts = titled or default is not None or sum(e.zone is Zone.NEUTRAL for e in stated) >= 2
        self.regulation = (
            bool(meta.title and re.search(r"(?:条例|规定|办法|决定|批复|公告|通告|通报|命令)(?:的通知)?$", meta.title.rstrip("》的通知 ")))
            and not titled
        )

    def is_task(self, entry: Entry, doc: Cleaned, year: int | None) -> bool:
        if not self.is_plan:
            return False
        statement = entry.statement or entry.from_heading
        if statement is not None and (statement.lead or statement.responsible or (statement.support and entry.zone is not Zone.AIMS)):
            return entry.zone is not Zone.AIMS or entry.row is not None or bool(statement.lead or statement.responsible)
        if entry.row is not None:
            return entry.zone is not Zone.AIMS
        if statement is not None and (statement.timing or statement.channel):
            return True
        if self.regulation and not entry.row:
            return False
        words = doc.flat[entry.start : entry.end]
        if _VALIDITY.match(words):
            return False
        if entry.zone is Zone.AIMS or (entry.preamble and not entry.item):
            return (
                entry.preamble
                and entry.zone is not Zone.AIMS
                and bool(_SUPPORTING_TASK_STYLE.search(words))
                and self._bound(entry, doc, year)
            )
        if entry.zone is Zone.ORGANISATION or entry.closing:
            return self._bound(entry, doc, year)
        if entry.zone is Zone.DUTIES:
            return False
        if entry.zone is Zone.NEUTRAL and not self.neutral_counts:
            return self._bound(entry, doc, year) and not entry.preamble and entry.item
        return not words.rstrip().endswith(":") and not _introduces(words)

    def _bound(self, entry: Entry, doc: Cleaned, year: int | None) -> bool:
        """Rule 5: a deadline, a cadence or a quota makes a task even of a paragraph on organisation; so does X牵头制定… ."""
        if any(
            f.kind in ("absolute", "recurring") or (f.kind == "relative" and not entry.preamble)
            for f in find_limits(doc.flat, entry.start, entry.end, year)
        ):
            return True
        if any(True for _ in find_quotas(doc.flat, entry.start, entry.end)):
            return True
        return (
            entry.zone is Zone.ORGANISATION and not entry.preamble and definite_lead(doc.flat, doc.text, entry.start, entry.end) is not None
        )


def _introduces(words: str) -> bool:
    """A paragraph that only announces the items after it."""
    return (
        len(words) < 120
        and re.search(
            r"(?:如下|以下[^。]{0,10}(?:任务|工作|措施|内容)|(?:[一二三四五六七八九十0-9]+)(?:个方面|项)(?:的)?(?:重点)?(?:任务|工作|措施|内容))[。:]?$",
            words,
        )
        is not None
    )


def _promises(doc: Cleaned, entries: list[Entry], year: int | None) -> list[tuple[date, Span, str]]:
    """Dates that the aims promise for the whole: 2018年7月底前，完成…任务."""
    out = []
    for entry in entries:
        if entry.zone is not Zone.AIMS:
            continue
        for found in find_limits(doc.flat, entry.start, entry.end, year):
            after = doc.flat[found.end : found.end + 30]
            if found.kind == "absolute" and found.due and re.match(r"^[,，]?(?:全面|基本|力争)?(?:完成|建成|实现)", after):
                out.append((found.due, doc.raw(found.start, found.end), tidy(doc.text[found.start : found.end])))
    return out


_OPENING = re.compile(r"[^。：:；]{2,40}[。：:]\s*(?=.{6})")


def _other_starts(text: str, path: list[str]) -> list[str]:
    """The text after its run-in title or after the unit it is addressed to."""
    opening = _OPENING.match(text)
    if opening:
        return [text[opening.end() :]]
    title = re.sub(r"^[^\u4e00-\u9fff“《]*(?:[一二三四五六七八九十]+[、）)])?", "", path[-1]) if path else ""
    return [text[len(title) :]] if 3 < len(title) < len(text) - 6 and text.startswith(title) else []


class _Builder:
    """Entries into tasks, with every mark traced back to the raw text."""

    def __init__(self, doc: Cleaned, year: int | None, default: Statement | None) -> None:
        self.doc = doc
        self.year = year
        self.default = default

    def task(self, entry: Entry) -> Task:
        doc, statement = self.doc, entry.statement or entry.from_heading
        text = tidy(doc.text[entry.start : entry.end])
        task = Task(entry.path, text, doc.raw(entry.start, entry.end), start_alternatives=_other_starts(text, entry.path))
        if statement is None or not (statement.lead or statement.responsible or statement.support):
            said = prose_statement(doc.flat, doc.text, entry.start, entry.end)
            if said is None and entry.zone is Zone.ORGANISATION:
                said = definite_lead(doc.flat, doc.text, entry.start, entry.end)
            if said is not None:
                self._units(task, said)
        elif not statement.lead:
            lead = whole_lead(doc.flat, doc.text, entry.start, entry.end)
            named = {u.text for u in lead}
            if lead:
                rest = [[u for u in us if u.text not in named] for us in (statement.responsible, statement.support)]
                statement = replace(statement, lead=lead, responsible=rest[0], support=rest[1])
        if statement is not None:
            self._units(task, statement)
            task.joint = statement.joint
            if not (entry.start <= statement.start < entry.end):
                task.statement_span = doc.raw(statement.start, statement.end)
        if not (task.lead or task.responsible) and self.default is not None and self._inherits(entry):
            task.responsible = [u.text for u in self.default.responsible]
            task.inherited = True
        self._deadlines(task, entry)
        self._quotas(task, entry)
        self._channels(task, entry)
        self._doubts(task, entry)
        task.marks.sort(key=lambda m: m.span)
        return task

    def _inherits(self, entry: Entry) -> bool:
        return entry.zone in (Zone.TASKS, Zone.NEUTRAL) and not entry.closing and not (entry.preamble and not entry.item)

    def _units(self, task: Task, statement: Statement) -> None:
        for role in ROLES:
            have: list[str] = getattr(task, role)
            for unit in getattr(statement, role):
                if unit.text not in have:
                    have.append(unit.text)
                    task.marks.append(Mark(role, unit.text, self.doc.raw(unit.start, unit.end)))

    def _deadline(self, found: Found) -> Deadline:
        raw = tidy(self.doc.text[found.start : found.end])
        return Deadline(raw, found.kind, self.doc.raw(found.start, found.end), found.due, found.every, found.within)

    def _deadlines(self, task: Task, entry: Entry) -> None:
        found = find_limits(self.doc.flat, entry.start, entry.end, self.year)
        if entry.statement is not None:
            for a, b in entry.statement.timing:
                found += find_slot_limits(self.doc.flat, a, b, self.year)
        if entry.headings and not any(f.kind == "absolute" for f in found):
            found += self._heading_dates(entry)
        seen: set[tuple[object, ...]] = set()
        for f in found:
            key = (f.kind, f.due, f.every, f.within)
            if key not in seen:
                seen.add(key)
                deadline = self._deadline(f)
                task.deadlines.append(deadline)
                task.marks.append(Mark("deadline", deadline.raw, deadline.span))

    def _heading_dates(self, entry: Entry) -> list[Found]:
        """A stage's window in its heading: （二）组织实施（2019年3月—10月）."""
        heading = entry.headings[-1]
        if not heading.bare:
            return []
        bracket = re.search(r"\(([^()]*[0-9]{1,2}月[^()]*)\)\s*[。:]?$", self.doc.flat[heading.start : heading.end])
        if bracket is None:
            return []
        found = find_slot_limits(self.doc.flat, heading.start + bracket.start(1), heading.start + bracket.end(1), self.year)
        return [f for f in found if f.kind == "absolute"]

    def _quotas(self, task: Task, entry: Entry) -> None:
        for start, end, value, unit, op in find_quotas(self.doc.flat, entry.start, entry.end):
            quota = Quota(tidy(self.doc.text[start:end]), value, unit, op, self.doc.raw(start, end))
            task.quotas.append(quota)
            task.marks.append(Mark("quota", quota.raw, quota.span))

    def _channels(self, task: Task, entry: Entry) -> None:
        offices = {*task.lead, *task.responsible, *task.support}
        slot = entry.statement.channel if entry.statement else []
        places = [p for a, b in slot for p in split_slot(self.doc.flat, a, b, offices)] or list(
            find_channels(self.doc.flat, entry.start, entry.end)
        )
        for a, b in places:
            name = tidy(self.doc.text[a:b])
            if name not in task.channels:
                task.channels.append(name)
                task.marks.append(Mark("channel", name, self.doc.raw(a, b)))

    def _doubts(self, task: Task, entry: Entry) -> None:
        """Why a person should look here first."""
        if not (task.lead or task.responsible):
            task.doubts.append(NOBODY_NAMED)
        odd = [u for u in (*task.lead, *task.responsible, *task.support) if not looks_like_unit(u)]
        if odd:
            task.doubts.append(f"“{'、'.join(odd)}”不像单位名称")
        if entry.zone in (Zone.ORGANISATION, Zone.AIMS) and entry.statement is None:
            task.doubts.append("在组织保障部分，因写有期限或数量要求列为任务")
        if len(task.text) < 8:
            task.doubts.append("任务文字过短")
        if any(d.kind == "absolute" and "旬" in d.raw for d in task.deadlines):
            task.doubts.append("“旬”按该旬最后一日计")
