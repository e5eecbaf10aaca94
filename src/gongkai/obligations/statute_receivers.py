"""What the directory tells the rules of law: agencies that are new or renamed are facts, and standing rules follow who is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Leader, User
from gongkai.agencies.signals import directory_changed, leaders_changed
from gongkai.obligations.switching import keep_place
from gongkai.obligations.triggers import Fact, happened_all

AGENCY_CHANGED = "agency_changed"


@receiver(directory_changed, dispatch_uid="obligations.statutes.directory")
def follow_directory(
    jurisdiction: Jurisdiction,
    actor: User | None,
    registered: Iterable[Agency] = (),
    renamed: Iterable[Agency] = (),
    **kwargs: Any,
) -> None:
    """Statements do not grow with the agencies of one change, except where each gets duties of its own."""
    today = timezone.localdate()
    facts = [
        Fact(AGENCY_CHANGED, jurisdiction, agency, agency.pk, agency.name, today, tags={"change": change})
        for change, agencies in (("registered", registered), ("renamed", renamed))
        for agency in agencies
    ]
    happened_all(facts, actor)
    keep_place(jurisdiction, actor)


@receiver(leaders_changed, dispatch_uid="obligations.statutes.leaders")
def follow_leaders(leader: Leader, actor: User | None, **kwargs: Any) -> None:
    keep_place(leader.agency.jurisdiction, actor)
