"""What screening looks at and what it finds."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

MORE = "另有"
"""How the finding begins that stands for further ones."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a detector saw: the rule by id, and where in the text it was given ([start, end) characters).

    `masked` replaces the text of the span wherever it is shown or published.
    """

    rule: str
    start: int
    end: int
    masked: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a file. `where` and `masked` as in the contract of `gongkai screen`; the unmasked value is nowhere in it."""

    kind: str
    severity: str
    where: str
    masked: str
    why: str
    rule: str

    @property
    def stands_for_more(self) -> bool:
        """The last finding of a rule, in place of those beyond the most that are listed."""
        return not self.where and self.masked.startswith(MORE)

    def to_dict(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "severity": self.severity,
            "where": self.where,
            "masked": self.masked,
            "why": self.why,
            "rule": self.rule,
        }


@dataclass(slots=True)
class Passage:
    """A stretch of text from one place of a file.

    `rule`: the place itself is a finding (a hidden sheet, a property), with `shown` as its masked words. `marks`: finer places, from
    an offset of `text` onwards. `header`: the first row of the table the text continues, for the words that say what a column holds.
    """

    where: str
    text: str
    rule: str = ""
    shown: str = ""
    marks: list[tuple[int, str]] = field(default_factory=list)
    header: str = ""

    def place(self, offset: int) -> str:
        at = bisect_right(self.marks, offset, key=lambda mark: mark[0]) - 1
        return self.marks[at][1] if at >= 0 else self.where


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found in one document; a zip gives one for each member."""

    file: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "block" for finding in self.findings)

    def to_dict(self) -> dict[str, object]:
        return {"file": self.file, "findings": [finding.to_dict() for finding in self.findings]}
