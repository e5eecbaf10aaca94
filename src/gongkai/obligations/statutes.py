"""Rules of law as data (rules/statutes/*.toml): what triggers a duty, who owes it, by when, what proves it, which article says so.

A rule has versions by effective date; the one in force on the day of the fact governs, and what was opened under it stays under it.
Read once, strictly: anything the reader does not know is refused with one sentence (StatuteError) and nothing is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from gongkai.clocks.limits import Limit, limit
from gongkai.clocks.periods import CADENCES, DUE_RULES, DueRule
from gongkai.obligations import records
from gongkai.obligations.facts import StatuteError, is_declared, vocabulary

TRIGGERS = {"fact": "发生一件事", "calendar": "按周期", "always": "长期"}
OWNERS = {
    "agency": "事项所属单位",
    "lead_maker": "牵头制作单位",
    "makers": "每个共同制作单位",
    "competent": "本地区政府信息公开工作主管部门",
    "government": "本级人民政府",
    "every": "每个单位",
    "named": "主管这项工作的部门",
    "leaders": "每位负责人",
}
"""Who answers. `every`, `named`, `leaders` say which by `kinds` (Agency.Kind) or `endings` of the full name; `chiefs`: 主要负责人 alone."""
PLACE_WIDE = frozenset({"competent", "government", "every", "named", "leaders"})
"""Owners that need no fact to be found."""
TOLD = {"owner": "责任单位", "helpers": "配合单位", "competent": "本地区主管部门", "superior": "上级主管部门", "chief": "主要负责人"}
CHECKS = {
    "published": "已公开",
    "in_time": "在期限内",
    "by_owner": "由责任单位公开或者办理",
    "column": "在规定的栏目",
    "leader": "由这位负责人解读",
    "item": "对应目录事项",
    "judged": "由主管部门核查认定",
}
SETTINGS = {"n": "期限或者更新时限的数目", "quota": "数量要求", "cadence": "周期", "agencies": "承担单位"}
"""What a place may set for itself, where the rule lists it."""
CERTAINTY = {"read": "已核原文", "memory": "凭记忆"}


@dataclass(frozen=True, slots=True)
class Owner:
    who: str
    kinds: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    chiefs: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. Due in exactly one way: `limit` (id in clocks/data/limits.toml); `every` with `due` (a series); `within`
    with `due` (the end of the period the fact lies in); `freshness` {n, unit}; or `standing` (the law names no number).

    `local`: a local government's own rule, offered to places that want to adopt it. `opens_before`: months before the due day at which
    the duty begins, for limits of years.
    """

    id: str
    name: str
    area: str
    title: str
    text: str
    article: str
    effective_from: date
    certainty: str
    trigger: str
    owner: Owner
    effective_to: date | None = None
    fact: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    helpers: tuple[Owner, ...] = ()
    limit: str = ""
    every: str = ""
    within: str = ""
    due: DueRule = DueRule()
    freshness: Mapping[str, Any] | None = None
    standing: str = ""
    opens_before: int = 0
    quota: tuple[str, Decimal, str] | None = None
    proof: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ("owner",)
    settings: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    local: bool = False
    note: str = ""

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Whether a fact with these tags is one the rule answers to."""
        return all(tags.get(key, "") in values for key, values in self.where.items())

    def limit_on(self, day: date) -> Limit | None:
        return limit(self.limit, day) if self.limit else None

    @property
    def makes_series(self) -> bool:
        return bool(self.every)

    @property
    def by_default(self) -> bool:
        """Whether installing the rules switches it on: national law, read in its text. A person decides on the others."""
        return self.certainty == "read" and not self.local

    @property
    def when_words(self) -> str:
        """期限 in words: 20个工作日，自收到申请之日; 每年，下一年1月31日前; 长期."""
        if self.limit:
            found = limit(self.limit, self.effective_from)
            kind = {"at_least": "不少于 ", "before": "提前 "}.get(found.kind, "")
            return f"{kind}{found.words}，自{found.anchor}" if found.kind != "before" else f"{found.anchor}前 {found.words}"
        if self.every:
            return f"{CADENCES[self.every]}，{due_words(self.due)}"
        if self.within:
            return f"{CADENCES[self.within].removeprefix('每')}内，{due_words(self.due)}"
        if self.freshness:
            return f"每 {self.freshness['n']} {FRESH_UNITS[self.freshness['unit']]}内至少更新一次"
        return self.standing

    @property
    def owner_words(self) -> str:
        return owner_words(self.owner)


FRESH_UNITS = {"hours": "小时", "days": "日", "working_days": "个工作日"}


def owner_words(owner: Owner) -> str:
    from gongkai.agencies.models import Agency

    which = [Agency.Kind(kind).label for kind in owner.kinds] + [f"名称以“{ending}”结尾的单位" for ending in owner.endings]
    who = "每位主要负责人" if owner.who == "leaders" and owner.chiefs else OWNERS[owner.who]
    return f"{who}（{'、'.join(which)}）" if which else who


def due_words(due: DueRule) -> str:
    if due.kind == "day_of_next":
        return f"下一期间第 {due.month} 个月 {due.day} 日前" if due.month != 1 or due.day != 31 else "下一年1月31日前"
    words = DUE_RULES[due.kind]
    return words.replace("若干", f" {due.n} ").replace("个  ", "个 ") if due.n else words


def rules(on: date | None = None) -> tuple[Rule, ...]:
    """Every version of every rule, in the order of the files; with `on` those in force on that day."""
    return tuple(row for row in _packaged() if on is None or row.holds_on(on))


def versions(id: str) -> tuple[Rule, ...]:
    """The versions of one rule, newest first; empty for an unknown id."""
    return tuple(sorted((row for row in _packaged() if row.id == id), key=lambda row: row.effective_from, reverse=True))


def rule(id: str, on: date) -> Rule:
    """The version in force on a day. Raises StatuteError for an unknown id and for a day before or after the rule."""
    found = versions(id)
    if not found:
        raise StatuteError(f"没有编号为 {id} 的法定规则。")
    for row in found:
        if row.holds_on(on):
            return row
    raise StatuteError(f"{on} 没有有效的法定规则 {id}，最早的规定自 {found[-1].effective_from} 起施行。")


def current(id: str, today: date) -> Rule | None:
    """The version in force today, or the newest there was; None for an unknown id."""
    found = versions(id)
    return next((row for row in found if row.holds_on(today)), found[0] if found else None)


def answering(fact: str, on: date) -> list[Rule]:
    """The rules in force on a day that answer to a kind of fact."""
    return [row for row in rules(on) if row.fact == fact]


def of_fact(fact: str) -> frozenset[str]:
    """The ids of all rules, of whatever day, that answer to a kind of fact."""
    return frozenset(row.id for row in rules() if row.fact == fact)


def waiting_for_app(rule: Rule) -> bool:
    """Whether the app that would tell of its fact is not there yet, or, for what must stay fresh, the app whose records would show it:
    nobody is asked to report by hand every fortnight what a system will know.
    """
    if rule.freshness and not any(records.known(kind) for kind in rule.proof.get("kinds", ())):
        return True
    return rule.trigger == "fact" and not is_declared(rule.fact)


def trigger_words(rule: Rule) -> str:
    """What makes the duty: the words of its fact, or that it comes by itself."""
    return vocabulary().facts[rule.fact].words if rule.fact else TRIGGERS[rule.trigger]


def areas_of(listed: Iterable[Rule]) -> list[str]:
    """The fields of work (领域) of the rules, in order."""
    return list(dict.fromkeys(row.area for row in listed))


@cache
def _packaged() -> tuple[Rule, ...]:
    from gongkai.obligations.statute_reader import read_files

    folder = resources.files("gongkai.obligations").joinpath("rules/statutes")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return read_files([(entry.name, entry.read_bytes()) for entry in files])
