"""What the apps above add to the staff page of a document. This app knows none of them (see agencies/panels.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.publications.models import Document


@dataclass(frozen=True, slots=True)
class Panel:
    """One section: its heading, the template of its inside, and what that template is given."""

    id: str
    title: str
    template: str
    context: Mapping[str, Any]


Provider = Callable[[Any, Document], Panel | None]
_providers: list[Provider] = []


def add_panel(provider: Provider) -> None:
    """Called once from an app's ready(); `provider` gets the user and the document, answers for what that user may see, and None for
    nothing to show."""
    if provider not in _providers:
        _providers.append(provider)


def panels(user: Any, document: Document) -> list[Panel]:
    return [panel for provider in _providers if (panel := provider(user, document)) is not None]
