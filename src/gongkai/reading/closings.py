"""The last paragraphs of a plan that call on everybody to carry it out."""

from __future__ import annotations

import re

from gongkai.reading.entry import Entry
from gongkai.reading.lexicon import Zone

_CLOSING = re.compile(
    r"^(?:各(?:地区?|级|部门|有关|单位|县|市|区|乡镇|科室|处室|责任)|全[委局厅市县区]|有关(?:部门|单位|地区)|请各|本(?:方案|意见|要点|通知|措施)自)[^。]{0,60}(?:要|应|须|请|可|必须|自|将)"
)
_CLOSING_WORDS = re.compile(r"(?:贯彻落实|抓好落实|落到实处|认真落实|组织实施|落实本|本(?:方案|意见|要点|措施)|高度重视|加强组织|结合实际)")


def mark_closings(flat: str, entries: list[Entry]) -> None:
    """They belong to no item, and are tasks only when they bind somebody to something."""
    for i in range(len(entries) - 1, 0, -1):
        entry, before = entries[i], entries[i - 1]
        words = flat[entry.start : entry.end]
        if entry.statement is not None or entry.row is not None or (entry.item and not entry.trailing):
            break
        if not (_CLOSING.match(words) and _CLOSING_WORDS.search(words)):
            break
        if entry.headings and entry.headings[-1].bare and (not before.headings or before.headings[-1] is not entry.headings[-1]):
            break  # the only paragraph under its heading is that heading's task
        entry.closing = True
        if entry.zone in (Zone.TASKS, Zone.NEUTRAL):
            entry.zone, entry.path = Zone.ORGANISATION, []
