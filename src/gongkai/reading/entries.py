"""Blocks into entries: candidate tasks with their place in the outline and their responsibility statement.

The rules are those of the annotation guideline: the smallest paragraph or item that carries its own statement is a task; a statement on a
line of its own belongs to what stands before it since the last one; items of the parts that list tasks are tasks without one too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.reading.cleaning import Cleaned, tidy
from gongkai.reading.headings import RUN_IN_TITLE, glued_title, known_heading
from gongkai.reading.lexicon import Zone, zone_of
from gongkai.reading.numbering import RANK
from gongkai.reading.outline import Block, looks_like_title
from gongkai.reading.statements import (
    Statement,
    find_brackets,
    find_slot_tail,
    is_statement,
    read_statement,
    starts_with_slot,
    statement_on_above,
    suffix_statement,
)
from gongkai.reading.tables import Row
from gongkai.reading.units import Unit, looks_like_unit, split_units

_HEADING = 60


@dataclass(slots=True)
class Heading:
    rank: int
    text: str
    zone: Zone
    start: int
    end: int
    bare: bool = True
    """False for the run-in title of an item that has text of its own."""
    statement: Statement | None = None
    """一、深化改革（市发改委牵头）: what the heading says holds for the items below that say nothing."""


@dataclass(slots=True)
class Entry:
    """[start, end) is the text of a candidate task, its number left out. `item`: it is a numbered item, not a bare paragraph."""

    start: int
    end: int
    path: list[str]
    zone: Zone
    statement: Statement | None = None
    item: bool = False
    heading_only: bool = False
    closing: bool = False
    preamble: bool = False
    parent: tuple[str, ...] = ()
    row: Row | None = None
    headings: list[Heading] = field(default_factory=list)
    trailing: bool = False
    """It follows the last statement inside its block."""

    @property
    def from_heading(self) -> Statement | None:
        return next((h.statement for h in reversed(self.headings) if h.statement is not None), None)


_CLOSING = re.compile(
    r"^(?:各(?:地区?|级|部门|有关|单位|县|市|区|乡镇|科室|处室|责任)|全[委局厅市县区]|有关(?:部门|单位|地区)|请各|本(?:方案|意见|要点|通知|措施)自)[^。]{0,60}(?:要|应|须|请|可|必须|自|将)"
)
_CLOSING_WORDS = re.compile(r"(?:贯彻落实|抓好落实|落到实处|认真落实|组织实施|落实本|本(?:方案|意见|要点|措施)|高度重视|加强组织|结合实际)")
_DUTY = re.compile(r"^(?P<unit>[^:。;,]{2,40}?)\s*:\s*(?=\S)")
_SLOT_LIKE = re.compile(r"^[^。]{0,6}(?:单位|部门)[:：]")
_SCOPE = re.compile("(?:范围|内容|任务|分工|事项|单位)$")
"""Under such a heading a list 甲局：… says what each takes on, also in a part on aims."""
_DUTY_TITLE = re.compile(
    r"(?:第[一二三四五六七八九十]+[章条]|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|[0-9]+[、.]|\([0-9]+\)|[①-⑳])?\s*(?P<units>[^。;:,]{2,40}?)(?:的)?(?:主要|工作)?(?:职责|任务)?(?=[。\n ]|$)"
)
_SENTENCE = re.compile(r"[^。;]+[。;]?")
_SUBJECT = re.compile(
    r"^\s*(?:由)?(?P<units>[^,。;:]{2,50}?)(?:按照?职责(?:分工)?|根据职责(?:分工)?|分别|要|应)?(?P<verb>(?:共同|具体|主要|牵头)?(?:负责|牵头|承担|配合|做好|要)|:)"
)
_SALUTATION = re.compile(r"[:：]$")


class Outline:
    """Walks the blocks of one document and gathers entries."""

    def __init__(self, doc: Cleaned, blocks: list[Block], signature: int) -> None:
        self.doc = doc
        self.flat = doc.flat
        self.blocks = blocks
        self.signature = signature if signature >= 0 else len(doc.flat)
        self.stack: list[Heading] = []
        self.entries: list[Entry] = []
        self.first_leads = False
        self.glued = False
        """Titles have been found to run into their bodies: this text lost its line breaks there."""
        self.base = Zone.NEUTRAL
        """What the document's own title announces: a 职责分工 has no headings of its own."""
        self.last_number: dict[str, int] = {}
        self.preamble = True
        self.transmittal = False
        self.restarts = self._restart_points()

    def _restart_points(self) -> set[int]:
        """Blocks where a plan begins after the notice that carries it: 一、 comes again after a line that is a title."""
        points = set()
        title = -1
        seen = False
        for i, block in enumerate(self.blocks):
            if block.label is None and block.row is None and looks_like_title(self.flat, block.start, block.end):
                title = i
            elif block.row is not None or (block.label is not None and block.label.number == 1):
                strong = block.label is not None and block.label.style in ("han", "chapter")
                if title >= 0 and seen and (strong or (i - title <= 3 and self._after_signature(title))):
                    points.add(title)
                seen, title = True, -1
            elif block.label is not None:
                seen, title = True, -1
        return points

    def _after_signature(self, i: int) -> bool:
        """Whether the lines before block i sign a notice off, or call what follows an attachment."""
        before = self.flat[self.blocks[max(0, i - 3)].start : self.blocks[i].start]
        return re.search(r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日|\(此件|附\s*件", before) is not None

    def run(self) -> list[Entry]:
        for i, block in enumerate(self.blocks):
            if block.opens_attachment and i not in self.restarts:
                self.stack, self.last_number = [], {}
            if i in self.restarts:
                for entry in self.entries:
                    entry.zone = entry.zone if entry.statement or entry.zone is Zone.AIMS else Zone.ORGANISATION
                self.stack, self.last_number, self.preamble = [], {}, True
            if block.start >= self.signature and block.row is None:
                continue
            block.end = min(block.end, self.signature) if block.start < self.signature < block.end else block.end
            if block.row is not None:
                self._row(block)
            elif block.label is not None:
                self._labelled(i, block)
            else:
                self._paragraph(i, block)
        self._closings()
        return self.entries

    # -- headings ---------------------------------------------------------------------------------------------------

    def _zone(self) -> Zone:
        """The part the reader is in: aims win everywhere below, then the nearest heading that says something."""
        zones = [h.zone for h in self.stack]
        if Zone.AIMS in zones:
            return Zone.AIMS
        if Zone.TASKS in zones and Zone.ORGANISATION in zones and zones.index(Zone.TASKS) < zones.index(Zone.ORGANISATION):
            return Zone.TASKS
        for zone in reversed(zones):
            if zone is not Zone.NEUTRAL:
                return zone
        return self.base

    def _path(self) -> list[str]:
        return [h.text for h in self.stack if h.text]

    def _pop_to(self, rank: int) -> None:
        while self.stack and self.stack[-1].rank >= rank:
            self.stack.pop()

    def _labelled(self, i: int, block: Block) -> None:
        assert block.label is not None
        rank = RANK[block.label.style]
        self._pop_to(rank)
        self.preamble = False
        flat, body, end = self.flat, block.body, block.end
        while body < end and flat[body] in " 、.":
            body += 1
        first_stop = self._first_stop(body, end)
        alone = first_stop >= end - 1 or not flat[first_stop + 1 : end].strip(" 。:")
        heading = flat[body:end].rstrip(" 。:;")
        colon = re.match(r"[^。,;]{2,16}?[:：]", flat[body:end])
        if (
            alone
            and len(heading) <= _HEADING
            and self._opens(i, rank)
            and not self._has_statement(block)
            and not self._duty_item(body, end)
        ):
            text = self._label_text(block) + tidy(self.doc.text[body : body + len(heading)])
            self.stack.append(Heading(rank, text, self._below(zone_of(heading), heading), block.start, end))
            return
        if self._stated_heading(i, block, body, end, rank):
            return
        known = known_heading(flat, body, end)
        if known and (block.run_together or first_stop - body > RUN_IN_TITLE):
            self.stack.append(
                Heading(rank, self._label_text(block) + self.doc.text[body:known], zone_of(flat[body:known]), block.start, known)
            )
            self._work(known, end, block, item=False)
            return
        title_end = first_stop
        if block.run_together and (first_stop - body > RUN_IN_TITLE or (self.glued and "," in flat[body:first_stop])):
            title_end = glued_title(flat, body, first_stop) or first_stop
            self.glued = self.glued or title_end < first_stop
        title = flat[body:title_end].strip(" ") if title_end < end else ""
        run_in = (
            self._label_text(block) + tidy(self.doc.text[body:title_end])
            if 0 < len(title.replace(" ", "")) <= RUN_IN_TITLE and (not alone or title_end < first_stop)
            else ""
        )
        zone = self._below(zone_of(title if run_in else (colon.group()[:-1] if colon else "")), title)
        self.stack.append(Heading(rank, run_in, zone, block.start, end, bare=False))
        self._work(body, end, block, item=True)

    def _stated_heading(self, i: int, block: Block, body: int, end: int, rank: int) -> bool:
        """A heading over items that names who answers for all of them."""
        brackets = list(find_brackets(self.flat, body, end))
        if (
            len(brackets) != 1
            or brackets[0][0] - body > _HEADING
            or self.flat[brackets[0][1] : end].strip(" 。:")
            or "。" in self.flat[body : brackets[0][0]].rstrip("。 ")
        ):
            return False
        following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        if following is None or following.label is None or RANK[following.label.style] <= rank:
            return False
        statement = self._statement(brackets[0][0] + 1, brackets[0][1] - 1)
        heading = self.flat[body : brackets[0][0]].rstrip(" 。")
        text = self._label_text(block) + tidy(self.doc.text[body : body + len(heading)])
        self.stack.append(Heading(rank, text, self._below(zone_of(heading), heading), block.start, end, statement=statement))
        return True

    def _below(self, zone: Zone, heading: str) -> Zone:
        """Below another heading, 加强考核 is substance; only 组织领导 and its like stay what they are."""
        if zone is Zone.ORGANISATION and self.stack and not re.search(r"组织(?:领导|保障|实施)|保障措施", heading):
            return Zone.NEUTRAL
        return zone

    def _first_stop(self, start: int, end: int) -> int:
        """The first 。 outside brackets and quotes."""
        depth = 0
        for k in range(start, min(end, start + 400)):
            c = self.flat[k]
            if c in "([《":
                depth += 1
            elif c in ")]》":
                depth -= 1
            elif c == "。" and depth <= 0:
                return k
        return end

    def _label_text(self, block: Block) -> str:
        assert block.label is not None
        label = self.doc.text[block.label.start : block.label.end].strip()
        return label + (" " if block.label.style in ("chapter", "section", "article") else "") if block.label.style != "dash" else ""

    def _opens(self, i: int, rank: int) -> bool:
        """Whether something stands below: a deeper label, a paragraph, a table or a statement line. Otherwise it is an item of few words."""
        if i + 1 >= len(self.blocks):
            return False
        following = self.blocks[i + 1]
        if following.start >= self.signature:
            return False
        if following.row is not None:
            return True
        if following.label is not None:
            return RANK[following.label.style] > rank
        return not self._is_statement_block(following) and not looks_like_title(self.flat, following.start, following.end)

    # -- work -------------------------------------------------------------------------------------------------------

    def _has_statement(self, block: Block) -> bool:
        return any(True for _ in find_brackets(self.flat, block.body, block.end)) or find_slot_tail(self.flat, block.body, block.end) >= 0

    def _duty_item(self, body: int, end: int) -> bool:
        match = _DUTY.match(self.flat[body:end])
        return match is not None and looks_like_unit(match["unit"]) and bool(self.flat[body + match.end() : end].strip())

    def _is_statement_block(self, block: Block) -> bool:
        if block.label is not None or block.row is not None:
            return False
        start, end = block.start, block.end
        if starts_with_slot(self.flat, start, end) and end - start < 1500:
            return True
        inner = self.flat[start:end].rstrip(" 。;")
        return bool(inner) and inner[0] in "([" and inner[-1] in ")]" and is_statement(self.flat, start + 1, start + len(inner) - 1)

    def _statement(self, start: int, end: int) -> Statement:
        statement = read_statement(self.flat, self.doc.text, start, end, first_leads=self.first_leads)
        if statement.first_leads:
            self.first_leads = True
        return statement

    def _paragraph(self, i: int, block: Block) -> None:
        start, end, flat = block.start, block.end, self.flat
        if self._is_statement_block(block):
            inner = flat[start:end].rstrip(" 。;")
            inside = (start + 1, start + len(inner) - 1) if inner[0] in "([" else (start, end)
            statement = self._statement(*inside)
            statement.start, statement.end = start, end
            if not statement.empty:
                self._attach(statement)
                return
        if (said := statement_on_above(flat, start, end)) is not None:
            statement = self._statement(*said)
            statement.start, statement.end = start, end
            if statement.lead or statement.responsible:
                self._attach(statement)
                return
        if self._is_apart(block):
            if block.is_title and re.search("(?:职责分工|工作职责)(?:表|的通知)?$", flat[start:end]):
                self.base = Zone.DUTIES
            return
        self._work(start, end, block, item=False)

    def _is_apart(self, block: Block) -> bool:
        """Salutations, signatures, dates, titles, names of people: lines that are no paragraph."""
        line = self.flat[block.start : block.end]
        if self.preamble and _SALUTATION.search(line):
            return True
        if looks_like_title(self.flat, block.start, block.end):
            return True
        if re.match(r"^\(?(?:此件|联系人|联系电话|电话|附注|注[:：]|抄送|印发|主送|\d{4}年\d{1,2}月\d{1,2}日\s*\)?$)", line):
            return True
        return len(line) < 15 and "。" not in line

    def _work(self, start: int, end: int, block: Block, item: bool) -> None:
        """One block's own words: one entry for each statement in it, and one for what follows the last."""
        at = start
        brackets = list(find_brackets(self.flat, start, end))
        for a, b in brackets:
            statement = self._statement(a + 1, b - 1)
            statement.start, statement.end = a, b
            if statement.empty:
                continue
            if self.flat[at:a].strip(" 。;,"):
                self._add(at, a, block, item, statement, first=at == start)
            elif self.entries:
                (self.entries[-1].statement or statement).join(statement)
            at = b
            while at < end and self.flat[at] in " 。;":
                at += 1
        if at >= end or not self.flat[at:end].strip(" 。;|"):
            return
        tail = find_slot_tail(self.flat, at, end)
        if tail >= 0:
            statement = self._statement(tail, end)
            if not statement.empty:
                if not (statement.lead or statement.responsible) and (said := suffix_statement(self.flat, self.doc.text, at, tail)):
                    statement.join(said[1])
                if self.flat[at:tail].strip(" 。;,"):
                    self._add(at, tail, block, item, statement, first=at == start)
                else:
                    self._attach(statement)
                return
        if item and not brackets and self._duties(at, end, block):
            return
        suffix = (
            suffix_statement(self.flat, self.doc.text, at, end)
            if not brackets and (item or self._zone() in (Zone.TASKS, Zone.NEUTRAL))
            else None
        )
        if suffix:
            self._add(at, suffix[0], block, item, suffix[1], first=True)
            return
        if not item and not brackets and self._zone() in (Zone.DUTIES, Zone.TASKS) and self._duties(at, end, block):
            return
        self._add(at, end, block, item, None, first=at == start)

    def _duties(self, start: int, end: int, block: Block) -> bool:
        """职责分工: 甲局：…, or sentences 甲局负责…. True when the block was one of these."""
        zone = self._zone()
        if zone is Zone.DUTIES:
            return self._duty_sentences(start, end, block) or self._duty_under_heading(start, end, block)
        match = _DUTY.match(self.flat[start:end])
        allowed = {Zone.TASKS, Zone.NEUTRAL} if block.label else {Zone.TASKS}
        if zone is Zone.AIMS and block.label and any(h.bare and _SCOPE.search(h.text) for h in self.stack):
            allowed.add(Zone.AIMS)
        if match is None or zone not in allowed or _SLOT_LIKE.match(self.flat[start:end]):
            return False
        units = self._names(start + match.start("unit"), start + match.end("unit"))
        if not units:
            return False
        self._no_title(block)
        statement = Statement(start, start + match.end(), responsible=units)
        self._help_from_prose(statement, start + match.end(), end)
        self._add(start, end, block, True, statement, first=True)
        return True

    def _names(self, start: int, end: int) -> list[Unit]:
        """The units in [start, end), or none when anything there does not look like a unit."""
        units = split_units(self.flat, self.doc.text, start, end)
        return units if all(looks_like_unit(u.text) for u in units) else []

    def _no_title(self, block: Block) -> None:
        if block.label is not None and self.stack and not self.stack[-1].bare:
            self.stack[-1].text = ""

    def _duty_under_heading(self, start: int, end: int, block: Block) -> bool:
        """（一）甲局。负责…, （一）甲局职责。…, or a paragraph under a heading that is a unit's name."""
        title = self.stack[-1] if self.stack else None
        if title is None:
            return False
        named = _DUTY_TITLE.match(self.flat, title.start, min(title.end, title.start + 60))
        if named is None:
            return False
        units = self._names(*named.span("units"))
        if not units:
            return False
        statement = Statement(*named.span("units"), responsible=units)
        self._help_from_prose(statement, start, end)
        self._add(start, end, block, not title.bare, statement, first=True)
        return True

    def _duty_sentences(self, start: int, end: int, block: Block) -> bool:
        """A new unit after 。 or ； starts the next task; further sentences on the same unit do not."""
        duties: list[tuple[int, int, Statement]] = []
        opening = re.compile("如下[:：]").search(self.flat, start, min(end, start + 200))
        for match in _SENTENCE.finditer(self.flat, opening.end() if opening else start, end):
            subject = _SUBJECT.match(match.group())
            units = self._names(match.start() + subject.start("units"), match.start() + subject.end("units")) if subject else []
            if subject and units:
                statement = Statement(match.start(), match.start() + subject.end("units"))
                role = "lead" if "牵头" in subject["verb"] else "support" if "配合" in subject["verb"] else "responsible"
                statement.add(role, units)  # type: ignore[arg-type]
                duties.append((match.start(), match.end(), statement))
            elif duties:
                duties[-1] = (duties[-1][0], match.end(), duties[-1][2])
        if not duties:
            return False
        self._no_title(block)
        for k, (a, b, statement) in enumerate(duties):
            self._help_from_prose(statement, a, b)
            self._add(a, b, block, True, statement, first=k == 0)
        return True

    _COOPERATE = re.compile(
        r"(?:[,，。;]|^)\s*(?P<a>[^,。;]{2,40}?)(?:予以|给予|积极|共同|协助)?配合(?=[,。;]|$)|[,，]?\s*与(?P<b>[^,。;]{2,30}?)配合|(?:[,，。;]|^)\s*(?P<c>[^,。;]{2,30}?)(?:提供|给予)[^,。;]{0,12}(?:支持|协助)"
    )

    def _help_from_prose(self, statement: Statement, start: int, end: int) -> None:
        for match in self._COOPERATE.finditer(self.flat, start, end):
            group = next(g for g in "abc" if match[g] is not None)
            units = split_units(self.flat, self.doc.text, match.start(group), match.end(group))
            if units and all(looks_like_unit(u.text) for u in units):
                have = {u.text for u in [*statement.lead, *statement.responsible]}
                statement.add("support", [u for u in units if u.text not in have])

    def _add(self, start: int, end: int, block: Block, item: bool, statement: Statement | None, first: bool) -> None:
        flat = self.flat
        while start < end and flat[start] in " \n。;,":
            start += 1
        while end > start and flat[end - 1] in " \n|":
            end -= 1
        if start >= end:
            return
        stack = self.stack
        if item and block.label is not None and statement is not None and stack and not stack[-1].bare and stack[-1].text:
            stop = self._first_stop(start, end) if first else end
            if first and (stop >= end - 1 or not flat[stop + 1 : end].strip(" 。")):
                stack[-1].text = ""  # nothing of the task follows its first sentence: no title
        path = self._path()
        zone = self._zone()
        if zone is Zone.DUTIES and statement is None and any("任务" in h.text for h in stack):
            zone = Zone.TASKS
        elif zone is Zone.AIMS and statement is not None and _DUTY.match(flat, start, end):
            zone = Zone.TASKS
        entry = Entry(
            start,
            end,
            path,
            zone,
            statement,
            item,
            preamble=self.preamble,
            parent=tuple(h.text for h in stack[:-1] if h.text) if item else tuple(path),
            headings=list(stack),
            trailing=not first,
        )
        if statement is not None and not item and self._continues_item(block):
            self._merge_into_item(entry)
            return
        self.entries.append(entry)

    def _continues_item(self, block: Block) -> bool:
        """A paragraph with a statement right after a numbered item that has text but none: they are one item of several paragraphs."""
        if not self.entries or not self.stack or self.stack[-1].bare:
            return False
        last = self.entries[-1]
        return last.statement is None and last.row is None and last.headings and last.headings[-1] is self.stack[-1] or False

    def _merge_into_item(self, entry: Entry) -> None:
        first = self.entries.pop()
        while (
            self.entries
            and self.entries[-1].statement is None
            and self.entries[-1].headings
            and self.entries[-1].headings[-1] is entry.headings[-1]
        ):
            first = self.entries.pop()
        first.end, first.statement = entry.end, entry.statement
        self.entries.append(first)

    def _attach(self, statement: Statement) -> None:
        """A statement on a line of its own: to what stands before it since the last statement, under the same heading."""
        tail: list[Entry] = []
        while self.entries and self.entries[-1].statement is None and self.entries[-1].row is None and self._same_part(self.entries[-1]):
            tail.insert(0, self.entries.pop())
        if not tail:
            last = self.entries[-1] if self.entries else None
            bare = self.stack[-1] if self.stack and self.stack[-1].bare else None
            if last is not None and last.statement is not None and last.row is None and (bare is None or last.start > bare.start):
                gap = self.flat[max(last.end, last.statement.end) : statement.start]
                if not gap.strip(" \n。;()[]|"):
                    last.statement.join(statement)
                    return
            if bare is not None:
                label = re.match(r"^[^\u4e00-\u9fff]*", self.flat[bare.start : bare.end])
                body = bare.start + (label.end() if label else 0)
                if m := re.match(
                    r"^(?:第[^ 章条]+[章条]|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\))", self.flat[bare.start : bare.end]
                ):
                    body = bare.start + m.end()
                self.entries.append(
                    Entry(
                        body,
                        bare.end,
                        [h.text for h in self.stack[:-1] if h.text],
                        self._zone(),
                        statement,
                        True,
                        heading_only=True,
                        headings=list(self.stack[:-1]),
                        block_start=bare.start,
                    )
                )
            return
        items = [e for e in tail if e.item]
        if len(tail) == 1 or (len(items) == 1 and items[0] is tail[0]):
            tail[0].end, tail[0].statement = tail[-1].end, statement
            self.entries.append(tail[0])
            return
        parent = self._common_parent(tail)
        whole = Entry(tail[0].start, tail[-1].end, parent, tail[0].zone, statement, False, headings=tail[0].headings)
        self.entries.append(whole)

    def _same_part(self, entry: Entry) -> bool:
        """The entry stands under the nearest heading that stands alone."""
        bare = [h for h in self.stack if h.bare]
        return not bare or any(h is bare[-1] for h in entry.headings)

    def _common_parent(self, tail: list[Entry]) -> list[str]:
        bare = [h.text for h in tail[0].headings if h.bare and h.text]
        return bare

    # -- tables -----------------------------------------------------------------------------------------------------

    def _row(self, block: Block) -> None:
        row = block.row
        assert row is not None
        self.preamble = False
        flat, text = self.flat, self.doc.text
        task = row.cells["task"]
        statement = Statement(row.start, row.end)
        for role in ("lead", "responsible", "support", "all", "either"):
            for a, b in row.cells.get(role, []):
                said = read_statement(
                    flat, text, a, b, default={"lead": "lead", "support": "support"}.get(role, "responsible"), first_leads=self.first_leads
                )  # type: ignore[arg-type]
                if role == "either" and not (said.lead or said.support):
                    target = "support" if row.cells.get("lead") and any(flat[c:d].strip() for c, d in row.cells["lead"]) else "responsible"
                    statement.add(target, said.responsible)  # type: ignore[arg-type]
                    continue
                if role == "all" and not said.lead and len(said.responsible) > 1:
                    said.lead, said.responsible = said.responsible[:1], said.responsible[1:]
                elif role == "all" and not said.lead:
                    said.lead, said.responsible = said.responsible, []
                for r in ("lead", "responsible", "support"):
                    statement.add(r, getattr(said, r))
                statement.joint = statement.joint or said.joint
                statement.timing += said.timing
        statement.timing += [self._cell(c) for c in row.cells.get("timing", [])]
        statement.channel += [self._cell(c) for c in row.cells.get("channel", [])]
        group = [tidy(text[a:b]).rstrip("。：:") for a, b in [*row.group, *row.cells.get("group", [])] if flat[a:b].strip()]
        a, b = self._cell((task[0][0], task[-1][1]))
        label = re.match(
            r"(?:\(?[0-9]{1,2}\)|[0-9]{1,2}[.、](?![0-9])|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、)\s*", flat[a:b]
        )
        if label:
            a += label.end()
        own: list[str] = []
        for g in group:
            if g not in own:
                own.append(g)
        brackets = list(find_brackets(flat, a, b))
        if brackets and not (statement.lead or statement.responsible):
            statement.join(self._statement(brackets[-1][0] + 1, brackets[-1][1] - 1))
            b = brackets[-1][0]
        self.entries.append(
            Entry(
                a, b, [*self._path(), *own], self._zone() if self.stack else Zone.TASKS, statement, True, row=row, headings=list(self.stack)
            )
        )

    def _cell(self, cell: tuple[int, int]) -> tuple[int, int]:
        a, b = cell
        while a < b and self.flat[a] in " \n|":
            a += 1
        while b > a and self.flat[b - 1] in " \n|":
            b -= 1
        return a, b

    # -- the end ----------------------------------------------------------------------------------------------------

    def _closings(self) -> None:
        """The last paragraphs that call on everybody to carry the plan out belong to no item."""
        for i in range(len(self.entries) - 1, 0, -1):
            entry, before = self.entries[i], self.entries[i - 1]
            words = self.flat[entry.start : entry.end]
            if entry.statement is not None or entry.row is not None or (entry.item and not entry.trailing):
                break
            if not (_CLOSING.match(words) and _CLOSING_WORDS.search(words)):
                break
            if entry.headings and entry.headings[-1].bare and (not before.headings or before.headings[-1] is not entry.headings[-1]):
                break  # the only paragraph under its heading is that heading's task
            entry.closing = True
            if entry.zone in (Zone.TASKS, Zone.NEUTRAL):
                entry.zone, entry.path = Zone.ORGANISATION, []


_DEFAULTS = [
    re.compile(r"未(?:明确|标注|标明|注明|写明|列明|列出)[^。]{0,14}?(?:的|部分)[^。]{0,24}?[,，:](?:均?由|请)?(?P<units>[^,，。;]{2,30}?)(?:都要|均要|均须|要|应|须|共同|负责|按职责)[^。]{0,12}(?:落实|负责|实施|执行)"),
    re.compile(r"(?:^|[。;,\n])(?P<units>承(?:担|接)[^。,;:]{2,24}?(?:单位|部门|地区))的?(?:主要|工作|重点|具体)*任务(?:如下|为|是)"),
    re.compile(r"(?:以下|下列|上述|本方案|各项|共性)[^。,;]{0,8}(?:任务|工作|事项)[^。,;]{0,6}?(?:均)?由(?P<units>[^,。;]{2,30}?)(?:按职责(?:分工)?|共同|分别)?(?:负责|落实|承担)"),
]  # fmt: skip


def default_units(doc: Cleaned) -> Statement | None:
    """A sentence that gives items without a statement to somebody: 未明确牵头部门的事项…各地区、各部门都要抓好落实."""
    for pattern in _DEFAULTS:
        for match in pattern.finditer(doc.flat):
            units = split_units(doc.flat, doc.text, match.start("units"), match.end("units"))
            if units and all(looks_like_unit(u.text) for u in units):
                return Statement(match.start("units"), match.end("units"), responsible=units)
    return None
