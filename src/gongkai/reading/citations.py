"""Documents named in 《》, with the number that stands beside them."""

from __future__ import annotations

import re
from bisect import bisect_right

from gongkai.formats import document_number
from gongkai.reading.cleaning import Cleaned
from gongkai.reading.model import CitedDocument

_TITLE = re.compile(r"《([^《》\n]{2,120}(?:《[^《》\n]{2,100}》[^《》\n]{0,40})?(?:\n[^《》\n]{2,60})?)》(?:\s*\(([^()]{3,60})\))?")
# 《通知》, 《条例》: a short form for something named before, not a document's title.
_SHORT_FORM = re.compile(
    r"^(?:通知|条例|意见|方案|办法|规定|要点|细则|规划|计划|决定|纲要|清单|目录|指南|实施方案|实施意见|工作方案|工作要点|工作规则|标准|公告|指导意见)$"
)
_MENTION_SHORT = re.compile(r"以下(?:简称|称)[:：]?[《\"]?([^《》\"，,)）]{2,20})")


def cited_documents(doc: Cleaned, own_titles: list[str], parts: list[tuple[int, int]]) -> list[CitedDocument]:
    """In order of first mention, each once. `own_titles`: the document itself and the plans and attachments it carries.

    `parts`: [start, end) of the document's own words, in order; what a scraper left around them cites nothing.
    """
    starts = [a for a, _ in parts]
    own = {_key(t) for t in own_titles if t}
    short = {_key(m.group(1)) for m in _MENTION_SHORT.finditer(doc.text)}
    found: dict[str, CitedDocument] = {}
    for match in _TITLE.finditer(doc.flat):
        part = bisect_right(starts, match.start()) - 1
        if part < 0 or match.start() >= parts[part][1]:
            continue
        title = re.sub(r"\n", "", doc.text[match.start(1) : match.end(1)]).strip()
        key = _key(title)
        if key in own or key in short or _SHORT_FORM.match(key):
            continue
        if not re.search(r"[\u4e00-\u9fff]", title):
            continue
        number = _number(doc.text[match.start(2) : match.end(2)]) if match.group(2) else None
        if key in found:
            if number and not found[key].number:
                found[key].number = number
            continue
        found[key] = CitedDocument(title, number, doc.raw(*match.span()))
    return list(found.values())


def _number(text: str) -> str | None:
    """The 发文字号 that opens the bracket beside a title, as printed."""
    hits = document_number.find_all(text)
    return re.sub(r"\s+", "", text[hits[0][0] : hits[0][1]]) if hits and hits[0][0] == len(text) - len(text.lstrip()) else None


def _key(title: str) -> str:
    return re.sub(r"[\s《》<>〈〉()（）\"“”]", "", title)
