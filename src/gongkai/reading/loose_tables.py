"""Tables without any mark between cells: one cell a line, a row a line, or everything run together. Cells are told apart by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.reading.cleaning import Cleaned
from gongkai.reading.columns import UNIT_ROLES, align, column_role, header_roles, kind_of
from gongkai.reading.tables import CellSpan, Placed, Row, Table, make_row, words

_HEADER_WORDS = (
    "序号|编号|工作领域|工作任务|重点任务|主要任务|任务内容|任务分类|任务类别|任务名称|具体任务|工作内容|具体措施|具体举措|工作措施|工作要求|具体要求|工作事项|重点工作任务|重点工作|主要工作|公开内容|公开事项|改革任务|"
    "改革举措|工作举措|主要措施|措施内容|目标任务|任务|项目|类别|内容|牵头单位|牵头部门|牵头科室|主办单位|主办部门|责任单位|责任部门|责任科室|责任主体|责任分工|负责单位|负责部门|承办单位|落实单位|配合/责任单位|"
    "责任/配合单位|配合单位|配合部门|配合科室|协办单位|参与单位|参加单位|完成时限|完成时间|完成期限|时间进度|时间要求|时间节点|时间安排|进度安排|进度要求|时限要求|办结时限|时限|时间|牵头领导|责任领导|分管领导|责任人|备注"
)
_HEADER_WORD = re.compile(f"(?:{_HEADER_WORDS})")
_HEADER_RUN = re.compile(f"(?:(?:{_HEADER_WORDS})[ ,、]*){{3,9}}")
_GROUP_LINE = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))")


def cells_on_lines(doc: Cleaned) -> list[Table]:
    """One cell a line without any mark, or a whole row a line, or a whole table in one line."""
    spans: list[CellSpan] = []
    at = 0
    for line in doc.flat.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    tables: list[Table] = []
    i = 0
    while i < len(spans):
        a, b = spans[i]
        header = _header_run(doc.flat, a, b)
        if header is not None:
            table, i = _run_together(doc, spans, i, *header)
        else:
            j = i
            while j < len(spans) and column_role(doc.flat[spans[j][0] : spans[j][1]]) is not None:
                j += 1
            roles = header_roles([doc.flat[x:y] for x, y in spans[i:j]]) if j - i >= 3 else None
            if roles is None:
                i = max(i + 1, j)
                continue
            table, i = _loose_cells(doc, spans, i, j, roles)
        if table:
            tables.append(table)
    return tables


_HEADER_LINE = 80
_SERIAL_SIGN = re.compile("序|编号|项次|No")


def _header_run(flat: str, start: int, end: int) -> tuple[int, list[str], int] | None:
    """序号重点任务牵头单位配合/责任单位完成时限, with or without blanks: (end, roles, number of headings).

    It fills its line, or a row with the number 1 follows it.
    """
    if end - start > _HEADER_LINE and _SERIAL_SIGN.search(flat, start, end) is None:
        return None  # in a longer line only a heading for running numbers can open a table
    for match in _HEADER_RUN.finditer(flat, start, end):
        names = _HEADER_WORD.findall(match.group())
        roles = header_roles(names)
        rest = flat[match.end() : end].strip()
        if roles and (not rest and not flat[start : match.start()].strip() or ("serial" in roles and re.match(r"1(?![0-9])", rest))):
            return match.end(), roles, match.start()
    return None


# -- one cell a line ------------------------------------------------------------------------------------------------


def _loose_cells(doc: Cleaned, spans: list[CellSpan], start: int, at: int, roles: list[str]) -> tuple[Table | None, int]:
    """Cells one a line. A row begins at its serial number, or where a task follows what cannot precede it."""
    flat = doc.flat
    rows: list[tuple[list[CellSpan], list[CellSpan]]] = []
    current: list[CellSpan] = []
    group: list[CellSpan] = []
    serial = "serial" in roles
    seen_units = False
    i = at
    while i < len(spans):
        value = flat[spans[i][0] : spans[i][1]].strip()
        kind = kind_of(value)
        if _GROUP_LINE.match(value) and "。" not in value and len(value) < 40 and i + 1 < len(spans):
            following = next((kind_of(flat[a:b].strip()) for a, b in spans[i + 1 : i + 4] if flat[a:b].strip()), "")
            if following == "serial" if serial else (following == "task" and "group" not in roles):
                rows.append((current, group))
                current, seen_units, group = [], False, [spans[i]]
                i += 1
                continue
            if current and serial:
                break
        if kind == "serial" if serial else (kind == "task" and seen_units):
            rows.append((current, group))
            current, seen_units = [], False
        seen_units = seen_units or kind in ("units", "timing")
        current.append(spans[i])
        i += 1
    rows.append((current, group))
    out: list[Row] = []
    for cells, heading in rows:
        read = _typed_row(doc, cells, roles, out[-1].placed if out else []) if cells else None
        if read:
            read.group = heading
            out.append(read)
    return (Table(spans[start][0], out[-1].end, out), i) if out else (None, at)


def _typed_row(doc: Cleaned, cells: list[CellSpan], roles: list[str], above: Placed) -> Row | None:
    """Cells of one row to columns: by place when none is missing, by kind otherwise; lines of one cell are put together again."""
    if len(cells) == len(roles):
        return make_row(doc, list(cells), roles, [], above)
    merged = _put_together(doc, [c for c in cells if words(doc, c)], roles)
    places = align([words(doc, c) for c in merged], roles)
    if places is None:
        return None
    placed: Placed = [merged[k] if k is not None else None for k in places]
    task = placed[roles.index("task")]
    return make_row(doc, placed, roles, [], above) if task and kind_of(words(doc, task)) in ("task", "units") else None


def _put_together(doc: Cleaned, cells: list[CellSpan], roles: list[str]) -> list[CellSpan]:
    """Neighbouring lines that look alike and have no column of their own are one cell: a task of two paragraphs, units one a line."""
    room = {
        "task": sum(r in ("task", "group", "other") for r in roles),
        "units": sum(r in UNIT_ROLES for r in roles),
        "timing": roles.count("timing"),
    }
    out: list[CellSpan] = []
    for cell in cells:
        kind = kind_of(words(doc, cell))
        same = [c for c in out if kind_of(words(doc, c)) == kind]
        if out and kind in room and same and same[-1] is out[-1] and len(same) >= max(room[kind], 1):
            out[-1] = (out[-1][0], cell[1])
        else:
            out.append(cell)
    return out


# -- a row a line, or all in one line -------------------------------------------------------------------------------

_LINE_END_DATE = re.compile(
    r"(?:(?:20[0-9]{2}年)(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:第?[一二三四]季度|[上下]半年)?(?:底|末|上旬|中旬|下旬)?(?:以?前|内)?(?:完成)?|[0-9]{1,2}月(?:底|末|[0-9]{1,2}日)?(?:以?前)?(?:完成)?|(?<![0-9])20[0-9]{2}[./-][0-9]{1,2}|"
    r"年底前?|年内|长期(?:坚持|推进|任务)?|(?:持续|常年)(?:推进|实施|开展|坚持)?|全年|每[年月季周]度?|第?[一二三四]季度|按(?:时|照?[^。、,]{0,8}要求)(?:完成)?|及时|适时|即时)$"
)


def _run_together(doc: Cleaned, spans: list[CellSpan], at: int, end: int, roles: list[str], begin: int) -> tuple[Table | None, int]:
    """Rows after a header whose headings run together."""
    flat = doc.flat
    rest = spans[at][1]
    if flat[end:rest].strip():
        rows: Iterator[tuple[int, int]] = _cut_at_numbers(flat, end, rest)
        out = _read_glued(doc, ((a, b, None) for a, b in rows), roles)
        return (Table(begin, out[-1].end, out), at + 1) if out else (None, at + 1)
    gathered: list[tuple[int, int, CellSpan | None]] = []
    group: CellSpan | None = None
    i = at + 1
    while i < len(spans):
        a, b = _trim(flat, *spans[i])
        if a == b:
            i += 1
            continue
        if "serial" in roles and not re.match(r"[0-9]{1,3}", flat[a:b]):
            if not (_GROUP_LINE.match(flat[a:b]) and b - a < 40):
                break
            following = next((flat[x:y].strip() for x, y in spans[i + 1 : i + 3] if flat[x:y].strip()), "")
            if not re.match(r"[0-9]{1,3}", following):
                break
            group = (a, b)
        elif "serial" not in roles and len(_by_blanks(flat, a, b)) < 3:
            following = next((flat[x:y] for x, y in spans[i + 1 : i + 3] if flat[x:y].strip()), "")
            if not (_GROUP_LINE.match(flat[a:b]) and b - a < 40 and len(following.split()) >= 3):
                break
            group = (a, b)
        else:
            gathered.append((a, b, group))
        i += 1
    out = _read_glued(doc, iter(gathered), roles)
    return (Table(spans[at][0], out[-1].end, out), i) if out else (None, at + 1)


def _trim(flat: str, a: int, b: int) -> CellSpan:
    while b > a and flat[b - 1] == " ":
        b -= 1
    while a < b and flat[a] == " ":
        a += 1
    return a, b


_ROW_ENDS = r"(?<=[局委办厅部会院心府司位门处科室队区县镇前底进持成月日年期施求度时。;)\s])"
_ROW_BEGINS = r"(?=[.、 ]?[\u4e00-\u9fff\"<《(])(?!(?:年|月|日|个|项|次|家|万|亿|名|人|类|级|天|小时))"
"""A row's number stands after a unit, a date or a stop, and a task begins after it, not a measure word."""


def _cut_at_numbers(flat: str, start: int, end: int) -> Iterator[CellSpan]:
    """Rows of a table that stands in one line: each begins at the next number."""
    at, n = flat.find("1", start, end), 1
    while at >= 0:
        following = re.compile(f"{_ROW_ENDS}{n + 1}{_ROW_BEGINS}").search(flat, at + 1, end)
        stop = following.start() if following else end
        yield _trim(flat, at, stop)
        at, n = (following.start(), n + 1) if following else (-1, n)


def _read_glued(doc: Cleaned, rows: Iterator[tuple[int, int, CellSpan | None]], roles: list[str]) -> list[Row]:
    out: list[Row] = []
    columns = [r for r in roles if r != "serial"]
    for a, b, group in rows:
        serial = re.match(r"[0-9]{1,3}[.、 ]?" if "serial" in roles else "[0-9]{1,3} +", doc.flat[a:b])
        start = a + serial.end() if serial else a
        above = out[-1].placed if out else []
        row = _blank_row(doc, start, b, columns, above) or _glued_row(doc, start, b, columns, above)
        if row is None:
            break
        row.group = [group] if group else []
        out.append(row)
    return out


def _by_blanks(flat: str, start: int, end: int) -> list[CellSpan]:
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", flat[start:end])]


def _blank_row(doc: Cleaned, start: int, end: int, columns: list[str], above: Placed) -> Row | None:
    """A row whose cells stand apart by blanks; two blanks together are an empty cell where that makes the row complete."""
    single = [(start + m.start(), start + m.end()) for m in re.finditer(r"(?<= )[^ ]*|^[^ ]*", doc.flat[start:end])]
    cells = single if len(single) == len(columns) else _by_blanks(doc.flat, start, end)
    if len(cells) < 2 or kind_of(words(doc, cells[-1])) == "task" and columns[-1] not in ("other", "task", "channel"):
        return None
    if not any(kind_of(words(doc, c)) == "units" for c in cells):
        return None
    if len(cells) != len(columns):
        cells = _put_together(doc, cells, columns)
    return _typed_row(doc, cells, columns, above) if len(cells) <= len(columns) else None


_UNITS_BEGIN = re.compile(
    r"(?<=[\u4e00-\u9fff\"])(?=(?:市|省|区|县|州|旗|各|国家)[^、。,]{1,14}(?:局|委|办|厅|部|会|院|中心|政府|单位|部门)(?:、|$|(?=市|省|区|县|各)))"
)


def _glued_row(doc: Cleaned, start: int, end: int, columns: list[str], above: Placed) -> Row | None:
    """A row whose cells run together: the task ends at its last full stop, the date stands at the end, units between."""
    flat, stop = doc.flat, end
    placed: Placed = [None] * len(columns)
    if "timing" in columns and (date := _LINE_END_DATE.search(flat[start:end])):
        placed[columns.index("timing")] = (start + date.start(), end)
        stop = start + date.start()
    full_stop = max(flat.rfind("。", start, stop), flat.rfind(";", start, stop))
    units_at = full_stop + 1
    if full_stop <= start:
        begin = _UNITS_BEGIN.search(flat[start:stop])
        units_at = start + begin.start() if begin else stop
    if not flat[start:units_at].strip():
        return None
    placed[columns.index("task")] = (start, units_at)
    parts = _unit_columns(flat, units_at, stop)
    places = [j for j, r in enumerate(columns) if r in UNIT_ROLES]
    for j, part in zip(places, parts, strict=False):
        placed[j] = part
    if parts and any(flat[c : c + 1] == " " for c in (units_at, stop - 1)):  # an empty cell leaves a blank, a spanned one nothing
        above = [None if j in places else c for j, c in enumerate(above)]
    return make_row(doc, placed, columns, [], above)


_COLUMN_CUT = re.compile(
    r"(?<=[局委办厅部会院心府司位门处科室队])(?=(?:市|省|区|县|州|旗|各|国家|自治区|有关|相关)[^、,]{1,16}(?:局|委|办|厅|部|会|院|中心|政府|单位|部门|公司|处|街道|乡镇))"
)


def _unit_columns(flat: str, start: int, end: int) -> list[CellSpan]:
    """市发改委市财政局、市商务局 is two columns: a name's end meets the next name's rank without a mark."""
    if not flat[start:end].strip():
        return []
    points = [start, *(start + m.start() for m in _COLUMN_CUT.finditer(flat[start:end])), end]
    return [(a, b) for a, b in zip(points, points[1:], strict=False) if flat[a:b].strip()]
