"""A report as html: six headings, their text, the three tables. Every number names its headings (headers), so that it can be heard."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from gongkai.formats.annual_report.checking import NUMERALS
from gongkai.formats.annual_report.layout import TableName
from gongkai.formats.annual_report.model import Report
from gongkai.formats.annual_report.printing import TABLE_SECTIONS, Printed, PrintedTable, printed

Link = Callable[[TableName, str, str], str | None]
"""(table, row, column) → the address that shows what the cell counts, or None."""
_STYLE = (
    "body{font-family:serif;line-height:1.8;max-width:60rem;margin:auto;padding:1rem}h1{text-align:center}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.3rem;font-weight:normal;text-align:center}"
    ".scroll{overflow-x:auto}"
    ".mark{position:fixed;top:35%;left:0;right:0;margin:0;text-align:center;font-size:8rem;color:#7773;transform:rotate(-30deg);"
    "pointer-events:none}"
)


def title(report: Report) -> str:
    """“清川市水利局2023年政府信息公开工作年度报告”."""
    return f"{report.agency}{report.year or ''}{'年' if report.year else ''}政府信息公开工作年度报告"


def page(report: Report, mark: str = "") -> str:
    """A whole document that needs nothing beside it. `mark` (草稿) lies across it where it is given."""
    words = escape(title(report))
    mark = f'<p class="mark">{escape(mark)}</p>\n' if mark else ""
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{words}</title><style>{_STYLE}</style></head>\n<body>\n<main>\n{mark}<h1>{words}</h1>\n{body(report)}</main>\n</body>\n</html>\n"
    )


def body(report: Report, link: Link | None = None, heading: int = 2) -> str:
    """The six sections with headings of level `heading`, to stand in a page that has its own title."""
    parts = []
    for at, words in enumerate(report.form.sections):
        key = str(at + 1)
        parts.append(f"<h{heading}>{NUMERALS[at]}、{escape(words)}</h{heading}>\n")
        parts += [f"<p>{escape(line)}</p>\n" for line in report.sections.get(key, "").split("\n") if line.strip()]
        if key in TABLE_SECTIONS and report.table(TABLE_SECTIONS[key]):
            parts.append(table(report, TABLE_SECTIONS[key], link))
    return "".join(parts)


def table(report: Report, name: TableName, link: Link | None = None) -> str:
    """One table in a box that scrolls sideways and can be reached by keyboard."""
    made = printed(report, name)
    rows = [_row(row, made, link) for row in made.rows]
    head = f"<thead>\n{''.join(rows[: made.head])}</thead>\n" if made.head else ""
    label = escape(made.caption, quote=True)
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">\n<table>\n<caption>{label}</caption>\n'
        f"{head}<tbody>\n{''.join(rows[made.head :])}</tbody>\n</table>\n</div>\n"
    )


def _row(row: list[Printed], made: PrintedTable, link: Link | None) -> str:
    return "<tr>" + "".join(_cell(cell, made.name, link) for cell in row) + "</tr>\n"


def _cell(cell: Printed, name: TableName, link: Link | None) -> str:
    spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (f' colspan="{cell.columns}"' if cell.columns > 1 else "")
    words = escape(cell.text)
    if cell.place is None:
        return f'<th id="{cell.id}"{spans}>{words}</th>'
    address = link(name, *cell.place) if link else None
    if address:
        words = f'<a href="{escape(address, quote=True)}">{words or "填写"}</a>'
    return f'<td headers="{" ".join(cell.headers)}"{spans}>{words}</td>'
