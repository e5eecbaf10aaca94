"""The strict reader of rules/statutes/*.toml. It takes a whole set or nothing; see statutes.py for what the rows mean."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import fixed_dates, limits
from gongkai.clocks.periods import CADENCES, DueRule, Freshness
from gongkai.obligations.facts import StatuteError, vocabulary
from gongkai.obligations.statutes import CERTAINTY, CHECKS, OWNERS, PLACE_WIDE, SETTINGS, TOLD, TRIGGERS, Owner, Rule

_KEYS = frozenset(Rule.__dataclass_fields__) - {"area", "fact", "where"} | {"fixed"}
_NEEDED = ("id", "name", "title", "text", "article", "effective_from", "certainty", "trigger", "owner")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_CLAUSE = re.compile(r"S[0-4]-\d{1,2}")
_TIMINGS = ("limit", "every", "within", "freshness", "standing")
_OPS = (">=", "<=", ">", "<", "=")


def read_files(files: Iterable[tuple[str, bytes]]) -> tuple[Rule, ...]:
    """(file name, content) → every version of every rule. Raises StatuteError."""
    found: list[tuple[str, Rule]] = []
    for name, data in files:
        found += [(name, row) for row in _read(name, data)]
    for n, (name, row) in enumerate(found):
        for _other, earlier in found[:n]:
            if earlier.id == row.id and _overlap(earlier, row):
                raise StatuteError(f"{name} 规则 {row.id}：有两个版本同时有效，给先前的版本写明 effective_to。")
    return tuple(row for _name, row in found)


def _read(name: str, data: bytes) -> list[Rule]:
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StatuteError(f"{name}：不是 toml（{error}），改正后再读。") from None
    if strange := sorted(set(table) - {"area", "rule"}):
        raise StatuteError(f"{name}：没有 {strange[0]} 这一项，文件只写 area 和 [[rule]]。")
    if not isinstance(table.get("area"), str) or not table["area"].strip():
        raise StatuteError(f"{name}：缺少 area，写明这个文件的领域。")
    return [_rule(row, table["area"], f"{name} 规则 {row.get('id') or f'第 {n} 条'}") for n, row in enumerate(table.get("rule", []), 1)]


def _rule(row: Mapping[str, Any], area: str, where: str) -> Rule:
    if strange := sorted(set(row) - _KEYS):
        raise StatuteError(f"{where}：没有 {strange[0]} 这一项，删去或改正。")
    if missing := [key for key in _NEEDED if row.get(key) in (None, "", {}, [])]:
        raise StatuteError(f"{where}：缺少 {missing[0]}，请补上。")
    for key in ("id", "name", "title", "text", "article"):
        _insist(isinstance(row[key], str), f"{where}：{key} 要写文字。")
    _insist(bool(_ID.fullmatch(row["id"])) and len(row["id"]) <= 60, f"{where}：编号要写成 领域.事项 这样的小写字母。")
    for key in ("effective_from", "effective_to"):
        _insist(type(row.get(key, date.min)) is date, f"{where}：{key} 要写日期，如 2019-05-15。")
    _one_of(row["certainty"], CERTAINTY, f"{where}：certainty")
    values: dict[str, Any] = {k: v for k, v in row.items() if k not in ("trigger", "owner", "helpers", "proof", "quota", "due", "fixed")}
    values |= _trigger(row["trigger"], where)
    values["owner"] = _owner(row["owner"], values["trigger"], where)
    values["helpers"] = tuple(_owner(one, values["trigger"], where) for one in row.get("helpers", []))
    values["proof"] = _proof(row.get("proof", {}), where)
    values |= _lists(row, where)
    values |= _timing(row, values["trigger"], where)
    _title(row["title"], values["trigger"], values["owner"], where)
    built = Rule(area=area, **values)
    _insist(built.effective_to is None or built.effective_to >= built.effective_from, f"{where}：失效日早于施行日，改正其中一个。")
    _limit_holds(built, where)
    _settings(built, where)
    return built


def _trigger(given: Any, where: str) -> dict[str, Any]:
    _insist(isinstance(given, Mapping), f'{where}：trigger 要写成一张表，如 {{ fact = "request_received" }}。')
    kinds = [key for key in TRIGGERS if key in given]
    strange = sorted(set(given) - {*TRIGGERS, "where"})
    _insist(not strange, f"{where}：没有 {strange[0] if strange else ''} 这种触发，可用 {'、'.join(TRIGGERS)}。")
    _insist(len(kinds) == 1, f"{where}：trigger 要写 {'、'.join(TRIGGERS)} 中的一个。")
    if kinds[0] != "fact":
        _insist("where" not in given and given[kinds[0]] is True, f"{where}：{kinds[0]} 只写成 true，没有 where。")
        return {"trigger": kinds[0]}
    known = vocabulary().facts.get(given["fact"])
    if known is None:
        raise StatuteError(f"{where}：没有 {given['fact']} 这种事实，先在 facts.toml 列明。")
    filters: dict[str, tuple[str, ...]] = {}
    for key, wanted in given.get("where", {}).items():
        options = known.tags.get(key)
        if options is None:
            raise StatuteError(f"{where}：事实 {known.id} 没有 {key} 这个标签，可用 {'、'.join(known.tags) or '（无）'}。")
        filters[key] = tuple(wanted) if isinstance(wanted, list) else (wanted,)
        for value in filters[key]:
            _one_of(value, ("", *options), f"{where}：标签 {key}")  # empty: the fact does not say
    return {"trigger": "fact", "fact": known.id, "where": filters}


def _owner(given: Any, trigger: str, where: str) -> Owner:
    _insist(isinstance(given, Mapping) and "who" in given, f'{where}：owner 要写成一张表，如 {{ who = "agency" }}。')
    if strange := sorted(set(given) - {"who", "kinds", "endings", "chiefs"}):
        raise StatuteError(f"{where}：owner 没有 {strange[0]} 这一项，删去或改正。")
    _one_of(given["who"], OWNERS, f"{where}：责任单位 who")
    owner = Owner(given["who"], tuple(given.get("kinds", ())), tuple(given.get("endings", ())), given.get("chiefs", False))
    for kind in owner.kinds:
        _one_of(kind, Agency.Kind.values, f"{where}：机构类别 kinds")
    choosing = owner.who in ("every", "named", "leaders")
    _insist(choosing == bool(owner.kinds or owner.endings), f"{where}：every、named、leaders 要写 kinds 或 endings，别的不写。")
    _insist(
        trigger == "fact" or owner.who in PLACE_WIDE, f"{where}：没有事实就没有 {owner.who}，责任单位用 {'、'.join(sorted(PLACE_WIDE))}。"
    )
    return owner


def _timing(row: Mapping[str, Any], trigger: str, where: str) -> dict[str, Any]:
    given = [key for key in _TIMINGS if row.get(key)]
    _insist(len(given) == 1, f"{where}：期限要写 {'、'.join(_TIMINGS)} 中的一个，这里写了 {len(given)} 个。")
    way = given[0]
    _insist(trigger != "calendar" or way == "every", f"{where}：按周期的规则要写 every。")
    _insist(trigger != "always" or way in ("freshness", "standing"), f"{where}：长期的规则要写 freshness 或 standing。")
    for key in ("every", "within"):
        if row.get(key):
            _one_of(row[key], [cadence for cadence in CADENCES if cadence != "realtime"], f"{where}：{key}")
    if way == "freshness":
        try:
            Freshness(**row["freshness"])
        except (ClockError, TypeError) as error:
            raise StatuteError(f'{where}：freshness 不能用（{_words(error)}），写成 {{ n = 14, unit = "days" }}。') from None
    _insist(way in ("every", "within") or not ("due" in row or "fixed" in row), f"{where}：due 和 fixed 只和 every、within 一起写。")
    _insist(not ("due" in row and "fixed" in row), f"{where}：due 和 fixed 只写一个。")
    if "fixed" in row:
        return {"due": _fixed(row, where)}
    try:
        return {"due": DueRule(**row.get("due", {}))}
    except (ClockError, TypeError) as error:
        raise StatuteError(f"{where}：到期规则不能用（{_words(error)}），可写 kind、n、month、day。") from None


def _fixed(row: Mapping[str, Any], where: str) -> DueRule:
    """The fixed date of a yearly duty: that day of the year after the one reported on."""
    _insist(row.get("every") == "yearly", f'{where}：fixed 只和 every = "yearly" 一起写。')
    for fixed in fixed_dates():
        if fixed.id == row["fixed"] and fixed.effective_from <= row["effective_from"] <= (fixed.effective_to or date.max):
            _insist(
                fixed.certainty == row["certainty"] or row["certainty"] == "memory", f"{where}：固定日期凭记忆，certainty 也写 memory。"
            )
            return DueRule("day_of_next", month=fixed.month, day=fixed.day)
    raise StatuteError(f"{where}：施行日没有编号为 {row['fixed']} 的固定日期，先写进 limits.toml。")


def _limit_holds(rule: Rule, where: str) -> None:
    """The limit exists as long as the rule does, and the rule is not surer than its limit."""
    if not rule.limit:
        _insist(not rule.opens_before, f"{where}：opens_before 只和 limit 一起写。")
        return
    last = rule.effective_to or date.max
    rows = [x for x in limits() if x.id == rule.limit and _begins(x) <= last and (x.effective_to or date.max) >= rule.effective_from]
    if not rows or min(map(_begins, rows)) > rule.effective_from or max(x.effective_to or date.max for x in rows) < last:
        raise StatuteError(f"{where}：在规则有效期间没有编号为 {rule.limit} 的时限，先写进 limits.toml 或改施行日期。")
    unsure = any(row.certainty != "read" for row in rows)
    _insist(not (unsure and rule.certainty == "read"), f"{where}：时限 {rule.limit} 凭记忆，certainty 也写 memory。")


def _begins(row: Any) -> date:
    begin: date | None = row.effective_from
    return begin or date.min


def _proof(given: Any, where: str) -> dict[str, Any]:
    _insist(isinstance(given, Mapping), f"{where}：proof 要写成一张表。")
    if strange := sorted(set(given) - {"kinds", "beside", "checks", "column", "no_change", "note"}):
        raise StatuteError(f"{where}：proof 没有 {strange[0]} 这一项，删去或改正。")
    for kind in [*given.get("kinds", []), *given.get("beside", [])]:
        _one_of(kind, vocabulary().records, f"{where}：佐证 kinds")
    for check in given.get("checks", []):
        _one_of(check, CHECKS, f"{where}：核查 checks")
    return dict(given)


def _lists(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    for one in row.get("told", []):
        _one_of(one, TOLD, f"{where}：told")
    for one in row.get("settings", []):
        _one_of(one, SETTINGS, f"{where}：settings")
    for one in row.get("clauses", []):
        _insist(isinstance(one, str) and bool(_CLAUSE.fullmatch(one)), f"{where}：条款 {one} 写法不对，如 S4-46。")
    _insist(isinstance(row.get("local", False), bool), f"{where}：local 要写 true 或 false。")
    quota = row.get("quota")
    if quota is not None:
        _insist(isinstance(quota, Mapping) and set(quota) == {"op", "value", "unit"}, f"{where}：quota 要写 op、value、unit。")
        _one_of(quota["op"], _OPS, f"{where}：quota 的 op")
        _insist(isinstance(quota["value"], int) and quota["value"] > 0, f"{where}：quota 的 value 要写大于 0 的整数。")
    return {
        "told": tuple(row.get("told", ["owner"])),
        "settings": tuple(row.get("settings", [])),
        "clauses": tuple(row.get("clauses", [])),
        "quota": (quota["op"], Decimal(quota["value"]), quota["unit"]) if quota else None,
    }


def _settings(rule: Rule, where: str) -> None:
    able = {
        "n": bool(rule.limit or rule.freshness),
        "quota": rule.quota is not None,
        "cadence": bool(rule.every or rule.within),
        "agencies": rule.owner.who in ("every", "named", "leaders"),
    }
    for one in rule.settings:
        _insist(able[one], f"{where}：规则没有 {SETTINGS[one]}，settings 不能写 {one}。")


def _title(title: str, trigger: str, owner: Owner, where: str) -> None:
    try:
        names = [name for _text, name, _spec, _conversion in string.Formatter().parse(title) if name is not None]
    except ValueError:
        raise StatuteError(f"{where}：title 的花括号不成对，改正后再读。") from None
    able = {"agency", *(["subject"] if trigger == "fact" else []), *(["leader"] if owner.who == "leaders" else [])}
    for name in names:
        _one_of(name, able, f"{where}：title 里的花括号")


def _overlap(a: Rule, b: Rule) -> bool:
    return a.effective_from <= (b.effective_to or date.max) and b.effective_from <= (a.effective_to or date.max)


def _one_of(value: Any, known: Iterable[str], what: str) -> None:
    options = list(known)
    if value not in options:
        raise StatuteError(f"{what} 没有 {value}，可用 {'、'.join(sorted(options) if isinstance(known, set) else options)}。")


def _words(error: Exception) -> str:
    """The sentence of an error, to stand within another."""
    return str(error).rstrip("。")


def _insist(fine: bool, sentence: str) -> None:
    if not fine:
        raise StatuteError(sentence)
