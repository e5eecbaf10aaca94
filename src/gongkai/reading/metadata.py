"""Title, issuer, document number and date of a document, as printed; None where the text does not say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from gongkai.formats import document_number
from gongkai.reading.cleaning import Cleaned, tidy
from gongkai.reading.lexicon import PLAN_TITLE
from gongkai.reading.outline import Block
from gongkai.reading.units import looks_like_unit


@dataclass(slots=True)
class Metadata:
    title: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    issued_on: date | None = None
    year: int | None = None
    own_titles: list[str] | None = None
    signature: int = -1
    """Where the signature at the end of the text begins, or -1."""


_DATE = (
    r"(?P<y>20[0-9]{2}|二[零oO0]{1}[零一二三四五六七八九]{2})\s*年\s*(?P<m>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*"
    r"(?P<d>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_PRINTED_DATE = re.compile(_DATE)
_ORG_BEFORE = re.compile(r"[^。;,:、\n《》()!]{2,40}$")
_UNDATED = re.compile(r"\n[ \t　]*(?P<org>[\u4e00-\u9fff]{4,40})[ \t　]*\n[ \t　]*(?:20[0-9]{2})?[ 　]*年[ 　]*月[ 　]*日\s*$")
"""The signature of a draft: the date is left to be filled in by hand."""
_DATE_LINE = re.compile(rf"^[ (]*{_DATE} *\)? *(?:印发|发布)?$", re.M)
_TITLE_SHAPE = re.compile(
    r"(?:关于|印发|转发)?[^。;\n]{2,90}?(?:的?(?:通知|意见|决定|决议|通报|公告|通告|批复|报告|请示|函|命令|办法)|方案|要点|计划|措施|任务|重点工作|安排|规划|纲要|分工|细则|清单|规定|分解|台账|[解览工务划排]表|解读|公报|预案|总结|名单|公示|解答|问答|规则|规程|制度|标准|目录|指南|条例|章程)(?:\([^()]{1,12}\))?"
)
_ISSUER_IN_TITLE = re.compile(
    r"^([\u4e00-\u9fff]{2,24}?(?:政府|办公厅|办公室|委员会|局|厅|部|院|委|国务院))(?:关于|印发|转发|20[0-9]{2}年)"
)
_NOT_TITLE = re.compile(
    r"[。;！？]|^(?:附件|目录|索引号|发文|文号|时间|日期|来源|作者|编辑|[\u4e00-\u9fff]{2,6}[:：]|各[\u4e00-\u9fff]+[:：])|[:：]$|^根据|^为"
)


def _numeral(text: str) -> int:
    from gongkai.reading.timing import number

    return int(text) if text.isdigit() else number(text)


def _year(text: str) -> int:
    return int(text) if text.isdigit() else int("20" + "".join(str("零一二三四五六七八九".index(c)) for c in text[2:]))


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(_year(match["y"]), _numeral(match["m"]), _numeral(match["d"]))
    except ValueError:
        return None


def _head(flat: str, blocks: list[Block]) -> int:
    """Where the head of the document ends: at the first numbered block."""
    return next((b.start for b in blocks if b.label is not None or b.row is not None), len(flat))


_ORG = re.compile(
    r"(?:[\u4e00-\u9fff()]{2,36}(?:政府|办公厅|办公室|委员会|局|厅|部|院|委|会|中心|管委会|处|办|署|行|小组|集团|公司))$|^国务院$"
)


def read_metadata(doc: Cleaned, blocks: list[Block]) -> Metadata:
    """Looks at the head, the signature and the titles; linear, and only near the ends of the text."""
    meta = Metadata()
    flat = doc.flat
    head = _head(flat, blocks)
    top = flat[: min(head, 6000)]
    meta.doc_number = _doc_number(doc, top)
    meta.issuer, meta.issued_on = _signature(doc, blocks, head, meta)
    if meta.issuer is None and (draft := _UNDATED.search(doc.text[-300:])) and looks_like_unit(draft["org"]):
        meta.issuer = draft["org"]
    notice, plan = _titles(doc, blocks, head, meta)
    meta.title = notice or plan
    meta.own_titles = [t for t in (notice, plan) if t]
    quoted = re.search(r"(?:印发|转发)[<《]([^》>]{4,60})[》>]", (notice or "").replace("〈", "<").replace("〉", ">"))
    if quoted:
        meta.own_titles.append(quoted.group(1))
    for match in re.finditer(r"(?:现将|制定了|制定|印发)\s*《([^》]{4,60})》\s*(?:\([^()]{1,20}\))?(?:已经|印发|予以|,现|给你们)", top):
        meta.own_titles.append(tidy(doc.text[match.start(1) : match.end(1)]))
    for match in re.finditer(r"(?:^|\n)\s*《([^》]{4,60})》\s*(?:\([^()]{1,30}\))?已经?", top):
        meta.own_titles.append(tidy(doc.text[match.start(1) : match.end(1)]))
    if meta.issuer is None and (named := _ISSUER_IN_TITLE.match(meta.title or "")):
        meta.issuer = named.group(1)
    meta.year = _plan_year(meta, plan) or _usual_year(flat)
    last_numbered = max((b.start for b in blocks if b.label is not None or b.row is not None), default=-1)
    if meta.signature < last_numbered:
        meta.signature = -1
    return meta


def _usual_year(flat: str) -> int | None:
    """Without a year in title, number or date: the year most of the printed limits name."""
    years = Counter(re.findall(r"(20[0-9]{2})年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日|底|末)?(?:以?前|之前|内)", flat))
    years = years or Counter(re.findall(r"(20[0-9]{2})年", re.sub("《[^》《]{0,120}》", "", flat)))
    return int(years.most_common(1)[0][0]) if years else None


def _plan_year(meta: Metadata, plan: str | None) -> int | None:
    """The year a bare month means: the title's, else the number's, else the date's."""
    for title in (meta.title, plan):
        years = re.findall(r"(20[0-9]{2})(?!\s*[-—－至~])", title or "")
        if len(years) == 1 and not re.search(r"20[0-9]{2}\s*年?\s*[-—－至~]", title or ""):
            return int(years[0])
    if meta.issued_on:
        return meta.issued_on.year
    if meta.doc_number and (hit := re.search(r"20[0-9]{2}", meta.doc_number)):
        return int(hit.group())
    return None


_HEAD_LENGTH = 400
_IN_PASSING = re.compile(r"》\s*[(\[]?$|[,。、]$|(?:按照|根据|要求|落实)$")


def _doc_number(doc: Cleaned, top: str) -> str | None:
    """A number that stands for itself in the head, not one beside a cited title."""
    salutation = re.search(r"[:：]", top)
    limit = min(max(salutation.start() if salutation else 0, _HEAD_LENGTH), len(top))
    for start, end, number in document_number.find_all(doc.text[:limit]):
        if number.kind == "numbered" and not _IN_PASSING.search(doc.flat[max(0, start - 4) : start]):
            return re.sub(r"\s+", "", doc.text[start:end])
    return None


def _org_before(doc: Cleaned, start: int, end: int) -> tuple[int, str] | None:
    """The body that stands right before a date: on the line above, or at the end of the sentence before, after a stop or a blank."""
    before = doc.flat[start:end].rstrip()
    match = _ORG_BEFORE.search(before)
    if match is None:
        return None
    for word in re.finditer(r"\S+", match.group()):
        at = match.start() + word.start()
        if at > 0 and word.start() == 0 and before[at - 1] not in "。\n );!":
            continue
        org = re.sub(r"\s+", "", doc.text[start + at : start + len(before)])
        if _ORG.search(org) and (looks_like_unit(org) or org == "国务院") and not re.search(r"以来|截至|自$|于$", org):
            return start + at, org
    return None


def _signature(doc: Cleaned, blocks: list[Block], head: int, meta: Metadata) -> tuple[str | None, date | None]:
    """The body and the day at the end of the notice: at the end of the text, or before the plan it carries."""
    flat = doc.flat
    tail = max(0, len(flat) - 700)
    best: tuple[str | None, date | None] = (None, None)
    for low, high in ((tail, len(flat)), (0, min(head, 6000))):
        for match in _PRINTED_DATE.finditer(flat, low, high):
            day = _date(match)
            found = _org_before(doc, max(low, match.start() - 80), match.start())
            if day is None or found is None or not re.match(r"[ ]*(?:$|[\n(（\u4e00-\u9fff])", flat[match.end() : match.end() + 8]):
                continue
            at, org = found
            best = (org, day)
            if low == tail:
                meta.signature = at
        if best[1]:
            return best
    for low, high in ((0, min(head, 6000)), (tail, len(flat)), (0, len(flat))):
        for match in _DATE_LINE.finditer(flat, low, high):
            if day := _date(match):
                if low == tail and low > 0:
                    meta.signature = match.start()
                return None, day
    return best


def _titles(doc: Cleaned, blocks: list[Block], head: int, meta: Metadata) -> tuple[str | None, str | None]:
    """(title of the notice, title of the plan inside)."""
    lines = [b for b in blocks if b.label is None and b.row is None and b.end <= max(head, 1)]
    notice = plan = None
    seen_salutation = False
    i = 0
    while i < len(lines):
        joined, used = _title_lines(doc, lines, i)
        text = doc.flat[lines[i].start : lines[i].end]
        if joined and not seen_salutation and notice is None:
            notice = joined
            i += used
            continue
        if joined:
            plan = joined
            i += used
            continue
        if re.search(r"[:：]$", text) and re.search(r"政府|部门|单位|机构|委|局", text):
            seen_salutation = True
        elif not joined and len(text) > 30:
            inline = _inline_title(doc, lines[i])
            if inline and notice is None and not seen_salutation and inline[1]:
                notice = inline[0]
            elif inline:
                plan = plan or inline[0]
            seen_salutation = seen_salutation or inline is not None or len(text) > 120
        i += 1
    return notice, plan


def _title_lines(doc: Cleaned, lines: list[Block], i: int) -> tuple[str | None, int]:
    """A title of one to three lines starting at line i."""
    text = ""
    for used in range(1, 4):
        if i + used > len(lines):
            break
        line = doc.flat[lines[i + used - 1].start : lines[i + used - 1].end]
        if len(line) > 90 or _NOT_TITLE.search(line) or line.startswith("(") or _PRINTED_DATE.match(line) or document_number.find_all(line):
            break
        if used > 1 and line.endswith("单位") and len(line) < 5:
            break
        text += re.sub(r"\s+", " " if used == 1 else "", doc.text[lines[i + used - 1].start : lines[i + used - 1].end])
        flat = text.replace(" ", "")
        if flat.startswith("《") and flat.endswith("》"):
            flat = text = flat[1:-1]
        whole = _TITLE_SHAPE.fullmatch(flat.translate(str.maketrans("（）", "()")))
        open_quote = flat.count("《") != flat.count("》")
        if whole and not open_quote and len(flat) >= 6:
            if used < 3 and i + used < len(lines):
                following = doc.flat[lines[i + used].start : lines[i + used].end]
                if re.fullmatch(r"[^。;:]{0,30}》的?通知", following):
                    continue
            return tidy(text), used
        if len(flat) > 100:
            break
    return None, 1


def _inline_title(doc: Cleaned, block: Block) -> tuple[str, bool] | None:
    """The title inside a text that lost its line breaks: before the number, or after the notice's last bracket. True: it opens the text."""
    flat = doc.flat[block.start : block.end]
    if match := re.match(
        r"(?P<t>[^。;,:]{6,80}?(?:的(?:通知|意见|决定|批复|公告|函)|方案|要点|计划|措施|规划))(?=[\s]*[\u4e00-\u9fff]{2,10}[\[(]20[0-9]{2}|[\s]*各|\s+(?:为|根据|按照))",
        flat,
    ):
        return tidy(doc.text[block.start : block.start + match.end("t")]), True
    if match := re.search(rf"(?:\(此件[^()]*\)|{_DATE}(?!\s*\(此件))\s*(?P<t>[^。;,:\s]{{6,60}})\s", flat):
        title = match["t"]
        if PLAN_TITLE.search(title):
            return tidy(doc.text[block.start + match.start("t") : block.start + match.end("t")]), False
    return None
