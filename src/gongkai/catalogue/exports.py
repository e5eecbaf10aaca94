"""A version as the standard table (xlsx, docx), as a flat table (csv) and as JSON."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from django.http import Http404, HttpResponse
from django.utils import timezone

from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.showing import audience_words, boxes_of, cell_words, cycle_words, limit_words
from gongkai.catalogue.terms import Terms, terms_of
from gongkai.formats import catalogue_sheet
from gongkai.formats.catalogue_sheet import Head, Sheet
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.exports import WRITERS, as_file, attachment

TICK = "√"
USUAL_LEVELS = ("county", "township", "village")
Writer = Callable[[Sheet, BinaryIO], None]
SHEETS: dict[str, Writer] = {"xlsx": catalogue_sheet.write_xlsx, "docx": catalogue_sheet.write_docx}
FLAT = (
    Column("n", "序号", 3, "center"),
    Column("code", "事项编号", 5),
    Column("stage", "过程", 4),
    Column("level1", "一级事项", 8),
    Column("level2", "二级事项", 8),
    Column("elements", "公开内容（要素）", 16),
    Column("basis", "公开依据", 16),
    Column("limit", "公开时限", 10),
    Column("subject", "公开主体", 8),
    Column("channels", "公开渠道和载体", 12),
    Column("audience", "公开对象", 6),
    Column("method", "公开方式", 5),
    Column("levels", "公开层级", 6),
    Column("links", "环节", 5),
    Column("cycle", "更新周期", 5),
    Column("plain", "通俗说明", 12),
)


def sheet_of(version: CatalogueVersion, terms: Terms, full: bool) -> Sheet:
    """The standard table. `full` adds the columns only this system keeps, so that reading it again gives the same version."""
    rows = list(version.standards.select_related("item"))
    names = standard().names("level")
    used = {code for row in rows for code in row.levels}
    levels = [code for code in names if code in USUAL_LEVELS or code in used]
    staged = full or any(row.stage for row in rows)
    heads = [Head("过程", width=3)] if staged else []
    heads += [
        Head("序号", width=3),
        Head("公开事项", "一级事项", 6),
        Head("公开事项", "二级事项", 7),
        Head("公开内容（要素）", width=14),
        Head("公开依据", width=14),
        Head("公开时限", width=8),
        Head("公开主体", width=7),
        Head("公开渠道和载体", width=13),
        Head("公开对象", "全社会", 4),
        Head("公开对象", "特定群体", 5),
        Head("公开方式", "主动", 3),
        Head("公开方式", "依申请公开", 4),
        *(Head("公开层级", names[code], 3) for code in levels),
    ]
    if full:
        heads += [Head("环节", width=5), Head("更新周期", width=5), Head("通俗说明", width=10), Head("事项编号", width=5)]
    cells = [_cells(n, row, terms, levels, staged, full) for n, row in enumerate(rows, 1)]
    column = 2 if staged else 1
    note = f"第{version.number}版，{version.get_state_display()}" + (
        f"，{timezone.localdate(version.approved_at)} 批准" if version.approved_at else ""
    )
    return Sheet(version.catalogue.title, heads, cells, note, [(column, a, b) for a, b in _runs([row.level1 for row in rows])])


def _cells(n: int, row: ItemStandard, terms: Terms, levels: Sequence[str], staged: bool, full: bool) -> list[str]:
    group = f"{TICK}（{row.audience_words}）" if row.audience_words else TICK
    cells = [cell_words(row, "stage", terms)] if staged else []
    cells += [str(n), row.level1, row.level2, row.elements, row.basis, row.limit_words, row.subject_words, boxes_of(row, terms)]
    cells += [TICK if row.audience in ("public", "both") else "", group if row.audience in ("group", "both") else ""]
    cells += [TICK if row.method in (code, "both") else "" for code in ("proactive", "on_request")]
    cells += [TICK if code in row.levels else "" for code in levels]
    if full:
        cells += [cell_words(row, "links", terms), cycle_words(row), row.plain_words, row.item.code]
    return cells


def _runs(names: Sequence[str]) -> list[tuple[int, int]]:
    """First and last row of every run of the same name longer than one."""
    found, start = [], 0
    for n in range(1, len(names) + 1):
        if n == len(names) or names[n] != names[start]:
            if n - start > 1:
                found.append((start, n - 1))
            start = n
    return found


def sheet_bytes(version: CatalogueVersion, fmt: str, full: bool) -> bytes:
    buffer = io.BytesIO()
    SHEETS[fmt](sheet_of(version, terms_of(version.catalogue.jurisdiction_id), full), buffer)
    return buffer.getvalue()


def flat_table(version: CatalogueVersion, rows: Iterable[ItemStandard], terms: Terms) -> LedgerTable:
    """One line an item, every column in words."""
    lines = [LedgerRow(flat_cells(n, row, terms)) for n, row in enumerate(rows, 1)]
    return LedgerTable(version.catalogue.title, FLAT, lines, issuer=version.catalogue.agency.name)


def flat_cells(n: int, row: ItemStandard, terms: Terms) -> dict[str, Any]:
    return {
        "n": n,
        "code": row.item.code,
        "level1": row.level1,
        "level2": row.level2,
        "elements": row.elements,
        "basis": row.basis,
        "limit": row.limit_words,
        "subject": row.subject_words,
        "channels": cell_words(row, "channels", terms),
        "audience": audience_words(row),
        "plain": row.plain_words,
        **{name: cell_words(row, name, terms) for name in ("stage", "method", "levels", "links", "cycle")},
    }


def as_json(row: ItemStandard, terms: Terms, url: str) -> dict[str, Any]:
    """One item for machines: codes, their words, and the limit as read beside the words as printed."""
    return {
        "id": row.item_id,
        "code": row.item.code,
        "url": url,
        "level1": row.level1,
        "level2": row.level2 or None,
        "elements": row.elements,
        "basis": row.basis,
        "limit": {"words": row.limit_words, "parsed": row.limit or None, "in_words": limit_words(row)},
        "cycle": row.cycle or None,
        "subject": row.subject_words,
        "channels": [{"code": one.partition(":")[0], "name": terms.channel_name(one)} for one in row.channels],
        "audience": row.audience or None,
        "audience_words": row.audience_words or None,
        "method": row.method or None,
        "levels": row.levels,
        "stage": row.stage or None,
        "links": row.links,
        "plain_words": row.plain_words or None,
    }


def as_download(version: CatalogueVersion, fmt: str, full: bool = True) -> HttpResponse:
    """xlsx and docx in the shape of the standard table, csv flat; another format is 404."""
    name = f"{version.catalogue.title[:60]} 第{version.number}版"
    if fmt in SHEETS:
        return attachment(sheet_bytes(version, fmt, full and fmt == "xlsx"), f"{name}.{fmt}", WRITERS[fmt][1])
    if fmt != "csv":
        raise Http404("没有这种导出格式")
    rows = version.standards.select_related("item")
    return as_file(flat_table(version, rows, terms_of(version.catalogue.jurisdiction_id)), "csv", name)
