"""机构职能目录: agencies with functions, sections, leaders and where to find them (条例第二十条第二项), for pages, files and data."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from gongkai.agencies import guides
from gongkai.agencies.models import Agency, AgencyProfile, Jurisdiction, Leader, Section
from gongkai.agencies.queries import public_agencies
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column
from gongkai.formats import docx_ledger, xlsx_ledger
from gongkai.formats.ledger import Column as LedgerColumn
from gongkai.formats.ledger import LedgerRow, LedgerTable
from gongkai.obligations.models import Obligation
from gongkai.plans.access import public_plans
from gongkai.publications.visible import live_editions

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = (
    LedgerColumn("name", "单位", 10),
    LedgerColumn("functions", "职能", 26),
    LedgerColumn("sections", "内设机构及职责", 20),
    LedgerColumn("leaders", "负责人及分工", 14),
    LedgerColumn("contact", "办公地址、时间和电话", 14),
    LedgerColumn("confirmed", "核对", 5, "center"),
)


def with_all(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    """With profile, sections that exist and leaders who serve: three queries whatever the number."""
    sections = Prefetch("sections", Section.objects.filter(valid_to__isnull=True).order_by("position", "name"), to_attr="shown_sections")
    leaders = Prefetch("leaders", Leader.objects.filter(valid_to__isnull=True).order_by("position", "pk"), to_attr="shown_leaders")
    return rows.select_related("jurisdiction", "profile", "parent", "successor").prefetch_related(sections, leaders)


@dataclass(slots=True)
class Entry:
    """An agency of the directory with what it tells of itself."""

    agency: Agency
    profile: AgencyProfile

    @property
    def functions(self) -> list[str]:
        return self.profile.functions.splitlines()

    @property
    def sections(self) -> list[Section]:
        return list(self.agency.shown_sections)  # type: ignore[attr-defined]

    @property
    def leaders(self) -> list[Leader]:
        return list(self.agency.shown_leaders)  # type: ignore[attr-defined]

    @property
    def contact(self) -> list[tuple[str, str]]:
        """(name, value) of what is filled in."""
        agency, profile = self.agency, self.profile
        found = [
            ("办公地址", agency.address),
            ("办公时间", profile.office_hours),
            ("联系电话", agency.phone),
            ("传真", profile.fax),
            ("电子邮箱", profile.email),
            ("邮政编码", profile.postal_code),
            ("到达方式", profile.map_text),
        ]
        return [(name, value) for name, value in found if value]


def entry_of(agency: Agency) -> Entry:
    return Entry(agency, guides.profile_of(agency))


def entries(rows: Iterable[Agency]) -> list[Entry]:
    return [entry_of(agency) for agency in rows]


def of_place(place: Jurisdiction) -> list[Entry]:
    """The directory of a place: governments and their bodies in the order of their codes. Four queries."""
    return entries(with_all(public_agencies().filter(jurisdiction=place)).order_by("code"))


def table(place: Jurisdiction, found: list[Entry], today: date) -> LedgerTable:
    rows = [
        LedgerRow(
            {
                "name": one.agency.name,
                "functions": "\n".join(f"{n}. {line}" for n, line in enumerate(one.functions, 1)),
                "sections": "\n".join(_section(row) for row in one.sections),
                "leaders": "\n".join(f"{row.name}（{row.post}）{row.division}" for row in one.leaders),
                "contact": "\n".join(f"{name}：{value}" for name, value in one.contact[:3]),
                "confirmed": one.profile.confirmed_on,
            }
        )
        for one in found
    ]
    return LedgerTable(f"{place.name}机构职能目录", COLUMNS, rows, issuer=place.name, issued_on=today)


def _section(row: Section) -> str:
    said = "；".join(line.rstrip("。；") for line in row.functions.splitlines())
    return row.name + (f"：{said}" if said else "") + (f"（{row.phone}）" if row.phone else "")


def file(place: Jurisdiction, found: list[Entry], today: date, fmt: str) -> bytes:
    """docx or xlsx."""
    buffer = io.BytesIO()
    (docx_ledger if fmt == "docx" else xlsx_ledger).write([table(place, found, today)], buffer)
    return buffer.getvalue()


def as_json(one: Entry, request: HttpRequest) -> dict[str, Any]:
    agency, profile = one.agency, one.profile
    return {
        "code": agency.code,
        "name": agency.name,
        "short_name": agency.short_name,
        "kind": agency.get_kind_display(),
        "jurisdiction": {"code": agency.jurisdiction.code, "name": agency.jurisdiction.name},
        "parent": agency.parent.name if agency.parent else None,
        "functions": one.functions,
        "sections": [{"name": row.name, "functions": row.functions.splitlines(), "phone": row.phone} for row in one.sections],
        "leaders": [{"name": row.name, "post": row.post, "division": row.division, "chief": row.is_chief} for row in one.leaders],
        "address": agency.address,
        "office_hours": profile.office_hours,
        "phone": agency.phone,
        "fax": profile.fax,
        "email": profile.email,
        "postal_code": profile.postal_code,
        "website": profile.website,
        "confirmed_on": profile.confirmed_on,
        "url": request.build_absolute_uri(reverse("portal:directory:agency", args=[agency.code])),
    }


@dataclass(frozen=True, slots=True)
class Belongings:
    """What else of an agency the public finds here, counted; each figure opens its list."""

    figures: list[dict[str, Any]]
    catalogues: list[Catalogue]
    columns: list[Column]


def belongings(agency: Agency) -> Belongings:
    """Four queries."""
    current = CatalogueVersion.State.CURRENT
    catalogues = list(Catalogue.objects.filter(agency=agency, versions__state=current).order_by("kind", "title").distinct())
    columns = list(Column.objects.filter(agency=agency, closed_on__isnull=True).select_related("jurisdiction").order_by("position", "pk"))
    documents = live_editions().filter(document__agency=agency, published_at__isnull=False).count()
    duties = Obligation.objects.filter(
        owner=agency, source=Obligation.Source.PLAN_TASK, document_id__in=public_plans().values("pk"), replaced_on__isnull=True
    ).count()
    figures = [
        {"label": "公开的信息", "n": documents, "url": f"{reverse('documents:list')}?agency={agency.pk}" if documents else ""},
        {"label": "公开目录", "n": len(catalogues), "url": "#catalogues" if catalogues else ""},
        {"label": "承诺的任务", "n": duties, "url": reverse("portal:accountability_agency", args=[agency.code]) if duties else ""},
        {"label": "负责的栏目", "n": len(columns), "url": "#columns" if columns else ""},
    ]
    return Belongings(figures, catalogues, columns)


def tree(places: Iterable[Jurisdiction]) -> list[tuple[Jurisdiction, int]]:
    """Places from above to below with their depth; one whose superior is not among them stands on top."""
    listed = list(places)
    known = {place.pk for place in listed}
    children: dict[int | None, list[Jurisdiction]] = {}
    for place in listed:
        children.setdefault(place.parent_id if place.parent_id in known else None, []).append(place)
    found: list[tuple[Jurisdiction, int]] = []

    def walk(above: int | None, depth: int) -> None:
        for place in children.get(above, []):
            found.append((place, depth))
            walk(place.pk, depth + 1)

    walk(None, 0)
    return found
