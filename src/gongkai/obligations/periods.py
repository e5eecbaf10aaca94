"""Duties that come back. A Series says what each period asks; the obligation of a period is made once the period has begun.

The rows depend on their periods alone (clocks.periods): making them twice, late, by several processes at once or after a month without a
worker gives the same rows. Nobody has to wait for the worker: whoever reads pages makes what is due first (middleware.py, decision 0016).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, Jurisdiction, Leader, Section, User
from gongkai.clocks.calendar import Calendar
from gongkai.clocks.errors import ClockError
from gongkai.clocks.periods import DueRule, Period, due_day, period, periods
from gongkai.journal.actions import Change, fields_of, record_many
from gongkai.journal.models import Entry
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.fulfilment import settle_fresh
from gongkai.obligations.heirs import heirs_of, look_again_after_commit, taken_over
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, Quota, open_obligations
from gongkai.twins.compiled import Compiled

BATCH = 100
"""Series of one transaction: so long a reader waits for another who is making the same rows."""
AT_ONCE = 60
"""Periods of one series made in one transaction. Years of a daily duty come in several."""
COUNTING = frozenset({"last_working_day", "working_days_after", "days_after"})
"""Due rules whose day a new holiday notice may move."""
AT_ITS_END = "到截止日期"
NOTED = ("source", "rule", "document_id", "subject_id", "title", "cadence", "due_rule", "since", "until", "proof")
"""What the journal keeps of a new series."""


@dataclass(frozen=True, slots=True)
class NewSeries:
    """What a source asks for, period after period. Identity: source, rule, subject_id, owner, share, cadence.

    From the period in which `since` lies to the one in which `until` lies. What is left out is as in NewObligation.
    """

    jurisdiction: Jurisdiction
    owner: Agency
    source: str
    subject_id: int
    title: str
    basis: str
    cadence: str
    since: date
    due_rule: DueRule = field(default_factory=DueRule)
    until: date | None = None
    document_id: int | None = None
    role: str = Obligation.Role.LEAD
    joint: bool = False
    section: Section | None = None
    helpers: tuple[Agency, ...] = ()
    rule: str = ""
    share: str = ""
    leader: Leader | None = None
    quota: Quota | None = None
    proof: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share_name(self) -> str:
        return self.share or (self.section.name if self.section else self.leader.name if self.leader else "")

    @property
    def identity(self) -> tuple[str, str, int, int, str, str]:
        return (self.source, self.rule, self.subject_id, self.owner.pk, self.share_name, self.cadence)

    def row(self) -> Series:
        """The series as it will be inserted. Raises ActionRefused where it has no period."""
        if self.cadence not in Series.Cadence.values:
            raise ActionRefused(f"没有“{self.cadence}”这种周期，可用{'、'.join(Series.Cadence.labels)}")
        if self.until is not None and self.until < self.since:
            raise ActionRefused(f"“{self.title[:30]}”的截止日期 {self.until} 早于起始日期 {self.since}")
        return Series(
            jurisdiction=self.jurisdiction,
            owner=self.owner,
            section=self.section,
            leader=self.leader,
            share=self.share_name,
            role=self.role,
            joint=self.joint,
            source=self.source,
            rule=self.rule,
            document_id=self.document_id,
            subject_id=self.subject_id,
            title=self.title[:300],
            basis=self.basis[:300],
            cadence=self.cadence,
            due_rule=asdict(self.due_rule),
            quota_op=self.quota.op if self.quota else "",
            quota_value=self.quota.value if self.quota else None,
            quota_unit=self.quota.unit[:20] if self.quota else "",
            proof=dict(self.proof),
            since=self.since,
            until=self.until,
            next_on=self.since,
        )


@transaction.atomic
def open_series(wanted: Iterable[NewSeries], actor: User | None, *, text: str = "", at: datetime | None = None) -> list[Series]:
    """Opens them and makes the obligations of every period that has begun. Those that exist are left as they are.

    Returns the series in the order asked for. `text` and `at` are those of the step 下达 of periods that had begun by then; a later period
    opens on its own first day. For an agency that was merged meanwhile its successor's (heirs.py). The actor's right
    to open is the source's to check.
    """
    asked = {new.identity: new for new in wanted}
    if not asked:
        return []
    rows = Series.objects.filter(
        source__in={new.source for new in asked.values()},
        subject_id__in={new.subject_id for new in asked.values()},
        owner__in={new.owner.pk for new in asked.values()},
    )
    before = set(rows.values_list("pk", flat=True))
    Series.objects.bulk_create((new.row() for new in asked.values()), ignore_conflicts=True, batch_size=500)
    found = {(s.source, s.rule, s.subject_id, s.owner_id, s.share, s.cadence): s for s in rows.all()}
    opened = [found[identity] for identity in asked]
    helping = Series.helpers.through
    helping.objects.bulk_create(
        (
            helping(series_id=found[identity].pk, agency_id=agency.pk)
            for identity, new in asked.items()
            for agency in new.helpers
            if agency.pk != new.owner.pk
        ),
        ignore_conflicts=True,
    )
    fresh = {identity: row for identity, row in found.items() if identity in asked and row.pk not in before}
    if heirs := heirs_of(agency.pk for identity in fresh for agency in (asked[identity].owner, *asked[identity].helpers)):
        Series.objects.filter(pk__in=[row.pk for row in fresh.values()]).delete()
        again = [taken_over(new, heirs) if identity in fresh else new for identity, new in asked.items()]
        return open_series(again, actor, text=text, at=at)
    if fresh:
        look_again_after_commit(row.owner_id for row in fresh.values())
    _note_opened(list(fresh.values()), actor, text)
    catch_up(series=opened, actor=actor, text=text, at=at)
    return opened


def _note_opened(rows: list[Series], actor: User | None, text: str) -> None:
    """Once for each, also when two processes opened the same at one moment: who came second meets the entry of the first."""
    if not rows:
        return
    kind = Series._meta.label_lower
    opened = Entry.objects.filter(object_kind=kind, object_id__in=[str(row.pk) for row in rows], action="series.opened")
    told = set(opened.values_list("object_id", flat=True))
    note_series("opened", [row for row in rows if str(row.pk) not in told], actor, text, {row.pk: fields_of(row, *NOTED) for row in rows})


Values = Mapping[int, Mapping[str, Any]]


def note_series(verb: str, rows: Iterable[Series], actor: User | None, text: str, new: Values, old: Values | None = None) -> None:
    """The journal's entries of what happened to series; `new` and `old` by their key."""
    before = old or {}
    record_many(
        Change(f"series.{verb}", row, actor, before.get(row.pk, {}), new[row.pk], row.owner_id, row.jurisdiction_id, text) for row in rows
    )


def begun(new: NewSeries, today: date) -> list[date]:
    """The due days of the obligations that opening it on `today` makes at once. No query."""
    calendar = calendar_of(new.jurisdiction.code)
    last = min(today, new.until) if new.until else today
    return [due_day(each, new.due_rule, calendar)[0] for each in periods(new.cadence, new.since, last)]


def is_behind(today: date | None = None) -> bool:
    """Whether a period has begun whose obligation is not made yet. One query, answered by the partial index on `next_on`."""
    return bool(_any_behind(today or timezone.localdate())())


@lru_cache(maxsize=4)
def _any_behind(today: date) -> Compiled[int]:
    return Compiled(_behind(today).order_by().values_list("pk", flat=True)[:1])


def _behind(today: date, series: Iterable[Series] | None = None) -> QuerySet[Series]:
    rows = Series.objects.filter(closed_on__isnull=True, next_on__lte=today)
    return rows if series is None else rows.filter(pk__in=[s.pk for s in series])


def catch_up(
    today: date | None = None,
    series: Iterable[Series] | None = None,
    *,
    actor: User | None = None,
    text: str = "",
    at: datetime | None = None,
    batches: int | None = None,
) -> int:
    """Makes the obligation of every period that has begun by `today`, of all open series or of those given. Returns how many.

    Batch by batch, each a transaction of its own that moves `next_on` with the rows it makes: killed at any moment, the next call goes on
    from there. Who comes second waits for the batch of the first and finds it done. `batches` stops after so many.
    """
    today = today or timezone.localdate()
    only = None if series is None else list(series)
    made = 0
    while batches is None or batches > 0:
        with transaction.atomic():
            last = Obligation.objects.filter(series=OuterRef("pk")).order_by("-starts_on", "-pk")
            seen = Step.objects.filter(obligation__series=OuterRef("pk"), kind=Step.Kind.ACKNOWLEDGED)
            rows = list(
                _behind(today, only)
                .order_by("pk")  # one order for all, so that nobody waits in a circle
                .select_related("jurisdiction", "owner", "section", "leader")
                .prefetch_related("helpers")
                .annotate(last_section=Subquery(last.values("section")[:1]), last_person=Subquery(last.values("person")[:1]))
                .annotate(seen=Exists(seen))
                .select_for_update(of=("self",))[:BATCH]
            )
            made += _make(rows, today, actor, text, at)
        if len(rows) < BATCH and not _behind(today, only).exists():
            break
        batches = None if batches is None else batches - 1
    return made


def tick() -> None:
    """The worker's part (site/ticks.py): ten batches, the rest next time."""
    catch_up(batches=10)


def _make(rows: list[Any], today: date, actor: User | None, text: str, at: datetime | None) -> int:
    wanted: list[NewObligation] = []
    for row in rows:
        rule, calendar = DueRule(**row.due_rule), calendar_of(row.jurisdiction.code)
        last = min(today, row.until) if row.until else today
        begun = list(islice(periods(row.cadence, row.next_on, last), AT_ONCE))
        wanted += [_obligation(row, each, rule, calendar, at) for each in begun]
        if begun:
            row.next_on = begun[-1].last + timedelta(1)
        if row.until and row.next_on > row.until:
            row.closed_on, row.closed_reason = row.until, AT_ITS_END
    opened = open_obligations(wanted, actor, text=text)
    _go_on(rows, opened)
    Series.objects.bulk_update(rows, ["next_on", "closed_on", "closed_reason"])
    ended = [row for row in rows if row.closed_on is not None]
    note_series("closed", ended, actor, AT_ITS_END, {row.pk: fields_of(row, "closed_on") for row in ended})
    return len(opened)


def _obligation(row: Series, each: Period, rule: DueRule, calendar: Calendar, at: datetime | None) -> NewObligation:
    starts_on = max(each.first, row.since)
    on, provisional = due_day(each, rule, calendar)
    began = _beginning(starts_on)
    return NewObligation(
        jurisdiction=row.jurisdiction,
        owner=row.owner,
        section=row.section,
        leader=row.leader,
        share=row.share,
        role=row.role,
        joint=row.joint,
        source=row.source,
        rule=row.rule,
        series=row,
        document_id=row.document_id,
        subject_id=row.subject_id,
        period=each.id,
        title=row.title,
        basis=row.basis,
        starts_on=starts_on,
        due_on=on,
        quota=Quota(row.quota_op, row.quota_value, row.quota_unit) if row.quota_value is not None else None,
        proof=row.proof,
        helpers=tuple(row.helpers.all()),
        provisional=provisional,
        calendar=calendar.version if rule.kind in COUNTING else "",
        at=max(at, began) if at else began,
    )


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _go_on(rows: list[Any], opened: list[Obligation]) -> None:
    """Who dealt with the last period deals with this one; what was acknowledged once is acknowledged."""
    before = {row.pk: row for row in rows}
    handed: list[Obligation] = []
    steps: list[Step] = []
    for new in opened:
        row = before[new.series_id or 0]
        if new.section_id is None and new.person_id is None and (row.last_section or row.last_person):
            new.section_id, new.person_id = row.last_section, row.last_person
            handed.append(new)
        if row.seen:
            steps.append(_acknowledged(new, "同一任务的前期已签收", timezone.now()))
    Obligation.objects.bulk_update(handed, ["section", "person"], batch_size=500)
    Step.objects.bulk_create(steps, ignore_conflicts=True)


def acknowledge_the_rest(obligation: Obligation, actor: User, at: datetime) -> int:
    """签收 holds for the task: the other periods already made are acknowledged with the one that was. Returns how many."""
    if obligation.series_id is None:
        return 0
    seen = Step.objects.filter(obligation=OuterRef("pk"), kind=Step.Kind.ACKNOWLEDGED)
    rows = list(Obligation.objects.filter(OPEN, ~Exists(seen), series=obligation.series_id).exclude(pk=obligation.pk))
    steps = [
        _acknowledged(row, f"与{words_of_period(obligation.period)}的一并签收", max(at, _beginning(row.starts_on)), actor) for row in rows
    ]
    Step.objects.bulk_create(steps, ignore_conflicts=True)
    return len(rows)


def _acknowledged(row: Obligation, text: str, at: datetime, actor: User | None = None) -> Step:
    key = f"acknowledged:{row.pk}"
    return Step(obligation=row, kind=Step.Kind.ACKNOWLEDGED, actor=actor, agency_id=row.owner_id, at=at, text=text, key=key)


@transaction.atomic
def close_series(source: str, *, on: date, reason: str, actor: User | None = None, for_good: bool = False, **which: Any) -> int:
    """Ends the open series of `source` that `which` names (document_id, subject_id, owner, rule, pk, any lookup); returns how many.

    The periods that had begun by `on` are made first and stay owed. `for_good`: that day is also their last, so that nothing that goes on
    by itself opens them again (series_again.py). Raises ActionRefused without a reason.
    """
    if not reason.strip():
        raise ActionRefused("请写明终止的理由")
    rows = list(Series.objects.select_for_update().filter(source=source, closed_on__isnull=True, **which).order_by("pk"))
    if rows:
        catch_up(on, rows)
    ended = list(Series.objects.filter(pk__in=[row.pk for row in rows], closed_on__isnull=True).order_by("pk"))
    new: dict[str, Any] = {"closed_on": on, "closed_reason": reason.strip()[:300]} | ({"until": on} if for_good else {})
    Series.objects.filter(pk__in=[row.pk for row in ended]).update(**new)
    old = {row.pk: {"closed_on": None, "until": row.until} if for_good else {"closed_on": None} for row in ended}
    note_series("closed", ended, actor, new["closed_reason"], {row.pk: new for row in ended}, old)
    return len(ended)


def settle_period(obligation: Obligation) -> tuple[str, ...]:
    """Counts the due day of an (unsaved) period row again, or that of a standing duty with a freshness limit; the names of the fields that
    changed. Needs `series` joined.
    """
    if obligation.freshness:
        return settle_fresh(obligation)
    if obligation.series is None or not obligation.calendar:
        return ()
    calendar = calendar_of(obligation.jurisdiction.code)
    on, provisional = due_day(period(obligation.period), DueRule(**obligation.series.due_rule), calendar)
    new: dict[str, Any] = {"due_on": on, "provisional": provisional, "calendar": calendar.version}
    changed = tuple(name for name, value in new.items() if getattr(obligation, name) != value)
    for name in changed:
        setattr(obligation, name, new[name])
    return changed


def period_words(obligation: Any) -> str:
    """2026-Q1 → 2026年一季度. A period that is no span of the calendar (a milestone, an event) as it is; empty for what comes once."""
    return words_of_period(obligation.period)


def words_of_period(id: str) -> str:
    """The same for a bare id."""
    if not id:
        return ""
    try:
        each = period(id)
    except ClockError:
        return id
    first = each.first
    if "W" in id:
        return f"{each.id[:4]}年第{int(id[-2:])}周"
    if "Q" in id:
        return f"{first.year}年{'一二三四'[int(id[-1]) - 1]}季度"
    if "H" in id:
        return f"{first.year}年{'上' if id[-1] == '1' else '下'}半年"
    return {4: f"{first.year}年", 7: f"{first.year}年{first.month}月", 10: f"{first.year}年{first.month}月{first.day}日"}[len(id)]


def goes_on() -> QuerySet[Series]:
    """Series with periods still to come."""
    return Series.objects.filter(Q(until__isnull=True) | Q(next_on__lte=F("until")), closed_on__isnull=True)
