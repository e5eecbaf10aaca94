"""Who answers for a task, as a document says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gongkai.reading.model import Span
from gongkai.reading.units import Unit

Role = Literal["lead", "responsible", "support"]
ROLES: tuple[Role, ...] = ("lead", "responsible", "support")


@dataclass(slots=True)
class Statement:
    """Who answers, as said in [start, end) of the clean text. `timing` and `channel` are the spans of those slots' values."""

    start: int
    end: int
    lead: list[Unit] = field(default_factory=list)
    responsible: list[Unit] = field(default_factory=list)
    support: list[Unit] = field(default_factory=list)
    joint: bool = False
    timing: list[Span] = field(default_factory=list)
    channel: list[Span] = field(default_factory=list)
    first_leads: bool = False

    def add(self, role: Role, units: list[Unit]) -> None:
        have: list[Unit] = getattr(self, role)
        have.extend(u for u in units if u.text not in [h.text for h in have])

    def join(self, other: Statement) -> None:
        """Slots on lines of their own make one statement."""
        for role in ROLES:
            self.add(role, getattr(other, role))
        self.joint = self.joint or other.joint
        self.timing += other.timing
        self.channel += other.channel
        self.first_leads = self.first_leads or other.first_leads
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)

    @property
    def empty(self) -> bool:
        return not (self.lead or self.responsible or self.support or self.timing or self.channel)

    def settle(self) -> None:
        """A unit that leads is not also responsible, one that answers does not also help."""
        leads = {u.text for u in self.lead}
        self.responsible = [u for u in self.responsible if u.text not in leads]
        named = leads | {u.text for u in self.responsible}
        self.support = [u for u in self.support if u.text not in named]
