"""Clauses of a responsibility statement: 甲、乙牵头，丙、丁配合，会同戊. Units gather until a verb says what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.reading.model import Span
from gongkai.reading.statement import Role, Statement
from gongkai.reading.units import looks_like_unit, split_units

ADVERB = (
    r"(?:按照?(?:各自)?(?:的)?(?:职责|职能|责任|任务)(?:任务)?(?:分工)?|依(?:据|照)?(?:各自)?(?:职责|职能)(?:分工)?|根据(?:各自)?职责(?:分工)?"
    r"|分别|共同|具体|联合|统一|分级|总|并|各自|分头|主要|协同|协调|统筹)*"
)
_DO = r"(?:抓好|做好|组织|推进|推动|落实|实施|办理|承办|负责|开展|指导|协调|统筹|完成|执行|指导监督|工作|此项工作|任务)*"
VERB = re.compile(
    rf"(?P<adverb>{ADVERB})(?P<verb>牵头|主办|主责|负责|承办|配合|参与|参加|协助|协办|落实|组织实施|实施|具体落实|推进|推动|组织){_DO}$"
)
_BARE_ADVERB = re.compile(rf"^{ADVERB}$")
_WITH = re.compile(r"会同|联合|协同|商(?!务|业|贸|会|标|品|投)")
_WITH_OTHERS = re.compile(r"^(?:会同|联合|协同|与|和)")
_DATE_CLAUSE = re.compile(r"(?:20[0-9]{2}年|[0-9]{1,2}月|年底|年内|季度|长期|持续推进|每[年月季周]|上半年|工作日内)")


def _role_of(verb: str) -> Role:
    if verb in ("牵头", "主办", "主责"):
        return "lead"
    return "support" if verb in ("配合", "参与", "参加", "协助", "协办") else "responsible"


def clauses(flat: str, start: int, end: int) -> Iterator[Span]:
    """[start, end) of what stands between marks outside brackets."""
    depth, at = 0, start
    for i in range(start, end):
        c = flat[i]
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif depth <= 0 and c in ",;。、\n":
            yield at, i
            at = i + 1
    yield at, end


def read_clauses(flat: str, text: str, start: int, end: int, statement: Statement, default: Role | None) -> None:
    """Units gather until a verb says what they do: 甲、乙牵头，丙、丁配合."""
    buffer: list[Span] = []
    role_so_far: Role | None = None

    def assign(role: Role, spans: list[Span]) -> None:
        if spans:
            statement.add(role, split_units(flat, text, spans[0][0], spans[-1][1]))

    for a, b in clauses(flat, start, end):
        clause = flat[a:b].strip()
        if not clause:
            continue
        a += flat[a:b].index(clause[0])
        b = a + len(clause)
        if _DATE_CLAUSE.search(clause) and not looks_like_unit(clause) and not re.search("牵头|负责|配合", clause):
            statement.timing.append((a, b))
            continue
        verb = VERB.search(clause)
        if verb is None:
            if not _BARE_ADVERB.match(clause):
                buffer.append((a, b))
            continue
        stop = a + verb.start()
        role = _role_of(verb["verb"])
        with_others = _WITH_OTHERS.match(clause)
        if with_others and not buffer:
            assign("support", [(a + with_others.end(), stop)])
            continue
        if with_others and role_so_far is None:
            # 甲、乙，会同丙负责: what gathered before acts, what follows helps
            assign(role, buffer)
            assign("support", [(a + with_others.end(), stop)])
            buffer = []
            continue
        if buffer and role_so_far is not None and (helping := _WITH_OTHERS.match(flat[buffer[0][0] : buffer[0][1]])):
            # 甲牵头，会同乙、丙推进
            assign("support", [(buffer[0][0] + helping.end(), buffer[0][1]), *buffer[1:], *([(a, stop)] if stop > a else [])])
            buffer = []
            continue
        joined = _WITH.search(flat, a, stop)
        if joined and joined.start() > a and looks_like_unit(flat[a : joined.start()].strip()):
            buffer.append((a, joined.start()))
            assign(role, buffer)
            assign("support", [(joined.end(), stop)])
        else:
            if stop > a:
                buffer.append((a, stop))
            assign(role, buffer)
        role_so_far = role
        buffer = []
    if buffer:
        with_others = _WITH_OTHERS.match(flat[buffer[0][0] : buffer[-1][1]])
        if with_others:
            assign("support", [(buffer[0][0] + with_others.end(), buffer[-1][1])])
        elif role_so_far is not None:
            assign(
                "support" if role_so_far in ("lead", "support") else "responsible",
                [s for s in buffer if looks_like_unit(flat[s[0] : s[1]].strip())],
            )
        elif default is not None:
            assign(default, buffer)
