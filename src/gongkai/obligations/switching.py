"""Which rules of law are in use in a place. Installing the set switches on what the text of national law says and this system can tell of;
on everything else (numbers from memory, other places' own rules) a person decides.

Rules without a fact ask of agencies, or of leaders, from the day they are switched on: `keep_up` makes that true again whenever agencies or
leaders change, and from time to time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.clocks.periods import CADENCES
from gongkai.journal.actions import Change, record, record_many
from gongkai.obligations.models import Obligation, RuleSwitch, Series
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import open_obligations
from gongkai.obligations.owners import Place, Target
from gongkai.obligations.periods import NewSeries, close_series
from gongkai.obligations.series_again import open_again
from gongkai.obligations.statutes import SETTINGS, Rule, current, rules, waiting_for_app
from gongkai.obligations.triggers import STATUTE, end, helpers_of, new_obligation, new_series, revive

STATES = {
    "on": ("已启用", "ok", "circle"),
    "waiting": ("等待功能上线", "wait", "ring"),
    "undecided": ("待本地区决定", "wait", "dash"),
    "off": ("停用", "wait", "cross"),
    "ended": ("已不施行", "wait", "arrow"),
}
"""State of a rule in a place: (word, css class, shape)."""
LABELS = {"switch_on": "启用", "switch_off": "停用"}


def state_of(rule: Rule, switch: RuleSwitch | None, today: date) -> str:
    """A key of STATES. Out of force and waiting come before what anybody decided: then nothing can happen."""
    if rule.effective_to is not None and rule.effective_to < today:
        return "ended"
    if waiting_for_app(rule):
        return "waiting"
    if switch is None:
        return "undecided"
    return "on" if switch.on else "off"


def role_reason(verb: str, place: Jurisdiction, actor: Any) -> str:
    """`None` is the operator at the command line."""
    if actor is None:
        return ""
    scope = scope_of(actor)
    if scope.is_office_of(place.pk) or scope.heads_competent_agency_of(place.pk):
        return ""
    return f"规则由{place.name}政务公开主管部门{LABELS[verb]}"


def failure_reasons(verb: str, rule: Rule, place: Jurisdiction, actor: Any, switch: RuleSwitch | None) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    if role := role_reason(verb, place, actor):
        return [role]
    if verb == "switch_off":
        return [] if switch is not None and switch.on else ["这条规则没有启用"]
    if rule.effective_to is not None and rule.effective_to < timezone.localdate():
        return [f"这条规则已于 {rule.effective_to} 停止施行"]
    return ["等待相应的功能上线，上线后再启用"] if waiting_for_app(rule) else []


def value_reasons(rule: Rule, place: Jurisdiction, values: Mapping[str, Any]) -> list[str]:
    """What is wrong with a place's own values: n (days or hours), quota, cadence, agencies (codes). At most one query."""
    reasons = [f"这条规则不能自定{SETTINGS.get(key, key)}" for key in values if key not in rule.settings]
    for key in ("n", "quota"):
        number = values.get(key)
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= 1000):
            reasons.append(f"{SETTINGS[key]}要写 1 到 1000 的整数")
    if "cadence" in values and (values["cadence"] not in CADENCES or values["cadence"] == "realtime"):
        reasons.append("请选择周期")
    if codes := values.get("agencies"):
        known = set(Agency.objects.filter(jurisdiction=place, code__in=codes, valid_to__isnull=True).values_list("code", flat=True))
        if missing := [code for code in codes if code not in known]:
            reasons.append(f"{place.name}没有机构 {'、'.join(missing[:5])}")
    return reasons


def _rule(id: str) -> Rule:
    found = current(id, timezone.localdate())
    if found is None:
        raise ActionRefused(f"没有编号为 {id} 的法定规则")
    return found


def _insist(verb: str, rule: Rule, place: Jurisdiction, actor: User | None, switch: RuleSwitch | None) -> None:
    if role := role_reason(verb, place, actor):
        raise NotAllowed(role)
    if reasons := failure_reasons(verb, rule, place, actor, switch):
        raise ActionRefused(reasons)


@transaction.atomic
def switch_on(
    rule_id: str, jurisdiction: Jurisdiction, actor: User | None, *, since: date, values: Mapping[str, Any] | None = None
) -> RuleSwitch:
    """The rule is in use from `since`, with the place's own values where it allows them. Doing it twice leaves it as it is; doing it with
    other values changes them for what comes. Facts before `since` are not taken up.
    """
    place = Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    rule, given = _rule(rule_id), dict(values or {})
    row = RuleSwitch.objects.filter(jurisdiction=place, rule=rule_id).first()
    _insist("switch_on", rule, place, actor, row)
    reasons = value_reasons(rule, place, given)
    if since < rule.effective_from:
        reasons.append(f"规则自 {rule.effective_from} 起施行，起用日期不能更早")
    if reasons:
        raise ActionRefused(reasons)
    if row is not None and row.on and (row.since, row.values) == (since, given):
        return row
    old = _kept(row)
    row = row or RuleSwitch(jurisdiction=place, rule=rule_id)
    row.on, row.since, row.values, row.reason = True, since, given, ""
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save()
    record("rule.switched_on", row, actor=actor, old=old, new=_kept(row), place=place.pk)
    keep_place(place, actor)
    return row


@transaction.atomic
def switch_off(rule_id: str, jurisdiction: Jurisdiction, actor: User | None, *, reason: str) -> RuleSwitch:
    """No more duties come of it. What it made and is due stays owed; periods to come and standing duties end."""
    place = Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    row = RuleSwitch.objects.filter(jurisdiction=place, rule=rule_id).first()
    _insist("switch_off", _rule(rule_id), place, actor, row)
    assert row is not None
    if not reason.strip() or len(reason) > 300:
        raise ActionRefused("请写明停用的理由，不超过 300 个字")
    old, today = _kept(row), timezone.localdate()
    row.on, row.since, row.reason = False, today, reason.strip()
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save()
    record("rule.switched_off", row, actor=actor, old=old, new=_kept(row), place=place.pk, note=row.reason)
    words = f"规则停用：{row.reason}"
    close_series(STATUTE, on=today, reason=words, rule=rule_id, jurisdiction=place)
    end(_standing(place, {rule_id}), actor, words, today)
    return row


def _kept(row: RuleSwitch | None) -> dict[str, Any]:
    return {"on": row.on, "since": row.since, "values": row.values, "reason": row.reason} if row is not None else {}


@transaction.atomic
def install(jurisdiction: Jurisdiction, actor: User | None, since: date) -> int:
    """The rule set comes into use in a place: national rules read in their text whose app is there. What was decided before stays.

    Called by `gongkai setup` and by `keep_up` when an app has arrived; returns how many rules were switched on.
    """
    place = Jurisdiction.objects.select_for_update().get(pk=jurisdiction.pk)
    if reason := role_reason("switch_on", place, actor):
        raise NotAllowed(reason)
    decided = set(RuleSwitch.objects.filter(jurisdiction=place).values_list("rule", flat=True))
    now = timezone.now()
    fresh = [
        RuleSwitch(jurisdiction=place, rule=rule.id, on=True, since=since, decided_by=actor, decided_at=now)
        for rule in rules(timezone.localdate())
        if rule.by_default and rule.id not in decided and not waiting_for_app(rule)
    ]
    if fresh:
        RuleSwitch.objects.bulk_create(fresh)
        record_many(Change("rule.switched_on", row, actor, new=_kept(row), place=place.pk, note="装入法定规则") for row in fresh)
        keep_place(place, actor)
    return len(fresh)


def keep_up() -> None:
    """The worker's part (site/ticks.py): rules whose app has arrived, agencies and leaders that came or went, days that have come."""
    today = timezone.localdate()
    for place in Jurisdiction.objects.filter(pk__in=RuleSwitch.objects.values("jurisdiction")):
        install(place, None, today)
        keep_place(place, None)


@transaction.atomic
def keep_place(place: Jurisdiction, actor: User | None) -> None:
    """The rules without a fact ask of exactly those they mean today: series and standing duties are opened and ended accordingly.

    The number of queries depends on neither rules nor agencies.
    """
    today = timezone.localdate()
    switches = {row.rule: row for row in RuleSwitch.objects.filter(jurisdiction=place, on=True, since__lte=today)}
    meant = [
        (rule, switches[rule.id]) for rule in rules(today) if rule.trigger != "fact" and rule.id in switches and not waiting_for_app(rule)
    ]
    if not meant:
        return
    here = Place(place, today)
    _keep_series([pair for pair in meant if pair[0].makes_series], here, actor, today)
    _keep_standing([pair for pair in meant if not pair[0].makes_series], here, actor, today)


def _targets(rule: Rule, switch: RuleSwitch, here: Place) -> list[Target]:
    return here.of(rule.owner, switch.values.get("agencies", ()))


def _since(switch: RuleSwitch, rule: Rule, target: Target, today: date) -> date:
    """From when this target owes it: not before the rule, the agency or the leader."""
    days = [switch.since, rule.effective_from, target.agency.valid_from, target.leader.valid_from if target.leader else None]
    return min(max(day for day in days if day is not None), today)


def _keep_series(pairs: list[tuple[Rule, RuleSwitch]], here: Place, actor: User | None, today: date) -> None:
    wanted: dict[tuple[str, int, str, str], NewSeries] = {}
    for rule, switch in pairs:
        helpers = helpers_of(rule, here)
        for target in _targets(rule, switch, here):
            new = new_series(rule, switch.values, here.jurisdiction, target, _since(switch, rule, target, today), helpers, None)
            wanted[(rule.id, target.agency.pk, new.share_name, new.cadence)] = new
    ids = {rule.id for rule, _switch in pairs}
    open_ones = Series.objects.filter(source=STATUTE, jurisdiction=here.jurisdiction, rule__in=ids, subject_id=0, closed_on__isnull=True)
    there = {(row.rule, row.owner_id, row.share, row.cadence): row for row in open_ones}
    if gone := [row.pk for key, row in there.items() if key not in wanted]:
        close_series(STATUTE, on=today, reason="不再承担这条规则的任务", pk__in=gone)
    changed = []
    for key, row in there.items():
        quota = wanted[key].quota if key in wanted else None
        if quota is not None and quota.value != row.quota_value:
            row.quota_value = quota.value
            changed.append(row)
    Series.objects.bulk_update(changed, ["quota_value"])
    open_again([new for key, new in wanted.items() if key not in there], actor, text="法定规则")


def _standing(place: Jurisdiction, ids: set[str]) -> list[Obligation]:
    always = {rule.id for rule in rules() if rule.trigger == "always"} & ids
    return list(Obligation.objects.filter(OPEN, source=STATUTE, jurisdiction=place, rule__in=always, subject_id=0))


def _keep_standing(pairs: list[tuple[Rule, RuleSwitch]], here: Place, actor: User | None, today: date) -> None:
    if not pairs:
        return
    wanted = {}
    for rule, switch in pairs:
        helpers = helpers_of(rule, here)
        for target in _targets(rule, switch, here):
            new = new_obligation(rule, switch.values, here.jurisdiction, target, _since(switch, rule, target, today), helpers, None)
            wanted[(rule.id, target.agency.pk)] = new
    there = {(row.rule, row.owner_id): row for row in _standing(here.jurisdiction, {rule.id for rule, _switch in pairs})}
    end([row for key, row in there.items() if key not in wanted], actor, "不再承担这条规则的任务。", today)
    revive(open_obligations([new for key, new in wanted.items() if key not in there], actor, text="法定规则"), actor)
