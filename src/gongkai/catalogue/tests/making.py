"""Catalogues in every state for the tests, made straight as rows: what is under test makes its own through its verbs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Column, Item, ItemStandard

COMPLETE: dict[str, Any] = {
    "level1": "供水",
    "level2": "停水通知",
    "elements": "停水时间、范围",
    "basis": "《中华人民共和国政府信息公开条例》",
    "limit_words": "信息形成或者变更之日起20个工作日内",
    "limit": {"kind": "within", "n": 20, "unit": "working_days", "anchor": "信息形成或者变更之日"},
    "subject_words": "市发改委",
    "channels": ["website"],
    "audience": "public",
    "method": "proactive",
    "levels": ["county"],
}
"""A row the validator finds nothing wrong with."""


def version(
    agency: Agency, author: User | None = None, *, state: str = "draft", kind: str = "agency", field: str = "", rows: int = 2, **values: Any
) -> CatalogueVersion:
    """The first version of a catalogue of `agency` with `rows` complete rows; `values` replace some of COMPLETE in every row."""
    catalogue, _new = Catalogue.objects.get_or_create(
        agency=agency, kind=kind, field=field, defaults={"jurisdiction": agency.jurisdiction, "title": f"{agency.name}{field}公开目录"}
    )
    approved = {"approved_at": timezone.now()} if state != "draft" else {}
    made = CatalogueVersion.objects.create(
        catalogue=catalogue, number=catalogue.versions.count() + 1, state=state, made_by=author, reason="首次编制", **approved
    )
    for n in range(1, rows + 1):
        row(made, n, **({"level2": f"停水通知{n}"} | values))
    return made


def row(version: CatalogueVersion, n: int, **values: Any) -> ItemStandard:
    code = values.pop("code", f"{n:04}")
    column = values.pop("column", None)
    item, _new = Item.objects.get_or_create(catalogue=version.catalogue, code=code, defaults={"column": column})
    made = ItemStandard.objects.create(version=version, item=item, position=n, **(COMPLETE | values))
    made.subjects.add(version.catalogue.agency)
    return made


def column(agency: Agency, slug: str = "supply", **values: Any) -> Column:
    return Column.objects.create(
        jurisdiction=agency.jurisdiction, agency=agency, slug=slug, **({"name": "供水", "kind": "信息公开目录"} | values)
    )
