"""A decision in the directory reaches the drafts that waited for it, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from gongkai.agencies.models import AgencySuggestion, Jurisdiction, Section, User
from gongkai.agencies.signals import directory_changed, suggestion_decided
from gongkai.plans.actions.units import rematch, settle


@receiver(suggestion_decided, dispatch_uid="plans.settle")
def settle_waiting_units(suggestion: AgencySuggestion, section: Section | None, actor: User | None, **kwargs: Any) -> None:
    settle(suggestion.jurisdiction, suggestion.text, (suggestion.agency, section, suggestion.collective), actor)


@receiver(directory_changed, dispatch_uid="plans.rematch")
def rematch_waiting_units(jurisdiction: Jurisdiction, actor: User | None, **kwargs: Any) -> None:
    rematch(jurisdiction, actor)
