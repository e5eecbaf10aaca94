"""A share in words."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.876 → 87.6%; a dash where there is none."""
    return "—" if share is None else f"{share:.1%}"
