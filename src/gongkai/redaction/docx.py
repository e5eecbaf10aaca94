"""docx: words and spans become █, one for each character, in every part; what readers do not see goes altogether.

Gone: tracked changes (accepted), comments, hidden text, properties, custom XML, embedded objects, building blocks, external templates.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from gongkai.formats.chinese import to_half_width
from gongkai.reading.files.package import Budget
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, local
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.plan import Covered, Plan, Redacted, Words, found, pattern
from gongkai.screening.copies.docx import REMARK_PARTS, TEXT_PARTS, clear, laid, mask
from gongkai.screening.copies.package import Parts, detach
from gongkai.screening.model import Hit
from gongkai.screening.places.docx import hidden_styles

BLOCK = "█"
_BODY = r"/?word/document\d*\.xml$"
_DROPPED = (
    r"/?word/(?:embeddings|activeX|glossary|afchunk|printerSettings|ink)\b"
    r"|/?customXml/"
    r"|/?word/(?:vbaData|keyMapCustomizations)\.xml$"
)
_LINKED = frozenset({"OLEObject", "externalData", "control", "altChunk", "subDoc", "attachedTemplate", "docVars", "mailMerge"})
"""Elements that bring in another file, or hold what no reader sees."""


def body_text(data: bytes, name: str) -> str:
    """The text of the body, as spans count it: what stays when changes are accepted and hidden text is gone."""
    parts = Parts(data, name, Budget())
    members = parts.names(_BODY)
    if not members:
        raise RedactionError(name, "文件里没有 Word 正文部分", DAMAGED_MEND)
    root = parts.tree(members[0])
    clear(root, hidden_styles(parts.package, name))
    return laid(root)[0]


def redact(data: bytes, name: str, plan: Plan) -> Redacted:
    """Not verified yet. Raises ReadingError for a broken package, RedactionError for a span outside the text or an area."""
    if plan.areas:
        raise RedactionError(name, "docx 没有固定的页面，不能框选遮盖", "请按文字遮盖，或先转成 PDF")
    parts = Parts(data, name, Budget())
    if any(member.lower().endswith("vbaproject.bin") for member in parts.package.names):
        raise RedactionError(name, "文件含有宏", "请用 WPS 或 Word 打开后另存为不含宏的 .docx 再试")
    body = parts.names(_BODY)
    if not body:
        raise RedactionError(name, "文件里没有 Word 正文部分", DAMAGED_MEND)
    hidden = hidden_styles(parts.package, name)
    parts.drop(parts.names(REMARK_PARTS))
    parts.drop(parts.names(_DROPPED))
    covered: list[Covered] = []
    for member in parts.names(TEXT_PARTS):
        clear(parts.tree(member), hidden)
    _spans(parts.tree(body[0]), plan, covered, name)
    for member in parts.names(r".*\.(?:xml|rels|vml)$"):
        root = parts.tree(member)
        for item in list(root.iter()):
            if isinstance(item.tag, str) and local(item) in _LINKED:
                detach(item)
        for words in plan.words:
            _words(root, words, covered)
    return Redacted(parts.written(), tuple(covered))


def _spans(root: Element, plan: Plan, covered: list[Covered], name: str) -> None:
    text, _ = laid(root)
    hits: list[Hit] = []
    for span in sorted(plan.spans, key=lambda one: one.start):
        if not 0 <= span.start < span.end <= len(text):
            raise RedactionError(name, f"要遮盖的文字（第 {span.start + 1} 至 {span.end} 字）不在正文里", "请重新选择文字")
        covered.append(Covered(0, None, span.ground, span.end - span.start))
        start = max(span.start, hits[-1].end) if hits else span.start
        if start < span.end:
            hits.append(_hit(start, span.end))
    if hits:
        mask(root, lambda text, header: hits)


def _words(root: Element, words: Words, covered: list[Covered]) -> None:
    def choose(text: str, header: str) -> list[Hit]:
        spans = list(found(words.text, text))
        covered.extend(Covered(0, None, words.ground, end - start) for start, end in spans)
        return [_hit(start, end) for start, end in spans]

    mask(root, choose)
    search = pattern(words.text)
    if search is None:
        return
    for paragraph in root.iter("{*}p"):
        # An instruction may be cut into runs anywhere, and nothing of it is shown.
        codes = list(paragraph.iter("{*}instrText", "{*}delInstrText"))
        if codes and search.search(to_half_width("".join(code.text or "" for code in codes))):
            for code in codes:
                code.text = ""
    for item in root.iter():
        if not isinstance(item.tag, str):
            continue
        item.text = _blocked(item.text, search)
        item.tail = _blocked(item.tail, search)
        for key, value in item.attrib.items():
            if search.search(to_half_width(value)) or search.search(to_half_width(unquote(value))):
                # Of an address nothing may be left that leads to the words.
                item.set(key, "#" if key.rsplit("}", 1)[-1] in ("Target", "href") else _blocked(unquote(value), search) or "")


def _blocked(text: str | None, search: re.Pattern[str]) -> str | None:
    if not text or not text.strip():
        return text
    out, at = [], 0
    for match in search.finditer(to_half_width(text)):
        out += [text[at : match.start()], BLOCK * (match.end() - match.start())]
        at = match.end()
    return "".join([*out, text[at:]]) if out else text


def _hit(start: int, end: int) -> Hit:
    return Hit("redaction", start, end, BLOCK * (end - start))
