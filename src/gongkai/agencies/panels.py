"""What the apps above add to the page of an agency: figures that link to their own lists. This app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gongkai.agencies.models import Agency

Figure = dict[str, Any]
"""`label`, `n`, `url`, optionally `alarm`; as components/counts.html takes them."""

Provider = Callable[[Any, Agency], list[Figure]]
_providers: list[tuple[str, Provider]] = []


def add_panel(title: str, provider: Provider) -> None:
    """Called once from an app's ready(); `provider` gets the user and the agency and answers for what that user may see."""
    if (title, provider) not in _providers:
        _providers.append((title, provider))


def panels(user: Any, agency: Agency) -> list[tuple[str, list[Figure]]]:
    """(title, figures) of every app that has something to show."""
    return [(title, figures) for title, provider in _providers if (figures := provider(user, agency))]
