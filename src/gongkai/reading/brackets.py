"""Bracketed responsibility statements: where they stand, and whether what is inside says who answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.reading.clauses import VERB, clauses
from gongkai.reading.model import Span
from gongkai.reading.remarks import units_end
from gongkai.reading.slots import SLOT
from gongkai.reading.units import looks_like_unit

_OPEN = {"(": ")", "[": "]"}
_DEEPEST, _MOST_MARKS = 6, 200
"""Brackets nest no deeper in this genre; text that does is damaged, and reading it must stay linear."""
_ONLY_UNITS_MAX = 200
_SLOT_REACH = 80
_KEYWORD = re.compile(r"牵头|负责|责任|时限|配合|落实|参与|承办|协办|主办|协助|会同|按(?:照)?职责|组织实施|分工")
_NO_STATEMENT = re.compile(r"^(?:以下简称|简称|含|包括|不含|指|即|详见|见附件|附件|此件|注|如|试行|[0-9一二三四五六七八九十]+[)、.]?$)")
_OPENING = re.compile(r"[(\[]")
_UNIT_LETTER = re.compile("[局委办厅部院心府室司队处科门位区县市等行站所]")
_LABEL_AHEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]|[0-9]{1,2}[.、]|[①-⑳])")
_MARKS = {"(": re.compile(r"[()]"), "[": re.compile(r"[\[\]]")}


def bracket_end(flat: str, start: int, limit: int) -> int:
    """Where the bracket that opens at `start` closes (index after it), or -1 when it does not close before `limit`."""
    close = _OPEN[flat[start]]
    depth = 0
    for seen, mark in enumerate(_MARKS[flat[start]].finditer(flat, start, min(limit, start + 3000))):
        depth += 1 if mark.group() != close else -1
        if depth == 0:
            return mark.end()
        if depth > _DEEPEST or seen > _MOST_MARKS:
            break
    return -1


def is_statement(flat: str, start: int, end: int, after_sentence: bool = False) -> bool:
    """Whether the inside of a bracket, [start, end), says who answers. `after_sentence`: a full stop stands before the bracket."""
    end = units_end(flat, start, end)[0]
    body = flat[start:end].strip()
    if not 2 <= len(body) <= 1200:
        return False
    if SLOT.match(body):
        return True
    if _NO_STATEMENT.match(body):
        return False
    if _KEYWORD.search(body):
        for a, b in clauses(flat, start, end):
            clause = flat[a:b].strip()
            verb = VERB.search(clause)
            if verb and (verb.start() == 0 or verb["verb"] not in ("组织", "推进", "推动")):
                head = clause[: verb.start()].strip()
                last = re.split("[、,]|会同|联合", head)[-1] if head else ""
                if not head or looks_like_unit(last) or looks_like_unit(head) or verb["verb"] in ("牵头", "配合"):
                    return True
        return SLOT.search(body) is not None
    if len(body) > _ONLY_UNITS_MAX:
        return False
    names = [flat[a:b].strip() for a, b in clauses(flat, start, end)]
    return (
        len(names) >= 1
        and all(looks_like_unit(re.sub("等$", "", n)) for n in names if n)
        and not re.search(r"[0-9]", body)
        and (len(names) > 1 or after_sentence or _named_body(names[0]))
    )


def _named_body(name: str) -> bool:
    """A lone name in brackets is a statement only when it is plainly a body: （市财政局）, not （市）, （镇街道）."""
    return len(name) >= 4 and re.search(r"(?:局|委|办|厅|部|院|中心|委员会|政府|办公室|公司|总队|支队)$", name) is not None


def find_brackets(flat: str, start: int, end: int) -> Iterator[Span]:
    """Outer [start, end) of each bracketed statement that closes a stretch of text in the block."""
    at = start
    while opening := _OPENING.search(flat, at, end):
        i = opening.start()
        stop = bracket_end(flat, i, end)
        if stop < 0:
            at = i + 1
            continue
        last, at = at, stop
        if SLOT.search(flat, max(last, flat.rfind("。", last, i) + 1, i - _SLOT_REACH), i):
            continue  # 责任部门：市政府办公厅（综合处、督查室）: part of a name in a slot
        if _KEYWORD.search(flat, i, stop) is None and (stop - i > _ONLY_UNITS_MAX or not _UNIT_LETTER.search(flat, stop - 4, stop)):
            continue
        rest = flat[stop : stop + 8].lstrip(" 。;.,|")
        before = flat[max(start, i - 3) : i].rstrip()
        closes = not rest and not flat[stop:end].strip(" 。;.,|")
        ends_sentence = before[-1:] in ("。", ";", "!", "?", '"', "'") or flat[stop : stop + 1] in ("。", ";", "\n")
        if (closes or ends_sentence or _LABEL_AHEAD.match(rest)) and is_statement(flat, i + 1, stop - 1, before[-1:] == "。"):
            yield i, stop
