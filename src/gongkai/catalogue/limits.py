"""公开时限 as printed into a limit: 信息形成或者变更之日起20个工作日内, 实时公开, 每月10日前, 按季度. Nothing is guessed.

A limit is `{kind, n, unit, anchor}`; further keys only where a kind says so:
    within    n `unit` (working_days, days, hours, months) from `anchor` (empty: 信息形成或者变更之日, 条例第二十六条)
    before    n `unit` before `anchor`
    at_once   实时; promptly: 及时, without a number; standing: 长期
    by_day    by day n (31: the last) of each `unit` (month, year), a year's in `month`
    on        by a date, `on` as YYYY-MM-DD
    cadence   nothing but a cycle
What cannot be read gives an empty limit and a `doubt`; the words are kept in every case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from gongkai.catalogue.rulebook import standard
from gongkai.clocks.limits import UNITS
from gongkai.reading.timing import find_slot_limits, number

CYCLES = {"P1D": "daily", "P1W": "weekly", "P1M": "monthly", "P3M": "quarterly", "P6M": "half_yearly", "P1Y": "yearly"}
SAME = frozenset({"同上", "同前", "同上一行", "″", "〃", "同"})
"""Marks for: as in the row above."""
_UNIT = {"工作日": ("working_days", 1), "小时": ("hours", 1), "月": ("months", 1), "年": ("months", 12), "周": ("days", 7)}
_NUM = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_MEASURE = re.compile(rf"{_NUM}个?(工作日|小时|自然日|日|天|周|月|年)")
_LENGTH = re.compile(
    rf"(?:(?P<anchor>[^,;。]*?)(?:之日|之时)?(?:起|后|之后|以后))?的?,?(?:在|最迟|不超过)?{_MEASURE.pattern}(?:之内|以内|内)?"
)
_BEFORE = re.compile(rf"(?:(?:至少)?提前|(?P<anchor>[^,;。]{{1,30}}?)(?:之)?前){_MEASURE.pattern}(?:之内|以内|内|以上)?")
_AGO = re.compile(rf"(?P<anchor>[^,;。]{{0,30}}?){_MEASURE.pattern}(?:之前|以前|前)")
_VERB = re.compile(
    r"(?:予以|进行|向社会|依法|主动|统一|集中|对外|完成|更新|公开一次|发布一次|更新一次|一次)*"
    r"(?:公开|公布|发布|公示|更新|报送|披露|上网)?(?:一次|完毕|到位)?$"
)
_REALM = re.compile(r"^(?:政府信息)?(?:公开|更新)?(?:时限|期限)[:：]?")
_AT_ONCE = frozenset({"实时", "即时", "随时", "立即", "当即", "同步", "实时更新", "即时更新"})
_PROMPTLY = frozenset({"及时", "第一时间", "尽快", "及时更新", "适时", "按进展及时", "按要求及时"})
_STANDING = frozenset({"长期", "常年", "长期有效", "常态化", "长年", "全年", "持续", "长期坚持"})
_EXCEPTION = re.compile(r"[,;。(]?(?:但)?(?:法律|其他法律|国家)[^。;]*?(?:另有规定|有规定|从其规定)[^。;]*?(?:从其规定|除外|规定)?[)。;]*$")
_BY_DAY = re.compile(r"^(?:于)?每月(?:的)?(?:(\d{1,2})[日号]?|底|末)(?:之前|以前|前|内)?$")
_BY_DATE = re.compile(r"^(?:于)?(?:每年|次年|每年度)(?:的)?(\d{1,2})月(?:(\d{1,2})[日号]|底|末)?(?:之前|以前|前|内)?$")
_LAST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class ParsedLimit:
    """`cycle`: a code of rules/standard.toml where the words name one. `doubt`: why a person must look; empty when all is clear."""

    limit: dict[str, Any] = field(default_factory=dict)
    cycle: str = ""
    doubt: str = ""


def flat_of(words: str) -> str:
    """For reading: narrow forms, no blanks, ，；：as , ; :"""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).replace("、", ",")


def parse_limit(words: str) -> ParsedLimit:
    """Any text; never raises."""
    if not words.strip():
        return ParsedLimit(doubt="没有写公开时限")
    flat = _EXCEPTION.sub("", _REALM.sub("", flat_of(words))).strip(",;。.:")
    if flat in SAME:
        return ParsedLimit(doubt=f"“{words.strip()[:20]}”上面没有可以照抄的一行")
    parts = [part for part in re.split(r"[;。]|,(?=每|按季|按月|按年)", flat) if part]
    if len(parts) == 2:
        return _together(*(_one(part) for part in parts)) or _unknown(words)
    found = _one(flat) if flat else None
    return found or _unknown(words)


def _unknown(words: str) -> ParsedLimit:
    return ParsedLimit(doubt=f"时限“{words.strip()[:40]}”读不出天数，原文已保留，请确认")


def _together(a: ParsedLimit | None, b: ParsedLimit | None) -> ParsedLimit | None:
    """A length and a cycle may stand side by side; two lengths are a question for a person."""
    if a is None or b is None:
        return None
    if a.limit == b.limit and a.cycle == b.cycle:
        return a
    first, second = (a, b) if not b.limit or b.limit["kind"] == "cadence" else (b, a)
    if second.limit.get("kind") == "cadence" and not first.cycle:
        return ParsedLimit(first.limit, second.cycle)
    return None


def _one(flat: str) -> ParsedLimit | None:
    core = _bare(flat)
    for known, kind in ((_AT_ONCE, "at_once"), (_PROMPTLY, "promptly"), (_STANDING, "standing")):
        if core in known or flat in known:
            return ParsedLimit({"kind": kind})
    if (
        core.endswith("及时")
        and not re.search(r"\d", core)
        and len(core) <= 30
        and re.search(r"(?:后|变更|变动|情况|进展)(?:要|应|应当)?及时$", core)
    ):
        return ParsedLimit({"kind": "promptly", "anchor": re.sub(r"(?:要|应|应当)?及时$", "", core)})
    if day := _BY_DAY.match(core):
        n = int(day[1] or 31)
        return ParsedLimit({"kind": "by_day", "n": n, "unit": "month"}, "monthly") if 1 <= n <= 31 else None
    if date := _BY_DATE.match(core):
        return _by_date(int(date[1]), int(date[2]) if date[2] else None)
    if cycle := standard().code_of("cycle", core):
        return ParsedLimit({"kind": "cadence"}, cycle)
    return _length(core) or _read(core)


def _bare(flat: str) -> str:
    """Without the verb at the end: 及时公开 → 及时, 20个工作日内予以公开 → 20个工作日内."""
    while (shorter := _VERB.sub("", flat)) != flat:
        flat = shorter.rstrip(",")
    return flat


def _by_date(month: int, day: int | None) -> ParsedLimit | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= _LAST_DAY[month - 1]):
        return None
    last = 28 if month == 2 else _LAST_DAY[month - 1]
    return ParsedLimit({"kind": "by_day", "n": day or last, "unit": "year", "month": month}, "yearly")


def _length(core: str) -> ParsedLimit | None:
    """Lengths that say everything: nothing may stand before or after."""
    if match := _BEFORE.fullmatch(core) or _AGO.fullmatch(core):
        return _measured("before", match)
    if match := _LENGTH.fullmatch(core):
        return _measured("within", match)
    return None


def _measured(kind: str, match: re.Match[str]) -> ParsedLimit | None:
    anchor = (match["anchor"] or "").removeprefix("自").removeprefix("在").removeprefix("于")
    value, unit = number(match[2]), match[3]
    if value < 1 or _MEASURE.search(anchor):
        return None
    code, times = _UNIT.get(unit, ("days", 1))
    if anchor and kind == "within" and not re.search(r"[后时日]$", anchor):
        anchor += "之日" if re.search(r"之日起|之日后", match.group()) else "后"
    return ParsedLimit({"kind": kind, "n": value * times, "unit": code, "anchor": anchor})


def _read(core: str) -> ParsedLimit | None:
    """What the reader of plans knows: cadences and dates. It must account for every character but small words."""
    found = find_slot_limits(core, 0, len(core), None)
    if len(found) != 1:
        return None
    one = found[0]
    rest = core[: one.start] + core[one.end :]
    if one.kind == "recurring" and one.every in CYCLES and re.fullmatch(r"(?:至少|不少于|度|末|公开|更新|发布|定期|[一1]次|以上|,)*", rest):
        return ParsedLimit({"kind": "cadence"}, CYCLES[one.every])
    if one.kind == "absolute" and one.due is not None and not rest:
        return ParsedLimit({"kind": "on", "on": one.due.isoformat()})
    return None


def limit_in_words(limit: dict[str, Any], cycle: str = "") -> str:
    """A limit as a sentence part for people; empty for none."""
    kind = limit.get("kind")
    if kind == "within":
        anchor = limit.get("anchor") or "信息形成或者变更之日"
        return f"{anchor}{'起' if anchor.endswith('日') else ''} {limit['n']} {UNITS[limit['unit']]}内"
    if kind == "before":
        return (
            f"{limit['anchor']}前 {limit['n']} {UNITS[limit['unit']]}" if limit["anchor"] else f"提前 {limit['n']} {UNITS[limit['unit']]}"
        )
    if kind == "by_day":
        day = f"{limit['n']} 日" if limit["unit"] == "year" or limit["n"] < 31 else "底"
        return f"每年 {limit['month']} 月 {day}前" if limit["unit"] == "year" else f"每月 {day}前"
    if kind == "on":
        return f"{limit['on']} 前"
    if kind == "promptly":
        return f"{limit.get('anchor', '')}及时公开"
    return {"at_once": "实时公开", "standing": "长期公开"}.get(str(kind), "")
