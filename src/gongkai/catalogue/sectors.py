"""公共企事业单位 (条例第五十五条, S3-23): the sector of a body, a catalogue from the sector's items, what the body leaves unpublished."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import resources
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.catalogue.access import acts_for, one
from gongkai.catalogue.copying import next_codes
from gongkai.catalogue.limits import parse_limit
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed, Item, ItemStandard, PublicBody
from gongkai.catalogue.states import ItemState, figures, item_states
from gongkai.deeds import performing
from gongkai.deeds.performing import insist

perform = partial(performing.perform, Deed)
State = CatalogueVersion.State


@dataclass(frozen=True, slots=True)
class SectorItem:
    level1: str
    level2: str
    elements: str
    limit: str
    cycle: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    """`supervisor` says in words which department it usually is; `signs` are words in a body's name."""

    id: str
    name: str
    supervisor: str
    signs: tuple[str, ...]
    items: tuple[SectorItem, ...]


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.catalogue").joinpath("rules/sectors.toml").read_text("utf-8"))


@cache
def sectors() -> dict[str, Sector]:
    """The eight sectors in the order of the article."""
    return {
        row["id"]: Sector(row["id"], row["name"], row["supervisor"], tuple(row["signs"]), tuple(SectorItem(**item) for item in row["item"]))
        for row in table()["sector"]
    }


def suggested(name: str) -> str:
    """The sector a body's name speaks of; empty where it speaks of none. A person decides."""
    return next((row.id for row in sectors().values() if any(sign in name for sign in row.signs)), "")


def basis() -> str:
    return f"{table()['article']}；{table()['rules']}"


def bodies_for(user: Any) -> QuerySet[PublicBody]:
    """One's own body, those one's department supervises, and as openness office those of the places one reads."""
    scope = scope_of(user)
    rows = PublicBody.objects.select_related("agency__jurisdiction", "supervisor")
    if not scope.is_staff_member:
        return rows.none()
    mine = Q(agency__in=scope.agency_ids) | Q(supervisor__in=scope.agency_ids)
    return rows.filter(mine | Q(agency__jurisdiction__in=scope.seen_ids))


def access_body(user: Any, pk: int) -> PublicBody:
    return one(bodies_for(user), pk)


def set_role(agency: Agency, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(agency.jurisdiction_id) else "公共企事业单位由本地区政务公开主管部门登记"


def set_body(agency: Agency, actor: User, *, key: str, sector: str, supervisor: Agency | None) -> PublicBody:
    """Says what sector a body is of and who supervises it; again corrects it."""
    faults = [] if sector in sectors() else ["请选择条例第五十五条列明的行业"]
    if agency.kind != Agency.Kind.PUBLIC:
        faults.append(f"{agency.name}不是公共企事业单位，请先在机构名录里改正类别")
    if supervisor is not None and supervisor.pk == agency.pk:
        faults.append("主管部门不能是它自己")

    def work() -> PublicBody:
        insist(set_role(agency, actor), faults)
        row, _new = PublicBody.objects.update_or_create(agency=agency, defaults={"sector": sector, "supervisor": supervisor})
        return row

    return perform(Deed.Kind.BODY_SET, actor, key, None, work, text=agency.name, agency_id=agency.pk)


def make_role(body: PublicBody, actor: Any) -> str:
    scope = scope_of(actor)
    supervised = body.supervisor is not None and acts_for(scope, body.supervisor)
    mine = acts_for(scope, body.agency) or supervised or scope.is_office_of(body.agency.jurisdiction_id)
    return "" if mine else "行业目录由单位自己、主管部门或者政务公开主管部门建立"


def make_state(body: PublicBody) -> list[str]:
    return ["这个单位已经有行业目录"] if catalogues_of([body]).exists() else []


def catalogues_of(bodies: Iterable[PublicBody]) -> QuerySet[Catalogue]:
    return Catalogue.objects.filter(kind=Catalogue.Kind.SECTOR, agency__in=[body.agency_id for body in bodies])


def make_catalogue(body: PublicBody, actor: User, *, key: str) -> CatalogueVersion:
    """A first draft with the items of the sector, to be fitted and approved as any catalogue is."""
    sector = sectors()[body.sector]

    def work() -> CatalogueVersion:
        insist(make_role(body, actor), make_state(body))
        agency = body.agency
        made = Catalogue.objects.create(
            jurisdiction=agency.jurisdiction,
            agency=agency,
            kind=Catalogue.Kind.SECTOR,
            field=sector.id,
            title=f"{agency.name}信息公开目录",
        )
        version = CatalogueVersion.objects.create(catalogue=made, number=1, reason=f"按{sector.name}行业的模板建立", made_by=actor)
        codes = next_codes(made.pk, len(sector.items))
        items = Item.objects.bulk_create(Item(catalogue=made, code=code) for code in codes)
        rows = ItemStandard.objects.bulk_create(
            _standard(version, item, row, n) for n, (item, row) in enumerate(zip(items, sector.items, strict=True), 1)
        )
        for row in rows:
            row.subjects.set([agency])
        return version

    clash = "这个单位已经有行业目录"
    return perform(Deed.Kind.TEMPLATED, actor, key, body, work, text=sector.name, agency_id=body.agency_id, clash=clash)


def _standard(version: CatalogueVersion, item: Item, row: SectorItem, n: int) -> ItemStandard:
    agency = version.catalogue.agency
    return ItemStandard(
        version=version,
        item=item,
        position=n,
        level1=row.level1,
        level2=row.level2,
        elements=row.elements,
        basis=basis(),
        limit_words=row.limit,
        limit=parse_limit(row.limit).limit,
        cycle=row.cycle,
        subject_words=agency.name,
        channels=list(table()["channels"]),
        audience="public",
        method="proactive",
        levels=[agency.jurisdiction.level],
        links=["publish"],
        stage="service",
    )


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body with its catalogue in force and how its items stand; `catalogue` and `version` None where there is none."""

    body: PublicBody
    sector: Sector
    catalogue: Catalogue | None
    version: CatalogueVersion | None
    draft: CatalogueVersion | None
    standards: list[tuple[ItemStandard, ItemState]]

    @property
    def figures(self) -> list[dict[str, Any]]:
        return [row for row in figures(state for _standard, state in self.standards) if row["n"]]

    @property
    def gaps(self) -> int:
        return sum(state.code != "fresh" for _standard, state in self.standards)


def rows_of(bodies: Iterable[PublicBody], today: date) -> list[BodyRow]:
    """A constant number of queries however many bodies and items."""
    listed = list(bodies)
    catalogues = {row.agency_id: row for row in catalogues_of(listed)}
    versions = CatalogueVersion.objects.filter(catalogue__in=catalogues.values()).exclude(state=State.PAST)
    by_catalogue = {(row.catalogue_id, row.state): row for row in versions}
    standards: dict[int, list[ItemStandard]] = defaultdict(list)
    current = [row for row in by_catalogue.values() if row.state == State.CURRENT]
    for row in ItemStandard.objects.filter(version__in=current).select_related("item__column").order_by("version", "position", "pk"):
        standards[row.version_id].append(row)
    states = item_states([row.item for rows in standards.values() for row in rows], today)
    found = []
    for body in listed:
        catalogue = catalogues.get(body.agency_id)
        version = by_catalogue.get((catalogue.pk, State.CURRENT)) if catalogue else None
        draft = by_catalogue.get((catalogue.pk, State.DRAFT)) if catalogue else None
        items = [(row, states[row.item_id]) for row in standards[version.pk]] if version else []
        found.append(BodyRow(body, sectors()[body.sector], catalogue, version, draft, items))
    return found
