"""What every verb of a report shares: its road (deeds/performing.py) with this app's table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from gongkai.agencies.models import User
from gongkai.deeds import performing
from gongkai.deeds.performing import Made, insist, lock, text_reasons
from gongkai.reports.models import AnnualReport, Deed

__all__ = ["insist", "lock", "perform", "text_reasons"]


def perform(
    kind: str, actor: User, key: str, about: models.Model | None, work: Callable[[], Made], *, report: AnnualReport | None, **options: Any
) -> Made:
    """See performing.perform."""
    agency_id = report.agency_id if report is not None else None
    return performing.perform(Deed, kind, actor, key, about, work, agency_id=agency_id, **options)
