"""The headings in force while a document is read: which part the reader is in, and the path of what stands there."""

from __future__ import annotations

import re

from gongkai.reading.entry import Heading
from gongkai.reading.lexicon import Zone


class Parts:
    """A stack of headings, outermost first."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.base = Zone.NEUTRAL
        """What the document's own title announces: a 职责分工 has no headings of its own."""

    def clear(self) -> None:
        self.headings = []

    def open(self, heading: Heading) -> None:
        """A heading ends every heading of its rank or below."""
        self.close(heading.rank)
        self.headings.append(heading)

    def close(self, rank: int) -> None:
        while self.headings and self.headings[-1].rank >= rank:
            self.headings.pop()

    @property
    def last(self) -> Heading | None:
        return self.headings[-1] if self.headings else None

    @property
    def last_bare(self) -> Heading | None:
        """The nearest heading that stands alone."""
        return next((h for h in reversed(self.headings) if h.bare), None)

    @property
    def zone(self) -> Zone:
        """Aims win everywhere below; tasks keep what is organised inside them; else the nearest heading that says something."""
        zones = [h.zone for h in self.headings]
        if Zone.AIMS in zones:
            return Zone.AIMS
        if Zone.TASKS in zones and Zone.ORGANISATION in zones and zones.index(Zone.TASKS) < zones.index(Zone.ORGANISATION):
            return Zone.TASKS
        return next((z for z in reversed(zones) if z is not Zone.NEUTRAL), self.base)

    @property
    def path(self) -> list[str]:
        return [h.text for h in self.headings if h.text]

    def below(self, zone: Zone, title: str) -> Zone:
        """Below another heading 加强考核 is substance; only 组织领导 and its like stay what they are."""
        if zone is Zone.ORGANISATION and self.headings and not re.search(r"组织(?:领导|保障|实施)|保障措施", title):
            return Zone.NEUTRAL
        return zone

    def untitled(self) -> None:
        """The item that is open has no title after all."""
        if self.headings and not self.headings[-1].bare:
            self.headings[-1].text = ""
