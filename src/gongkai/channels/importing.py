"""The ledger of accounts from a spreadsheet, as offices keep it: all rows or none, every fault with its row of the sheet."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.channels.access import agencies_to_direct
from gongkai.channels.actions.accounts import faults_of, role_reason, tell
from gongkai.channels.actions.base import insist, perform
from gongkai.channels.models import Account, Deed
from gongkai.channels.vocabulary import platforms

HEADER_ROWS, WIDEST, MOST_ROWS, MOST_FAULTS = 20, 40, 2000, 30
NEEDED = ("主办单位", "平台", "账号名称", "责任人", "开设日期")
KNOWN = (*NEEDED, "账号地址", "批准机关")
BAD = (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError, AttributeError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Line:
    """`n` is the row of the sheet."""

    n: int
    agency: Agency
    platform: str
    name: str
    address: str
    responsible: str
    approved_by: str
    opened_on: date


def read(data: bytes, actor: User) -> tuple[list[Line], list[str]]:
    """(lines, faults); with any fault nothing should be taken. Agencies are those this person may register accounts for, by any name."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except BAD:
        return [], ["读不出这个 xlsx 文件，请用 WPS 或 Excel 打开后另存一份再试"]
    try:
        for sheet in book.worksheets:
            if (found := _sheet(sheet, actor)) is not None:
                return found
    except BAD:
        return [], ["这个 xlsx 文件里有读不出的内容，请用 WPS 或 Excel 打开后另存一份再试"]
    finally:
        book.close()
    return [], [f"没有找到表头，要有这些列：{'、'.join(NEEDED)}"]


def _sheet(sheet: Any, actor: User) -> tuple[list[Line], list[str]] | None:
    header: dict[int, str] = {}
    agencies = {name: row for row in agencies_to_direct(actor) for name in (row.name, row.short_name, row.code) if name}
    codes = {name: code for code, name in platforms()} | {code: code for code, _name in platforms()}
    lines: list[Line] = []
    faults: list[str] = []
    for n, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), 1):
        if not header:
            found = {k: name for k, cell in enumerate(cells) if (name := "".join(_text(cell).split())) in KNOWN}
            header = found if set(NEEDED) <= set(found.values()) else {}
            if not header and n > HEADER_ROWS:
                return None
            continue
        row = {name: _text(cells[k]) for k, name in header.items() if k < len(cells)}
        if not row.get("账号名称") and not row.get("平台"):
            continue
        if len(lines) >= MOST_ROWS:
            return [], [f"超过 {MOST_ROWS} 行，请核对是不是选错了表"]
        line, wrong = _line(n, row, agencies, codes)
        faults += [f"表格第 {n} 行：{one}" for one in wrong]
        if line is not None:
            lines.append(line)
        if len(faults) >= MOST_FAULTS:
            return [], [*faults[:MOST_FAULTS], "后面的没有再看，请先改正以上各行"]
    if not header:
        return None
    return lines, faults if lines or faults else ["表头下面没有账号"]


def _line(n: int, row: dict[str, str], agencies: dict[str, Agency], codes: dict[str, str]) -> tuple[Line | None, list[str]]:
    agency, platform = agencies.get(row.get("主办单位", "")), codes.get(row.get("平台", ""))
    wrong = []
    if agency is None:
        wrong.append(f"“{row.get('主办单位', '')}”不是您可以登记的单位，请写单位全称")
    if platform is None:
        wrong.append(f"“{row.get('平台', '')}”不在平台之列：{'、'.join(name for _code, name in platforms())}")
    opened = _day(row.get("开设日期", ""))
    if opened is None:
        wrong.append(f"开设日期“{row.get('开设日期', '')}”写成 2020-05-01 这样")
    if agency is None or platform is None or opened is None:
        return None, wrong
    parts = (row["账号名称"], row.get("账号地址", ""), row["责任人"], row.get("批准机关", ""))
    wrong += faults_of(platform, *parts, opened)
    return Line(n, agency, platform, parts[0], parts[1], parts[2], parts[3], opened), wrong


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    return "".join(sign for sign in str(value) if sign >= " ").strip()


def _day(text: str) -> date | None:
    words = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-").strip("-")
    try:
        return datetime.strptime(words, "%Y-%m-%d").date()
    except ValueError:
        return None


def take(data: bytes, actor: User, *, key: str) -> Account:
    """Registers every account of the sheet that is not there yet; a second time it changes nothing. Returns the first of the sheet."""
    lines, faults = read(data, actor)
    offices = sorted(scope_of(actor).office_ids)
    office = Agency.objects.filter(jurisdiction__in=offices, is_competent=True, valid_to__isnull=True).order_by("pk").first()
    known = set(Account.objects.exclude(state=Account.State.CLOSED).values_list("platform", "name"))
    fresh = [line for line in lines if (line.platform, line.name) not in known]
    twice = {(line.platform, line.name) for line in fresh}
    if len(twice) < len(fresh):
        faults = [*faults, "表里有两行是同一个平台的同名账号，请删去一行"]
    words = f"新登记 {len(fresh)} 个，已有 {len(lines) - len(fresh)} 个"

    def work() -> Account:
        insist("" if office is not None else "账号由本地区政务公开主管部门登记", [])
        assert office is not None
        barred = [reason for line in fresh if (reason := role_reason("open", line.agency, actor))]
        insist(barred[0] if barred else "", faults)
        for line in fresh:
            account = Account.objects.create(
                agency=line.agency,
                platform=line.platform,
                name=line.name,
                address=line.address,
                responsible=line.responsible,
                approved_by=line.approved_by,
                opened_on=line.opened_on,
            )
            tell(account, actor)
        return Account.objects.exclude(state=Account.State.CLOSED).get(platform=lines[0].platform, name=lines[0].name)

    return perform(Deed.Kind.IMPORTED, actor, key, None, work, text=words, agency_id=office.pk if office else None)
