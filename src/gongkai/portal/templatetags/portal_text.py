"""Words found in a text, marked."""

from __future__ import annotations

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.search.model import Snippet

register = template.Library()


@register.filter
def marked(snippet: Snippet) -> SafeString:
    """The text, escaped, each of its spans in <mark>."""
    parts, at = [], 0
    for begin, end in snippet.spans:
        parts += [escape(snippet.text[at:begin]), f"<mark>{escape(snippet.text[begin:end])}</mark>"]
        at = end
    parts.append(escape(snippet.text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 — every piece is escaped above
