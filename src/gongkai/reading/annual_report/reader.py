"""One published report, whichever layout, with all that could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.formats.annual_report.layout import TABLES, layout_of, layouts
from gongkai.formats.annual_report.model import Remark, Report
from gongkai.reading.annual_report import sections
from gongkai.reading.annual_report.tables import Gathered, gather
from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract


@dataclass(frozen=True, slots=True)
class Read:
    """The report and what could not be read of it."""

    report: Report
    remarks: tuple[Remark, ...]


def read(data: bytes, name: str) -> Read:
    """Reads html or docx. Raises ReadingError for other kinds, and where nothing of an annual report is found."""
    document = extract(data, name)
    if document.kind not in ("html", "docx"):
        mend = "请用网页（html）或 docx 版本；年度报告在网站上都有网页版"
        raise ReadingError(name, f"这是 {document.kind} 文件，读不出表格的行列", mend)
    found = gather(document)
    texts = sections.texts(document)
    if not (found.two or found.three or found.four) and len(texts) < 2:
        raise ReadingError(name, "没有找到年度报告的六个部分和三张表", "请确认这是政府信息公开工作年度报告，并保存整个页面")
    year, agency = sections.title(document)
    layout = _layout(found, year)
    places = {table: set(layouts()[layout].places[table]) for table in TABLES}
    report = Report(
        year=year,
        agency=agency,
        layout=layout,
        sections=texts,
        two={place: one for place, one in found.two.items() if place in places["two"]},
        three={place: one for place, one in found.three.items() if place in places["three"]},
        four={place: one for place, one in found.four.items() if place in places["four"]},
    )
    remarks = list(found.remarks)
    if year is None:
        remarks.append(Remark("标题", "没有读到报告年度，不能核对跨年的数。"))
    return Read(report, tuple(remarks))


def _layout(found: Gathered, year: int | None) -> str:
    """What table two says, else table three, else the year."""
    for table in ("two", "three"):
        for layout in layouts():
            if f"{table}:{layout}" in found.signs:
                return layout
    return layout_of(year).id if year is not None else next(iter(layouts()))
