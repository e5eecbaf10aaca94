"""Words found in a text, marked; long texts cut around the first of them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
BEFORE, LENGTH = 30, 120


@register.filter
def found(text: str, words: list[str]) -> SafeString:
    """The text (cut to about LENGTH characters around the first word found), escaped, each word in <mark>."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, first.start() - BEFORE) if first and first.start() > LENGTH - BEFORE else 0
    piece = text[start : start + LENGTH]
    parts, at = [], 0
    for match in pattern.finditer(piece):
        parts += [escape(piece[at : match.start()]), f"<mark>{escape(match.group())}</mark>"]
        at = match.end()
    parts.append(escape(piece[at:]))
    lead, trail = ("…" if start else ""), ("…" if start + LENGTH < len(text) else "")
    return mark_safe(lead + "".join(parts) + trail)  # noqa: S308 — every piece is escaped above
