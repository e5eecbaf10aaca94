"""Statements in prose: 由甲牵头，乙配合; a last sentence that says who answers; 以上任务由甲负责."""

from __future__ import annotations

import re

from gongkai.reading.clauses import read_clauses
from gongkai.reading.model import Span
from gongkai.reading.statement import Statement
from gongkai.reading.units import Unit, looks_like_unit, split_units

_ABOVE = re.compile(r"(?:以上|上述)(?:各项|所有)?(?:任务|工作|内容|事项|措施)?(?:均)?由(?P<said>[^。;]{2,160}?(?:牵头|负责|落实|配合))。?$")


def statement_on_above(flat: str, start: int, end: int) -> Span | None:
    """以上任务由甲牵头，乙配合: a paragraph that is the statement of what stands before it. Where its words on the units stand."""
    match = _ABOVE.match(flat, start, end) if end - start <= 200 else None
    return match.span("said") if match else None


_SUFFIX = re.compile(
    r"(?:^|(?<=[。;]))(?P<units>[^。;:,，]{2,60}?)(?:(?:负责)?(?P<lead>牵头)(?:负责|落实|组织实施|实施|抓总|推进)?(?P<rest>,[^。]*)?|(?P<adverb>按职责分工|分别|共同|具体|各自)?(?:负责落实|负责|落实)(?P<help>,[^,。]{2,60}(?:配合|参与|参加|协助))?)。?$"
)
_SHORT_REST = re.compile(
    r"^,(?:[^,。]{2,24}|[^,。]{2,60}(?:配合|参与|参加|协助|负责|落实|实施))(?:,[^,。]{2,60}(?:配合|参与|参加|协助|负责|落实|实施))?$"
)
_BY = re.compile(r"(?:^|(?<=[。;,:]))由(?P<units>[^。;,:]{2,60}?)(?:负责)?牵头(?P<rest>(?:负责|组织|实施|落实|,)[^。;]*)?")
_MECHANISM = re.compile(r"机制|联席会议|领导小组|工作组|专班|专题会|协调会|小组|体系|制度")


def prose_statement(flat: str, text: str, start: int, end: int) -> Statement | None:
    """由X牵头 said of the whole task in its prose; not of one part of it and not of a mechanism."""
    hits = list(_BY.finditer(flat, start, end))
    if len(hits) != 1:
        return None
    hit = hits[0]
    sentence_end = flat.find("。", hit.start(), end)
    sentence = flat[hit.start() : sentence_end if sentence_end > 0 else end]
    sentence_start = max(flat.rfind("。", start, hit.start()), flat.rfind(";", start, hit.start()), start - 1) + 1
    if (
        _MECHANISM.search(sentence)
        or re.search("建立|成立|组建|设立", flat[sentence_start : hit.start()])
        or flat[hit.end() : hit.end() + 1] == "的"
    ):
        return None
    units = [u for u in split_units(flat, text, hit.start("units"), hit.end("units")) if looks_like_unit(u.text)]
    if not units:
        return None
    statement = Statement(hit.start(), hit.end(), lead=units)
    if hit["rest"]:
        read_clauses(flat, text, hit.start("rest"), hit.end("rest"), statement, None)
        statement.responsible, statement.timing = [], []
        statement.support = [u for u in statement.support if looks_like_unit(u.text)]
    return statement


_LEADS_SOMETHING = re.compile(
    r"(?:^|(?<=[。;,:]))(?:由)?(?P<units>[^。;,:]{2,30}?)(?:要)?(?:负责)?牵头(?:负责|会同[^,。;]{2,20})?(?:组织|制定|制订|编制|起草|开展|建立|推进|做好|落实|实施|抓好|研究|梳理|汇总)"
)


_WHOLE = re.compile(
    r"^(?:(?:此|该|本)项(?:工作|任务)|具体)?由(?P<units>[^。;,:]{2,60}?)(?:负责)?牵头(?:负责|落实|组织实施|实施|推进|抓好落实|组织|开展)*(?P<rest>,[^。;]{2,80}(?:配合|参与|参加|协助|负责|落实|实施))?(?:,[^,。;]{0,16}[前内]完成)?$"
)


def whole_lead(flat: str, text: str, start: int, end: int) -> list[Unit]:
    """Who leads where a sentence of the prose says no more than that: 由X牵头，Y配合. 由X牵头制定… leads one part only."""
    at = start
    while at < end:
        stop = next((k for k in (flat.find("。", at, end), flat.find(";", at, end)) if k >= 0), end)
        a = at + len(flat[at:stop]) - len(flat[at:stop].lstrip())
        match = _WHOLE.match(flat[a:stop].rstrip())
        if match:
            units = split_units(flat, text, a + match.start("units"), a + match.end("units"))
            if units and all(looks_like_unit(u.text) for u in units):
                return units
        at = stop + 1
    return []


def definite_lead(flat: str, text: str, start: int, end: int) -> Statement | None:
    """X牵头制定…: a named unit that leads something definite; 继续做好牵头工作 is nothing definite."""
    match = _LEADS_SOMETHING.search(flat, start, end)
    if match is None or _MECHANISM.search(flat[match.end() : match.end() + 12]):
        return None
    units = split_units(flat, text, match.start("units"), match.end("units"))
    return Statement(match.start(), match.end(), lead=units) if units and all(looks_like_unit(u.text) for u in units) else None


def suffix_statement(flat: str, text: str, start: int, end: int) -> tuple[int, Statement] | None:
    """A last sentence that is the statement: …全面梳理。区公开办牵头，指导…。 Returns where it begins."""
    match = _SUFFIX.search(flat, start, end)
    if (
        match is None
        or match.start() == start
        or (match["units"].startswith("由") and match["lead"])
        or (match["rest"] and not _SHORT_REST.match(match["rest"]))
    ):
        return None
    units = split_units(flat, text, match.start("units"), match.end("units"))
    if not units or not all(looks_like_unit(u.text) for u in units):
        return None
    if not match["lead"]:
        statement = Statement(match.start(), end, responsible=units, joint=match["adverb"] in ("按职责分工", "分别"))
        if match["help"]:
            read_clauses(flat, text, match.start("help"), match.end("help"), statement, None)
        return match.start(), statement
    statement = Statement(match.start(), end, lead=units)
    if match["rest"]:
        read_clauses(flat, text, match.start("rest"), match.end("rest"), statement, None)
        statement.responsible = [u for u in statement.responsible if looks_like_unit(u.text)]
        statement.support = [u for u in statement.support if looks_like_unit(u.text)]
        statement.timing = []
    return match.start(), statement
