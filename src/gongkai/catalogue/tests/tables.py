"""Tables as counties hand them in, made by the tests (mission/regulations.md §4): xlsx, docx, html; merged cells, two header rows."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
from openpyxl import Workbook

TOP = ["序号", "公开事项", None, "公开内容\n（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体"]
TOP += ["公开对象", None, "公开方式", None, "公开层级", None]
SUB = [None, "一级事项", "二级事项", None, None, None, None, None, "全社会", "特定群体", "主动", "依申请公开", "县级", "乡、村级"]
MERGED = ["A{0}:A{1}", "B{0}:C{0}", "D{0}:D{1}", "E{0}:E{1}", "F{0}:F{1}", "G{0}:G{1}", "H{0}:H{1}", "I{0}:J{0}", "K{0}:L{0}", "M{0}:N{0}"]
CHANNELS = "■政府网站 □政府公报\n■两微一端 □发布会/听证会\n□广播电视 □纸质媒体\n■公开查阅点 □政务服务中心\n□便民服务站 □入户/现场\n"
CHANNELS += "■社区/企事业单位/村公示栏（电子屏）\n□精准推送 □其他____"
LIMIT = "信息形成或者变更之日起20个工作日内"
BASIS = "《中华人民共和国政府信息公开条例》（国令第711号）"


def row(n: int, level1: str | None, level2: str, **cells: str | None) -> list[str | int | None]:
    """A complete row of the standard table; `cells` replaces some by name."""
    values: dict[str, str | int | None] = {
        "n": n,
        "level1": level1,
        "level2": level2,
        "elements": "名称、依据、结果",
        "basis": BASIS,
        "limit": LIMIT,
        "subject": "市财政局",
        "channels": CHANNELS,
        "public": "√",
        "group": None,
        "proactive": "√",
        "on_request": None,
        "county": "√",
        "lower": None,
    }
    return list((values | cells).values())


def book(rows: Sequence[Sequence[object]], title: str = "清河市市政服务领域基层政务公开标准目录", merge: Sequence[str] = ()) -> bytes:
    """An xlsx with a title, the two header rows merged as printed, and the rows; `merge`: further ranges."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "市政服务"
    sheet.append([title])
    sheet.merge_cells("A1:N1")
    sheet.append(TOP)
    sheet.append(SUB)
    for area in MERGED:
        sheet.merge_cells(area.format(2, 3))
    for one in rows:
        sheet.append(list(one))
    for area in merge:
        sheet.merge_cells(area)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def plain_book(*sheets: Sequence[Sequence[object]]) -> bytes:
    """Rows as they are, a sheet for each list."""
    workbook = Workbook()
    assert workbook.active is not None
    workbook.remove(workbook.active)
    for n, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"表{n}")
        for one in rows:
            sheet.append(list(one))
    return saved(workbook)


def document(*tables: Sequence[Sequence[object]], header: bool = True) -> bytes:
    """A docx whose tables have the two header rows, level 1 merged downwards where it is None."""
    made = docx.Document()
    made.add_paragraph("清河市养老服务领域基层政务公开标准目录")
    for rows in tables:
        head = [TOP, SUB] if header else []
        table = made.add_table(rows=len(head) + len(rows), cols=len(TOP))
        for r, one in enumerate([*head, *rows]):
            for c, text in enumerate(one):
                if text is not None:
                    table.cell(r, c).text = str(text)
        if header:
            for c in (0, 3, 4, 5, 6, 7):
                table.cell(0, c).merge(table.cell(1, c))
            for c in (1, 8, 10, 12):
                table.cell(0, c).merge(table.cell(0, c + 1))
        for r, one in enumerate(rows, len(head)):
            if one[1] is None:
                table.cell(r - 1, 1).merge(table.cell(r, 1))
        made.add_paragraph("注：本目录自发布之日起施行。")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def page(rows: Sequence[Sequence[object]]) -> bytes:
    """An html page with the table: rowspan and colspan in the header, the first level spanning its rows."""
    spans = {0: ' rowspan="2"', 3: ' rowspan="2"', 4: ' rowspan="2"', 5: ' rowspan="2"', 6: ' rowspan="2"', 7: ' rowspan="2"'}
    head = "".join(f"<th{spans.get(c, ' colspan=2')}>{text}</th>" for c, text in enumerate(TOP) if text)
    sub = "".join(f"<th>{text}</th>" for text in SUB if text)
    body = []
    for r, one in enumerate(rows):
        cells = []
        for c, text in enumerate(one):
            if c == 1:
                if text is None:
                    continue
                below = 1
                while r + below < len(rows) and rows[r + below][1] is None:
                    below += 1
                cells.append(f'<td rowspan="{below}">{text}</td>')
            else:
                cells.append(f"<td>{str(text or '').replace(chr(10), '<br>')}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    table = f"<table><tr>{head}</tr><tr>{sub}</tr>{''.join(body)}</table>"
    return f"<!doctype html><html><head><meta charset='utf-8'><title>目录</title></head><body><h1>目录</h1>{table}</body></html>".encode()
