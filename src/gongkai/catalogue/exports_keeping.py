"""Tables of the living catalogue, through the writers every export uses."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from gongkai.catalogue.models import Expansion
from gongkai.catalogue.negative import Shown
from gongkai.catalogue.queries_keeping import StateRow
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

NEGATIVE = (
    Column("n", "序号", 3, "center"),
    Column("name", "类别", 12),
    Column("description", "说明", 20),
    Column("examples", "举例", 12),
    Column("bind", "应当或者可以", 7, "center"),
    Column("article", "法律依据", 14),
    Column("lifted", "予以公开的情形", 12),
    Column("agency", "制作单位", 10),
    Column("since", "列入日期", 6, "center"),
    Column("reviewed", "最近评估", 6, "center"),
    Column("state", "状态", 5, "center"),
)
STATES = (
    Column("n", "序号", 3, "center"),
    Column("catalogue", "目录", 14),
    Column("code", "编号", 5, "center"),
    Column("name", "事项", 18),
    Column("column", "栏目", 8),
    Column("state", "状态", 6, "center"),
    Column("last", "最近公开", 6, "center"),
    Column("due", "应于何日前", 6, "center"),
)
EXPANSIONS = (
    Column("n", "序号", 3, "center"),
    Column("origin", "上级目录", 14),
    Column("name", "事项", 16),
    Column("catalogue", "本级目录", 14),
    Column("agency", "决定单位", 10),
    Column("proposed", "下达", 6, "center"),
    Column("state", "决定", 6, "center"),
    Column("decided", "决定日期", 6, "center"),
    Column("reason", "理由", 14),
)


def _counted(n: int) -> list[str]:
    return [f"统计时间 {timezone.localtime():%Y-%m-%d %H:%M}，共 {n} 项。"]


def negative_table(rows: Iterable[Shown], place: str = "") -> LedgerTable:
    cells = [
        LedgerRow(
            {
                "n": n,
                "name": one.row.name,
                "description": one.row.description,
                "examples": one.row.examples,
                "bind": one.ground.bind_words if one.ground else "",
                "article": one.ground.article if one.ground else one.row.ground,
                "lifted": one.ground.lifted if one.ground else "",
                "agency": one.row.agency.name,
                "since": one.row.effective_on,
                "reviewed": one.reviewed_on,
                "state": one.word,
            }
        )
        for n, one in enumerate(rows, 1)
    ]
    return LedgerTable(f"{place}政府信息公开负面清单", NEGATIVE, cells, notes=["清单以外的信息，以公开为原则。", *_counted(len(cells))])


def states_table(rows: Iterable[StateRow]) -> LedgerTable:
    cells = [
        LedgerRow(
            {
                "n": n,
                "catalogue": one.standard.version.catalogue.title,
                "code": one.item.code,
                "name": one.name,
                "column": one.item.column.name if one.item.column else "",
                "state": one.state.word,
                "last": one.state.last_on,
                "due": one.state.due_on,
            }
        )
        for n, one in enumerate(rows, 1)
    ]
    return LedgerTable("公开事项更新情况", STATES, cells, notes=_counted(len(cells)))


def expansions_table(rows: Iterable[Expansion], names: dict[int, str]) -> LedgerTable:
    cells = [
        LedgerRow(
            {
                "n": n,
                "origin": row.origin.catalogue.title,
                "name": names.get(row.origin_id, row.origin.code),
                "catalogue": row.catalogue.title,
                "agency": row.catalogue.agency.name,
                "proposed": timezone.localdate(row.proposed_at),
                "state": row.get_state_display(),
                "decided": timezone.localdate(row.decided_at) if row.decided_at else None,
                "reason": row.reason,
            }
        )
        for n, row in enumerate(rows, 1)
    ]
    return LedgerTable("动态扩展记录", EXPANSIONS, cells, notes=_counted(len(cells)))
