"""Blocks into entries: candidate tasks with their place in the outline and their responsibility statement.

The rules are those of the annotation guideline: the smallest paragraph or item that carries its own statement is a task; a statement on a
line of its own belongs to what stands before it since the last one; items of the parts that list tasks are tasks without one too.
"""

from __future__ import annotations

import re

from gongkai.reading import duties
from gongkai.reading.attaching import attach, continues_item, merge_into_item
from gongkai.reading.brackets import find_brackets, is_statement
from gongkai.reading.cleaning import Cleaned, tidy
from gongkai.reading.closings import mark_closings
from gongkai.reading.entry import Entry, Heading
from gongkai.reading.headings import RUN_IN_TITLE, first_stop, glued_title, known_heading
from gongkai.reading.lexicon import Zone, zone_of
from gongkai.reading.model import Span
from gongkai.reading.numbering import RANK
from gongkai.reading.outline import Block, looks_like_title, restart_points
from gongkai.reading.parts import Parts
from gongkai.reading.prose import statement_on_above, suffix_statement
from gongkai.reading.remarks import first_leads
from gongkai.reading.rows import row_entry
from gongkai.reading.slots import find_slot_tail, starts_with_slot
from gongkai.reading.statement import Statement
from gongkai.reading.statements import read_statement

_HEADING = 60
_STATEMENT_LINE = 1500
_SALUTATION = re.compile(r"[:：]$")
_APART = re.compile(r"^\(?(?:此件|联系人|联系电话|电话|附注|注[:：]|抄送|印发|主送|\d{4}年\d{1,2}月\d{1,2}日\s*\)?$)")
_DUTIES_TITLE = re.compile("(?:职责分工|工作职责)(?:表|的通知)?$")
_SCOPE = re.compile("(?:范围|内容|任务|分工|事项|单位)$")
"""Under such a heading a list 甲局：… says what each takes on, also in a part on aims."""


class Walker:
    """Walks the blocks of one document in order and gathers entries."""

    def __init__(self, doc: Cleaned, blocks: list[Block], signature: int) -> None:
        self.doc = doc
        self.flat = doc.flat
        self.blocks = blocks
        self.signature = signature if signature >= 0 else len(doc.flat)
        self.parts = Parts()
        self.entries: list[Entry] = []
        self.first_leads = False
        """列第一位者为牵头单位，下同 has been said."""
        self.glued = False
        """Titles have been found to run into their bodies: this text lost its line breaks there."""
        self.preamble = True
        self._bracketed: tuple[Span, list[Span]] = ((-1, -1), [])

    def run(self) -> list[Entry]:
        restarts = restart_points(self.doc, self.blocks)
        for i, block in enumerate(self.blocks):
            if i in restarts:
                for entry in self.entries:
                    entry.zone = entry.zone if entry.statement or entry.zone is Zone.AIMS else Zone.ORGANISATION
                self.preamble = True
            if i in restarts or block.opens_attachment:
                self.parts.clear()
            if block.start >= self.signature and block.row is None:
                continue
            block.end = min(block.end, self.signature) if block.start < self.signature < block.end else block.end
            self._listen(block)
            if block.row is not None:
                self.preamble = False
                zone = self.parts.zone if self.parts.headings else Zone.TASKS
                self.entries.append(row_entry(self.doc, block.row, list(self.parts.headings), self.parts.path, zone, self.first_leads))
            elif block.label is not None:
                self._labelled(i, block)
            else:
                self._paragraph(block)
        mark_closings(self.flat, self.entries)
        return self.entries

    def _listen(self, block: Block) -> None:
        """A note before the items, or the head of a table, may say that the unit listed first leads; a bracket says it for itself."""
        if self.first_leads:
            return
        if block.table is not None and block.row is block.table.rows[0]:
            self.first_leads = first_leads(self.flat, block.table.start, block.start) >= 0
        elif block.row is None:
            at = first_leads(self.flat, block.start, block.end)
            self.first_leads = at >= 0 and not any(a < at < b for a, b in self._brackets(block.start, block.end))

    # -- numbered blocks --------------------------------------------------------------------------------------------

    def _labelled(self, i: int, block: Block) -> None:
        assert block.label is not None
        rank = RANK[block.label.style]
        self.parts.close(rank)
        self.preamble = False
        flat, body, end = self.flat, block.body, block.end
        while body < end and flat[body] in " 、.":
            body += 1
        stop = first_stop(flat, body, end)
        alone = stop >= end - 1 or not flat[stop + 1 : end].strip(" 。:")
        heading = flat[body:end].rstrip(" 。:;")
        stands_alone = alone and len(heading) <= _HEADING and self._opens(i, rank)
        if stands_alone and not self._has_statement(block) and not duties.is_addressed(flat, body, end):
            self._open(block, body, body + len(heading), block.end)
            return
        if self._stated_heading(i, block, body):
            return
        known = known_heading(flat, body, end)
        if known and (block.run_together or stop - body > RUN_IN_TITLE):
            self._open(block, body, known, known)
            self._work(known, end, block, item=False)
            return
        title_end = stop
        if block.run_together and (stop - body > RUN_IN_TITLE or (self.glued and "," in flat[body:stop])):
            title_end = glued_title(flat, body, stop) or stop
            self.glued = self.glued or title_end < stop
        title = flat[body:title_end].strip(" ") if title_end < end else ""
        run_in = 0 < len(title.replace(" ", "")) <= RUN_IN_TITLE and (not alone or title_end < stop)
        colon = re.match(r"[^。,;]{2,16}?(?=[:：])", flat[body:end])
        zone = self.parts.below(zone_of(title if run_in else colon.group() if colon else ""), title)
        text = self._label_text(block) + tidy(self.doc.text[body:title_end]) if run_in else ""
        self.parts.open(Heading(rank, text, zone, block.start, end, bare=False, body=body))
        self._work(body, end, block, item=True)

    def _open(self, block: Block, start: int, end: int, heading_end: int, statement: Statement | None = None) -> None:
        """A heading that stands alone; its words are [start, end)."""
        assert block.label is not None
        words = self.flat[start:end]
        text = self._label_text(block) + tidy(self.doc.text[start:end]) if words.strip() else ""
        zone = self.parts.below(zone_of(words), words)
        self.parts.open(Heading(RANK[block.label.style], text, zone, block.start, heading_end, statement=statement, body=start))

    def _stated_heading(self, i: int, block: Block, body: int) -> bool:
        """A heading over items that names who answers for all of them."""
        assert block.label is not None
        brackets = self._brackets(body, block.end)
        if len(brackets) != 1 or brackets[0][0] - body > _HEADING:
            return False
        start, stop = brackets[0]
        heading = self.flat[body:start].rstrip(" 。")
        if self.flat[stop : block.end].strip(" 。:") or "。" in heading:
            return False
        following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        if following is None or following.start >= self.signature:
            return False
        if following.label is not None:
            if RANK[following.label.style] <= RANK[block.label.style]:
                return False
        elif (
            following.row is not None or self.flat[start - 1] == "。" or len(heading) > RUN_IN_TITLE or self._is_statement_block(following)
        ):
            return False
        self._open(block, body, body + len(heading), block.end, self._statement(start + 1, stop - 1))
        return True

    def _brackets(self, start: int, end: int) -> list[Span]:
        """The bracketed statements of a block; a block is asked several times in a row."""
        if self._bracketed[0] != (start, end):
            self._bracketed = (start, end), list(find_brackets(self.flat, start, end))
        return self._bracketed[1]

    def _label_text(self, block: Block) -> str:
        assert block.label is not None
        if block.label.style == "dash":
            return ""
        label = self.doc.text[block.label.start : block.label.end].strip()
        return label + (" " if block.label.style in ("chapter", "section", "article") else "")

    def _opens(self, i: int, rank: int) -> bool:
        """Whether something stands below: a deeper label, a paragraph, a table. Otherwise it is an item of few words."""
        following = self.blocks[i + 1] if i + 1 < len(self.blocks) else None
        if following is None or following.start >= self.signature:
            return False
        if following.row is not None:
            return True
        if following.label is not None:
            return RANK[following.label.style] > rank
        return not self._is_statement_block(following) and not looks_like_title(self.flat, following.start, following.end)

    def _has_statement(self, block: Block) -> bool:
        return bool(self._brackets(block.body, block.end)) or find_slot_tail(self.flat, block.body, block.end) >= 0

    # -- paragraphs -------------------------------------------------------------------------------------------------

    def _is_statement_block(self, block: Block) -> bool:
        if block.label is not None or block.row is not None:
            return False
        start, end = block.start, block.end
        if starts_with_slot(self.flat, start, end) and end - start < _STATEMENT_LINE:
            return True
        inner = self.flat[start:end].rstrip(" 。;")
        return bool(inner) and inner[0] in "([" and inner[-1] in ")]" and is_statement(self.flat, start + 1, start + len(inner) - 1)

    def _statement(self, start: int, end: int) -> Statement:
        statement = read_statement(self.flat, self.doc.text, start, end, first_leads=self.first_leads)
        self.first_leads = self.first_leads or statement.first_leads
        return statement

    def _paragraph(self, block: Block) -> None:
        start, end, flat = block.start, block.end, self.flat
        said = None
        if self._is_statement_block(block):
            inner = flat[start:end].rstrip(" 。;")
            said = (start + 1, start + len(inner) - 1) if inner[0] in "([" else (start, end)
        if said is None:
            said = statement_on_above(flat, start, end)
        if said is not None:
            statement = self._statement(*said)
            statement.start, statement.end = start, end
            if not statement.empty:
                attach(self.flat, self.entries, self.parts, statement)
                return
        if self._is_apart(block):
            if block.is_title and _DUTIES_TITLE.search(flat[start:end]):
                self.parts.base = Zone.DUTIES
            return
        self._work(start, end, block, item=False)

    def _is_apart(self, block: Block) -> bool:
        """Salutations, signatures, dates, titles, names of people: lines that are no paragraph."""
        line = self.flat[block.start : block.end]
        if (self.preamble and _SALUTATION.search(line)) or looks_like_title(self.flat, block.start, block.end) or _APART.match(line):
            return True
        return len(line) < 15 and "。" not in line

    # -- a block's own words ----------------------------------------------------------------------------------------

    def _work(self, start: int, end: int, block: Block, item: bool) -> None:
        """One entry for each statement in the block, and one for what follows the last."""
        at = start
        brackets = self._brackets(start, end)
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
        if not self.flat[at:end].strip(" 。;|"):
            return
        if (tail := find_slot_tail(self.flat, at, end)) >= 0 and self._slot_tail(at, tail, end, block, item, first=at == start):
            return
        if not brackets and self._duties(at, end, block):
            return
        if not brackets and (item or self.parts.zone in (Zone.TASKS, Zone.NEUTRAL)):
            suffix = suffix_statement(self.flat, self.doc.text, at, end)
            if suffix:
                self._add(at, suffix[0], block, item, suffix[1], first=True)
                return
        self._add(at, end, block, item, None, first=at == start)

    def _slot_tail(self, start: int, tail: int, end: int, block: Block, item: bool, first: bool) -> bool:
        """Slots at the end of the block: …。责任单位：甲、乙。"""
        statement = self._statement(tail, end)
        if statement.empty:
            return False
        if not (statement.lead or statement.responsible) and (said := suffix_statement(self.flat, self.doc.text, start, tail)):
            statement.join(said[1])
        if self.flat[start:tail].strip(" 。;,"):
            self._add(start, tail, block, item, statement, first)
        else:
            attach(self.flat, self.entries, self.parts, statement)
        return True

    def _duties(self, start: int, end: int, block: Block) -> bool:
        """职责分工: 甲局：…, or sentences 甲局负责…. True when the block was one of these."""
        zone, flat, text, title = self.parts.zone, self.flat, self.doc.text, self.parts.last
        found: list[duties.Duty] = []
        if zone is Zone.DUTIES:
            found = duties.sentences(flat, text, start, end)
            if not found and title is not None and (under := duties.under_title(flat, text, (title.start, title.end), start, end)):
                self._add(start, end, block, not title.bare, under.statement, first=True)
                return True
        else:
            scope = zone is Zone.AIMS and block.label and any(h.bare and _SCOPE.search(h.text) for h in self.parts.headings)
            if zone is Zone.TASKS or (zone is Zone.NEUTRAL and block.label) or scope:
                one = duties.addressed(flat, text, start, end)
                found = [one] if one else []
        if found and block.label is not None:
            self.parts.untitled()
        for k, duty in enumerate(found):
            self._add(duty.start, duty.end, block, True, duty.statement, first=k == 0)
            if zone is Zone.AIMS:
                self.entries[-1].zone = Zone.TASKS
        return bool(found)

    def _add(self, start: int, end: int, block: Block, item: bool, statement: Statement | None, first: bool) -> None:
        flat, headings = self.flat, self.parts.headings
        while start < end and flat[start] in " \n。;,":
            start += 1
        while end > start and flat[end - 1] in " \n|":
            end -= 1
        if start >= end:
            return
        if item and first and block.label is not None and statement is not None and headings and headings[-1].text:
            stop = first_stop(flat, start, end)
            if not flat[stop + 1 : end].strip(" 。"):
                self.parts.untitled()  # nothing of the task follows its first sentence: that is no title
        path = self.parts.path
        if block.label is None and headings and headings[-1].answered:
            path = [h.text for h in headings[:-1] if h.text]  # a paragraph after an item that is complete
        zone = self.parts.zone
        if zone is Zone.DUTIES and statement is None and any("任务" in h.text for h in headings):
            zone = Zone.TASKS
        entry = Entry(start, end, path, zone, statement, item, preamble=self.preamble, headings=list(headings), trailing=not first)
        if statement is not None and item and block.label is not None and headings and not headings[-1].bare:
            headings[-1].answered = True
        if statement is not None and not item and continues_item(self.entries, self.parts):
            merge_into_item(self.entries, entry)
        else:
            self.entries.append(entry)
