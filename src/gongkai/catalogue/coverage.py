"""覆盖情况: 五公开 × 发布、解读、会议, of one version or of all catalogues in force in a place, with the gaps (S1-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.catalogue.rulebook import standard

State = CatalogueVersion.State


@dataclass(frozen=True, slots=True)
class Cell:
    stage: str
    link: str
    n: int

    @property
    def is_gap(self) -> bool:
        return self.n == 0


@dataclass(frozen=True, slots=True)
class Line:
    stage: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`unplaced`: items that name no stage or no link, and so count nowhere."""

    links: list[tuple[str, str]]
    lines: list[Line]
    items: int
    unplaced: int

    @property
    def gaps(self) -> list[str]:
        names = dict(self.links)
        return [f"{line.name} × {names[cell.link]}" for line in self.lines for cell in line.cells if cell.is_gap]


def matrix_of(rows: Iterable[tuple[str, list[str]]]) -> Matrix:
    """From (stage, links) of each item. An item that names a stage and no link counts as 发布: it stands in a list of what is published."""
    links = standard().choices("link")
    counts = {(stage, link): 0 for stage, _name in standard().choices("stage") for link, _words in links}
    items = unplaced = 0
    for stage, named in rows:
        items += 1
        places = [(stage, link) for link in (named or ["publish"]) if (stage, link) in counts]
        unplaced += not places
        for place in places:
            counts[place] += 1
    lines = [
        Line(stage, name, [Cell(stage, link, counts[stage, link]) for link, _words in links]) for stage, name in standard().choices("stage")
    ]
    return Matrix(links, lines, items, unplaced)


def coverage_of(version: CatalogueVersion) -> Matrix:
    return matrix_of(version.standards.order_by().values_list("stage", "links"))


def coverage_of_place(place_id: int) -> tuple[Matrix, list[tuple[CatalogueVersion, Matrix]]]:
    """All catalogues in force of a place together, and each for itself. Two queries."""
    versions = list(
        CatalogueVersion.objects.filter(catalogue__jurisdiction=place_id, state=State.CURRENT)
        .select_related("catalogue__agency")
        .order_by("catalogue__agency__code", "catalogue__kind", "catalogue__field")
    )
    rows: dict[int, list[tuple[str, list[str]]]] = {version.pk: [] for version in versions}
    for version_id, stage, links in ItemStandard.objects.filter(version__in=versions).order_by().values_list("version", "stage", "links"):
        rows[version_id].append((stage, links))
    each = [(version, matrix_of(rows[version.pk])) for version in versions]
    return matrix_of(row for some in rows.values() for row in some), each
