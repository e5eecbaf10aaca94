"""The text of a docx as whoever redacts it sees it: paragraph by paragraph, through all parts, when changes are accepted and hidden text
is gone. The same numbers come out for the same file, so that a mark is a paragraph and two offsets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote

from gongkai.reading.files.package import Budget
from gongkai.reading.files.safe_xml import DAMAGED_MEND, Element, attribute, local
from gongkai.redaction import docx_clean
from gongkai.redaction.errors import RedactionError
from gongkai.screening.copies.package import Parts

KINDS = (
    (r"/?word/document\d*\.xml$", "正文"),
    (r"/?word/header\d*\.xml$", "页眉"),
    (r"/?word/footer\d*\.xml$", "页脚"),
    (r"/?word/footnotes\.xml$", "脚注"),
    (r"/?word/endnotes\.xml$", "尾注"),
)
"""Parts with paragraphs of text, in the order in which they are shown."""
_DRAWN = ((r"/?word/charts/chart\w*\.xml$", "图表"), (r"/?word/diagrams/data\d*\.xml$", "图示"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "□"}
"""What stands in the text for an element that is no text; those that are one character are covered like one."""
CHARACTERS = frozenset({"t", "sym", "noBreakHyphen"})
_ITEMS = tuple(f"{{*}}{name}" for name in ("t", *_SIGNS))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph that says something. `number`: from 1 through the whole file; `where`: its part in words; `row`: (table, row, cell) of
    the innermost table it stands in."""

    number: int
    where: str
    text: str
    row: tuple[int, int, int] | None = None


@dataclass(slots=True)
class Laid:
    """One part: its text, (offset, element) of what it is made of, and (start, end, paragraph) of every paragraph."""

    text: str = ""
    pieces: list[tuple[int, Element]] = field(default_factory=list)
    paragraphs: list[tuple[int, int, Element]] = field(default_factory=list)


@dataclass(slots=True)
class Opened:
    """A docx with what nobody sees taken out, its parts of text laid out."""

    parts: Parts
    laid: dict[str, Laid]
    blocks: list[Block]
    places: dict[int, tuple[str, int]]
    """Number of a block → its part and the offset there."""


def opened(data: bytes, name: str) -> Opened:
    """Raises ReadingError for a broken package, RedactionError for one that is no document or holds macros."""
    parts = Parts(data, name, Budget())
    if any(member.lower().endswith("vbaproject.bin") for member in parts.package.names):
        raise RedactionError(name, "文件含有宏", "请用 WPS 或 Word 打开后另存为不含宏的 .docx 再试")
    if not parts.names(KINDS[0][0]):
        raise RedactionError(name, "文件里没有 Word 正文部分", DAMAGED_MEND)
    found = Opened(parts, {}, [], {})
    hidden = docx_clean.hidden_styles(parts)
    for pattern, _words in KINDS:
        for member in parts.names(pattern):
            docx_clean.tidy(parts.tree(member), hidden)
    docx_clean.strip(parts)
    docx_clean.drop_lost_notes(parts)
    docx_clean.prune(parts)
    for pattern, words in KINDS:
        members = sorted(parts.names(pattern), key=lambda member: (len(member), member))
        for n, member in enumerate(members, 1):
            laid = found.laid[member] = lay(parts.tree(member))
            where = f"{words} {n}" if len(members) > 1 else words
            rows = _Rows()
            for start, end, paragraph in laid.paragraphs:
                text = laid.text[start:end]
                if text.strip():
                    number = len(found.blocks) + 1
                    found.blocks.append(Block(number, where, text, rows.of(paragraph)))
                    found.places[number] = (member, start)
    return found


def blocks(data: bytes, name: str) -> list[Block]:
    """Every paragraph that says something, as it would stand in the copy: body, headers, footers, notes."""
    return opened(data, name).blocks


def drawn(data: bytes, name: str) -> list[tuple[str, str]]:
    """(图表, 图示, 艺术字, 图片说明, 链接 or 书签; text) of what would stand in the copy and is in no paragraph: covered by words alone."""
    file = opened(data, name)
    parts = file.parts
    found = []
    for pattern, words in _DRAWN:
        for member in sorted(parts.names(pattern)):
            texts = [(item.text or "").strip() for item in parts.tree(member).iter("{*}t", "{*}v")]
            if any(texts):
                found.append((words, "　".join(text for text in texts if text)))
    for member in file.laid:
        for item in parts.tree(member).iter():
            found += [(words, text) for words, text in _told_by(item) if text.strip()]
    for member in parts.names(r"(?:.*/)?_rels/[^/]*\.rels$"):
        outside = [one for one in parts.tree(member) if attribute(one, "TargetMode") == "External"]
        found += [("链接", unquote(attribute(one, "Target") or "")) for one in outside]
    return list(dict.fromkeys(found))


def _told_by(item: Element) -> list[tuple[str, str]]:
    """What an element says in its attributes."""
    kind = local(item) if isinstance(item.tag, str) else ""
    if kind == "textpath":
        return [("艺术字", attribute(item, "string") or "")]
    if kind in ("docPr", "cNvPr", "shape"):
        return [("图片说明", attribute(item, key) or "") for key in ("descr", "title", "alt")]
    if kind == "bookmarkStart" and not (attribute(item, "name") or "_").startswith("_"):
        return [("书签", attribute(item, "name") or "")]
    return []


def lay(root: Element) -> Laid:
    """The text of one part. Paragraphs stand apart by one line end."""
    made = Laid()
    words: list[str] = []
    size = 0
    for paragraph in root.iter("{*}p"):
        start = size
        for item in paragraph.iter(*_ITEMS):
            # A stop for tabs is no tab; a text box inside a paragraph has paragraphs of its own.
            if local(item.getparent()) not in ("r", "fld") or next(item.iterancestors("{*}p"), None) is not paragraph:
                continue
            text = (item.text or "") if local(item) == "t" else _SIGNS[local(item)]
            made.pieces.append((size, item))
            words.append(text)
            size += len(text)
        made.paragraphs.append((start, size, paragraph))
        words.append("\n")
        size += 1
    made.text = "".join(words)
    return made


class _Rows:
    """Numbers the tables of a part as they come."""

    def __init__(self) -> None:
        self._tables: dict[Element, int] = {}

    def of(self, paragraph: Element) -> tuple[int, int, int] | None:
        cell = next(paragraph.iterancestors("{*}tc"), None)
        row = next(cell.iterancestors("{*}tr"), None) if cell is not None else None
        table = next(row.iterancestors("{*}tbl"), None) if row is not None else None
        if table is None or row is None or cell is None:
            return None
        number = self._tables.setdefault(table, len(self._tables))
        return number, sum(1 for _ in row.itersiblings("{*}tr", preceding=True)), sum(1 for _ in cell.itersiblings("{*}tc", preceding=True))


def instructions(paragraph: Element) -> list[Element]:
    """What holds the instructions of fields in a paragraph: nothing of it is shown."""
    found = list(paragraph.iter("{*}instrText", "{*}delInstrText"))
    return found + [item for item in paragraph.iter("{*}fldSimple") if attribute(item, "instr")]
