"""When an obligation is met: a function of its passed, unwithdrawn evidence alone, whatever the order in which that came.

`fulfilled_on` is the day of the proof with which it is met: the first, or the one that fills the quota. A duty with a freshness limit is
never met; its due date moves behind its last proof instead. `settle_proof` runs in the transaction that adds, judges or withdraws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from gongkai.clocks.periods import Freshness, stale_at
from gongkai.journal.actions import record as note
from gongkai.obligations.clocking import calendar_of, limit_of
from gongkai.obligations.models import Evidence, Obligation

FIELDS = ("fulfilled_on", "fulfilled_at", "shown_on", "due_on", "due_at", "provisional", "calendar")
WHOLE = frozenset({Evidence.Kind.JUDGEMENT, Evidence.Kind.NO_CHANGE})
"""A signed word on the duty as a whole: it meets also what no sum of deeds can show (at most three, fewer than five)."""
NOTHING = Decimal(0)
SUMS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": lambda total, value: total >= value,
    ">": lambda total, value: total > value,
    "=": lambda total, value: total == value,
}
"""The quotas that counting can meet, deed by deed."""


def _moment(proof: Any) -> tuple[date, datetime, int]:
    """By day, then by hour where it is known (an unknown hour is the last of its day), then as handed in."""
    end = timezone.make_aware(datetime.combine(proof.on, time.max))
    return proof.on, proof.at or end, proof.pk


def met_by(proofs: Iterable[Any], op: str = "", value: Decimal | None = None) -> Any | None:
    """The proof with which a quota is met, or a duty without one; None while it is not. `proofs` are passed and not withdrawn."""
    ordered = sorted(proofs, key=_moment)
    if not op or value is None:
        return ordered[0] if ordered else None
    total = Decimal(0)
    for proof in ordered:
        total += proof.quantity
        if op in SUMS and SUMS[op](total, value):
            return proof
    if op in (">=", ">"):
        return None
    return next((proof for proof in ordered if proof.kind in WHOLE), None)


def total_of(proofs: Iterable[Any]) -> Decimal:
    return sum((proof.quantity for proof in proofs), NOTHING)


def totals_of(obligations: Iterable[Obligation]) -> dict[int, Decimal]:
    """Obligation id → how much is shown, for those with a quota. One query, none where there is no quota."""
    counted = [obligation.pk for obligation in obligations if obligation.quota_value is not None]
    if not counted:
        return {}
    rows = Evidence.objects.filter(obligation__in=counted, result=Evidence.Result.PASSED, withdrawn_at__isnull=True).order_by()
    return dict.fromkeys(counted, NOTHING) | dict(rows.values_list("obligation").annotate(total=Sum("quantity")))


def progress_words(obligation: Obligation, total: Decimal) -> str:
    """“已有 1 次，还差 1 次”; empty without a quota."""
    value, op, unit = obligation.quota_value, obligation.quota_op, obligation.quota_unit or "次"
    if value is None:
        return ""
    there = f"已有 {_number(total)} {unit}"
    if op not in SUMS:
        return f"{there}，要求{'不超过' if op == '<=' else '少于'} {_number(value)} {unit}"
    left = value - total
    if op == ">" and left >= 0:
        return f"{there}，要多于 {_number(value)} {unit}"
    if left > 0:
        return f"{there}，还差 {_number(left)} {unit}"
    return f"{there}，超过了要求的 {_number(value)} {unit}" if op == "=" and left < 0 else f"{there}，要求的 {_number(value)} {unit}已够"


def _number(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def missing_quantity(obligation: Obligation, proofs: Iterable[Any]) -> Decimal:
    """How much is still to be shown; what a judgement of the whole stands for. At least what one deed counts, where sums say nothing."""
    value = obligation.quota_value
    if value is None or obligation.quota_op not in SUMS:
        return Decimal(1)
    least = (Decimal(1) if value == value.to_integral_value() else Decimal("0.01")) if obligation.quota_op == ">" else Decimal(0)
    left = value + least - total_of(proofs)
    return left if left > 0 else Decimal(1)


def counting(proofs: Iterable[Evidence]) -> list[Evidence]:
    return [proof for proof in proofs if proof.counts]


def fresh_until(obligation: Obligation, last: date, at: datetime | None = None) -> dict[str, Any]:
    """The fields that say until when a standing duty is fresh whose last deed was on `last`: the last good day, and the moment where hours
    are counted. Where working days are counted, also with which calendar, so that a new notice moves it (recomputing.py).
    """
    given: dict[str, Any] = obligation.freshness or {}
    fresh = Freshness(int(given["n"]), given.get("unit", "hours"))
    calendar = calendar_of(obligation.jurisdiction.code)
    stale = stale_at(timezone.make_naive(at) if at else datetime.combine(last, time.min), fresh, calendar)
    if fresh.unit == "hours":
        return {"due_on": stale.date(), "due_at": timezone.make_aware(stale)}
    due: dict[str, Any] = {"due_on": stale.date() - timedelta(1), "due_at": None}
    if fresh.unit == "working_days":
        due |= {"provisional": calendar.is_provisional(last, due["due_on"]), "calendar": calendar.version}
    return due


def settle_fresh(obligation: Obligation) -> tuple[str, ...]:
    """Counts the working days of an (unsaved) standing duty again; the names of the fields that changed. No query.

    Only for days: which hour the last deed was at does not matter, so the row itself says what is needed.
    """
    last = max(obligation.shown_on or obligation.starts_on, obligation.starts_on)
    return _put(obligation, fresh_until(obligation, last))


def _put(obligation: Obligation, new: dict[str, Any]) -> tuple[str, ...]:
    changed = tuple(name for name in FIELDS if name in new and getattr(obligation, name) != new[name])
    for name in changed:
        setattr(obligation, name, new[name])
    return changed


def apply(obligation: Obligation, proofs: Sequence[Evidence]) -> tuple[str, ...]:
    """Puts what the passed proofs say on the (unsaved) row; the names of the fields that changed."""
    last = max(proofs, key=_moment, default=None)
    new: dict[str, Any] = {"shown_on": last.on if last else None}
    if obligation.freshness:
        since = max(last.on, obligation.starts_on) if last else obligation.starts_on
        new |= fresh_until(obligation, since, last.at if last and since == last.on else None)
        new["fulfilled_on"] = new["fulfilled_at"] = None
    elif not obligation.waived_at:
        met = met_by(proofs, obligation.quota_op, obligation.quota_value)
        new["fulfilled_on"] = met.on if met else None
        new["fulfilled_at"] = met.at if met and in_hours(obligation) else None
    return _put(obligation, new)


def in_hours(obligation: Obligation) -> bool:
    """Whether the moment of a deed matters, not only its day."""
    limit = limit_of(obligation)
    return obligation.due_at is not None or (limit is not None and limit.unit == "hours")


@transaction.atomic
def settle_proof(obligation: Obligation, actor: Any = None) -> tuple[str, ...]:
    """Settles one obligation, and those that share its evidence, from the evidence there is. Locks the row; updates the object in hand.

    Returns the names of the fields that changed. Calling it again changes nothing.
    """
    locked = Obligation.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=obligation.pk)
    shared = share_evidence(locked)
    before = {name: getattr(locked, name) for name in FIELDS}
    passed = locked.evidence.filter(result=Evidence.Result.PASSED, withdrawn_at__isnull=True)
    # What is shown beside the proof (a review that came before it) meets nothing by itself.
    changed = apply(locked, list(passed.exclude(record_kind__in=(locked.proof or {}).get("beside", []))))
    if changed:
        locked.save(update_fields=changed)
        after = {name: getattr(locked, name) for name in changed}
        note("obligation.settled", locked, actor=actor, old={name: before[name] for name in changed}, new=after, **whose(locked))
    for name in FIELDS:
        setattr(obligation, name, getattr(locked, name))
    for other in shared:
        settle_proof(other, actor)
    return changed


def whose(obligation: Obligation) -> dict[str, Any]:
    """The agency and place of a journal entry about an obligation."""
    return {"agency_id": obligation.owner_id, "place": obligation.jurisdiction_id}


_MIRRORED = ("on", "at", "quantity", "leader_id", "result", "reason", "checked_by_id", "checked_at", "url")
_WITHDRAWAL = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")
_COPIED = ("kind", "record_kind", "record_id", "step_id", "file_id", "proves", "handed_by_id", "handed_at")


def copy_of(source: Evidence, to: Obligation) -> Evidence:
    """The same deed as proof of another obligation (unsaved): what happens to the one happens to the other."""
    values = {name: getattr(source, name) for name in (*_COPIED, *_MIRRORED, *_WITHDRAWAL)}
    return Evidence(obligation=to, copied_from=source, key=f"copy:{source.pk}:{to.pk}", **values)


def share_evidence(main: Obligation) -> list[Obligation]:
    """Brings the copies of this obligation's evidence in line, and gives those merged into it what passed here. Returns whose changed."""
    sources = list(main.evidence.all())
    if not sources:
        return []
    touched: dict[int, Obligation] = {}
    copies = list(Evidence.objects.filter(copied_from__in=sources).select_related("copied_from", "obligation"))
    for copy in copies:
        if copy.withdrawn_at is not None or copy.copied_from is None:
            continue
        names = [*_MIRRORED, *_WITHDRAWAL]
        if any(getattr(copy, name) != getattr(copy.copied_from, name) for name in names):
            for name in names:
                setattr(copy, name, getattr(copy.copied_from, name))
            copy.save(update_fields=[name.removesuffix("_id") for name in names])
            touched[copy.obligation_id] = copy.obligation
    there = {(copy.copied_from_id, copy.obligation_id) for copy in copies}
    for merged in main.merged.order_by("pk"):
        wanted = [row for row in counting(sources) if (row.pk, merged.pk) not in there]
        if not wanted:
            continue
        own = set(merged.evidence.filter(kind=Evidence.Kind.RECORD, withdrawn_at=None).values_list("record_kind", "record_id"))
        made = [copy_of(row, merged) for row in wanted if row.record_id is None or (row.record_kind, row.record_id) not in own]
        if made:
            Evidence.objects.bulk_create(made, ignore_conflicts=True)
            touched[merged.pk] = merged
    return [touched[pk] for pk in sorted(touched)]


def carry_evidence(pairs: Iterable[tuple[Obligation, Obligation]]) -> int:
    """Evidence of earlier obligations holds for those that take their place (earlier, later); returns how many were copied.

    A constant number of statements. The later rows are settled from it, saved and updated in hand.
    """
    heirs: dict[int, list[Obligation]] = {}
    for earlier, later in pairs:
        heirs.setdefault(earlier.pk, []).append(later)
    made: dict[int, list[Evidence]] = {}
    by_key = {later.pk: later for rows in heirs.values() for later in rows}
    for row in Evidence.objects.filter(obligation__in=heirs, withdrawn_at__isnull=True).order_by("pk"):
        for later in heirs[row.obligation_id]:
            made.setdefault(later.pk, []).append(copy_of(row, later))
    Evidence.objects.bulk_create([copy for copies in made.values() for copy in copies], ignore_conflicts=True, batch_size=200)
    settled = [by_key[pk] for pk, copies in made.items() if apply(by_key[pk], counting(copies))]
    Obligation.objects.bulk_update(settled, FIELDS, batch_size=200)
    return sum(map(len, made.values()))
