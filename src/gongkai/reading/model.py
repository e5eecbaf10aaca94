"""What the compiler hands out. The JSON keys are fixed by design/CONTRACTS.md; keys beyond it are additions of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Span = tuple[int, int]
"""[start, end) in characters of the file's extracted text, before any cleaning."""

DeadlineKind = Literal["absolute", "relative", "recurring", "ongoing", "on_event"]
Every = Literal["P1D", "P1W", "P1M", "P3M", "P6M", "P1Y"]
Operator = Literal[">=", "<=", ">", "<", "="]
MarkKind = Literal["lead", "responsible", "support", "deadline", "channel", "quota"]

NOBODY_NAMED = "没有读出牵头或责任单位"
"""The doubt of a task whose document names nobody for it; it goes when somebody is named."""


@dataclass(slots=True)
class Deadline:
    """A time limit as printed (`raw`) and as understood. `due` is the last day meant; `within` says what a relative limit counts from."""

    raw: str
    kind: DeadlineKind
    span: Span
    due: date | None = None
    every: Every | None = None
    within: str | None = None

    def to_dict(self) -> dict[str, Any]:
        due = self.due.isoformat() if self.due else None
        return {"raw": self.raw, "kind": self.kind, "due": due, "every": self.every, "within": self.within, "span": list(self.span)}


@dataclass(slots=True)
class Quota:
    """A number under a comparator that binds what must be delivered: 不少于2次 is 2, 次, >=."""

    raw: str
    value: float
    unit: str
    op: Operator
    span: Span

    def to_dict(self) -> dict[str, Any]:
        value = int(self.value) if float(self.value).is_integer() else self.value
        return {"raw": self.raw, "value": value, "unit": self.unit, "op": self.op, "span": list(self.span)}


@dataclass(slots=True)
class Mark:
    """One coloured place in the original: a unit with its role, a date, a channel, a quota."""

    kind: MarkKind
    text: str
    span: Span

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "span": list(self.span)}


@dataclass(slots=True)
class Task:
    """One assigned unit of work. Units are as written, simplified, without prefix completion."""

    path: list[str]
    text: str
    span: Span
    lead: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    joint: bool = False
    deadlines: list[Deadline] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    statement_span: Span | None = None
    """Where the responsibility statement stands (the bracket, the slot, the cells), when it is outside `span`."""
    inherited: bool = False
    """The units come from a document-wide default and not from the item itself."""
    start_alternatives: list[str] = field(default_factory=list)
    """Where else a reader may let the text begin: after its run-in title, after the "X：" of a duty."""
    doubts: list[str] = field(default_factory=list)
    """Reasons, in Chinese, why a person should look at this row first. Empty means none."""

    @property
    def confidence(self) -> float:
        """1.0 without doubts, less with each; orders the review, decides nothing."""
        return round(max(0.2, 1.0 - 0.3 * len(self.doubts)), 2)

    def to_dict(self) -> dict[str, Any]:
        return {
            "path": list(self.path),
            "text": self.text,
            "text_start": self.text[:12],
            "text_start_alt": [start[:12] for start in self.start_alternatives],
            "text_end": self.text[-12:],
            "span": list(self.span),
            "lead": list(self.lead),
            "responsible": list(self.responsible),
            "support": list(self.support),
            "joint": self.joint,
            "deadlines": [d.to_dict() for d in self.deadlines],
            "channels": list(self.channels),
            "quotas": [q.to_dict() for q in self.quotas],
            "statement_span": list(self.statement_span) if self.statement_span else None,
            "marks": [m.to_dict() for m in self.marks],
            "inherited": self.inherited,
            "confidence": self.confidence,
            "doubts": list(self.doubts),
        }


@dataclass(slots=True)
class CitedDocument:
    title: str
    number: str | None
    span: Span

    def to_dict(self) -> dict[str, Any]:
        return {"title": self.title, "number": self.number, "span": list(self.span)}


@dataclass(slots=True)
class Warning:
    """Something a careful reader would point out: contradicting dates, a self-check before its deliverable, an unknown unit."""

    message: str
    span: Span
    kind: str = "note"

    def to_dict(self) -> dict[str, Any]:
        return {"span": list(self.span), "message": self.message, "kind": self.kind}


@dataclass(slots=True)
class Plan:
    """One document as read. `raw_text` is the extracted text that every span points into; it is not part of the JSON."""

    source: str
    raw_text: str = ""
    title: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    issued_on: date | None = None
    year: int | None = None
    tasks: list[Task] = field(default_factory=list)
    cited_documents: list[CitedDocument] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "title": self.title,
            "issuer": self.issuer,
            "doc_number": self.doc_number,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "year": self.year,
            "tasks": [t.to_dict() for t in self.tasks],
            "cited_documents": [c.to_dict() for c in self.cited_documents],
            "warnings": [w.to_dict() for w in self.warnings],
        }
