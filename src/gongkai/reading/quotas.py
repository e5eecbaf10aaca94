"""Numbers under a comparator that bind what must be delivered: 不少于2次, 800家以上, 不超过0.8%, 压缩至4个月以内.

Left out: plain targets (引进100名), conditions (参保1年以上), descriptions (年交易额100亿元以上的市场), time limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.reading.model import Operator
from gongkai.reading.timing import number

_UNITS = (
    "个百分点|个工作日|个小时|个月|工作日|平方米|平方公里|公里|千米|公顷|立方米|人次|学时|课时|小时|分钟|万元|亿元|万吨|万户|万人|万名|百分点|%|‰|"
    "公斤|千克|千瓦时|千瓦|兆瓦|吨标准煤|微克|批次|件次|场次|台次|家次|辆次|班次|课次|周岁|学分|床位|次|斤|位|个|家|项|名|人|件|篇|条|期|场|户|所|元|辆|台|套|处|座|吨|种|类|批|倍|分|步|级|亩|岁|天|日|年|页|份|张|部|集|幅|组|对|支|只|头|株|棵|米|里|村|间|床|班|例|宗|单|轮|周|款|首|本|册|字|栋|幢|艘|架|门|堂|节|道|枚|GB|G|M|兆"
)
_AMOUNT = (
    r"(?:(?P<n>[0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?|[一二两三四五六七八九十]{1,3})(?P<s>[十百千万亿]{0,2})"
    rf"(?P<u>{_UNITS})|(?P<share>百分之[零一二三四五六七八九十百]+))"
)
_BEFORE = (
    r"(?P<cmp>不(?:得|应|能|可)?(?:少于|低于|小于)|至少[\u4e00-\u9fff]{0,7}?|最少[\u4e00-\u9fff]{0,4}?|不(?:得|应|能|可)?(?:超过|高于|大于|多于)|最高(?:不超过|补助|奖励|给予|资助|可达|额度|限额){0,2}|最多(?:不超过)?|"
    r"达到|达|超过|控制在|高于|低于|大于)"
)
_PATTERN = re.compile(rf"(?:{_BEFORE}(?:每(?:年|月|人|家|户))?)?{_AMOUNT}(?P<after>(?:及|或)?以上|(?:及|或)?以内|(?:及|或)?以下|之内)?")
_DESCRIBES = re.compile(
    r"^(?:的(?!公众|目标|要求)|且|或者?|[^,。;、]{0,4}的[^,。;]{0,8}(?:企业|单位|项目|人员|市场|群众|家庭|网商|产品|主体|机构))"
)
_CONDITION_UNITS = ("年", "岁", "个月", "月", "日", "天", "小时", "周")
_SQUEEZED = re.compile(r"(?:压缩|压减|缩短|减少|降低|控制|缩减|精简|压降)(?:[^,。;]{0,10}(?:至|到|在|为))?$")
_CONDITION_BEFORE = re.compile(
    r"(?:对|符合|具有|取得|满足|参保|连续|年满|累计|满|注册资本|规模|投资额|销售额|交易额|产值|收入|营业额|融资需求|面积|单笔|人口|年龄|超过|截至[^,。;]{0,12})$"
)


def _value(match: re.Match[str]) -> tuple[float, str]:
    """万 and 亿 stay with the unit (万人, 亿元); 十, 百, 千 are counted out."""
    if match["share"]:
        return float(number(match["share"][3:])), "%"
    n, scale, unit = match["n"], match["s"], match["u"]
    value = float(n.replace(",", "").replace("，", "")) if n[0].isdigit() else float(number(n))
    for c in scale:
        if c in "十百千":
            value *= {"十": 10, "百": 100, "千": 1000}[c]
        else:
            unit = c + unit
    return value, unit


def _operator(compare: str | None, after: str | None) -> Operator | None:
    if after:
        return ">=" if after.endswith("上") else "<="
    if not compare:
        return None
    if "少于" in compare or "低于" in compare or "小于" in compare:
        return ">=" if compare.startswith("不") else "<"
    if compare.startswith(("至少", "最少")) or compare.endswith(("达到", "达")):
        return ">="
    if compare in ("超过", "高于", "大于"):
        return ">"
    return "<="


# A comparator must stand somewhere, or there is nothing to look for.
_BOUND_SIGN = re.compile(r"不(?:[得应能可]?[少低小超高大多])|[至最]少|最[高多]|达|控制在|以[上内下]|之内|超过|[高低大]于")


def find_quotas(flat: str, start: int, end: int) -> Iterator[tuple[int, int, float, str, Operator]]:
    """(start, end, value, unit, operator) for each quota in [start, end), in order."""
    if _BOUND_SIGN.search(flat, start, end) is None:
        return
    for match in _PATTERN.finditer(flat, start, end):
        compare, after = match["cmp"], match["after"]
        op = _operator(compare, after)
        if op is None:
            continue
        before, behind = flat[max(start, match.start() - 14) : match.start()], flat[match.end() : match.end() + 18]
        if match["u"] == "级" and after and not compare:
            continue  # 二级以上公立医院: a class of institutions
        if compare in ("超过", "高于", "低于", "大于") and not after:
            continue  # 突破, 超过 without a bound are targets or findings
        if after and not compare and (_DESCRIBES.match(behind) or _CONDITION_BEFORE.search(before)):
            continue
        if compare and _DESCRIBES.match(behind) and behind.startswith("的") and not compare.startswith(("不", "至少", "最")):
            continue
        unit = match["u"] or "%"
        if unit in _CONDITION_UNITS and after and not compare and not _SQUEEZED.search(before):
            continue  # 2年以上 of work, 3日以内: conditions and time limits
        if unit in _CONDITION_UNITS or unit in ("个工作日", "工作日", "分钟"):
            squeezed = _SQUEEZED.search(before) or compare == "控制在"
            if after and not (squeezed or compare):
                continue
        if re.search(r"[0-9.第]$", before) and not compare:
            continue
        if unit == "年" and compare in ("达到", "达"):
            continue
        value, unit = _value(match)
        yield match.start(), match.end(), value, unit, op
