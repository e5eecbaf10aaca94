"""Task tables: grids that the file marks, and tables that survive in plain text only as lines and bars.

A table counts when its header names a task column and somebody who answers, or a time. Forms read: `| a | b |`, one cell a line closed
by a bar, one cell a line, and cells run together without a mark.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.extracted import Grid
from gongkai.reading.units import looks_like_unit

CellSpan = tuple[int, int]

_HEADERS: list[tuple[str, re.Pattern[str]]] = [
    ("serial", re.compile(r"^(?:序号|编号|序|项次|No\.?|任务序号|任务编号)$")),
    ("either", re.compile(r"^(?:配合|协助|参与)(?:单位|部门)?[/、(及和]+责任(?:单位|部门)?\)?$|^责任[/、]配合(?:单位|部门)$")),
    ("all", re.compile(r"^(?:牵头(?:单位|部门)?|主办(?:单位|部门)?)[/、及和(]+(?:责任|配合|协办|参与|参加|协助|落实)(?:单位|部门)?\)?$")),
    ("lead", re.compile(r"^(?:牵头|主办|主责|牵头负责|牵头责任|主要责任|第一责任)(?:单位|部门|科室|处室|股室|领导|人|机构)?(?:及责任人)?$")),
    ("support", re.compile(r"^(?:配合|协办|协助|参与|参加|协同|会办|配合落实)(?:单位|部门|科室|处室|股室|机构)?$")),
    ("responsible", re.compile(r"^(?:责任|负责|落实|承办|实施|完成|执行|责任落实|具体责任|公开责任)(?:单位|部门|科室|处室|股室|人|主体|机构|领导)?(?:\(.{1,12}\))?$|^负责(?:单位|部门)$|^责任(?:分工)$")),
    ("timing", re.compile(r"^(?:完成|办结|落实|整改|推进|计划|工作|实施)?(?:时限|时间|期限|进度|日期)(?:要求|安排|进度|节点|表)?$|^进度安排$|^时间(?:节点|安排|进度)$|^(?:完成|起止)(?:时间|日期)$|^时间节点要求$|^工作进度$")),
    ("channel", re.compile(r"^(?:信息)?(?:公开|发布)(?:及|和)?(?:渠道|载体|平台|方式|途径)(?:和载体)?$|^渠道$")),
    ("task", re.compile(r"^(?:(?:主要|重点|具体|目标|年度|公开)?(?:工作|任务)?(?:任务|内容|举措|措施|事项|要点|目标任务|目标及任务)|工作任务及(?:要求|措施)|任务(?:内容|描述|要求|事项)|具体(?:任务|措施|内容|工作|举措|要求)|工作(?:要求|内容|措施|任务)|任务分解|公开(?:内容|事项|任务)|落实措施|推进措施|改革(?:任务|举措|事项))$")),
    ("group", re.compile(r"^(?:(?:工作|重点|公开|任务)?(?:领域|类别|分类|方面|项目|板块|名称|大类)|类别|项目|一级(?:任务|指标|事项)|二级(?:任务|指标|事项)|工作项目|重点工作|重点任务|工作类别|任务类别|任务名称|阶段|工作阶段|公开类别|主要任务|事项类别|章节)$")),
    ("other", re.compile(r"^(?:备注|说明|依据|政策依据|完成情况|进展(?:情况)?|联系人|电话|得分|分值|责任人|分管领导|工作目标|目标|成果|预期成果|成果形式|考核(?:标准|办法)|单位|数量)$")),
]  # fmt: skip


def column_role(header: str) -> str | None:
    """What a column's heading says it holds; None when it is no heading this genre uses."""
    name = re.sub(r"[\s|:：]", "", header)
    if not 1 <= len(name) <= 16:
        return None
    for role, pattern in _HEADERS:
        if pattern.match(name):
            return role
    return None


@dataclass(slots=True)
class Row:
    """One row under a header: role → spans of the clean text. `group`: headings from rows that only name a group."""

    start: int
    end: int
    cells: dict[str, list[CellSpan]]
    group: list[CellSpan] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """[start, end) of the clean text and the rows in it."""

    start: int
    end: int
    rows: list[Row]


def _header_roles(names: list[str]) -> list[str] | None:
    """Roles of a header row, or None when these are not the headings of a task table."""
    roles = [column_role(n) or "other" for n in names]
    if "task" not in roles and "group" in roles:
        at = len(roles) - 1 - roles[::-1].index("group")
        roles[at] = "task"
    if roles.count("task") > 1:  # 主要任务 | 具体措施: the last and finest is the task, those before group it
        last = len(roles) - 1 - roles[::-1].index("task")
        roles = ["group" if r == "task" and i != last else r for i, r in enumerate(roles)]
    answered = {"lead", "responsible", "support", "either", "all"} & set(roles)
    return roles if "task" in roles and (answered or "timing" in roles) else None


def from_grids(doc: Cleaned, grids: list[Grid]) -> list[Table]:
    """Task tables among the grids of a file. Grid spans count raw characters."""
    tables = []
    for grid in grids:
        rows = [[_clean_span(doc, c.start, c.end) if c else None for c in row] for row in grid.rows]
        table = _read_rows(doc, rows, *_clean_span(doc, grid.start, grid.end))
        if table is not None:
            tables.append(table)
    return tables


def _clean_span(doc: Cleaned, start: int, end: int) -> CellSpan:
    return bisect_left(doc.origin, start), bisect_left(doc.origin, end)


def _words(doc: Cleaned, cell: CellSpan | None) -> str:
    return doc.flat[cell[0] : cell[1]].strip() if cell else ""


def _read_rows(doc: Cleaned, rows: list[list[CellSpan | None]], start: int, end: int) -> Table | None:
    """Rows of cells under the first row that is a header (also one of two lines: 责任单位 over 牵头 | 配合)."""
    roles: list[str] | None = None
    out: list[Row] = []
    group: list[CellSpan] = []
    above: dict[str, list[CellSpan]] = {}
    for i, row in enumerate(rows):
        names = [_words(doc, c) for c in row]
        if roles is None:
            roles = _header_roles(names)
            if roles is None and i + 1 < len(rows) and len(rows[i + 1]) == len(row):
                merged = [_words(doc, b) or a for a, b in zip(names, rows[i + 1], strict=True)]
                if _header_roles(merged) and sum(column_role(n) is not None for n in merged) == len(merged):
                    roles = _header_roles(merged)
            continue
        if _header_roles(names) or not any(names):
            continue  # a header repeated on a new page
        if all(column_role(n) is not None for n in names if n):
            continue
        distinct = {c for c in row if c and _words(doc, c)}
        if len(distinct) == 1:
            group = [next(iter(distinct))]
            above = {}
            continue
        read = _row(doc, row, roles, group, above)
        if read is not None:
            out.append(read)
            above = read.cells
    return Table(start, end, out) if roles and out else None


def _row(doc: Cleaned, row: list[CellSpan | None], roles: list[str], group: list[CellSpan], above: dict[str, list[CellSpan]]) -> Row | None:
    cells: dict[str, list[CellSpan]] = {}
    row = _shift(doc, row, roles)
    for cell, role in zip(row, roles, strict=False):
        if cell is None:
            if role in above and role in ("lead", "responsible", "support", "either", "timing", "group"):
                cells.setdefault(role, []).extend(above[role])
        elif _words(doc, cell) and not (role == "group" and _words(doc, cell).isdigit()):
            cells.setdefault(role, []).append(cell)
    if "task" not in cells or not re.search(r"[\u4e00-\u9fff]", _words(doc, cells["task"][0])):
        return None
    spans = [c for role, cs in cells.items() for c in cs if role not in ("group",)] or cells["task"]
    return Row(min(a for a, _ in spans), max(b for _, b in spans), cells, list(group))


def _shift(doc: Cleaned, row: list[CellSpan | None], roles: list[str]) -> list[CellSpan | None]:
    """A scraped row whose first cells were spanned from above stands too far left and ends in blanks: units under the task's heading."""
    words = [_words(doc, c) for c in row]
    blanks = next((i for i, w in enumerate(reversed(words)) if w), len(words))
    if not 0 < blanks < len(row) or len(row) != len(roles):
        return row
    task = roles.index("task")
    if task < blanks or not words[task] or _kind(words[task]) not in ("units", "timing"):
        return row
    return [*[None] * blanks, *row[: len(row) - blanks]]


_BAR_LINE = re.compile(r"^[ ]*\|?[^|\n]*(?:\|[^|\n]*){2,}\|?[ ]*$", re.M)
_HEADER_WORD = re.compile(
    "序号|编号|工作领域|工作任务|重点任务|主要任务|任务内容|具体任务|工作内容|具体措施|工作措施|重点工作|任务|牵头单位|牵头部门|牵头科室|主办单位|责任单位|责任部门|责任科室|负责单位|配合/责任单位|配合单位|配合部门|协办单位|参与单位|"
    "完成时限|时间进度|完成时间|时间要求|时间节点|进度安排|时限要求|时限|备注"
)


def from_text(doc: Cleaned) -> list[Table]:
    """Task tables that plain text still shows."""
    flat = doc.flat
    if _HEADER_WORD.search(flat) is None:
        return []
    tables: list[Table] = []
    if "|" in flat:
        tables += _barred_lines(doc)
        tables += _cells_closed_by_bars(doc, tables)
    if not tables:
        tables += _cells_on_lines(doc)
    return tables


def _split_bars(doc: Cleaned, start: int, end: int) -> list[CellSpan | None]:
    a, b = start, end
    while a < b and doc.flat[a] == " ":
        a += 1
    while b > a and doc.flat[b - 1] == " ":
        b -= 1
    if doc.flat[a] == "|":
        a += 1
    if doc.flat[b - 1] == "|" and b > a:
        b -= 1
    cells: list[CellSpan | None] = []
    at = a
    for i in range(a, b + 1):
        if i == b or doc.flat[i] == "|":
            cells.append((at, i))
            at = i + 1
    return cells


def _barred_lines(doc: Cleaned) -> list[Table]:
    """`| a | b | c |`, one row a line."""
    runs: list[list[tuple[int, int]]] = []
    for match in _BAR_LINE.finditer(doc.flat):
        if set(match.group()) <= set("|-+: ="):
            continue
        gap = doc.flat[runs[-1][-1][1] : match.start()] if runs else ""
        if runs and not re.sub(r"[|\-+:=\s]", "", gap):
            runs[-1].append(match.span())
        else:
            runs.append([match.span()])
    tables = []
    for run in runs:
        if len(run) >= 2:
            rows = [_split_bars(doc, a, b) for a, b in run]
            width = max(len(r) for r in rows)
            table = _read_rows(doc, [r + [None] * (width - len(r)) for r in rows], run[0][0], run[-1][1])
            if table:
                tables.append(table)
    return tables


def _cells_closed_by_bars(doc: Cleaned, known: list[Table]) -> list[Table]:
    """One cell a line, each closed by a bar; the header's length is the width of the table."""
    flat = doc.flat
    bars = [m.start() for m in re.finditer(r"\|", flat) if not any(t.start <= m.start() < t.end for t in known)]
    tables: list[Table] = []
    i = 0
    while i < len(bars):
        names: list[CellSpan] = []
        at = flat.rfind("\n", 0, bars[i]) + 1
        if not flat[at : bars[i]].strip() and at > 0:  # the bar stands on a line of its own, below its cell
            at = flat.rfind("\n", 0, at - 1) + 1
        j = i
        while j < len(bars) and column_role(flat[at : bars[j]]) is not None:
            names.append((at, bars[j]))
            at = bars[j] + 1
            j += 1
        if len(names) < 3 or _header_roles([flat[a:b] for a, b in names]) is None:
            i = max(j, i + 1)
            continue
        width, start = len(names), names[0][0]
        cells: list[CellSpan] = []
        while j < len(bars) and bars[j] - at < 8000:
            between = flat[at : bars[j]]
            if len(cells) % width == 0 and re.search(r"\n\s*[一二三四五六七八九十]+、[^\n]{2,30}\n", between):
                break
            cells.append((at, bars[j]))
            at = bars[j] + 1
            j += 1
        rows: list[list[CellSpan | None]] = [list(names), *_rows_of(doc, cells, width)]
        end = cells[-1][1] + 1 if cells else at
        table = _read_rows(doc, rows, start, end)
        if table:
            tables.append(table)
        i = max(j, i + 1)
    return tables


def _rows_of(doc: Cleaned, cells: list[CellSpan], width: int) -> list[list[CellSpan | None]]:
    """Cells in a row of the header's width; with running numbers, a row begins at its number and what stands before it alone is a group."""
    serials = [k for k, c in enumerate(cells) if re.fullmatch(r"[0-9]{1,3}", _words(doc, c))]
    numbered = [k for n, k in enumerate(serials) if int(_words(doc, cells[k])) == n + 1]
    if len(numbered) < 2 or len(numbered) != len(serials):
        return [list(cells[k : k + width]) for k in range(0, len(cells) - width + 1, width)]
    rows: list[list[CellSpan | None]] = [[c, *[None] * (width - 1)] for c in cells[: numbered[0]] if _words(doc, c)]
    for k, following in zip(numbered, [*numbered[1:], len(cells)], strict=True):
        row = list(cells[k:following])
        rows.append([*row[:width], *[None] * (width - len(row))])
        rows += [[c, *[None] * (width - 1)] for c in row[width:] if _words(doc, c)]
    return rows


_DATE_CELL = re.compile(
    r"^(?:(?:20[0-9]{2}年)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:上旬|中旬|下旬|底|末|年底|年内)?(?:以?前|之前)?(?:完成)?|长期(?:坚持)?|持续推进|全年|每[年月季周].{0,6}|按.{0,10}要求|年底前|年内|第?[一二三四]季度.{0,3}|即时|及时)$"
)


_ROLE_WORDS = re.compile(r"(?:按照?(?:各自)?职责(?:分工)?)?(?:分别|共同|具体)?(?:牵头|配合|负责|参与|落实)+(?=[、,;。\s]|$)|会同|。$")


def _kind(cell: str) -> str:
    """What a loose cell looks like: serial, timing, units or task."""
    value = cell.strip()
    if re.fullmatch(r"[0-9]{1,3}[.、]?", value):
        return "serial"
    if value and _DATE_CELL.match(value.replace(" ", "")):
        return "timing"
    names = [n for n in re.split(r"[、,;\s]+", _ROLE_WORDS.sub("", value)) if n]
    if names and len(value) <= 300 and all(looks_like_unit(re.sub("等$", "", n)) for n in names):
        return "units"
    return "task"


def _cells_on_lines(doc: Cleaned) -> list[Table]:
    """One cell a line without any mark, or a whole row a line without a mark: cells are told apart by what they look like."""
    flat = doc.flat
    spans: list[CellSpan] = []
    at = 0
    for line in flat.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    tables: list[Table] = []
    i = 0
    while i < len(spans):
        names = _header_on_one_line(flat[spans[i][0] : spans[i][1]])
        if names is not None:
            table, i = _glued_rows(doc, spans, i, names)
        else:
            j = i
            while j < len(spans) and column_role(flat[spans[j][0] : spans[j][1]]) is not None:
                j += 1
            roles = _header_roles([flat[a:b] for a, b in spans[i:j]]) if j - i >= 3 else None
            if roles is None:
                i += 1
                continue
            table, i = _loose_cells(doc, spans, i, j, roles)
        if table:
            tables.append(table)
    return tables


def _loose_cells(doc: Cleaned, spans: list[CellSpan], start: int, at: int, roles: list[str]) -> tuple[Table | None, int]:
    """Cells one a line. A row begins at its serial number, or where a task follows what cannot precede it."""
    flat = doc.flat
    rows: list[list[CellSpan]] = []
    current: list[CellSpan] = []
    serial = "serial" in roles
    i = at
    while i < len(spans):
        value = flat[spans[i][0] : spans[i][1]].strip()
        if (
            value
            and re.match(r"^[一二三四五六七八九十]+、", value)
            and "。" not in value
            and len(value) < 40
            and current
            and serial
            and i + 1 < len(spans)
        ):
            following = next((flat[a:b].strip() for a, b in spans[i + 1 : i + 4] if flat[a:b].strip()), "")
            if _kind(following) != "serial":
                break
        kind = _kind(value) if value else "blank"
        if kind == "serial" if serial else (kind == "task" and any(_kind(flat[a:b].strip()) in ("units", "timing") for a, b in current)):
            if current:
                rows.append(current)
            current = []
        current.append(spans[i])
        i += 1
    if current:
        rows.append(current)
    out, above = [], {}
    for row in rows:
        read = _typed_row(doc, row, roles, above)
        if read:
            out.append(read)
            above = read.cells
    return (Table(spans[start][0], out[-1].end, out), i) if out else (None, at)


def _typed_row(doc: Cleaned, cells: list[CellSpan], roles: list[str], above: dict[str, list[CellSpan]]) -> Row | None:
    """Cells of one row to columns: by place when none is missing, by kind otherwise."""
    if len(cells) == len(roles):
        return _row(doc, list(cells), roles, [], above)
    filled = [c for c in cells if doc.flat[c[0] : c[1]].strip()]
    given: dict[str, list[CellSpan]] = {}
    unit_roles = [r for r in roles if r in ("lead", "responsible", "support", "either", "all")]
    tasks = [c for c in filled if _kind(doc.flat[c[0] : c[1]]) == "task"]
    if not tasks:
        return None
    for cell in filled:
        kind = _kind(doc.flat[cell[0] : cell[1]])
        if kind == "timing" and "timing" in roles:
            given.setdefault("timing", []).append(cell)
        elif kind == "units" and unit_roles:
            given.setdefault(unit_roles.pop(0), []).append(cell)
        elif kind == "task":
            given.setdefault("group" if cell is not tasks[-1] and "group" in roles else "task", []).append(cell)
    if "task" in given:
        first, last = given["task"][0], given["task"][-1]
        given["task"] = [(first[0], last[1])]
    for role in ("lead", "responsible", "either", "timing", "group"):
        if role not in given and role in roles and role in above:
            given[role] = above[role]
    used = [c for cs in given.values() for c in cs if c[0] >= cells[0][0]]
    return Row(min(a for a, _ in used), max(b for _, b in used), given) if "task" in given else None


def _header_on_one_line(line: str) -> list[str] | None:
    """序号重点任务牵头单位配合/责任单位完成时限, with or without spaces, and nothing else."""
    text = line.strip()
    if not 8 <= len(text) <= 60 or "|" in text:
        return None
    names, at = [], 0
    while at < len(text):
        if text[at] in " ,、":
            at += 1
            continue
        match = _HEADER_WORD.match(text, at)
        if match is None:
            return None
        names.append(match.group())
        at = match.end()
    return names if len(names) >= 3 and _header_roles(names) else None


_LINE_END_DATE = re.compile(
    r"(?:(?:20[0-9]{2}年)(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:底|末|上旬|中旬|下旬)?(?:以?前)?(?:完成)?|[0-9]{1,2}月(?:底|末|[0-9]{1,2}日)?(?:以?前)?|年底前|年内|长期(?:坚持)?|持续推进|全年)$"
)
_GLUED_UNITS = re.compile(r"(?:(?<=[。;)\"])|(?<=[\u4e00-\u9fff]))(?P<units>(?:[^、。;,\s]{2,20}、)*[^、。;,\s]{2,20})$")


def _glued_rows(doc: Cleaned, spans: list[CellSpan], at: int, names: list[str]) -> tuple[Table | None, int]:
    """Rows whose cells run together: number, task up to its full stop, units, date."""
    flat = doc.flat
    roles = _header_roles(names) or []
    out: list[Row] = []
    above: dict[str, list[CellSpan]] = {}
    group: list[CellSpan] = []
    i = at + 1
    while i < len(spans):
        a, b = spans[i]
        while b > a and flat[b - 1] == " ":
            b -= 1
        while a < b and flat[a] == " ":
            a += 1
        if a == b:
            i += 1
            continue
        serial = re.match(r"[0-9]{1,3}[.、 ]?", flat[a:b])
        if serial is None:
            if re.match(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))", flat[a:b]) and b - a < 40:
                following = next((flat[x:y].strip() for x, y in spans[i + 1 : i + 3] if flat[x:y].strip()), "")
                if not re.match(r"[0-9]{1,3}", following):
                    break
                group = [(a, b)]
                i += 1
                continue
            break
        row = _glued_row(doc, a + serial.end(), b, roles, above)
        if row is None:
            break
        row.group = list(group)
        out.append(row)
        above = row.cells
        i += 1
    return (Table(spans[at][0], out[-1].end, out), i) if out else (None, at + 1)


def _glued_row(doc: Cleaned, start: int, end: int, roles: list[str], above: dict[str, list[CellSpan]]) -> Row | None:
    flat, stop = doc.flat, end
    cells: dict[str, list[CellSpan]] = {}
    if "timing" in roles and (date := _LINE_END_DATE.search(flat[start:end])):
        cells["timing"] = [(start + date.start(), end)]
        stop = start + date.start()
    full_stop = max(flat.rfind("。", start, stop), flat.rfind(";", start, stop))
    units_at = full_stop + 1 if full_stop > start else -1
    if units_at < 0:
        match = re.search(
            r"(?<=[\u4e00-\u9fff\"])(?=(?:市|省|区|县|州|旗|各|国家)[^、。,]{1,14}(?:局|委|办|厅|部|会|院|中心|政府|单位|部门)(?:、|$|(?=市|省|区|县|各)))",
            flat[start:stop],
        )
        units_at = start + match.start() if match else stop
    cells["task"] = [(start, units_at)]
    parts = _unit_columns(flat, units_at, stop)
    unit_roles = [r for r in roles if r in ("lead", "responsible", "support", "either", "all")]
    for role, part in zip(unit_roles, parts, strict=False):
        cells[role] = [part]
    for role in ("lead", "responsible", "either", "timing"):
        if role in roles and role not in cells and role in above and not (role != "timing" and parts):
            cells[role] = above[role]
    return Row(start, end, cells) if flat[start:units_at].strip() else None


def _unit_columns(flat: str, start: int, end: int) -> list[CellSpan]:
    """市发改委市财政局、市商务局 is two columns: a name's end meets the next name's rank without a mark."""
    if not flat[start:end].strip():
        return []
    cut = re.compile(
        r"(?<=[局委办厅部会院心府司位门])(?=(?:市|省|区|县|州|旗|各|国家|自治区)[^、,]{1,16}(?:局|委|办|厅|部|会|院|中心|政府|单位|部门|公司))"
    )
    points = [start, *(start + m.start() for m in cut.finditer(flat[start:end])), end]
    return [(a, b) for a, b in zip(points, points[1:], strict=False) if flat[a:b].strip()]
