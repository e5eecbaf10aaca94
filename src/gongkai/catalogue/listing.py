"""政府信息主动公开目录清单 (S4-2): one sheet a department, 公开主体, 内容, 时限, 方式 of the five openness kinds."""

from __future__ import annotations

import io
from typing import Any

from gongkai.agencies.models import Jurisdiction
from gongkai.catalogue.models import ItemStandard
from gongkai.catalogue.rulebook import standard
from gongkai.catalogue.showing import cell_words
from gongkai.catalogue.terms import terms_of
from gongkai.formats import xlsx_ledger
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable

COLUMNS = (
    Column("n", "序号", 3, "center"),
    Column("stage", "五公开", 4, "center"),
    Column("name", "公开事项", 12),
    Column("elements", "公开内容", 18),
    Column("limit", "公开时限", 12),
    Column("method", "公开方式", 6),
    Column("channels", "公开渠道和载体", 14),
    Column("subject", "公开主体", 10),
)


def list_book(place: Jurisdiction, versions: Any) -> bytes:
    """A workbook with a sheet for every catalogue in force, in the order of the agencies; rows by stage. Three queries."""
    terms = terms_of(place.pk)
    order = {code: n for n, code in enumerate(standard().names("stage"))}
    listed = list(versions.select_related("catalogue__agency").order_by("catalogue__agency__code", "catalogue__kind", "catalogue__field"))
    rows: dict[int, list[ItemStandard]] = {version.pk: [] for version in listed}
    for row in ItemStandard.objects.filter(version__in=listed):
        rows[row.version_id].append(row)
    tables = []
    for version in listed:
        sorted_rows = sorted(rows[version.pk], key=lambda row: (order.get(row.stage, len(order)), row.position))
        lines = [
            LedgerRow(
                {
                    "n": n,
                    "stage": cell_words(row, "stage", terms),
                    "name": "／".join(filter(None, (row.level1, row.level2))),
                    "elements": row.elements,
                    "limit": row.limit_words,
                    "method": cell_words(row, "method", terms),
                    "channels": cell_words(row, "channels", terms),
                    "subject": row.subject_words,
                }
            )
            for n, row in enumerate(sorted_rows, 1)
        ]
        catalogue = version.catalogue
        name = catalogue.agency.display_name + (terms.field_name(catalogue.field) if catalogue.field else "")
        tables.append(LedgerTable(catalogue.title, COLUMNS, lines, issuer=catalogue.agency.name, source=name))
    buffer = io.BytesIO()
    xlsx_ledger.write(tables or [LedgerTable(f"{place.name}还没有现行的公开目录", COLUMNS, [])], buffer)
    return buffer.getvalue()
