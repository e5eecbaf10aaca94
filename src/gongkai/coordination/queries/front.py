"""The first page, here and in the workbench: how much there is of each part, and what waits for this person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from gongkai.agencies.access import scope_of
from gongkai.coordination.access import checks_for, collections_for, flows_for, groups_for, instructions_for
from gongkai.coordination.queries import checking, collecting


def with_words(rows: Iterable[Any], words: dict[str, tuple[str, str, str]]) -> list[Any]:
    """Rows with `word` and `css` of their state for the templates."""
    kept = list(rows)
    for row in kept:
        word, css, shape = words[row.state]
        row.word, row.css = word, f"{css} {shape}"
    return kept


def figures(user: Any) -> list[dict[str, Any]]:
    """Figures that open their lists; parts this person has no share in are left out."""
    rows = [
        {"label": "材料收集", "n": collections_for(user).count(), "url": reverse("coordination:collections")},
        {"label": "上级交办", "n": instructions_for(user).count(), "url": reverse("instructions:list")},
        {"label": "检查", "n": checks_for(user).count(), "url": reverse("coordination:checks")},
        {"label": "领导小组", "n": groups_for(user).filter(ended_on__isnull=True).count(), "url": reverse("coordination:groups")},
    ]
    if scope_of(user).office_ids:
        rows.insert(1, {"label": "方案流程", "n": flows_for(user).count(), "url": reverse("coordination:flows")})
    return rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits for this person; `key` names its table in templates/coordination/parts."""

    key: str
    title: str
    total: int
    rows: list[Any]


def waiting(user: Any, today: date | None = None, shown: int = 20) -> list[Waiting]:
    """What this person must do here, without what is empty. One query for each kind, one more where there is more than is shown."""
    scope = scope_of(user)
    found: list[Waiting] = []

    def add(key: str, title: str, rows: QuerySet[Any], words: dict[str, tuple[str, str, str]] | None = None) -> None:
        first = list(rows[: shown + 1])
        if first:
            kept = with_words(first[:shown], words) if words else first[:shown]
            found.append(Waiting(key, title, len(first) if len(first) <= shown else rows.count(), kept))

    if scope.office_ids or any(scope.acts_for(pk) for pk in scope.agency_ids):
        add("to_submit", "要报送的材料", collecting.to_submit(user, today), collecting.STATE_WORDS)
        add("to_rectify", "要整改的问题", checking.to_rectify(user, today), checking.STATE_WORDS)
        add("to_recheck", "等复查的整改", checking.to_recheck(user))
    if scope.office_ids:
        add("to_receive", "等签收的材料", collecting.to_receive(user), collecting.STATE_WORDS)
    return found
