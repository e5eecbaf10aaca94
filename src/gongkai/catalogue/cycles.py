"""What a catalogue in force asks of its owners: an item becomes an obligation through its update cycle, and item_states says how it stands.

An item with a cycle is a series, an obligation for every period; one without is a standing duty, with a freshness limit where its column
gives one. Items opened on request alone ask for nothing. `apply_version` brings the obligations in line with a version, in the transaction
that approves it; done again it changes nothing. Each owner named by the standard owes its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.agencies.models import Agency, User
from gongkai.agencies.queries import line_of
from gongkai.catalogue.models import CatalogueVersion, Item, ItemStandard
from gongkai.clocks.periods import DueRule, due_day, period_of
from gongkai.journal.actions import Change, record_many
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.fulfilment import settle_fresh
from gongkai.obligations.models import Evidence, Obligation, Series
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligations
from gongkai.obligations.periods import NewSeries, close_series
from gongkai.obligations.proving import prove_by_fact
from gongkai.obligations.series_again import open_again
from gongkai.obligations.triggers import end, revive

SOURCE = Obligation.Source.CATALOGUE
ITEM = ""
"""Obligation.rule of an item's own duty; the other duties of this app have a word of their own (origins.py)."""
_AFTER_PERIOD = re.compile(r"[月季度年].*(?:结束|终了|期满|届满)")


def duties() -> QuerySet[Obligation]:
    """The obligations of items, in all places."""
    return Obligation.objects.filter(source=SOURCE, rule=ITEM)


def open_duties(item_ids: Iterable[int], owner_ids: Iterable[int]) -> QuerySet[Obligation]:
    """What these owners still owe for these items: where the record of a new publication belongs as evidence."""
    return duties().filter(OPEN, subject_id__in=list(item_ids), owner__in=list(owner_ids))


def name_of(standard: ItemStandard) -> str:
    return "：".join(filter(None, (standard.level1, standard.level2)))


def due_rule(standard: ItemStandard) -> DueRule:
    """When a period's content is owed: by its own day, so long after the period, or by its end."""
    limit: dict[str, Any] = standard.limit or {}
    if limit.get("kind") == "by_day" and limit["unit"] == {"monthly": "month", "yearly": "year"}.get(standard.cycle):
        return DueRule("day_of", month=int(limit.get("month", 1)), day=int(limit["n"]))
    if limit.get("kind") == "within" and _AFTER_PERIOD.search(str(limit.get("anchor", ""))):
        after = {"working_days": "working_days_after", "days": "days_after"}.get(limit["unit"])
        if after:
            return DueRule(after, int(limit["n"]))
    return DueRule()


def proof_of(item: Item) -> dict[str, Any]:
    """A page published by the owner for this item, in its column where it has one; a signed “no change” for a period without news."""
    column = {"column": item.column.name} if item.column else {}
    checks = ["published", "by_owner", "item", *column]
    return {"kinds": ["publication"], "checks": checks, "no_change": True, **column}


def freshness_of(item: Item) -> dict[str, Any] | None:
    days = item.column.freshness_days if item.column else None
    return {"n": days, "unit": "days"} if days else None


@transaction.atomic
def apply_version(version: CatalogueVersion, actor: User | None) -> None:
    """Makes the duties of the items of this version, ends those of items dropped, moves those whose cycle or owner changed, and hands what
    it adds down (expansion.py). For the transaction that approves the version.
    """
    from gongkai.catalogue import expansion

    today = timezone.localdate()
    standards = list(version.standards.select_related("item__column", "version__catalogue__agency").prefetch_related("subjects"))
    items = Item.objects.filter(catalogue=version.catalogue_id)
    _bring_in_line(version, standards, list(items.values_list("pk", flat=True)), actor, today)
    expansion.follow_version(version, actor)


@transaction.atomic
def refresh_items(items: Iterable[Item], actor: User | None) -> None:
    """After items were bound to another column: what proves their duties, and how fresh they must be."""
    ids = {item.pk for item in items}
    current = ItemStandard.objects.filter(item__in=ids, version__state=CatalogueVersion.State.CURRENT)
    rows = current.select_related("item__column", "version__catalogue__agency").prefetch_related("subjects")
    by_version: dict[int, list[ItemStandard]] = {}
    for row in rows:
        by_version.setdefault(row.version_id, []).append(row)
    for listed in by_version.values():
        _bring_in_line(listed[0].version, listed, [row.item_id for row in listed], actor, timezone.localdate())


def _bring_in_line(version: CatalogueVersion, standards: list[ItemStandard], item_ids: list[int], actor: User | None, today: date) -> None:
    series: list[NewSeries] = []
    standing: list[NewObligation] = []
    for standard in standards:
        if standard.method != "on_request":
            for owner in owners_of(standard):
                if standard.cycle in Series.Cadence.values:
                    series.append(_series(version, standard, owner, today))
                else:
                    standing.append(_standing(version, standard, owner, today))
    _end_the_rest(series, standing, item_ids, {row.item_id for row in standards}, version, actor, today)
    text = f"《{version.catalogue.title}》第 {version.number} 版"
    opened = open_again(series, actor, text=text)
    made = open_obligations(standing, actor, text=text)
    running = Obligation.objects.filter(series__in=opened, replaced_on__isnull=False, due_on__gte=today)
    revive([*(row for row in made if row.replaced_on), *running], actor, f"{text}重新列入，继续办理。")
    _reword(opened, {new.identity: new for new in series}, made, {new.identity: new for new in standing}, actor, text)


def owners_of(standard: ItemStandard) -> list[Agency]:
    """公开主体, or who keeps the catalogue; of an agency that ended, who took over its work."""
    owners: dict[int, Agency] = {}
    for agency in list(standard.subjects.all()) or [standard.version.catalogue.agency]:
        heir = line_of(agency)[-1]
        owners[heir.pk] = heir
    return list(owners.values())


def _common(version: CatalogueVersion, standard: ItemStandard, owner: Agency) -> dict[str, Any]:
    return {
        "jurisdiction": version.catalogue.jurisdiction,
        "owner": owner,
        "role": Obligation.Role.RESPONSIBLE,
        "source": SOURCE,
        "rule": ITEM,
        "document_id": version.catalogue_id,
        "subject_id": standard.item_id,
        "title": name_of(standard),
        "basis": standard.basis or f"《{version.catalogue.title}》{standard.item.code}",
        "proof": proof_of(standard.item),
    }


def _series(version: CatalogueVersion, standard: ItemStandard, owner: Agency, today: date) -> NewSeries:
    """From the period that runs today, or from the next where its day has gone by already."""
    rule = due_rule(standard)
    this = period_of(standard.cycle, today)
    on, _provisional = due_day(this, rule, calendar_of(version.catalogue.jurisdiction.code))
    since = today if on >= today else this.last + timedelta(1)
    return NewSeries(**_common(version, standard, owner), cadence=standard.cycle, due_rule=rule, since=since)


def _standing(version: CatalogueVersion, standard: ItemStandard, owner: Agency, today: date) -> NewObligation:
    words = standard.limit_words.strip() or "信息形成或者变更后及时公开"
    return NewObligation(**_common(version, standard, owner), starts_on=today, standing=words, freshness=freshness_of(standard.item))


def _end_the_rest(
    series: list[NewSeries],
    standing: list[NewObligation],
    item_ids: list[int],
    kept: set[int],
    version: CatalogueVersion,
    actor: User | None,
    today: date,
) -> None:
    """Series and standing duties of these items that the version does not ask for any more. What was late by then stays owed."""
    wanted = {(new.subject_id, new.owner.pk, new.cadence) for new in series}
    asked = {(new.subject_id, new.owner.pk) for new in standing}
    named = {subject for subject, _owner, _cadence in wanted} | {subject for subject, _owner in asked}
    reasons: dict[str, list[int]] = {}
    for row in Series.objects.filter(source=SOURCE, rule=ITEM, subject_id__in=item_ids, closed_on__isnull=True):
        if (row.subject_id, row.owner_id, row.cadence) not in wanted:
            reasons.setdefault(_why(row, kept, named, version), []).append(row.pk)
    for reason, pks in reasons.items():
        close_series(SOURCE, on=today, reason=reason, actor=actor, pk__in=pks)
        end(duties().filter(OPEN, series__in=pks, due_on__gte=today).select_for_update(of=("self",)), actor, reason, today)
    loose: dict[str, list[Obligation]] = {}
    for duty in duties().filter(OPEN, series__isnull=True, subject_id__in=item_ids).select_for_update(of=("self",)):
        if (duty.subject_id, duty.owner_id) not in asked:
            loose.setdefault(_why(duty, kept, named, version), []).append(duty)
    for reason, rows in loose.items():
        end(rows, actor, reason, today)


def _why(row: Series | Obligation, kept: set[int], named: set[int], version: CatalogueVersion) -> str:
    where = f"《{version.catalogue.title}》第 {version.number} 版"
    if row.subject_id not in kept:
        return f"{where}删去这一事项"
    return f"{where}改定更新周期或者公开主体" if row.subject_id in named else f"{where}改为依申请公开"


def _reword(
    opened: list[Series], by_series: dict[Any, Any], made: list[Obligation], by_duty: dict[Any, Any], actor: Any, text: str
) -> None:
    """Duties that go on say what the version says: title, basis, what proves them, when they are due from now on."""
    new: Any
    for one in opened:
        new = by_series[(one.source, one.rule, one.subject_id, one.owner_id, one.share, one.cadence)]
        one.title, one.basis, one.proof, one.due_rule = new.title[:300], new.basis[:300], dict(new.proof), asdict(new.due_rule)
    Series.objects.bulk_update(opened, ["title", "basis", "proof", "due_rule"], batch_size=500)
    by_pk = {one.pk: one for one in opened}
    running = list(duties().filter(OPEN, series__in=by_pk).select_related("jurisdiction"))
    changes: list[Change] = []
    changed: list[Obligation] = []
    for row in [*running, *made]:
        new = by_pk.get(row.series_id or 0) or by_duty[(row.source, row.rule, row.subject_id, row.owner_id, row.share, row.period)]
        told: dict[str, Any] = {"title": new.title[:300], "basis": new.basis[:300], "proof": dict(new.proof)}
        if row.series_id is None:
            told |= {"standing": new.standing[:120], "freshness": dict(new.freshness) if new.freshness else None}
        old = {name: getattr(row, name) for name in told if getattr(row, name) != told[name]}
        if old:
            for name in old:
                setattr(row, name, told[name])
            _count_again(row, old)
            changed.append(row)
            now = {name: told[name] for name in old}
            changes.append(Change("obligation.changed", row, actor, old, now, row.owner_id, row.jurisdiction_id, text))
    columns = ["title", "basis", "proof", "standing", "freshness", "due_on", "due_at", "provisional", "calendar"]
    Obligation.objects.bulk_update(changed, columns, batch_size=500)
    record_many(changes)
    _check_again([row for row, change in zip(changed, changes, strict=True) if "proof" in change.old])


def _check_again(rows: list[Obligation]) -> None:
    """What proved them is measured by the new proof."""
    shown = Evidence.objects.filter(obligation__in=rows, kind=Evidence.Kind.RECORD, withdrawn_at__isnull=True)
    for kind, pk in set(shown.values_list("record_kind", "record_id")):
        if pk is not None:
            prove_by_fact(kind, pk)


def _count_again(row: Obligation, old: dict[str, Any]) -> None:
    if "freshness" not in old:
        return
    if row.freshness:
        settle_fresh(row)
    else:
        row.due_on = row.due_at = None
        row.provisional, row.calendar = False, ""
