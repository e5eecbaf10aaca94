"""Lines under a header into items: 同上 and merged cells carried down, every column read, each fault with its place and its mend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongkai.catalogue.limits import SAME, flat_of, parse_limit
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.table_cells import channels_in, code_in, codes_in, is_ticked, words_beside
from gongkai.catalogue.table_layout import Layout, find_layout
from gongkai.catalogue.tables import EVERY, Line, Table, TableError, Told, quiet
from gongkai.catalogue.terms import Terms

LENGTHS = {
    "level1": ("一级事项", 200),
    "level2": ("二级事项", 200),
    "limit_words": ("公开时限", 300),
    "subject_words": ("公开主体", 300),
    "audience_words": ("特定群体", 300),
    "plain_words": ("通俗说明", 300),
    "code": ("事项编号", 60),
}
TEXTS = {
    "level1": "level1",
    "level2": "level2",
    "elements": "elements",
    "basis": "basis",
    "subject": "subject_words",
    "plain": "plain_words",
}


class Fault(str):
    """Why a row cannot be taken: the sentence, and its parts. `column` is empty where the whole row is meant."""

    column: str
    why: str
    mend: str

    def __new__(cls, column: str, why: str, mend: str) -> Fault:
        made = super().__new__(cls, f"{why}，{mend}")
        made.column, made.why, made.mend = column, why, mend
        return made


@dataclass(slots=True)
class Row:
    """One item as the table has it. `values`: fields of ItemStandard and `code`; `given`: which of them the table has a column for;
    `cells`: as they stand in the file, with 同上 written out; `part`: which of Read.headers heads it."""

    where: str
    line: int
    values: dict[str, Any]
    given: frozenset[str]
    errors: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    part: int = 0

    @property
    def place(self) -> str:
        return f"{self.where}第 {self.line} 行"

    @property
    def key(self) -> tuple[str, str]:
        return self.values["level1"], self.values["level2"]


@dataclass(slots=True)
class Read:
    """All a file says. `notes`: what was passed over and why, each with its place; `hidden`: (name, lines) of sheets that were not read
    because the workbook hides them; `headers`: the lines that head each table."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hidden: list[tuple[str, int]] = field(default_factory=list)
    headers: list[list[list[str]]] = field(default_factory=list)


def read_rows(tables: list[Table], name: str, terms: Terms, *, hidden: bool = False, told: Told = quiet) -> Read:
    """Hidden sheets only where `hidden` says so. Raises TableError when no table has a header that is understood."""
    result = Read()
    layout: Layout | None = None
    total = sum(len(table.lines) for table in tables)
    for table in tables:
        if table.hidden and not hidden:
            if filled := sum(any(line.cells) for line in table.lines):
                result.hidden.append((table.name, filled))
            continue
        found = find_layout(table.lines, terms)
        if found is not None:
            start, layout = found[0] + found[1].depth, found[1]
            result.headers.append([line.cells for line in table.lines[found[0] : start]])
            _tell(layout, table.name, result)
        elif layout is not None and table.lines and len(table.lines[0].cells) == len(layout.slots):
            start = 0  # the same table goes on, as on the next page of a document
        else:
            if any(any(line.cells) for line in table.lines):
                result.notes.append(f"{table.name}没有认出表头，没有读")
            continue
        if not layout.has("level1"):
            raise TableError(f"“{name}”{table.name}没有“公开事项”或“一级事项”一栏，请补上这一栏再导入")
        _lines(table, start, layout, terms, result, lambda n: told(n, total))
    if layout is None:
        names = "、".join(heading.name for heading in standard().needed)
        concealed = "；隐藏的工作表没有读，要读请先取消隐藏" if result.hidden else ""
        raise TableError(f"“{name}”里没有认出目录表的表头，表头要有{names}等栏{concealed}")
    _twice(result.rows)
    return result


def _tell(layout: Layout, where: str, result: Read) -> None:
    absent = [heading.name for heading in standard().needed if not layout.has(heading.key)]
    if absent:
        result.notes.append(f"{where}没有{'、'.join(absent)}一栏，导入后要逐项补上")
    if layout.strange:
        result.notes.append(f"{where}的“{'”“'.join(label[:20] for label in layout.strange)}”栏不认识，没有读")


def _lines(table: Table, start: int, layout: Layout, terms: Terms, result: Read, told: Callable[[int], None]) -> None:
    above: list[str] = []
    level1 = ""
    for line in table.lines[start:]:
        if not any(line.cells) or layout.repeats(line):
            continue
        if line.single:
            text = next(cell for cell in line.cells if cell)
            result.notes.append(f"{table.name}第 {line.number} 行“{text[:20]}”整行只有一格有字，没有读")
            continue
        cells, errors = _carried(line, above, layout)
        row = _row(table.name, line, cells, layout, terms)
        row.errors[:0] = errors
        row.cells, row.part = cells, len(result.headers) - 1
        if not row.values["level1"]:
            if level1 and row.values["level2"]:
                row.values["level1"] = level1
                row.warnings.append(f"一级事项空着，按上一行的“{level1[:20]}”")
            else:
                row.errors.append(Fault("一级事项", "没有写一级事项", "请补上，或者删去这一行"))
        level1 = row.values["level1"] or level1
        above = cells
        result.rows.append(row)
        if len(result.rows) % EVERY == 0:
            told(len(result.rows))


def _carried(line: Line, above: list[str], layout: Layout) -> tuple[list[str], list[Fault]]:
    """The cells with 同上 replaced by what stands above."""
    cells: list[str] = []
    errors: list[Fault] = []
    for n, text in enumerate(line.cells):
        if text and len(text) < 12 and flat_of(text).strip("。.,") in SAME:
            if n < len(above) and above[n]:
                text = above[n]
            else:
                slot = layout.slots[n] if n < len(layout.slots) else None
                label = slot.label if slot else "这一格"
                errors.append(Fault(label, f"“{label}”写的是“同上”，上面没有内容", "请写明"))
                text = ""
        cells.append(text)
    return cells, errors


def _row(where: str, line: Line, cells: list[str], layout: Layout, terms: Terms) -> Row:
    values: dict[str, Any] = {"level1": "", "level2": "", "code": ""}
    row = Row(where, line.number, values, frozenset())
    ticked: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for n, slot in enumerate(layout.slots):
        if slot is None:
            continue
        text = cells[n] if n < len(cells) else ""
        if slot.codes:
            ticked.setdefault(slot.key, [])
            if is_ticked(text):
                ticked[slot.key].append((slot.codes, text))
        elif slot.key in TEXTS:
            values[TEXTS[slot.key]] = text if slot.key in ("elements", "basis") else text.replace("\n", "")
        else:
            _worded(slot.key, text, row, terms)
    for key, found in ticked.items():
        _ticked(key, found, row)
    row.given = frozenset(values)
    for name, (label, most) in LENGTHS.items():
        if len(values.get(name, "")) > most:
            row.errors.append(Fault(label, f"“{label}”有 {len(values[name])} 个字，超过 {most} 个", "请缩短"))
    return row


def _worded(key: str, text: str, row: Row, terms: Terms) -> None:
    """A column that says in words what others tick."""
    values = row.values
    if key == "code":
        values["code"] = text.replace("\n", "")
    elif key == "limit":
        parsed = parse_limit(text)
        values["limit_words"], values["limit"] = text.replace("\n", ""), parsed.limit
        if parsed.cycle:
            values["cycle"] = values.get("cycle") or parsed.cycle
        if parsed.doubt and text:
            row.warnings.append(parsed.doubt)
    elif key == "cycle":
        code = code_in("cycle", text)
        values["cycle"] = code or values.get("cycle", "")
        if text and not code:
            row.warnings.append(f"更新周期“{text[:20]}”不认识，没有填，可以写{'、'.join(standard().names('cycle').values())}")
    elif key == "channels":
        values["channels"], told = channels_in(text, terms)
        row.warnings += told
    elif key == "audience":
        _audience(text, row)
    elif key == "method":
        values["method"] = code_in("method", text)
        if text and not values["method"]:
            row.warnings.append(f"公开方式“{text[:20]}”不认识，没有填，可以写主动或者依申请公开")
    elif key in ("levels", "links"):
        which = {"levels": "level", "links": "link"}[key]
        values[key], strange = codes_in(which, text)
        if strange:
            row.warnings.append(f"“{'、'.join(strange)[:30]}”不认识，没有填，可以写{'、'.join(standard().names(which).values())}")
    elif key == "stage":
        values["stage"] = code_in("stage", text)
        if text and not values["stage"]:
            row.warnings.append(f"过程“{text[:20]}”不认识，没有填，可以写{'、'.join(standard().names('stage').values())}")


def _audience(text: str, row: Row) -> None:
    code = code_in("audience", text)
    row.values["audience"], row.values["audience_words"] = code, ""
    if text and not code:
        row.values["audience"] = "group"
        row.values["audience_words"] = words_beside(text)
        row.warnings.append(f"公开对象“{text[:20]}”按特定群体保留原文，请确认")


def _ticked(key: str, found: list[tuple[tuple[str, ...], str]], row: Row) -> None:
    """What columns of their own were ticked for one heading."""
    codes = list(dict.fromkeys(code for some, _text in found for code in some))
    values = row.values
    if key == "levels":
        values["levels"] = sorted(codes, key=list(standard().names("level")).index)
    elif key == "links":
        values["links"] = codes
    elif key == "channels":
        words = {some[0]: words_beside(text) for some, text in found}
        values["channels"] = [f"other:{words['other']}"[:200] if code == "other" and words.get("other") else code for code in codes]
    elif key == "audience":
        values["audience"] = "both" if len(codes) > 1 else codes[0] if codes else ""
        values["audience_words"] = "；".join(w for some, text in found if "group" in some and (w := words_beside(text)))
    elif key == "method":
        values["method"] = "both" if len(codes) > 1 else codes[0] if codes else ""
    elif key == "stage":
        values["stage"] = codes[0] if len(codes) == 1 else ""
        if len(codes) > 1:
            row.warnings.append("过程勾选了不止一个，没有填，请选一个")


def _twice(rows: list[Row]) -> None:
    """The same item twice in a file cannot be told apart."""
    first: dict[Any, Row] = {}
    for row in rows:
        keys: list[Any] = [row.key] if row.values["level1"] else []
        if row.values["code"]:
            keys = [row.values["code"]]
        for key in keys:
            if key in first:
                column = "事项编号" if row.values["code"] else "二级事项"
                row.errors.append(Fault(column, f"与{first[key].place}是同一个事项", "请合并成一行，或者把二级事项写得不同"))
            else:
                first[key] = row
