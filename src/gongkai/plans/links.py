"""What the apps above add to the pages of a plan: links to their own pages, notes before it is issued. This app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gongkai.plans.models import Plan

Link = tuple[str, str]
"""(words, address)."""

Provider = Callable[[Any, Plan], list[Link]]
_providers: list[Provider] = []


def add_links(provider: Provider) -> None:
    """Called once from an app's ready(); `provider` gets the user and the plan and answers for what that user may open."""
    if provider not in _providers:
        _providers.append(provider)


def links(user: Any, plan: Plan) -> list[Link]:
    return [link for provider in _providers for link in provider(user, plan)]


NoteProvider = Callable[[Plan], list[str]]
_note_providers: list[NoteProvider] = []


def add_notes(provider: NoteProvider) -> None:
    """`provider` says in sentences what one should know before issuing the plan; nothing of it blocks."""
    if provider not in _note_providers:
        _note_providers.append(provider)


def notes(plan: Plan) -> list[str]:
    return [note for provider in _note_providers for note in provider(plan)]
