"""Lists of units as documents print them: 市发改委、人社局和各县（市、区）人民政府.

Everything works on flat text (see cleaning) and keeps offsets, so that each unit can be shown in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# What the name of a body ends in. Forms, not bodies: no name of any real unit stands here.
_ENDINGS = (
    "人民政府|政府|委员会|管委会|党工委|工委|党委|纪委|常委会|办公厅|办公室|法院|检察院|研究院|科学院|学院|医院|大学|学校|中心|集团|公司|银行|支行|分行|"
    "总局|分局|支局|总队|支队|大队|中队|总站|海关|机关|机构|部门|单位|企业|协会|学会|联合会|联社|供销社|合作社|总工会|工会|团委|妇联|残联|文联|科协|工商联|"
    "街道|地区|开发区|示范区|实验区|园区|新区|林区|矿区|片区|景区|保税区|自治区|自治州|自治县|各地|报社|电视台|电台|通讯社|出版社|专班|领导小组|指挥部|联席会议|工作组|"
    "气象台|事务所|派出所|居委会|村委会|社区|嘎查村|苏木|农场|林场"
)
_LAST_LETTERS = "局委办厅部会院署处科室股站所台队社馆库校团组行县市区镇乡旗州盟省村府联"
_UNIT_END = re.compile(f"(?:{_ENDINGS}|[{_LAST_LETTERS}])(?:\\([^()]*\\))?(?:等)?$")
_COLLECTIVE = re.compile(
    "^(?:各|全|有关|相关|其他|其它|所属|省直|市直|区直|县直|州直|盟直|国务院(?:有关|相关|各)|(?:省|市|区|县|州|盟|自治区)(?:政府|直|级)?(?:有关|相关|各))"
)
_NOT_A_UNIT = re.compile(
    r"[。!?]|^(?:的|了|将|并|以|为|对|在|从|按|根据|结合|及时|定期|积极|进一步|主要|重点|其中|包括)|"
    r"(?:工作|任务|情况|信息|措施|机制|制度|办法|方案|活动|内容|要求|原则|平台|系统|网站|体系|专栏|队伍|项目|清单|目录|标准|流程|事项|会议|大会|舞台|展会|博览会|推介会|发布会|座谈会)$|"
    # a short task that ends like a name (建设平台, 新建学校), not an office of that business (建设局, 推进办)
    r"^(?:加强|推进|完善|建立|开展|做好|落实|建设|推行|推动|公布|编制|制定|实施|强化|优化|规范|提升|打造|梳理|清理|健全|深化|创新|加快|加大|提高|支持|鼓励|举办|召开|完成|出台|印发|改造|整治|培育|引进|构建|搭建|整合|拓展|建成|新建|扩建|修建|改建|"
    r"创建|推广|发布|设置|开设|设立|办好|办理|报送|督促|制作|全面|切实|深入|持续|继续|不断|新增|打通|成立|组建|扶持|保障|开通|升级|修订|修编|启动|争取|确保|力争)(?![\u4e00-\u9fff]{0,10}(?:局|办|委|部|厅|处|科|室|中心|院|所|组|股|司|公司|专班)$)"
)
_MAX_UNIT = 40


@dataclass(frozen=True, slots=True)
class Unit:
    """A named unit and its place in the clean text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def looks_like_unit(text: str) -> bool:
    """Whether a piece of text has the form of a unit's name. A form is all that is asked: nothing is looked up."""
    text = text.strip()
    if not 2 <= len(text) <= _MAX_UNIT or _NOT_A_UNIT.search(text):
        return False
    return _UNIT_END.search(text) is not None or _COLLECTIVE.match(text) is not None


# 各市、州、县人民政府: pieces before the shared head noun that are ranks and no names.
_RANK = re.compile(
    r"^(?:各)?(?:有关|相关)?(?:设区的?市|地级市|县级市|直辖市|自治[区州县旗]|省|市|州|盟|地区|县|区|旗|乡|镇|街道|苏木|功能区|开发区|园区|新区|管理区|示范区|直属|市直|省直|区直|县直|"
    r"部门|委办局|管委会)?(?:\([^()]*\))?$"
)
_HEAD_NOUN = re.compile(r"(?:人民政府|政府|管委会|管理委员会|办事处|党委|部门|单位|委办局|机构|企业)(?:\([^()]*\))?$")
_DOUBLE_OFFICE = re.compile(r"(?:党工委|工委|党委|[省市县区州盟旗]委)$")
_DOUBLE_OFFICE_REST = re.compile(r"^(?:[省市县区州盟旗])?(?:人民)?(?:政府|管委会)(?:办公|督查|研究|政策)")
_TRAILING_COLLECTIVE = re.compile(
    r"(?<![高中初平优])等(?:[\u4e00-\u9fff0-9]{0,12}?(?:部门|单位|机构|部委|委办局)|(?:国务院|中央|省级?|市级?|区级?|县级?|州级?|盟)?(?:直)?(?:有关|相关|其他|其它|所有|各)?(?:部门|单位|机构|部委|方面|地方|企业|委办局|科室|处室|股室|成员)?)(?:和单位|及单位|、单位|\(单位\))?$"
)
_AND = re.compile("以及|[和及与]")
_BARE_NOUN = re.compile("^(?:单位|部门|机构|企业|个人|团体)(?:$|[和及与])")
_WORD = re.compile(r"\S+")


def _split_at_marks(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces between list marks that stand outside brackets."""
    pieces, depth, at = [], 0, start
    for i in range(start, end):
        c = flat[i]
        if c in "([":
            depth += 1
        elif c in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and c in "、,;\n/|":
            pieces.append((at, i))
            at = i + 1
    pieces.append((at, end))
    return [q for p in pieces if flat[p[0] : p[1]].strip() for q in _split_at_blanks(flat, *p)]


def _split_at_blanks(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """区金融办 区财政局: blanks part names where every part is a name by itself; 区 政府 办 is one name set wide."""
    parts = [(start + m.start(), start + m.end()) for m in _WORD.finditer(flat[start:end])]
    if len(parts) > 1 and all(b - a >= 3 and looks_like_unit(flat[a:b]) for a, b in parts):
        return parts
    return [(start, end)]


def _is_rank_enumeration(pieces: list[str]) -> bool:
    """各市、县、区政府: ranks before one head noun, starting with 各; the parts are no names of their own."""
    if (
        len(pieces) < 2
        or not pieces[0].startswith("各")
        or not _HEAD_NOUN.search(pieces[-1])
        or any(p.startswith("各") for p in pieces[1:])
    ):
        return False
    last = _HEAD_NOUN.sub("", pieces[-1])
    return all(_RANK.match(p) and not _HEAD_NOUN.search(p) for p in pieces[:-1]) and _RANK.match(last) is not None


def _join_enumerations(flat: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put together what list marks split but one head noun holds: ranks, and one office of two bodies."""
    joined: list[tuple[int, int]] = []
    i = 0
    while i < len(spans):
        best = i
        first = flat[spans[i][0] : spans[i][1]].strip()
        if first.startswith("各"):
            for j in range(i + 1, min(i + 6, len(spans))):
                if _is_rank_enumeration([flat[a:b].strip() for a, b in spans[i : j + 1]]):
                    best = j
                    break
        if best == i and i + 1 < len(spans):
            following = flat[spans[i + 1][0] : spans[i + 1][1]].strip()
            if _DOUBLE_OFFICE.search(first) and _DOUBLE_OFFICE_REST.match(following):
                best = i + 1
        joined.append((spans[i][0], spans[best][1]))
        i = best + 1
    return joined


def _split_at_and(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """市地税局和国税局 is two; 人力资源和社会保障局, 各有关部门和单位 are one: both sides must be names."""
    piece = flat[start:end]
    if "和" not in piece and "及" not in piece and "与" not in piece:
        return [(start, end)]
    for match in _AND.finditer(piece):
        left, right = piece[: match.start()], piece[match.end() :]
        depth = left.count("(") - left.count(")")
        if depth > 0 or not left or not right:
            continue
        left_name = _TRAILING_COLLECTIVE.sub("", left.strip()) if "等" in left else left.strip()
        if _BARE_NOUN.match(right.strip()):
            continue
        if looks_like_unit(left_name) and _starts_a_name(right.strip()):
            return [(start, start + match.start()), *_split_at_and(flat, start + match.end(), end)]
    return [(start, end)]


def _starts_a_name(text: str) -> bool:
    first = re.split("[和及与]", text, maxsplit=1)[0]
    return len(first) >= 2 and (looks_like_unit(first) or looks_like_unit(text))


_LEADING = re.compile(
    r"^(?:(?:以上|上述|此项|该项|本项|以上各项|上述各项)(?:工作|任务|内容)?(?=由)|由|以及|及|和|与|会同|联合|另外|同时|其中|请|[:\s\-])+"
)


def split_units(flat: str, text: str, start: int, end: int) -> list[Unit]:
    """The units named in [start, end). A trailing collective (等有关部门) after named units is left out; alone it is a unit."""
    units: list[Unit] = []
    for a, b in _join_enumerations(flat, _split_at_marks(flat, start, end)):
        for c, d in _split_at_and(flat, a, b):
            unit = _trim(flat, text, c, d, alone=not units)
            if unit is not None and unit.text not in [u.text for u in units]:
                units.append(unit)
    return units


def _trim(flat: str, text: str, start: int, end: int, alone: bool) -> Unit | None:
    piece = flat[start:end]
    lead = _LEADING.match(piece)
    if lead:
        start += lead.end()
        piece = flat[start:end]
    stripped = piece.rstrip(" 。.;,、:)") if piece.count(")") > piece.count("(") else piece.rstrip(" 。.;,、:")
    end = start + len(stripped)
    tail = _TRAILING_COLLECTIVE.search(stripped) if "等" in stripped else None
    if tail and tail.start() > 0:
        end = start + tail.start()
    elif tail and not alone:
        return None
    start += len(flat[start:end]) - len(flat[start:end].lstrip())
    name = "".join(text[start:end].split())
    if len(name) < 2 or len(name) > 60:
        return None
    return Unit(name, start, end)
