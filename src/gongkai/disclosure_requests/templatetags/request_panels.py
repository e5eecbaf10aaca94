"""Draws a panel of a case inside its page: its template sees the page's context, its own, and `told` and `request_row`."""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from gongkai.disclosure_requests.panels import Panel

register = template.Library()


@register.simple_tag(takes_context=True)
def draw(context: Context, panel: Panel) -> SafeString:
    """`{% draw panel %}`: what the panel's maker gave stands at the top level as well as under `told`."""
    inner = get_template(panel.template).template  # type: ignore[attr-defined]  # the engine is Django's
    with context.push(**{**panel.context, "told": panel.context, "panel": panel, "request_row": context["row"]}):
        return mark_safe(inner.render(context))  # noqa: S308 — a template of ours, escaped as every other
