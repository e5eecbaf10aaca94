"""Slots of a responsibility statement: 责任单位：…；配合单位：…；完成时限：…；公开渠道：…."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from gongkai.reading.clauses import ADVERB, VERB, clauses, read_clauses
from gongkai.reading.statement import Statement
from gongkai.reading.units import looks_like_unit, split_units

SlotRole = Literal["lead", "responsible", "support", "timing", "channel", "note"]

_BODY = "(?:责任)?(?:单位|部门|科室|处室|股室|机构|领导|人|方|主体|地区|区县|委办局)"
_NOTES = (
    r"(?:责任|分管|包保|包联|联系|牵头|市级|县级|区级|督办|挂牌)(?:领导|干部)|(?:督办|督导|监督|督查|审核|汇总|考核|指导)(?:单位|部门|科室)"
    r"|责任人及?(?:联系)?电话|联系人|联系电话|备注|进展情况|工作目标"
)
_TIMES = (
    r"(?:完成|办结|落实|整改|工作|推进|进度|时间|公开|发布|更新|报送)?(?:时限|期限)(?:要求)?|(?:完成|办理|推进|工作|计划完成|实施|起止|公开|发布)时间"
    r"|时间(?:要求|进度|节点|安排)|进度(?:要求|安排)"
)
_SLOT_ROLES: list[tuple[SlotRole, str]] = [
    ("note", _NOTES),
    ("lead", rf"牵头(?:负责|落实|责任)?{_BODY}?|主办{_BODY}|主责{_BODY}|主要责任{_BODY}|组织{_BODY}"),
    ("support", rf"(?:协同|协助)?配合(?:责任|落实)?{_BODY}?|协办{_BODY}|协助{_BODY}|参与{_BODY}?|参加{_BODY}|协同{_BODY}|会办{_BODY}"),
    ("timing", _TIMES),
    ("channel", r"(?:信息)?(?:公开|发布)(?:及|和)?(?:渠道|载体|平台|方式)|公开渠道和载体|发布渠道"),
    ("responsible", rf"(?:具体|直接)?(?:责任|负责|落实|承办|实施|完成|执行|落实责任){_BODY}|具体负责|责任"),
]  # fmt: skip
_SLOT_BEGINS = r"(?:(?<![\u4e00-\u9fff])|(?<=[局委办厅会府心室司处科股门位县区市所队底前成月日年期]))"
"""A slot stands free, or right after a unit or a date where the text lost its breaks (省工信厅责任单位：…)."""
_NAMES = "(?:" + "|".join(f"(?P<{role}>{pattern})" for role, pattern in _SLOT_ROLES) + r")\s*(?:\([^()]{1,12}\))?\s*[:：]"
SLOT = re.compile(_SLOT_BEGINS + _NAMES)
_SLOT_AFTER_SENTENCE = re.compile(r"(?:^|(?<=[。;!?\s\"')]))" + _NAMES)
_WITH_OTHERS = re.compile("会同(?=.)")
_EMPTY = ("-", "--", "无", "/")


def starts_with_slot(flat: str, start: int, end: int) -> bool:
    """Whether a block is a slot line of its own: 牵头单位：甲."""
    return SLOT.match(flat, start, end) is not None


def find_slot_tail(flat: str, start: int, end: int) -> int:
    """Where slots without brackets begin at the end of a block (…。责任单位：甲、乙。), or -1."""
    for match in _SLOT_AFTER_SENTENCE.finditer(flat, start, end):
        if match["timing"] or match["channel"]:
            value = flat[match.end() : match.end() + 80]
            if len(value.split("。")[0]) > 60:
                continue
        tail = flat[match.end() : end]
        sentences = [s for s in re.split("。", tail) if s.strip()]
        if len(sentences) <= 1 or all(SLOT.match(s.strip()) for s in sentences[1:]):
            return match.start()
    return -1


def slots_in(flat: str, start: int, end: int) -> Iterator[tuple[int, str, int, int]]:
    """(where the slot begins, its role, [start, end) of its value) for each slot, in order."""
    found = list(SLOT.finditer(flat, start, end)) if flat.find(":", start, end) >= 0 else []
    for slot, following in zip(found, [*found[1:], None], strict=False):
        yield slot.start(), slot.lastgroup or "note", slot.end(), following.start() if following else end


def read_slot(flat: str, text: str, role: str, start: int, end: int, statement: Statement) -> None:
    """The value of one slot into `statement`."""
    a = start + len(flat[start:end]) - len(flat[start:end].lstrip(" \n:"))
    b = a + len(flat[a:end].rstrip(" 。.;,\n"))
    if b <= a or flat[a:b] in _EMPTY:
        return
    if role == "timing":
        statement.timing.append((a, b))
    elif role == "channel":
        statement.channel.append((a, b))
    elif role in ("lead", "responsible", "support"):
        if VERB.search(flat[a:b]) and re.search("牵头|配合|会同", flat[a:b]):
            read_clauses(flat, text, a, b, statement, "responsible" if role == "responsible" else role)  # type: ignore[arg-type]
        else:
            stop = b
            if "人" in flat[start - 4 : start] and not any(looks_like_unit(flat[x:y].strip()) for x, y in clauses(flat, a, b)):
                return  # 责任人：a person, no unit
            if hit := re.search(r"(?:等)?" + ADVERB + "(?:负责|落实|牵头|配合)?$", flat[a:b]):
                stop = a + hit.start() if hit.group().strip("等") else b
            if with_others := _WITH_OTHERS.search(flat, a, stop):
                statement.add("support", split_units(flat, text, with_others.end(), stop))
                stop = with_others.start()
            statement.add(role, split_units(flat, text, a, max(stop, a)))  # type: ignore[arg-type]
