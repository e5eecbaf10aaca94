"""Responsibility statements: (市发改委牵头，财政局配合), 责任单位：…, 牵头部门：…；配合部门：…；完成时限：….

A statement is found by its form and read clause by clause; which units are meant is not looked up anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from gongkai.reading.units import Unit, looks_like_unit, split_units

Role = Literal["lead", "responsible", "support"]
SlotRole = Literal["lead", "responsible", "support", "timing", "channel", "note"]


@dataclass(slots=True)
class Statement:
    """Who answers, as said in [start, end) of the clean text. `timing` and `channel` are the spans of those slots' values."""

    start: int
    end: int
    lead: list[Unit] = field(default_factory=list)
    responsible: list[Unit] = field(default_factory=list)
    support: list[Unit] = field(default_factory=list)
    joint: bool = False
    timing: list[tuple[int, int]] = field(default_factory=list)
    channel: list[tuple[int, int]] = field(default_factory=list)
    first_leads: bool = False

    def add(self, role: Role, units: list[Unit]) -> None:
        have: list[Unit] = getattr(self, role)
        have.extend(u for u in units if u.text not in [h.text for h in have])

    def join(self, other: Statement) -> None:
        """Slots on lines of their own make one statement."""
        for role in ("lead", "responsible", "support"):
            self.add(role, getattr(other, role))
        self.joint = self.joint or other.joint
        self.timing += other.timing
        self.channel += other.channel
        self.first_leads = self.first_leads or other.first_leads
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)

    @property
    def empty(self) -> bool:
        return not (self.lead or self.responsible or self.support or self.timing or self.channel)


_BODY = "(?:责任)?(?:单位|部门|科室|处室|股室|机构|领导|人|方|主体|地区|区县|委办局)"
SLOT_ROLES: list[tuple[SlotRole, str]] = [
    ("note", r"(?:责任|分管|包保|包联|联系|牵头|市级|县级|区级|督办|挂牌)(?:领导|干部)|(?:督办|督导|监督|督查|审核|汇总|考核|指导)(?:单位|部门|科室)|责任人及?(?:联系)?电话|联系人|联系电话|备注|进展情况|工作目标"),
    ("lead", rf"牵头(?:负责|落实|责任)?{_BODY}?|主办{_BODY}|主责{_BODY}|主要责任{_BODY}|组织{_BODY}"),
    ("support", rf"(?:协同|协助)?配合(?:责任|落实)?{_BODY}?|协办{_BODY}|协助{_BODY}|参与{_BODY}?|参加{_BODY}|协同{_BODY}|会办{_BODY}"),
    ("timing", r"(?:完成|办结|落实|整改|工作|推进|进度|时间)?(?:时限|期限)(?:要求)?|(?:完成|办理|推进|工作|计划完成|实施|起止)时间|时间(?:要求|进度|节点|安排)|进度(?:要求|安排)|完成时间"),
    ("channel", r"(?:信息)?(?:公开|发布)(?:及|和)?(?:渠道|载体|平台|方式)|公开渠道和载体|发布渠道"),
    ("responsible", rf"(?:具体|直接)?(?:责任|负责|落实|承办|实施|完成|执行|落实责任){_BODY}|具体负责|责任"),
]  # fmt: skip
_SLOT_BEGINS = r"(?:(?<![\u4e00-\u9fff])|(?<=[局委办厅会府心室司处科股门位县区市所队底前成月日年期]))"
"""A slot stands free, or right after a unit or a date where the text lost its breaks (省工信厅责任单位：…)."""
_SLOT = re.compile(
    _SLOT_BEGINS + r"(?:" + "|".join(f"(?P<{role}>{pattern})" for role, pattern in SLOT_ROLES) + r")\s*(?:\([^()]{1,12}\))?\s*[:：]"
)
_JOINT = re.compile(
    r"按照?(?:各自)?(?:的)?(?:职责|职能|责任|任务)(?:任务)?(?:分工)?|分别(?:牵头|负责)|依(?:据|照)?(?:各自)?(?:职责|职能)|各司其职|根据(?:各自)?职责分工"
)
_FIRST_LEADS = re.compile(
    r"[,，;；。(]?\s*[^,，;；。()]{0,6}?(?:列|排|位)[在于]?(?:第一|首)(?:位|个)?(?:的|者)?[^,，;；。()]{0,8}?(?:为|是)?(?:牵头|主办|第一责任)[^,，;；。()]{0,6}|第一(?:个|家)?(?:责任)?(?:单位|部门)(?:为|是)牵头[^,，;；。()]{0,6}"
)
_SAME_BELOW = re.compile(r"[,，;；。]\s*(?:以)?下同")
_REMARK = re.compile(r"。(?=[^。:]{0,60}(?:不再|下同|均需|均由|均涉及|单独列出|另行|以下))|[,，;](?=(?:以下|下列)[^。]{0,40}(?:均|不再))")
_KEYWORD = re.compile(r"牵头|负责|责任|时限|配合|落实|参与|承办|协办|主办|协助|会同|按(?:照)?职责|组织实施|分工")
_ADVERB = r"(?:按照?(?:各自)?(?:的)?(?:职责|职能|责任|任务)(?:任务)?(?:分工)?|依(?:据|照)?(?:各自)?(?:职责|职能)(?:分工)?|根据(?:各自)?职责(?:分工)?|分别|共同|具体|联合|统一|分级|总|并|各自|分头|主要|协同|协调|统筹)*"
_DO = r"(?:抓好|做好|组织|推进|推动|落实|实施|办理|承办|负责|开展|指导|协调|统筹|完成|执行|指导监督|工作|此项工作|任务)*"
_VERB = re.compile(
    rf"(?P<adverb>{_ADVERB})(?P<verb>牵头|主办|主责|负责|承办|配合|参与|参加|协助|协办|落实|组织实施|实施|具体落实|推进|推动|组织){_DO}$"
)
_BARE_ADVERB = re.compile(rf"^{_ADVERB}$")
_WITH = re.compile(r"会同|联合|协同|商(?!务|业|贸|会|标|品|投)")
_WITH_OTHERS = re.compile(r"^(?:会同|联合|协同|与|和)")
_COOPERATE_WITH = re.compile(r"^(?:与|和|配合)(?P<units>.+?)(?:配合|合作|共同)?$")


def _role_of(verb: str, with_lead: bool) -> Role:
    if verb in ("牵头", "主办", "主责"):
        return "lead"
    if verb in ("配合", "参与", "参加", "协助", "协办"):
        return "support"
    return "responsible"


_CLAUSE = re.compile(r"[,，;；。、\n]")


def _clauses(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
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


_DATE_CLAUSE = re.compile(r"(?:20[0-9]{2}年|[0-9]{1,2}月|年底|年内|季度|长期|持续推进|每[年月季周]|上半年|工作日内)")


def _read_clauses(flat: str, text: str, start: int, end: int, statement: Statement, default: Role | None) -> None:
    """Units gather until a verb says what they do: 甲、乙牵头，丙、丁配合."""
    buffer: list[tuple[int, int]] = []
    role_so_far: Role | None = None

    def assign(role: Role, spans: list[tuple[int, int]]) -> None:
        if spans:
            statement.add(role, split_units(flat, text, spans[0][0], spans[-1][1]))

    for a, b in _clauses(flat, start, end):
        clause = flat[a:b].strip()
        if not clause:
            continue
        a += flat[a:b].index(clause[0])
        b = a + len(clause)
        if _DATE_CLAUSE.search(clause) and not looks_like_unit(clause) and not re.search("牵头|负责|配合", clause):
            statement.timing.append((a, b))
            continue
        verb = _VERB.search(clause)
        if verb is None:
            if not _BARE_ADVERB.match(clause):
                buffer.append((a, b))
            continue
        stop = a + verb.start()
        role = _role_of(verb["verb"], bool(statement.lead))
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


def read_statement(flat: str, text: str, start: int, end: int, default: Role = "responsible", first_leads: bool = False) -> Statement:
    """The statement in [start, end): slots (牵头单位：…) or clauses (…牵头，…配合). `default` is the role of units no word gives one."""
    statement = Statement(start, end)
    body = flat[start:end]
    statement.joint = _JOINT.search(body) is not None
    stop = end
    if hit := _FIRST_LEADS.search(flat, start, end):
        statement.first_leads = first_leads = True
        stop = hit.start()
    elif hit := _SAME_BELOW.search(flat, start, end):
        stop = hit.start()
    if (remark := _REMARK.search(flat, start, stop)) is not None:
        stop = remark.start()
    slots = list(_SLOT.finditer(flat, start, stop))
    if slots:
        head = flat[start : slots[0].start()].strip(" 。,;、")
        if head and (_KEYWORD.search(head) or looks_like_unit(head)):
            _read_clauses(flat, text, start, slots[0].start(), statement, default)
        for slot, following in zip(slots, [*slots[1:], None], strict=True):
            a, b = slot.end(), following.start() if following else stop
            _read_slot(flat, text, slot.lastgroup or "note", a, b, statement)
    else:
        _read_clauses(flat, text, start, stop, statement, default)
    if first_leads and not statement.lead and len(statement.responsible) >= 1 and not statement.responsible[0].text.startswith("各"):
        statement.lead, statement.responsible = statement.responsible[:1], statement.responsible[1:]
    leads = {u.text for u in statement.lead}
    statement.responsible = [u for u in statement.responsible if u.text not in leads]
    named = leads | {u.text for u in statement.responsible}
    statement.support = [u for u in statement.support if u.text not in named]
    return statement


def _read_slot(flat: str, text: str, role: str, start: int, end: int, statement: Statement) -> None:
    a = start + len(flat[start:end]) - len(flat[start:end].lstrip(" \n:"))
    b = a + len(flat[a:end].rstrip(" 。.;,\n"))
    if b <= a or flat[a:b] in ("-", "--", "无", "/"):
        return
    if role == "timing":
        statement.timing.append((a, b))
    elif role == "channel":
        statement.channel.append((a, b))
    elif role in ("lead", "responsible", "support"):
        if _VERB.search(flat[a:b]) and re.search("牵头|配合|会同", flat[a:b]):
            _read_clauses(flat, text, a, b, statement, "responsible" if role == "responsible" else role)  # type: ignore[arg-type]
        else:
            stop = b
            if "人" in flat[start - 4 : start] and not any(looks_like_unit(flat[x:y].strip()) for x, y in _clauses(flat, a, b)):
                return  # 责任人：a person, no unit
            if hit := re.search(r"(?:等)?" + _ADVERB + "(?:负责|落实|牵头|配合)?$", flat[a:b]):
                stop = a + hit.start() if hit.group().strip("等") else b
            statement.add(role, split_units(flat, text, a, max(stop, a)))  # type: ignore[arg-type]


_OPEN = {"(": ")", "[": "]"}
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


_DEEPEST, _MOST_MARKS = 6, 200
"""Brackets nest no deeper in this genre; text that does is damaged, and reading it must stay linear."""
_ONLY_UNITS_MAX = 200


def is_statement(flat: str, start: int, end: int, after_sentence: bool = False) -> bool:
    """Whether the inside of a bracket, [start, end), says who answers. `after_sentence`: a full stop stands before the bracket."""
    body = flat[start:end].strip()
    if not 2 <= len(body) <= 1200:
        return False
    if _SLOT.match(body):
        return True
    if re.match(r"^(?:以下简称|简称|含|包括|不含|指|即|详见|见附件|附件|此件|注|如|试行|[0-9一二三四五六七八九十]+[)、.]?$)", body):
        return False
    if _KEYWORD.search(body):
        for a, b in _clauses(flat, start, end):
            clause = flat[a:b].strip()
            verb = _VERB.search(clause)
            if verb and (verb.start() == 0 or verb["verb"] not in ("组织", "推进", "推动")):
                head = clause[: verb.start()].strip()
                last = re.split("[、,]|会同|联合", head)[-1] if head else ""
                if not head or looks_like_unit(last) or looks_like_unit(head) or verb["verb"] in ("牵头", "配合"):
                    return True
        return _SLOT.search(body) is not None
    if len(body) > _ONLY_UNITS_MAX:
        return False
    names = [flat[a:b].strip() for a, b in _clauses(flat, start, end)]
    return (
        len(names) >= 1
        and all(looks_like_unit(re.sub("等$", "", n)) for n in names if n)
        and not re.search(r"[0-9]", body)
        and (len(names) > 1 or after_sentence or _named_body(names[0]))
    )


def _named_body(name: str) -> bool:
    """A lone name in brackets is a statement only when it is plainly a body: （市财政局）, not （市）, （镇街道）."""
    return len(name) >= 4 and re.search(r"(?:局|委|办|厅|部|院|中心|委员会|政府|办公室|公司|总队|支队)$", name) is not None


_AFTER_SENTENCE = re.compile(r"[。;!?\"'”）)\]:]\s*$|^\s*$")


def find_brackets(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Outer [start, end) of each bracketed statement that closes a stretch of text in the block."""
    at = start
    while opening := _OPENING.search(flat, at, end):
        i = opening.start()
        stop = bracket_end(flat, i, end)
        if stop < 0:
            at = i + 1
            continue
        at = stop
        if _KEYWORD.search(flat, i, stop) is None and (stop - i > _ONLY_UNITS_MAX or not _UNIT_LETTER.search(flat, stop - 4, stop)):
            continue
        rest = flat[stop : stop + 8].lstrip(" 。;.,|")
        before = flat[max(start, i - 3) : i].rstrip()
        closes = not rest and not flat[stop:end].strip(" 。;.,|")
        ends_sentence = before[-1:] in ("。", ";", "!", "?", '"', "'") or flat[stop : stop + 1] in ("。", ";", "\n")
        if (closes or ends_sentence or _LABEL_AHEAD.match(rest)) and is_statement(flat, i + 1, stop - 1, before[-1:] == "。"):
            yield i, stop


_OPENING = re.compile(r"[(\[]")
_UNIT_LETTER = re.compile("[局委办厅部院心府室司队处科门位区县市等行站所]")
_LABEL_AHEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]|[0-9]{1,2}[.、]|[①-⑳])")
_SLOT_ANYWHERE = re.compile(r"(?:^|(?<=[。;!?\s\"')]))" + _SLOT.pattern[len(_SLOT_BEGINS) :])


def find_slot_tail(flat: str, start: int, end: int) -> int:
    """Where slots without brackets begin at the end of a block (…。责任单位：甲、乙。), or -1."""
    for match in _SLOT_ANYWHERE.finditer(flat, start, end):
        if match["timing"] or match["channel"]:
            value = flat[match.end() : match.end() + 80]
            if len(value.split("。")[0]) > 60:
                continue
        tail = flat[match.end() : end]
        sentences = [s for s in re.split("。", tail) if s.strip()]
        if len(sentences) <= 1 or all(_SLOT.match(s.strip()) for s in sentences[1:]):
            return match.start()
    return -1


_ABOVE = re.compile(r"(?:以上|上述)(?:各项|所有)?(?:任务|工作|内容|事项|措施)?(?:均)?由(?P<said>[^。;]{2,160}?(?:牵头|负责|落实|配合))。?$")


def statement_on_above(flat: str, start: int, end: int) -> tuple[int, int] | None:
    """以上任务由甲牵头，乙配合: a paragraph that is the statement of what stands before it. Where its words on the units stand."""
    match = _ABOVE.match(flat, start, end) if end - start <= 200 else None
    return match.span("said") if match else None


def starts_with_slot(flat: str, start: int, end: int) -> bool:
    """Whether a block is a slot line of its own: 牵头单位：甲."""
    return _SLOT.match(flat, start, end) is not None


_SUFFIX = re.compile(
    r"(?:^|(?<=[。;]))(?P<units>[^。;:,，]{2,60}?)(?:(?:负责)?(?P<lead>牵头)(?:负责|落实|组织实施|实施|抓总|推进)?(?P<rest>,[^。]*)?|(?P<adverb>按职责分工|分别|共同|具体|各自)?(?:负责落实|负责|落实)(?P<help>,[^,。]{2,60}(?:配合|参与|参加|协助))?)。?$"
)
_SHORT_REST = re.compile(r"^,(?:[^,。]{2,24}|[^,。]{2,60}(?:配合|参与|参加|协助|负责|落实|实施))(?:,[^,。]{2,60}(?:配合|参与|参加|协助|负责|落实|实施))?$")
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
        _read_clauses(flat, text, hit.start("rest"), hit.end("rest"), statement, None)
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
            _read_clauses(flat, text, match.start("help"), match.end("help"), statement, None)
        return match.start(), statement
    statement = Statement(match.start(), end, lead=units)
    if match["rest"]:
        _read_clauses(flat, text, match.start("rest"), match.end("rest"), statement, None)
        statement.responsible = [u for u in statement.responsible if looks_like_unit(u.text)]
        statement.support = [u for u in statement.support if looks_like_unit(u.text)]
        statement.timing = []
    return match.start(), statement
