"""The page of a case is made of panels, one from each room; a room knows its own verbs, and the page only their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from gongkai.disclosure_requests.models import DisclosureRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """`template` is given `context` with `request_row`; `id` is the anchor verbs come back to. `count` of what waits in it."""

    id: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    count: int = 0


@dataclass(slots=True)
class Verb:
    """A button with its form. `reasons` stand in its place while it cannot be pressed."""

    name: str
    label: str
    url: str
    form: forms.Form
    reasons: list[str] = field(default_factory=list)


Maker = Callable[[DisclosureRequest, Any], Panel | None]
"""(case, user) → the panel this user is shown, or None. `case.state` is annotated."""
