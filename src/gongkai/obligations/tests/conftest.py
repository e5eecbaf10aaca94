"""A kind of record for the tests of evidence: releases that live in a dict, published, changed and taken back at will."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gongkai.obligations import records
from gongkai.obligations.records import Candidate, Facts


class Releases(dict[int, Facts]):
    """Number → facts. `publish` adds one of 市发改委, published on a day unless `published_on=None`."""

    agency_id: int = 0

    def publish(self, number: int, on: date | None, **facts: Any) -> tuple[str, int]:
        values = {"title": f"第{number}号发布", "agency_id": self.agency_id, "url": f"/r/{number}/", "public": True, "column": "财政预决算"}
        self[number] = Facts(**{**values, "published_on": on, **facts})
        return "release", number

    def change(self, number: int, **facts: Any) -> None:
        self[number] = replace(self[number], **facts)


@pytest.fixture
def releases(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Releases:
    kept = Releases()
    kept.agency_id = cast.reform.pk
    for name in ("_checkers", "_choosers", "_labels", "_pages", "_addresses"):
        monkeypatch.setattr(records, name, dict(getattr(records, name)))
    records.register(
        "release",
        kept.get,
        label="发布",
        candidates=lambda ob: [Candidate("release", n, f.title, f.published_on) for n, f in kept.items() if f.published_on],
        page="public_plans:detail",
        address=lambda number: f"/work/r/{number}/",
    )
    return kept
