"""Time limits in official prose and in slots: 年底前, 11月底前, 每季度, 3个工作日内, 长期, 信息形成后及时提供.

Dates count as limits only where the words bind somebody: 2017年印发的文件 is none, 2017年底前 is one. In a slot of its own
(完成时限：) a bare date is a limit, and what is no date at all is `on_event`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.reading.model import DeadlineKind, Every

_CN = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}


def number(text: str) -> int:
    """A small numeral, Arabic or Chinese up to 九十九."""
    if text.isdigit():
        return int(text)
    head, ten, tail = text.partition("十")
    if ten:
        return (_CN.get(head, 1) if head else 1) * 10 + (_CN.get(tail, 0) if tail else 0)
    return _CN.get(text, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A limit with its place in the clean text."""

    kind: DeadlineKind
    start: int
    end: int
    due: date | None = None
    every: Every | None = None
    within: str | None = None


_NUM = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_BEFORE = "(?:以?前|之前|为止|止)"
# One pattern for everything that looks like a date; which of them bind is decided in `_bind`.
_DATE = re.compile(
    r"(?P<to>(?:到|至|截至|截止到?|自|从|于|在)?)(?:(?P<year>20[0-9]{2})年(?:度)?|(?P<rel>今年|本年度?|当年|明年|次年))?(?:"
    r"(?P<m1>1[0-2]|0?[1-9])月(?P<day>3[01]|[12][0-9]|0?[1-9])[日号]"
    r"|(?P<m2>1[0-2]|0?[1-9])月(?:份)?(?P<part>底|末|上旬|中旬|下旬|初)?"
    r"|(?P<half>上半年|下半年)"
    r"|第?(?P<quarter>[一二三四1-4])季度(?:末|底)?"
    r"|(?P<yearend>年?底|年?末|年内|年中|内)"
    r")?(?P<until>" + _BEFORE + r")?"
)
_STARTS_DATE = re.compile(r"20[0-9]{2}年|(?:1[0-2]|0?[1-9])月|年(?:底|末|内|度内|中前)|[上下]半年|季度|今年|本年|当年|全年|[明次]年")
_RECURRING = re.compile(
    r"每(?:个)?(?P<p1>工作日|天|日|周|星期|月|季度|季|半年|年度|年)|(?:按|逐)(?P<p2>日|天|周|月|季度|季|半年|年)(?!度?报告|龄|代|份)|(?P<p4>一(?:日|周|月|季度?|年)一)|"
    r"(?<![一二三四1-4第个本该当上下前后同各全])(?P<p3>季度|半年度|月度)(?!末|底|内|前)"
)
_PERIODS: dict[str, Every] = {
    "工作日": "P1D", "天": "P1D", "日": "P1D", "周": "P1W", "星期": "P1W", "月": "P1M", "月度": "P1M", "季度": "P3M", "季": "P3M",
    "半年": "P6M", "半年度": "P6M", "年": "P1Y", "年度": "P1Y",
    "一日一": "P1D", "一周一": "P1W", "一月一": "P1M", "一季一": "P3M", "一季度一": "P3M", "一年一": "P1Y",
}  # fmt: skip
_RELATIVE = re.compile(
    rf"(?:(?P<pre>最迟|最晚|不超过|用|在)?(?P<n>{_NUM})(?:个)?(?P<unit>工作日|小时|自然日|日|天|周|月|年|分钟)(?P<in>之内|以内|内|时间)|(?P<late>最迟|最晚)(?:在|于)?(?P<n2>{_NUM})(?:个)?(?P<unit2>工作日|小时|日|天))"
)
# Signs without which the costlier patterns cannot match: most sentences hold none.
_DATE_SIGN = re.compile("[年月半季]")
_CADENCE_SIGN = re.compile(r"[每按逐]|季度|半年度|月度|[日周月季度年]一")
_SPAN_SIGN = re.compile(r"(?:工作日|小时|自然日|[日天周月年]|分钟)(?:之内|以内|内|时间)|最[迟晚]")
_ANCHOR = re.compile(r"(?:自|在|于)?[^,。;:、()]{0,24}?(?:后|之日起|之日|起|之后|以后)(?:的)?$")
_ONGOING = re.compile("长期(?:坚持|推进|任务|实施|开展)?|持续(?:推进|实施|开展|进行|坚持|落实)?|常年|常态化(?:推进|开展|实施)?|全程")
# A period that is squeezed is what must be delivered (a quota), not a limit on the task; a period of a person's record is neither.
_SQUEEZED = re.compile(
    r"(?:压缩|压减|缩短|减少|降低|控制|缩减|精简|提速)(?:[^,。;]{0,12}(?:至|到|在|为)|[^,。;]{0,6})$|不(?:得)?(?:少于|低于|高于|大于)$"
)
_CONSEQUENCE = re.compile(r"^(?:(?:[^,。;、]{0,6})(?:取消|不得|禁止|限制|不予|禁入|未|没有|无|有过|发生|受到|累计|连续))")
_DESCRIPTIVE_AFTER = re.compile(r"^(?:的|以来|起|开始|以后|之后|后|至今|印发|发布|出台|公布的|制定的|施行|修订|期间|第)")
_ENTITLEMENT_BEFORE = re.compile(r"(?:人|户|家|名|位|企业|单位|项目|亩|村|生|者)(?:,)?$")
_ENTITLEMENT_AFTER = re.compile(r"^[^,。;]{0,12}(?:最高|最多|只享受|给予|补助|补贴|奖励|可享受|资助|不超过[0-9.]+(?:万元|元))")
_VALID = re.compile(r"(?:有效期|施行|实行期|试行期|执行期|合同期|任期|服务期|建成|出生)[^,。;]{0,4}$")
_TITLE_MARK = re.compile(r"[《<][^》>\n]{0,80}[》>]|\"[^\"\n]{0,30}\"")
_PLAIN_NAME_AFTER = re.compile(r"^(?:度)?(?:政务|工作|要点|计划|方案|任务|预算|决算|中央|市政府|省政府|版|第|目标|重点|全|报告|第)")


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


_PART_DAY = {"上旬": 10, "初": 10, "中旬": 20}


def _resolve(match: re.Match[str], year: int | None) -> date | None:
    """The last day meant. 年内 is 31 December, 上旬 the tenth, 上半年 30 June."""
    if match["year"]:
        y: int | None = int(match["year"])
    elif match["rel"] in ("明年", "次年"):
        y = year + 1 if year else None
    else:
        y = year
    if y is None:
        return None
    try:
        if match["day"]:
            return date(y, int(match["m1"]), int(match["day"]))
        if match["m2"]:
            month = int(match["m2"])
            if match["until"] and not match["part"] and match["until"] in ("前", "以前", "之前"):
                return _end_of_month(y, month)
            return date(y, month, _PART_DAY[match["part"]]) if match["part"] in _PART_DAY else _end_of_month(y, month)
        if match["half"]:
            return date(y, 6, 30) if match["half"] == "上半年" else date(y, 12, 31)
        if match["quarter"]:
            return _end_of_month(y, 3 * number(match["quarter"]))
    except ValueError:
        return None
    if match["yearend"] and "中" in match["yearend"]:
        return date(y, 6, 30)
    return date(y, 12, 31)


_YEAR_WORDS = re.compile(r"(?:年底|年末)(?:以?前|之前)?|年内|(?:本|今)?年度内|全年|年中前")
_WINDOW_OPENS = re.compile(r"(?P<year>20[0-9]{2})年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:[上中下]旬|初|底|末)?(?:至|到|-{1,2})$")
_RANGE = re.compile(r"\s*(?:至|到|-{1,2})\s*$")


def _bare_dates(flat: str, start: int, end: int, year: int | None, slot: bool) -> Iterator[Found]:
    at = start
    while _DATE_SIGN.search(flat, at, end) and (hit := _STARTS_DATE.search(flat, at, end)):
        begin = hit.start()
        if hit.group() in ("今年", "本年", "当年", "明年", "次年") or flat[begin].isdigit() or hit.group() in ("上半年", "下半年"):
            if begin > start and flat[begin - 1].isdigit():
                at = hit.end()
                continue
            match = _DATE.match(flat, begin, end)
        elif hit.group() == "季度":
            back = begin - 1 - (flat[begin - 2 : begin - 1] == "第")
            match = _DATE.match(flat, back, end) if back >= start and flat[begin - 1] in "一二三四1234" else None
            begin = back if match else begin
        else:
            match = _YEAR_WORDS.match(flat, begin, end)
        if match is None or match.end() <= begin:
            at = hit.end()
            continue
        at = max(match.end(), hit.end())
        found = (
            _year_words(flat, start, match, year, slot) if match.re is _YEAR_WORDS else _bind(flat, start, end, match, begin, year, slot)
        )
        if found is not None:
            yield found


def _year_words(flat: str, start: int, match: re.Match[str], year: int | None, slot: bool) -> Found | None:
    """年底前, 年内, 全年: the plan's year."""
    words = match.group()
    if year is None or re.search(r"[0-9每两多半近几历一二三四五六七八九十]$", flat[max(start, match.start() - 1) : match.start()]):
        return None
    if words == "全年" and not slot and not _WHOLE_YEAR_VERB.match(flat[match.end() : match.end() + 8]):
        return None
    if words in ("年底", "年末") and not slot and not _binding_verb(flat, match.end()):
        return None
    return Found("absolute", match.start(), match.end(), date(year, 6, 30) if "年中" in words else date(year, 12, 31))


_WHOLE_YEAR_VERB = re.compile(r"^(?:组织|开展|举办|完成|累计|不少于|不低于|至少|集中|培训|公开|发布)")
_VERB_AFTER = re.compile(r"^(?:,|基本|全面|全部|初步|力争|实现|完成|建成|取得|达到|启动|形成|出台|上线|组织|开展|印发|报|将|要)")


def _binding_verb(flat: str, at: int) -> bool:
    return _VERB_AFTER.match(flat[at : at + 6]) is not None


def _bind(flat: str, start: int, end: int, match: re.Match[str], begin: int, year: int | None, slot: bool) -> Found | None:
    """Whether a date binds, and to which day."""
    before, after = flat[max(start, begin - 12) : begin], flat[match.end() : match.end() + 12]
    has_part = any(match[g] for g in ("day", "m2", "half", "quarter", "yearend"))
    bounded = bool(match["until"]) or match["yearend"] in ("年底", "底", "年末", "末", "年内", "内") or match["part"] in ("底", "末")
    toward = bool(re.search(r"(?:到|至)$", before))
    named_year = not slot and (not toward or _PLAIN_NAME_AFTER.match(after) is not None)
    if not has_part and match["year"] and not match["until"] and named_year:
        return None
    if not has_part and not match["year"] and not (match["rel"] and match["until"]):
        return None
    if (match["m2"] or match["m1"]) and not match["year"] and not match["rel"] and re.search(r"(?:年|[0-9.]|(?<![月日])-)$", before):
        return None
    if re.search(r"(?:截至|截止)$", before) and not slot:
        return None
    opens_window = _RANGE.match(flat[match.end() : match.end() + 2].strip() or "x") is not None
    if re.search(r"(?:自|从|于|每年|每年的|每)$", before) and not match["until"] and not opens_window:
        return None
    if re.match(r"^\s*(?:至|到|-{1,2})\s*(?:20[0-9]{2}年|[0-9]{1,2}月|年底|年末)", after):
        return None  # the window's end follows and is the limit
    if _VALID.search(before) or (_DESCRIPTIVE_AFTER.match(after) and not bounded):
        return None
    if not slot and not bounded and not toward:
        window_end = _RANGE.search(before) is not None
        bracketed = flat[begin - 1 : begin] == "(" and flat[match.end() : match.end() + 1] == ")"
        verb = bool(has_part and re.match(r"^(?:,)?(?:取得|完成|建成|实现|启动|基本|全面|组织开展|验收|上线|开通)", after))
        if not (window_end or bracketed or verb):
            return None
    if match["half"] and not slot and not match["until"] and not (window_ok(after)):
        return None
    if not match["year"] and (opened := _WINDOW_OPENS.search(flat, max(start, begin - 24), begin)):
        year = int(opened["year"])
    due = _resolve(match, year)
    if due is None:
        return None
    return Found("absolute", begin, match.end(), due)


def window_ok(after: str) -> bool:
    """上半年 binds where a verb of finishing follows."""
    return re.match(r"^(?:,)?(?:取得|完成|建成|实现|启动|基本|全面|出台|印发|组织|开展|公布|公开)", after) is not None


def _recurring(flat: str, start: int, end: int, slot: bool) -> Iterator[Found]:
    if _CADENCE_SIGN.search(flat, start, end) is None:
        return
    for match in _RECURRING.finditer(flat, start, end):
        word = match["p1"] or match["p2"] or match["p4"] or match["p3"]
        before, after = flat[max(start, match.start() - 6) : match.start()], flat[match.end() : match.end() + 16]
        if match["p1"] and (_ENTITLEMENT_BEFORE.search(before) and re.search(r"每[人户家名亩]", before) or _ENTITLEMENT_AFTER.match(after)):
            continue
        if match["p1"] and before.endswith(("人", "户")) and "每" in before[-3:]:
            continue
        if match["p3"] and not re.match(
            r"^(?:抽查|检查|通报|报告|例会|调度|国民|经济|新闻|公布|公开|发布|更新|会商|分析|考核|评估|督查|巡查|报送)", after
        ):
            continue
        if match["p2"] and flat[match.start() : match.start() + 1] == "按" and re.match(r"^(?:支付|计|缴|结算|度$|龄)", after):
            continue
        if word in ("年", "年度") and match["p1"] and re.match(r"^(?:的)?(?:以|平均|增长|递增|下降|提高[0-9])", after):
            continue
        yield Found("recurring", match.start(), match.end(), every=_PERIODS[word])


def _relative(flat: str, start: int, end: int, slot: bool) -> Iterator[Found]:
    if _SPAN_SIGN.search(flat, start, end) is None:
        return
    for match in _RELATIVE.finditer(flat, start, end):
        unit, n = match["unit"] or match["unit2"], match["n"] or match["n2"]
        before, after = flat[max(start, match.start() - 30) : match.start()], flat[match.end() : match.end() + 14]
        if re.search(r"[0-9第年月.]$", before) and not match["pre"]:
            continue
        if unit in ("年", "月", "周") and match["in"] == "时间" and match["pre"] != "用":
            continue
        if unit == "月" and "个" not in match.group() and not slot:
            continue
        if unit == "年" and (_CONSEQUENCE.match(after) or re.search(r"(?:近|前|过去|最近|连续)$", before)):
            continue
        if match["pre"] == "不超过" or _SQUEEZED.search(before) or after.startswith(("的", "有")):
            continue
        anchor = _ANCHOR.search(before) if not match["pre"] or match["pre"] == "在" else None
        begin = match.start() - (len(before) - anchor.start()) if anchor else match.start()
        measure = f"{n}个{unit}" if unit in ("工作日", "月", "自然日") else f"{n}{unit}"
        within = f"{anchor.group().strip() if anchor else ''}{measure}内"
        yield Found("relative", begin, match.end(), within=within)


def find_limits(flat: str, start: int, end: int, year: int | None) -> list[Found]:
    """The limits in running prose of [start, end), in order. Cited titles and quoted words are passed over."""
    found: list[Found] = []
    for a, b in _outside_titles(flat, start, end):
        found += _bare_dates(flat, a, b, year, slot=False)
        found += _recurring(flat, a, b, slot=False)
        found += _relative(flat, a, b, slot=False)
    return sorted(_without_overlaps(found), key=lambda f: f.start)


def find_slot_limits(flat: str, start: int, end: int, year: int | None) -> list[Found]:
    """The limits of an explicit slot (完成时限：…). What is no date, cadence or 长期 is an event: 信息形成后及时提供."""
    value = flat[start:end].strip(" 。.;,、")
    if not value or value in ("-", "--", "/", "无", "同上"):
        return []
    begin = flat.index(value, start)
    stop = begin + len(value)
    dates = list(_bare_dates(flat, begin, stop, year, slot=True))
    if not dates and (only := re.fullmatch(r"(20[0-9]{2})(?:年)?", value)):
        dates = [Found("absolute", begin, stop, date(int(only[1]), 12, 31))]
    if not dates and (dotted := re.fullmatch(r"(20[0-9]{2})[./-]([0-9]{1,2})(?:[./-]([0-9]{1,2}))?(?:前|底前|底)?", value)):
        y, m, d = int(dotted[1]), int(dotted[2]), dotted[3]
        if 1 <= m <= 12:
            dates = [Found("absolute", begin, stop, date(y, m, int(d)) if d else _end_of_month(y, m))]
    found = dates + list(_recurring(flat, begin, stop, slot=True)) + list(_relative(flat, begin, stop, slot=True))
    if ongoing := _ONGOING.search(flat, begin, stop):
        found.append(Found("ongoing", ongoing.start(), ongoing.end()))
    if not found and not (year is None and _STARTS_DATE.match(flat, begin, stop)):
        found = [Found("on_event", begin, stop)]
    return sorted(_without_overlaps(found), key=lambda f: f.start)


def _outside_titles(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _TITLE_MARK.finditer(flat, start, end):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    if at < end:
        yield at, end


def _without_overlaps(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for f in sorted(found, key=lambda f: (f.start, -f.end)):
        if kept and f.start < kept[-1].end:
            continue
        kept.append(f)
    return kept
