"""导入: a report published before this system was in use, for its carry-over and for comparing; it is kept as it was read."""

from __future__ import annotations

from dataclasses import replace

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.formats.annual_report.model import Remark
from gongkai.reading.annual_report import Read, read
from gongkai.reading.errors import ReadingError
from gongkai.reports import access
from gongkai.reports.actions.base import insist, lock, perform
from gongkai.reports.actions.writing import NOT_YOURS, begin_reasons
from gongkai.reports.models import AnnualReport, Deed


def reading(data: bytes, name: str, year: int) -> Read:
    """The report in a file. ActionRefused where it is none, or tells of another year."""
    try:
        found = read(data, name)
    except ReadingError as error:
        raise ActionRefused(str(error)) from error
    if found.report.year is not None and found.report.year != year:
        raise ActionRefused(f"文件标题写的是 {found.report.year} 年，填的年度是 {year} 年，请核对")
    return found


def bring_in(agency: Agency, actor: User, *, key: str, year: int, data: bytes, name: str, covers_place: bool = False) -> AnnualReport:
    """Keeps what was read as an imported report. Imported again it takes the place of what was imported; a report written here stays."""
    insist("" if access.may_write(actor, agency) else NOT_YOURS, begin_reasons(agency, year, covers_place))
    found = reading(data, name, year)
    printed = replace(found.report, year=year, agency=found.report.agency or agency.name).to_dict()
    printed["remarks"] = [{"where": one.where, "message": one.message} for one in found.remarks]
    existing = AnnualReport.objects.filter(agency=agency, year=year, covers_place=covers_place).first()
    if existing is not None and not existing.imported:
        raise ActionRefused(f"{year} 年度的报告在本系统里编制，不能用导入的代替")

    def work() -> AnnualReport:
        if existing is None:
            row = AnnualReport(agency=agency, year=year, covers_place=covers_place, imported=True)
        else:
            row = lock(existing)
        row.layout, row.printed = found.report.layout, printed
        row.save()
        return row

    return perform(Deed.Kind.IMPORTED, actor, key, existing, work, report=existing, clash="这个年度的报告已经在编制", text=name[:200])


def remarks_of(report: AnnualReport) -> list[Remark]:
    """What could not be read of an imported report."""
    kept = (report.printed or {}).get("remarks", [])
    return [Remark(str(one["where"]), str(one["message"])) for one in kept]
