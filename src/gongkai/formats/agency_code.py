"""Where the 机关代字 of a document number, or the body that issues a decree, begins in running text.

Chinese puts no space between `根据` and `国办发`, and scraped headings run into the number (`…的意见渝府发〔2019〕17号`).
All functions look back at most a fixed number of characters.
"""

from __future__ import annotations

import re

from gongkai.formats.chinese import simplify

MAX_CODE = 8
"""Longest 代字 in Chinese characters; longer runs are read as prose with a code at their end."""

_STOPS = re.compile(
    "根据|依据|依照|按照|遵照|参照|对照|贯彻|落实|执行|转发|印发|下发|颁发|制发|发布|公布|意见|通知|决定|方案|办法|规定|细则|要点|通报|批复|报告|请示|"
    "条例|计划|规划|纲要|标准|目录|清单|文件|公告|通告|精神|要求|部署|关于|废止|修订|修改|包括|以及|或者|其中|工作|任务|情况|内容|措施|分别|同时|原为|文号|字号|编号|[见按由及的了是在至以号称与或]"
)
_AMBIGUOUS = "和为将并即从如经对自依把被则原"
_HEADS = (
    "国中京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼内黔滇陇秦省市区县州厅财发工教科公民司人自环住交水农商文卫审海税"
)
_FULL_NAME = re.compile("委员会|办公室|办公厅|人民政府|领导小组|管委会|管理局|总局|管理委")
_NAMED_END = ("文件", "公告", "通告", "公报", "令")
_REFUSED_END = (
    "印发",
    "转发",
    "下发",
    "签发",
    "颁发",
    "制发",
    "核发",
    "补发",
    "批转",
    "附件",
    "编号",
    "文号",
    "字号",
    "关于",
    "合同",
    "案号",
    "第",
    "附表",
    "图",
)
_SUFFIXES = frozenset(
    "发函字办规秘电文令通知告税法审财预金环资农教科技工信商建交水林牧渔卫健民宗司监管质食药安人社保外计统体育旅议复纪要党委组宣政府厅局会综"
    "批任决报请示便内密设执稽稿评标价能运投贸经改产业企基稳督察调研信访侨台港澳档史志地震气象残联团妇青总议协"
)
_BODY_CHARS = frozenset(
    "政府党委办公厅发函字规秘电财税农林水交建教科工信商卫健民宗司审监管环资安人社保外计统体旅组宣综法改经贸食药质市住粮医能"
)
_NEEDS_HEAD = frozenset("政府党委办公厅函字规发")
_BODY_END = re.compile(r"(?:国务院|主席|政府|委员会|委|部|局|署|会|行|院|办|厅|室|中央军委)$")
_SPACE = " \t\u3000\xa0\r\n"


def _is_word(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "〇" or (char.isascii() and char.isalpha())


def _run(text: str, low: int, high: int) -> int:
    start = high
    while start > low and _is_word(text[start - 1]):
        start -= 1
    return start


def _cut(text: str, start: int, high: int, run: str) -> tuple[int, str]:
    """`run` without the prose before its last stop word, unless nothing of a code would be left."""
    for match in reversed(list(_STOPS.finditer(run))):
        if match.end() <= len(run) - 2:
            start, run = start + match.end(), run[match.end() :]
            break
    if start and text[start - 1].isdigit() and run[0] in "年月日":
        start, run = start + 1, run[1:]
    if len(run) > 2 and run[0] == "和" and start and text[start - 1] in "号號》）)、" and run[1] not in "政府党委办县发":
        start, run = start + 1, run[1:]  # `1号和通政办发` joins two numbers; 和政办发 is a county's own code
    while len(run) > 2 and run[0] in _AMBIGUOUS and run[1] in _HEADS:
        start, run = start + 1, run[1:]
    return start, run


def start_of_code(text: str, low: int, high: int, *, strict: bool, soft: bool) -> int | None:
    """Where the 代字 that ends at `high` begins, not before `low`; None if what stands there is no code.

    `strict`: a bracket is missing, only short codes count. `soft`: the brackets are round or angle ones, which also hold years in prose,
    so the code must end as codes end.
    """
    start = _run(text, low, high)
    run = simplify(text[start:high])
    if len(run) < 2 or run.endswith(_REFUSED_END):
        return None
    bounded = start > low or low == 0
    start, run = _cut(text, start, high, run)
    named = run.endswith(_NAMED_END)
    for match in _FULL_NAME.finditer(run):
        rest = run[match.end() :]
        if 2 <= len(rest) <= 7 and not rest.startswith(_NAMED_END) and rest[-1] in _SUFFIXES:
            start, run = start + match.end(), rest
            break
    if len(run) > MAX_CODE and not (named and bounded and not strict):
        shorter = _vocabulary_code(run)
        start, run = start + len(run) - len(shorter), shorter
    if len(run) < 2 or not ("\u3400" <= run[-1] <= "\u9fff" or run.isascii()):
        return None
    if soft and not named and run[-1] not in _SUFFIXES:
        return None
    return start


def _vocabulary_code(run: str) -> str:
    """The code at the end of a long run of prose: characters codes are made of, and the place or body before them."""
    at = len(run)
    while at and len(run) - at < 6 and run[at - 1] in _BODY_CHARS:
        at -= 1
    if at and at < len(run) and run[at - 1] in _HEADS or at and at < len(run) and run[at] in _NEEDS_HEAD:
        at -= 1
    return run[at:]


def start_of_body(text: str, low: int, high: int) -> int | None:
    """Where the name of the body that issues a decree begins; several bodies may stand before one 令, divided by 、 or a space."""
    if high > low and text[high - 1] == "命":
        high -= 1
    first = _one_body(text, low, high)
    if first is None:
        return None
    start, cut = first
    while not cut and start > low + 2:
        before = start
        while before > low and text[before - 1] in _SPACE:
            before -= 1
        if before > low and text[before - 1] == "、":
            before -= 1
        if before == start or before <= low or text[before:start].count("\n"):
            break
        more = _one_body(text, low, before)
        if more is None:
            break
        start, cut = more
    return start


def _one_body(text: str, low: int, high: int) -> tuple[int, bool] | None:
    whole = _run(text, low, high)
    run = simplify(text[whole:high])
    if run != "国" and not _BODY_END.search(run):
        return None
    start, rest = whole, run
    if run != "国" and len(run) > 2:
        start, rest = _cut(text, whole, high, run)
    if start == whole and whole == low and low:
        return None
    if rest != "国" and rest.endswith("国") or len(rest) < 2 and rest != "国":
        return None
    return start, start != whole


def body_name(text: str) -> str:
    """The issuing body in its usual form: 国 is 国务院, the prefix 中华人民共和国 is left out, joint bodies are divided by 、."""
    names = [simplify(name) for name in re.split(r"[、\s]+", text.removesuffix("命")) if name]
    short = [name.removeprefix("中华人民共和国") or name for name in names]
    return "、".join("国务院" if name == "国" else name for name in short)
