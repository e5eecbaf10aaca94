"""docx: words and spans become █, one for each character; pictures become black; what readers do not see goes altogether.

Gone: tracked changes (accepted), comments, hidden text, notes nobody is led to, properties, custom XML, embedded objects, building blocks,
external templates, embedded fonts, signatures, and every part that is not known or that nothing refers to (docx_clean.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from gongkai.formats.chinese import to_half_width
from gongkai.reading.files.safe_xml import Element, local
from gongkai.redaction import docx_clean, docx_pictures
from gongkai.redaction.docx_text import CHARACTERS, Laid, Opened, instructions, opened
from gongkai.redaction.errors import RedactionError
from gongkai.redaction.plan import Covered, Plan, Redacted, Span, found, pattern, squeezed
from gongkai.screening.copies.package import unwrap

BLOCK = "█"
SPEAKING = frozenset(
    {
        "descr",
        "title",
        "name",
        "alt",
        "tooltip",
        "Target",
        "href",
        "instr",
        "fullDate",
        "displayText",
        "value",
        "anchor",
        "string",
        "author",
    }
)
"""Attributes of words. In others a number or a word of the Latin alphabet is a size, a colour, the name of a setting."""
_SPOKEN = frozenset({"t", "v", "f", "instrText", "delText", "text", "title"})
"""Elements of words, in the same sense."""
_VALUES = frozenset({"alias", "tag", "text", "default", "statusText", "helpText", "placeholder", "listItem", "docPart", "caption"})
"""Elements whose `val` is words."""
LEAST = 2
"""Characters of a covered span from which it is looked for where nobody sees it."""


@dataclass(frozen=True, slots=True)
class Done:
    """`texts`: part → its paragraphs as they must read now, for the verification; `unseen`: words that may stand nowhere unseen."""

    redacted: Redacted
    texts: dict[str, list[str]]
    unseen: list[str]


def redact(data: bytes, name: str, plan: Plan) -> Done:
    """Not verified yet. Raises ReadingError for a broken package, RedactionError for a span outside the text or an area."""
    if plan.areas:
        raise RedactionError(name, "docx 没有固定的页面，不能框选遮盖", "请按文字遮盖，或先转成 PDF")
    file = opened(data, name)
    covered: list[Covered] = []
    ranges = _ranges(file, plan, covered, name)
    unseen = [text for text in (squeezed(_text_of(file, span)) for span in plan.spans) if len(text) >= LEAST]
    texts: dict[str, list[str]] = {}
    for member, laid in file.laid.items():
        texts[member] = _expected(laid, ranges[member])
        _cover(laid, ranges[member])
    docx_pictures.blacken(file, (one.number for one in plan.pictures), name)
    covered += [Covered(0, None, one.ground, 1) for one in plan.pictures]
    for member in file.parts.names(r".*\.(?:xml|rels|vml)$"):
        root = file.parts.tree(member)
        for words in plan.words:
            covered += [Covered(0, None, words.ground, n) for n in _unseen(root, words.text, member in file.laid)]
        for text in unseen:
            _unseen(root, text, member in file.laid, shown=member not in file.laid)
    docx_clean.prune(file.parts)
    return Done(Redacted(file.parts.written(), tuple(covered)), texts, unseen)


def _text_of(file: Opened, span: Span) -> str:
    member, offset = file.places[span.block]
    return file.laid[member].text[offset + span.start : offset + span.end]


def _ranges(file: Opened, plan: Plan, covered: list[Covered], name: str) -> dict[str, list[tuple[int, int]]]:
    """Part → [start, end) of what is covered, in order and apart from one another."""
    ranges: dict[str, list[tuple[int, int]]] = {member: [] for member in file.laid}
    sizes = {block.number: len(block.text) for block in file.blocks}
    for span in plan.spans:
        if not 0 <= span.start < span.end <= sizes.get(span.block, 0):
            raise RedactionError(
                name, f"要遮盖的文字（第 {span.block} 段第 {span.start + 1} 至 {span.end} 字）不在文件里", "请重新选择文字"
            )
        member, offset = file.places[span.block]
        ranges[member].append((offset + span.start, offset + span.end))
        covered.append(Covered(0, None, span.ground, span.end - span.start))
    for words in plan.words:
        for member, laid in file.laid.items():
            for start, end in found(words.text, laid.text):
                ranges[member].append((start, end))
                covered.append(Covered(0, None, words.ground, end - start))
    return {member: _merged(listed) for member, listed in ranges.items()}


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _expected(laid: Laid, ranges: list[tuple[int, int]]) -> list[str]:
    """Every paragraph as it must read: ends of lines and tabs stay, everything else in a range is a block."""
    text = list(laid.text)
    for start, end in ranges:
        text[start:end] = [one if one in "\t\n" else BLOCK for one in text[start:end]]
    whole = "".join(text)
    return [whole[start:end] for start, end, _paragraph in laid.paragraphs]


def _cover(laid: Laid, ranges: list[tuple[int, int]]) -> None:
    """In each run its own characters, so that size and place of the blocks are those of the text; and what is behind it is let go of."""
    at = 0
    touched: list[Element] = []
    for offset, item in laid.pieces:
        size = len(item.text or "") if local(item) == "t" else 1
        while at < len(ranges) and ranges[at][1] <= offset:
            at += 1
        hit = False
        for start, end in ranges[at:]:
            if start >= offset + size:
                break
            if local(item) not in CHARACTERS:
                continue
            hit = True
            if local(item) == "t":
                low, high = max(start - offset, 0), min(end - offset, size)
                text = item.text or ""
                # A tab or a line end that stands inside a run of text is white space as it was.
                masked = "".join(one if one in "\t\n" else BLOCK for one in text[low:high])
                item.text = text[:low] + masked + text[high:]
            else:
                item.tag = f"{item.tag[: item.tag.rfind('}') + 1]}t"
                item.attrib.clear()
                item.text = BLOCK
        if hit:
            touched.append(item)
    for item in touched:
        _let_go(item)


def _let_go(item: Element) -> None:
    """Of a link nothing may be left that leads to the words; a control of content may be filled with them again."""
    for above in list(item.iterancestors()):
        kind = local(above)
        if kind == "hyperlink":
            unwrap(above)
        elif kind == "sdt":
            content = next((one for one in above if local(one) == "sdtContent"), None)
            for one in [one for one in above if one is not content]:
                above.remove(one)
            if content is not None:
                unwrap(content)
            unwrap(above)
        elif kind == "fldSimple":
            unwrap(above)
        elif kind == "p":
            for code in instructions(above):
                code.text = ""


def _unseen(root: Element, text: str, is_text: bool, shown: bool = True) -> list[int]:
    """Words out of instructions, attributes, and (`shown`) the text of elements. How long each was that stood in a drawing."""
    search = pattern(text)
    if search is None:
        return []
    latin = squeezed(text).isascii()
    lengths: list[int] = []
    for paragraph in root.iter("{*}p"):
        # An instruction may be cut into runs anywhere, and nothing of it is shown.
        codes = list(paragraph.iter("{*}instrText", "{*}delInstrText"))
        if codes and search.search(to_half_width("".join(code.text or "" for code in codes))):
            for code in codes:
                code.text = ""
        if shown and not is_text:
            lengths += _across(list(paragraph.iter("{*}t")), search)
    for item in root.iter():
        if not isinstance(item.tag, str):
            continue
        if (shown or local(item) == "instrText") and not (latin and local(item) not in _SPOKEN):
            before = item.text
            item.text = _blocked(item.text, search)
            if not is_text and item.text != before:
                lengths.append(len(squeezed(text)))
        if shown and not latin:
            item.tail = _blocked(item.tail, search)
        for key, value in item.attrib.items():
            kind = key.rsplit("}", 1)[-1]
            speaks = kind in SPEAKING or (kind == "val" and local(item) in _VALUES)
            if kind == "Target" and item.get("TargetMode") != "External":
                continue  # the name of a part, which the verification looks at
            if (latin and not speaks) or not (search.search(to_half_width(value)) or search.search(to_half_width(unquote(value)))):
                continue
            # Of an address nothing may be left that leads to the words.
            item.set(key, "#" if kind in ("Target", "href") else _blocked(unquote(value), search) or "")
    return lengths


def _across(items: list[Element], search: re.Pattern[str]) -> list[int]:
    """Words cut into several runs of a drawing."""
    text = "".join(item.text or "" for item in items)
    spans = [match.span() for match in search.finditer(to_half_width(text))]
    for start, end in spans:
        at = 0
        for item in items:
            words = item.text or ""
            low, high = max(start - at, 0), min(end - at, len(words))
            if low < high:
                item.text = words[:low] + BLOCK * (high - low) + words[high:]
            at += len(words)
    return [end - start for start, end in spans]


def _blocked(text: str | None, search: re.Pattern[str]) -> str | None:
    if not text or not text.strip():
        return text
    out, at = [], 0
    for match in search.finditer(to_half_width(text)):
        out += [text[at : match.start()], BLOCK * (match.end() - match.start())]
        at = match.end()
    return "".join([*out, text[at:]]) if out else text
