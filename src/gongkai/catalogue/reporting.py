"""The validator's report on a version: every row complete, named by the rules, of the right class (S1-4, S1-5)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from gongkai.catalogue.models import CatalogueVersion, ItemStandard
from gongkai.catalogue.rulebook import standard

NEEDED = {
    "level1": "level1",
    "elements": "elements",
    "basis": "basis",
    "limit": "limit_words",
    "subject": "subject_words",
    "channels": "channels",
    "audience": "audience",
    "method": "method",
    "levels": "levels",
}
"""Heading of rules/standard.toml → field of the row."""
_STRANGE = re.compile(r"[?？!！\x00-\x1f<>{}|]|\.{3}|…")
_VAGUE = frozenset({"其他", "其它", "相关信息", "有关信息", "信息", "内容", "无", "略", "待定", "其他信息"})
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.．、])")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row, as a sentence with its mend. `kind`: missing, name or class."""

    standard: ItemStandard
    n: int
    kind: str
    sentence: str


@dataclass(slots=True)
class Report:
    """`doubts` do not stand in the way of approval: time limits that a person must read himself."""

    rows: int
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    @property
    def incomplete(self) -> int:
        """Rows that lack something (S1-5 asks for zero)."""
        return len({problem.standard.pk for problem in self.problems if problem.kind == "missing"})

    @property
    def is_clean(self) -> bool:
        return bool(self.rows) and not self.problems

    @property
    def reasons(self) -> list[str]:
        """Why the version cannot be approved, in a few sentences."""
        if not self.rows:
            return ["目录里还没有一个事项"]
        kinds = Counter(problem.kind for problem in self.problems)
        words = {"missing": "有空着的栏目", "name": "名称不合规范", "class": "分类有误"}
        found = [f"{n} 处{words[kind]}，见校验报告" for kind, n in kinds.items()]
        return found + [f"第 {p.n} 项：{p.sentence}" for p in self.problems[:SHOWN]] if found else []


def report_of(version: CatalogueVersion) -> Report:
    """Two queries, whatever the length."""
    rows = list(version.standards.select_related("item"))
    report = Report(len(rows))
    names = Counter((row.level1, row.level2) for row in rows)
    for n, row in enumerate(rows, 1):
        for kind, sentence in _problems(row):
            report.problems.append(Problem(row, n, kind, sentence))
        if names[row.level1, row.level2] > 1:
            report.problems.append(Problem(row, n, "name", "与另一项的一级、二级事项名称完全相同，请合并或者改名"))
        if row.limit_words and not row.limit:
            report.doubts.append(Problem(row, n, "limit", f"公开时限“{row.limit_words[:30]}”没有读成天数，请在事项里填明"))
    return report


def _problems(row: ItemStandard) -> list[tuple[str, str]]:
    found = []
    for heading in standard().needed:
        if not getattr(row, NEEDED[heading.key]):
            found.append(("missing", f"缺{heading.name}"))
    if row.audience in ("group", "both") and not row.audience_words:
        found.append(("missing", "公开对象是特定群体，没有写明是哪些人"))
    names = (_name("一级事项", row.level1), _name("二级事项", row.level2))
    found += [("name", sentence) for sentence in names if sentence]
    if row.level2 and row.level2 == row.level1:
        found.append(("name", "二级事项与一级事项同名，请删去二级事项或者写得更细"))
    found += [("class", sentence) for sentence in _class(row)]
    return found


def _name(label: str, name: str) -> str:
    """名称规范、指向清楚 (S1-4)."""
    if name in _VAGUE:
        return f"{label}“{name}”指向不清，请写明是什么信息"
    if _NUMBERED.match(name):
        return f"{label}“{name[:15]}”带着序号，请去掉"
    if mark := _STRANGE.search(name):
        return f"{label}里有“{mark.group()}”，请改正"
    return f"{label}有 {len(name)} 个字，请精简到 60 个字以内" if len(name) > 60 else ""


def _class(row: ItemStandard) -> list[str]:
    """Codes that the rules know."""
    rules = standard()
    found = []
    for label, which, code in (("公开对象", "audience", row.audience), ("公开方式", "method", row.method), ("过程", "stage", row.stage)):
        if code and code not in rules.names(which):
            found.append(f"{label}不是规定的分类，请重新选择")
    if set(row.levels) - set(rules.names("level")) or set(row.links) - set(rules.names("link")):
        found.append("公开层级或者环节不是规定的分类，请重新选择")
    return found
