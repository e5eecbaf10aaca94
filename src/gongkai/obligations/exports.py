"""Tables as files to take away: one road from a LedgerTable to a download, used by the ledger and by the plans."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from gongkai.formats import csv_ledger, docx_ledger, xlsx_ledger
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.fulfilment import NOTHING, progress_words, totals_of
from gongkai.obligations.periods import period_words

WRITERS: dict[str, tuple[Any, str]] = {
    "xlsx": (xlsx_ledger.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (csv_ledger.write, "text/csv; charset=utf-8"),
    "docx": (docx_ledger.write, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""Format: (writer, media type)."""

LEDGER_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("title", "事项", 24),
    Column("period", "期别", 6, "center"),
    Column("owner", "责任单位", 9),
    Column("role", "角色", 4, "center"),
    Column("helpers", "配合单位", 9),
    Column("section", "承办科室", 6),
    Column("person", "承办人", 4),
    Column("basis", "依据", 12),
    Column("starts", "开始", 6, "center"),
    Column("due", "期限", 6, "center"),
    Column("standing", "长期或另行确定", 7),
    Column("state", "状态", 5, "center"),
    Column("progress", "数量进度", 7),
    Column("acknowledged", "签收", 3, "center"),
    Column("done", "完成日期", 6, "center"),
)

PRINTED_COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("title", "事项和依据", 16),
    Column("owner", "责任单位", 10),
    Column("hand", "承办", 6),
    Column("due", "期限", 8, "center"),
    Column("state", "状态", 5, "center"),
    Column("done", "完成日期", 8, "center"),
)
"""For a page 156 mm wide: what the screen puts under one heading stands in one cell; fifteen columns would be a character wide each."""
NAMED = 4  # helpers by name on paper, as on the screen


def as_file(table: LedgerTable, fmt: str, name: str) -> HttpResponse:
    """The table as a download called `name`.`fmt`; a format nobody writes is 404."""
    if fmt not in WRITERS:
        raise Http404("没有这种导出格式")
    write, media_type = WRITERS[fmt]
    buffer = io.BytesIO()
    write([table], buffer)
    return attachment(buffer.getvalue(), f"{name}.{fmt}", media_type)


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A response the browser saves and never runs or guesses the type of."""
    response = HttpResponse(content, content_type=media_type)
    safe_headers(response, name)
    return response


def safe_headers(response: Any, name: str) -> None:
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"


def ledger_table(obligations: Iterable[Any], words: dict[str, str], title: str, notes: list[str]) -> LedgerTable:
    """The ledger as the screen shows it; `obligations` come from queries.ledger with state and helpers, `words` maps state to its word."""
    listed = list(obligations)
    totals = totals_of(listed)
    rows = [
        LedgerRow(
            {
                "n": n,
                "title": ob.title,
                "period": period_words(ob),
                "owner": ob.owner.name,
                "role": ob.get_role_display(),
                "helpers": "、".join(helper.agency.name for helper in ob.helpers.all()),
                "section": ob.section.name if ob.section else "",
                "person": str(ob.person) if ob.person else "",
                "basis": ob.basis,
                "starts": ob.starts_on,
                "due": ob.due_on,
                "standing": ob.standing,
                "state": words[ob.state],
                "progress": progress_words(ob, totals.get(ob.pk, NOTHING)),
                "acknowledged": "是" if ob.acknowledged else "否",
                "done": ob.fulfilled_on,
            }
        )
        for n, ob in enumerate(listed, 1)
    ]
    return LedgerTable(title=title, columns=LEDGER_COLUMNS, rows=rows, notes=notes)


def printed_table(obligations: Iterable[Any], words: dict[str, str], title: str, notes: list[str]) -> LedgerTable:
    """The same rows for paper, with fewer and wider columns."""
    rows = []
    listed = list(obligations)
    totals = totals_of(listed)
    for n, ob in enumerate(listed, 1):
        progress = progress_words(ob, totals.get(ob.pk, NOTHING))
        helpers = [helper.agency.name for helper in ob.helpers.all()]
        helping = "、".join(helpers[:NAMED]) + (f"等 {len(helpers)} 个单位" if len(helpers) > NAMED else "")
        cells: dict[str, Any] = {
            "n": n,
            "title": "\n".join(filter(None, [" ".join(filter(None, [ob.title, period_words(ob)])), ob.basis])),
            "owner": "\n".join(filter(None, [f"{ob.owner.name}（{ob.get_role_display()}）", helping and f"配合：{helping}"])),
            "hand": "\n".join(str(x) for x in (ob.section and ob.section.name, ob.person) if x),
            "due": ob.due_on or ob.standing,
            "state": words[ob.state] + (f"\n{progress}" if progress else "") + ("" if ob.acknowledged else "\n未签收"),
            "done": ob.fulfilled_on,
        }
        rows.append(LedgerRow(cells))
    return LedgerTable(title=title, columns=PRINTED_COLUMNS, rows=rows, notes=notes)
