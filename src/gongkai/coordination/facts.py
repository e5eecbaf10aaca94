"""What the rules of law hear of checks: that one is finished, and whether it found problems (条例第四十七条)."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.models import User
from gongkai.coordination.models import Check, CheckPoint
from gongkai.obligations.triggers import Fact, happened


def check_finished(check: Check, actor: User | None) -> None:
    """Told in the place of who checked: there the problems are followed up. Inside the transaction that finishes the check."""
    assert check.finished_at is not None
    problems = check.points.filter(result=CheckPoint.Result.FAILED).exists()
    tags = {"kind": check.kind, "problems": "yes" if problems else "no"}
    day = timezone.localdate(check.finished_at)
    happened(Fact("check_finished", check.checker.jurisdiction, check.agency, check.pk, check.title, day, tags=tags), actor)
