"""The visible text of docx paragraphs: what stays after tracked changes, fields, hidden runs and reference marks."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.reading.files.safe_xml import Element, attribute, child, local

# Deleted text, text moved elsewhere, pronunciation over characters (ruby), marks of notes and comments, drawing geometry.
_SILENT = frozenset(
    {"del", "moveFrom", "delText", "rt", "rubyPr", "rPr", "pPr", "sectPr", "sdtPr", "sdtEndPr", "binData", "softHyphen"}
    | {"footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "commentReference", "annotationRef"}
    | {"separator", "continuationSeparator", "delInstrText", "fldData", "docPr", "cNvPr"}
)
_FIXED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NEWLINES = str.maketrans("\r\n\t", "   ")
# Check marks of the Wingdings fonts, the symbols forms are ticked with.
_SYMBOLS = {0x6F: "□", 0xA8: "□", 0xFE: "☑", 0xFD: "☒", 0x52: "☑", 0x54: "☒", 0xFC: "✓", 0xFB: "✗", 0x6C: "●", 0x6E: "■", 0xB7: "·"}


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows: bool = False


@dataclass(slots=True)
class Paragraph:
    """`text` with soft breaks as "\\n"; `boxes` the w:txbxContent anchored here; `joined` when the mark at its end was deleted."""

    text: str
    boxes: list[Element] = field(default_factory=list)
    joined: bool = False
    in_contents: bool = False


class Inline:
    """Reads the paragraphs of one part in order, because a field (a table of contents, say) can run over many."""

    def __init__(self) -> None:
        self._fields: list[_Field] = []
        self._out: list[str] = []
        self._boxes: list[Element] = []

    def paragraph(self, element: Element) -> Paragraph:
        self._out, self._boxes = [], []
        in_contents = self._in_contents()
        self._walk(element)
        in_contents = in_contents or self._in_contents()
        # Instructions end in the paragraph they begin in; one that does not must not swallow the rest of the document.
        while self._fields and not self._fields[-1].shows:
            self._fields.pop()
        mark = child(child(element, "pPr"), "rPr")
        joined = child(mark, "del") is not None or child(mark, "moveFrom") is not None
        return Paragraph("".join(self._out).strip("\n"), self._boxes, joined, in_contents)

    def _walk(self, element: Element) -> None:
        for item in element:
            tag = local(item)
            if tag == "t":
                self._say((item.text or "").translate(_NEWLINES))
            elif tag == "r":
                properties = child(item, "rPr")
                if properties is None or not _is_hidden(properties):
                    self._walk(item)
            elif tag in _FIXED:
                # w:tab is also a tab stop inside w:pPr, which is not walked.
                self._say(_FIXED[tag])
            elif tag == "fldChar":
                self._field(attribute(item, "fldCharType"))
            elif tag == "instrText":
                if self._fields and not self._fields[-1].shows:
                    self._fields[-1].instruction += item.text or ""
            elif tag == "sym":
                self._say(_symbol(item))
            elif tag == "txbxContent":
                self._boxes.append(item)
            elif tag == "AlternateContent":
                self._alternate(item)
            elif tag not in _SILENT:
                self._walk(item)

    def _alternate(self, item: Element) -> None:
        """The same thing for new and for old programs: take it once."""
        before = len(self._out), len(self._boxes)
        for branch in item:
            self._walk(branch)
            if (len(self._out), len(self._boxes)) != before:
                return

    def _say(self, text: str) -> None:
        if all(field.shows for field in self._fields) and not self._in_contents():
            self._out.append(text)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _in_contents(self) -> bool:
        return any(field.shows and field.instruction.split()[:1] == ["TOC"] for field in self._fields)


def _is_hidden(properties: Element) -> bool:
    hidden = child(properties, "vanish")
    return hidden is not None and attribute(hidden, "val") not in ("0", "false", "off")


def _symbol(item: Element) -> str:
    try:
        code = int(attribute(item, "char") or "", 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        return _SYMBOLS.get(code - 0xF000, "")
    if not 0x20 <= code < 0xD800:
        return ""
    # Written without the F0 offset a symbol font still means its own picture and not the letter.
    font = (attribute(item, "font") or "").lower()
    return _SYMBOLS.get(code, "") if "wingdings" in font or "symbol" in font else chr(code)
