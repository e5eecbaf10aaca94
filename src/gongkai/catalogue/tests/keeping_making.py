"""What the tests of the living catalogue begin with: catalogues in force with their duties, and publications that live in a dict."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.catalogue.cycles import apply_version
from gongkai.catalogue.models import CatalogueVersion
from gongkai.catalogue.tests import making
from gongkai.obligations import records
from gongkai.obligations.records import Facts

State = CatalogueVersion.State
QUARTERLY = {"cycle": "quarterly", "limit": {"kind": "cadence"}, "limit_words": "每季度"}


def key() -> str:
    return str(uuid.uuid4())


def in_force(agency: Agency, *rows: dict[str, Any], actor: Any = None, **of: Any) -> CatalogueVersion:
    """The next version of the agency's catalogue, in force with its duties: one row for each dict, of its `code` (0001, 0002, …)."""
    made = making.version(agency, state="draft", rows=0, **of)
    for n, values in enumerate(rows, 1):
        making.row(made, n, **({"level2": f"事项{values.get('code', n)}", "levels": []} | values))
    return approve(made, actor)


def approve(version: CatalogueVersion, actor: Any = None) -> CatalogueVersion:
    """As actions.approve does, without asking who."""
    CatalogueVersion.objects.filter(catalogue=version.catalogue, state=State.CURRENT).update(state=State.PAST)
    version.state, version.approved_at = State.CURRENT, timezone.now()
    version.save()
    apply_version(version, actor)
    return version


class Pages(dict[int, Facts]):
    """Number → facts of a publication."""

    def publish(self, number: int, on: date, agency: Agency, *items: int, **facts: Any) -> tuple[str, int]:
        values = {"title": f"第{number}号信息", "url": f"/documents/{number}/", "public": True}
        self[number] = Facts(**{**values, "published_on": on, "agency_id": agency.pk, "item_ids": frozenset(items), **facts})
        return "publication", number

    def change(self, number: int, **facts: Any) -> None:
        self[number] = replace(self[number], **facts)


def fake_publications(monkeypatch: pytest.MonkeyPatch) -> Pages:
    kept = Pages()
    for name in ("_checkers", "_choosers", "_labels", "_pages", "_addresses"):
        monkeypatch.setattr(records, name, dict(getattr(records, name)))
    monkeypatch.setitem(records._checkers, "publication", kept.get)
    return kept
