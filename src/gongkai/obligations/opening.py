"""Making obligations: the only place that does, for whatever source. Making one twice is harmless, whoever does it and whenever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Leader, Section, User
from gongkai.clocks.events import Event
from gongkai.clocks.limits import Limit
from gongkai.clocks.receipt import day_of
from gongkai.journal.actions import Change, record_many
from gongkai.obligations.clocking import limit_json, settle
from gongkai.obligations.fulfilment import fresh_until
from gongkai.obligations.heirs import heirs_of, look_again_after_commit, taken_over
from gongkai.obligations.models import ClockEvent, Helper, Obligation, Series, Step

NOTED = ("source", "rule", "document_id", "subject_id", "title", "period", "starts_on", "due_on", "due_at", "standing", "limit", "proof")
"""What the journal keeps of a new obligation."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much is asked: `op` is one of >=, <=, >, <, =; `unit` as written (次、场、篇)."""

    op: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NewObligation:
    """What a source asks for. Identity: source, rule, subject_id, owner, share, period.

    Due either on `due_on` (a date of its own, `due_day`, for a period), or by `limit` running from `clock_from` (a moment where hours are
    counted), or never: then `standing` says why. `share` tells apart what one agency owes several times over (its sections, its leaders);
    left out, it is the section's or the leader's name. `proof` is kept as given (see proving.py); `freshness` is {n, unit}. `at` is the
    moment of its step 下达 where that is not the moment of opening: a period begins on its first day, however late its row is made.
    """

    jurisdiction: Jurisdiction
    owner: Agency
    source: str
    subject_id: int
    title: str
    basis: str
    starts_on: date
    document_id: int | None = None
    due_on: date | None = None
    standing: str = ""
    role: str = Obligation.Role.LEAD
    joint: bool = False
    period: str = ""
    section: Section | None = None
    helpers: tuple[Agency, ...] = ()
    rule: str = ""
    share: str = ""
    leader: Leader | None = None
    series: Series | None = None
    limit: Limit | None = None
    clock_from: date | datetime | None = None
    clock_reason: str = ""
    quota: Quota | None = None
    freshness: Mapping[str, Any] | None = None
    proof: Mapping[str, Any] = field(default_factory=dict)
    provisional: bool = False
    calendar: str = ""
    at: datetime | None = None

    @property
    def share_name(self) -> str:
        return self.share or (self.section.name if self.section else self.leader.name if self.leader else "")

    @property
    def identity(self) -> tuple[str, str, int, int, str, str]:
        return (self.source, self.rule, self.subject_id, self.owner.pk, self.share_name, self.period)

    @property
    def start(self) -> Event | None:
        """The event from which the limit runs; None where no limit does."""
        if self.limit is None or self.clock_from is None:
            return None
        at = timezone.make_naive(self.clock_from) if isinstance(self.clock_from, datetime) else None
        return Event("start", at.date() if at else day_of(self.clock_from), at, reason=self.clock_reason)

    def row(self) -> Obligation:
        """The obligation as it will be inserted. Raises ClockError where the limit cannot run."""
        row = Obligation(
            jurisdiction=self.jurisdiction,
            owner=self.owner,
            section=self.section,
            leader=self.leader,
            share=self.share_name,
            role=self.role,
            joint=self.joint,
            source=self.source,
            rule=self.rule,
            series=self.series,
            document_id=self.document_id,
            subject_id=self.subject_id,
            period=self.period,
            title=self.title[:300],
            basis=self.basis[:300],
            starts_on=self.starts_on,
            due_on=self.due_on,
            limit=limit_json(self.limit) if self.limit else None,
            quota_op=self.quota.op if self.quota else "",
            quota_value=self.quota.value if self.quota else None,
            quota_unit=self.quota.unit[:20] if self.quota else "",
            freshness=dict(self.freshness) if self.freshness else None,
            proof=dict(self.proof),
            provisional=self.provisional,
            calendar=self.calendar,
        )
        if self.start is not None:
            settle(row, [self.start])
        elif self.freshness:
            for name, value in fresh_until(row, self.starts_on).items():
                setattr(row, name, value)
        row.standing = self.standing[:120] or ("" if row.due_on else "长期坚持")
        return row


@transaction.atomic
def open_obligations(
    wanted: Iterable[NewObligation], actor: User | None, *, text: str = "", at: datetime | None = None
) -> list[Obligation]:
    """Opens all of them with their helpers, their clocks and the step 下达, in a constant number of statements. Those that exist are left
    as they are. What is asked of an agency that was merged meanwhile is opened for its successor (heirs.py).

    Returns the obligations in the order asked for, those that existed among them. The actor's right to open is the source's to check.
    """
    asked = {new.identity: new for new in wanted}
    if not asked:
        return []
    made = {identity: new.row() for identity, new in asked.items()}
    Obligation.objects.bulk_create(made.values(), ignore_conflicts=True, batch_size=500)
    found = {
        (o.source, o.rule, o.subject_id, o.owner_id, o.share, o.period): o
        for o in Obligation.objects.filter(
            source__in={new.source for new in asked.values()},
            subject_id__in={n.subject_id for n in asked.values()},
            owner__in={n.owner.pk for n in asked.values()},
            period__in={n.period for n in asked.values()},  # not the years of periods that a series has behind it
        )
    }
    opened = [(new, found[identity]) for identity, new in asked.items()]
    Helper.objects.bulk_create(
        (Helper(obligation=row, agency=agency) for new, row in opened for agency in new.helpers if agency.pk != row.owner_id),
        ignore_conflicts=True,
    )
    # Not what was there before, or made by somebody else meanwhile.
    ours = {new.identity: row for new, row in opened if row.created_at == made[new.identity].created_at}
    if heirs := heirs_of(agency.pk for identity in ours for agency in (asked[identity].owner, *asked[identity].helpers)):
        Obligation.objects.filter(pk__in=[row.pk for row in ours.values()]).delete()
        again = [taken_over(new, heirs) if identity in ours else new for identity, new in asked.items()]
        return open_obligations(again, actor, text=text, at=at)
    if ours:
        look_again_after_commit(row.owner_id for row in ours.values())
    now = at or timezone.now()
    ClockEvent.objects.bulk_create(
        (
            ClockEvent(
                obligation=row,
                kind=start.kind,
                on=start.on,
                at=timezone.make_aware(start.at) if start.at else None,
                reason=start.reason,
                actor=actor,
                key=f"start:{row.pk}",
            )
            for new, row in opened
            if (start := new.start) is not None
        ),
        ignore_conflicts=True,
    )
    Step.objects.bulk_create(
        (
            Step(obligation=row, kind=Step.Kind.OPENED, actor=actor, at=new.at or now, text=text, key=f"opened:{row.pk}")
            for new, row in opened
        ),
        ignore_conflicts=True,
    )
    record_many(
        Change(
            "obligation.opened",
            row,
            actor,
            new={name: getattr(row, name) for name in NOTED},
            agency_id=row.owner_id,
            place=row.jurisdiction_id,
            note=text,
        )
        for row in ours.values()
    )
    return [row for _new, row in opened]


def open_obligation(new: NewObligation, actor: User | None, **kwargs: Any) -> Obligation:
    """One of them."""
    return open_obligations([new], actor, **kwargs)[0]
