"""Something happened: the obligations that the rules of law make of it. Apps tell of facts inside the transaction of their own action.

An app declares its fact kinds once from ready() (`declare`), calls `happened` when one occurs and `withdrawn` when it turns out that it did
not. What a rule asks then: switching.py says where it is in use, owners.py whom it means, opening.py makes the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.clocks.clock import add_months, due
from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import Limit
from gongkai.clocks.periods import due_day, period_of
from gongkai.journal.actions import Change, record_many
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.facts import StatuteError, declare, is_declared
from gongkai.obligations.models import Obligation, RuleSwitch, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, Quota, open_obligations
from gongkai.obligations.owners import Place, Target
from gongkai.obligations.periods import NewSeries, close_series
from gongkai.obligations.series_again import open_again
from gongkai.obligations.statutes import Rule, answering, of_fact, versions

__all__ = ["Fact", "declare", "happened", "happened_all", "new_obligation", "new_series", "withdrawn"]

STATUTE = Obligation.Source.STATUTE


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened. `subject_id` is the record of this kind; `on` its day as rules/facts.toml says, `at` the moment (limits in hours).

    `agency` is whose it is; `agencies` who made it together, the leading one first. `tags` are what the rules filter by.
    """

    kind: str
    jurisdiction: Jurisdiction
    agency: Agency | None
    subject_id: int
    title: str
    on: date
    at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    agencies: tuple[Agency, ...] = ()


def happened(fact: Fact, actor: User | None) -> list[Obligation]:
    """Opens the obligations of every rule in force on the fact's day, in use in its place, whose filter fits. Telling it twice is harmless.

    The number of statements does not depend on how many obligations come of it. The actor's right is the app's to have asked. Raises
    ActionRefused where a rule cannot be applied (no moment for a limit in hours), and nothing of the caller's transaction should stay then.
    """
    return happened_all([fact], actor)


@transaction.atomic
def happened_all(facts: Iterable[Fact], actor: User | None) -> list[Obligation]:
    """The same for many facts at once, as an import has them. Statements grow with the places, not with the facts."""
    pairs: list[tuple[Fact, Rule]] = []
    for fact in facts:
        if not is_declared(fact.kind):
            raise StatuteError(f"事实 {fact.kind} 没有功能声明过，先在功能启动时 declare。")
        pairs += [(fact, rule) for rule in answering(fact.kind, fact.on) if rule.fits(fact.tags)]
    if not pairs:
        return []
    switches = _switches({fact.jurisdiction.pk for fact, _rule in pairs}, {rule.id for _fact, rule in pairs})
    places: dict[tuple[int, date], Place] = {}
    rows: list[NewObligation] = []
    series: list[NewSeries] = []
    for fact, rule in pairs:
        switch = switches.get((fact.jurisdiction.pk, rule.id))
        if switch is None or switch.since > fact.on:
            continue
        place = places.setdefault((fact.jurisdiction.pk, fact.on), Place(fact.jurisdiction, fact.on))
        targets = place.of(rule.owner, switch.values.get("agencies", ()), fact.agencies, fact.agency)
        helpers = helpers_of(rule, place, fact)
        for target in targets:
            if rule.makes_series:
                series.append(new_series(rule, switch.values, fact.jurisdiction, target, fact.on, helpers, fact))
            else:
                rows.append(new_obligation(rule, switch.values, fact.jurisdiction, target, fact.on, helpers, fact))
    try:
        opened = open_obligations(rows, actor, text="法定规则")
        made = open_again(series, actor, text="法定规则")
    except ClockError as error:
        raise ActionRefused(str(error)) from None
    revive(opened, actor)
    periods = Obligation.objects.filter(series__in=made) if made else Obligation.objects.none()
    return opened + list(periods)


def _switches(places: set[int], rules: set[str]) -> dict[tuple[int, str], RuleSwitch]:
    rows = RuleSwitch.objects.filter(jurisdiction__in=places, rule__in=rules, on=True)
    return {(row.jurisdiction_id, row.rule): row for row in rows}


def helpers_of(rule: Rule, place: Place, fact: Fact | None = None) -> tuple[Agency, ...]:
    """Who supports the owner."""
    found: dict[int, Agency] = {}
    for owner in rule.helpers:
        for target in place.of(owner, (), fact.agencies if fact else (), fact.agency if fact else None):
            found[target.agency.pk] = target.agency
    return tuple(found.values())


def _title(rule: Rule, target: Target, fact: Fact | None) -> str:
    leader = target.leader.name if target.leader else ""
    return rule.title.format(agency=target.agency.display_name, leader=leader, subject=fact.title if fact else "")


def _quota(rule: Rule, values: Mapping[str, Any]) -> Quota | None:
    if rule.quota is None:
        return None
    op, value, unit = rule.quota
    return Quota(op, type(value)(values["quota"]) if "quota" in values else value, unit)


def _limit(rule: Rule, values: Mapping[str, Any], on: date) -> Limit | None:
    found = rule.limit_on(on)
    return replace(found, n=values["n"]) if found is not None and "n" in values else found


def new_series(
    rule: Rule, values: Mapping[str, Any], place: Jurisdiction, target: Target, since: date, helpers: tuple[Agency, ...], fact: Fact | None
) -> NewSeries:
    """The series of a rule that comes back, for one target."""
    return NewSeries(
        jurisdiction=place,
        owner=target.agency,
        leader=target.leader,
        source=STATUTE,
        rule=rule.id,
        subject_id=fact.subject_id if fact else 0,
        title=_title(rule, target, fact),
        basis=rule.article,
        cadence=values.get("cadence", rule.every),
        due_rule=rule.due,
        since=since,
        until=rule.effective_to,
        quota=_quota(rule, values),
        proof=rule.proof,
        helpers=helpers,
    )


def new_obligation(
    rule: Rule, values: Mapping[str, Any], place: Jurisdiction, target: Target, on: date, helpers: tuple[Agency, ...], fact: Fact | None
) -> NewObligation:
    """The obligation of a rule for one target; `on` is the day of the fact, or the first day of a standing rule."""
    base = NewObligation(
        jurisdiction=place,
        owner=target.agency,
        leader=target.leader,
        source=STATUTE,
        rule=rule.id,
        subject_id=fact.subject_id if fact else 0,
        title=_title(rule, target, fact),
        basis=rule.article,
        starts_on=on,
        quota=_quota(rule, values),
        proof=rule.proof,
        helpers=helpers,
    )
    calendar = calendar_of(place.code)
    if rule.within:
        last, provisional = due_day(period_of(values.get("cadence", rule.within), on), rule.due, calendar)
        return replace(base, due_on=last, provisional=provisional)
    if rule.freshness:
        return replace(base, freshness={**rule.freshness, **({"n": values["n"]} if "n" in values else {})})
    limit = _limit(rule, values, on)
    if limit is None:
        return replace(base, standing=rule.standing)
    if limit.kind == "at_least":  # a shortest period is no day by which something is late
        earliest = due(on, limit, calendar, explain=False).on
        return replace(base, standing=f"不少于 {limit.words}，最早 {earliest} 期满")
    if limit.unit == "hours":
        if fact is None or fact.at is None:
            raise ActionRefused(f"“{rule.name}”按小时计算期限，请写明发生的时刻")
        return replace(base, limit=limit, clock_from=fact.at, clock_reason=limit.anchor)
    starts_on = on
    if limit.kind == "before":  # its anchor lies ahead: the duty is there from today
        starts_on = min(on, timezone.localdate())
    elif rule.opens_before:
        starts_on = max(on, add_months(due(on, limit, calendar, explain=False).on or on, -rule.opens_before))
    return replace(base, limit=limit, clock_from=on, clock_reason=limit.anchor, starts_on=starts_on)


def revive(rows: list[Obligation], actor: User | None, text: str = "重新适用法定规则，继续办理。") -> None:
    """What was closed because its fact was withdrawn, its rule switched off or its item dropped, is owed again. Its clock is as it was."""
    closed = [row for row in rows if row.replaced_on and not row.merged_into_id]
    if not closed:
        return
    Obligation.objects.filter(pk__in=[row.pk for row in closed]).update(replaced_on=None)
    _note(closed, actor, text, "again")
    for row in closed:
        row.replaced_on = None


def end(rows: Iterable[Obligation], actor: User | None, reason: str, on: date) -> int:
    """Closes open obligations for which the law asks no more, with a step that says why. Returns how many."""
    listed = list(rows)
    if listed:
        Obligation.objects.filter(pk__in=[row.pk for row in listed]).update(replaced_on=on)
        _note(listed, actor, reason, "ended", on)
    return len(listed)


def _note(rows: list[Obligation], actor: User | None, text: str, key: str, on: date | None = None) -> None:
    now = timezone.now()
    steps = [
        Step(
            obligation=row,
            kind=Step.Kind.CHANGED,
            actor=actor,
            agency_id=row.owner_id,
            at=now,
            text=text[:5000],
            key=f"{key}:{row.pk}:{now:%Y%m%d%H%M%S%f}",
        )
        for row in rows
    ]
    Step.objects.bulk_create(steps)
    record_many(
        Change(
            f"obligation.{key}",
            row,
            actor,
            old={"replaced_on": row.replaced_on},
            new={"replaced_on": on},
            agency_id=row.owner_id,
            place=row.jurisdiction_id,
            note=text,
        )
        for row in rows
    )


@transaction.atomic
def withdrawn(kind: str, subject_id: int, actor: User | None, reason: str, *, on: date | None = None) -> int:
    """The fact did not happen after all: what it made and is still open ends with the reason; what was done stays. Returns how many."""
    if not reason.strip():
        raise ActionRefused("请写明撤销的理由")
    day = on or timezone.localdate()
    mine = of_fact(kind)
    close_series(STATUTE, on=day, reason=reason, rule__in=mine, subject_id=subject_id)
    rows = Obligation.objects.select_for_update(of=("self",)).filter(OPEN, source=STATUTE, rule__in=mine, subject_id=subject_id)
    return end(rows, actor, f"触发这项任务的事实已撤销：{reason.strip()}", day)


def other_clocks(obligation: Obligation) -> list[Obligation]:
    """The other obligations of the same fact and owner that run against a day, the earliest first (S2-26: both clocks). One query."""
    found = versions(obligation.rule)
    if not obligation.subject_id or not found or not found[0].fact:
        return []
    rows = Obligation.objects.filter(
        OPEN,
        source=STATUTE,
        rule__in=of_fact(found[0].fact),
        subject_id=obligation.subject_id,
        owner=obligation.owner_id,
        due_on__isnull=False,
    )
    return list(rows.exclude(pk=obligation.pk).order_by("due_on", "pk"))
