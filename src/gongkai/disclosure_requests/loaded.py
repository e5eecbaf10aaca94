"""A case with what hangs on it, read for a page: one statement says of which tables it has rows at all, and only those are read.

Verbs never act on what was read here: `lock` gives them another row, which asks anew. What stands in the way of a verb (`…_reasons`) is
found by the functions below from what was read, or, on a row that was not read for a page, by asking now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import ForeignKey

from gongkai.disclosure_requests.models import (
    ArchivePackage,
    Assignment,
    Clarification,
    Consultation,
    Correction,
    DisclosureRequest,
    Extension,
    FeeNotice,
    FrequencyCheck,
    OpeningProposal,
    PlaceSettings,
    Remedy,
    Reply,
    Service,
    WorkSuggestion,
)
from gongkai.disclosure_requests.models.applicants import CaseFile
from gongkai.obligations.models import ClockEvent
from gongkai.twins.compiled import GIVEN, Compiled

ONE: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "clarification": (Clarification, ()),
    "extension": (Extension, ("asked_by", "approved_by")),
    "fee": (FeeNotice, ()),
    "frequency": (FrequencyCheck, ()),
    "archive": (ArchivePackage, ("made_by",)),
}
"""What a case has once: its model and what is joined."""
MANY: Mapping[str, tuple[type[Any], tuple[str, ...], tuple[str, ...]]] = {
    "replies": (Reply, ("author",), ("text", "snapshots", "answers", "cleared", "grounds")),
    "consultations": (Consultation, ("agency",), ()),
    "assignments": (Assignment, ("section", "person"), ()),
    "services": (Service, (), ()),
    "files": (CaseFile, (), ()),
    "remedies": (Remedy, (), ()),
    "corrections": (Correction, (), ("applicant", "claim")),
    "suggestions": (WorkSuggestion, ("to",), ("problem", "advice", "answer")),
    "opening_proposals": (OpeningProposal, (), ()),
    "parts": (DisclosureRequest, (), ("description", "features", "purpose", "likeness")),
    "alike": (DisclosureRequest, (), ("description", "features", "purpose", "likeness")),
}
"""What it may have several of: model, what is joined, what is left out (long or sealed, and not shown there)."""
EVERYTHING = (*ONE, *MANY)


def load(case: DisclosureRequest, names: Collection[str] = EVERYTHING) -> None:
    """Reads what hangs on the case, its clock and the settings of its place. One statement, and one for each table that has rows of it.

    Sets `newest`, the key of the newest request of the agency.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(tuple(names)), [case.jurisdiction_id, case.agency_id, *[case.pk] * len(names)])
        settings, newest, *found = cursor.fetchone()
    case.newest = newest  # type: ignore[attr-defined]
    there = {name for name, some in zip(names, found, strict=True) if some}
    place = case.jurisdiction
    kept = PlaceSettings.objects.filter(jurisdiction=place).first() if settings else None
    place.settings_read = kept or PlaceSettings(jurisdiction=place)  # type: ignore[attr-defined]
    for name in names:
        rows = _rows(name)(case.pk) if name in there else []
        if isinstance(back := _back(name), ForeignKey):
            for row in rows:
                setattr(row, back.name, case)
        if name in ONE:
            case._state.fields_cache[name] = next(iter(rows), None)
        else:
            _keep(case, name, rows)
    if (duty := case.obligation) is not None:
        duty.jurisdiction = place
        events = _events()(duty.pk)
        for event in events:
            event.obligation = duty
        _keep(duty, "clock_events", events)
    case.read = frozenset(names)  # type: ignore[attr-defined]


@cache
def _rows(name: str) -> Compiled[Any]:
    """The rows of one table that hang on a case."""
    model, joined, left_out = (*ONE[name], ()) if name in ONE else MANY[name]
    rows = model._default_manager.filter(**{_back(name).name: GIVEN}).select_related(*joined or (None,))
    return Compiled(rows.defer(*left_out) if left_out else rows)


@cache
def _events() -> Compiled[ClockEvent]:
    return Compiled(ClockEvent.objects.filter(obligation=GIVEN).select_related("approved_by"))


@cache
def _back(name: str) -> Any:
    """The field by which the rows of a table name their case."""
    return DisclosureRequest._meta.get_field(name).remote_field


def _keep(one: Any, name: str, rows: list[Any]) -> None:
    """`one.name.all()` gives these rows and asks nothing, as after prefetch_related; `one.name.filter(…)` asks as ever."""
    manager = getattr(one, name)
    kept = manager.all() if rows else manager.model._default_manager.none()
    kept._result_cache, kept._prefetch_done = rows, True
    one.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept


@lru_cache(maxsize=8)
def _statement(names: tuple[str, ...]) -> str:
    """Written by hand from the models: sixteen questions in the words every database knows, for the price of one."""
    quote = connection.ops.quote_name
    cases = DisclosureRequest._meta.db_table
    asked = [
        f"EXISTS (SELECT 1 FROM {quote(PlaceSettings._meta.db_table)} WHERE {quote('jurisdiction_id')} = %s)",
        f"(SELECT {quote('id')} FROM {quote(cases)} WHERE {quote('agency_id')} = %s ORDER BY {quote('created_at')} DESC LIMIT 1)",
    ]
    for name in names:
        field = _back(name)
        if isinstance(field, ForeignKey):  # one-to-one too
            table, column = field.model._meta.db_table, field.column
        else:
            table, column = field.m2m_db_table(), field.m2m_reverse_name()
        asked.append(f"EXISTS (SELECT 1 FROM {quote(table)} WHERE {quote(str(column))} = %s)")
    return f"SELECT {', '.join(asked)}"


def is_read(request: DisclosureRequest, name: str) -> bool:
    return name in getattr(request, "read", ())


def has(request: DisclosureRequest, name: str) -> bool:
    """Whether the case has its one `name`."""
    if is_read(request, name):
        return getattr(request, name, None) is not None
    return bool(ONE[name][0]._default_manager.filter(request=request).exists())


def waits_for_opinion(request: DisclosureRequest) -> bool:
    if is_read(request, "consultations"):
        return any(row.answered_on is None for row in request.consultations.all())
    return request.consultations.filter(answered_on__isnull=True).exists()


def reply_of(request: DisclosureRequest) -> Reply | None:
    """The reply in force."""
    if is_read(request, "replies"):
        return next((row for row in request.replies.all() if row.replaced_at is None), None)
    return Reply.objects.filter(request=request, replaced_at__isnull=True).first()


def state(case: DisclosureRequest) -> str:
    """What queries.with_state finds, of a case that was read; a test holds them together."""
    if case.withdrawn_at is not None:
        return "withdrawn"
    if case.closed_on is not None and case.reopened_on is None:
        return "closed"
    if case.received_on is None:
        return "waiting"
    if case.registered_at is None:
        return "received"
    asked, fee, reply = getattr(case, "clarification", None), getattr(case, "fee", None), reply_of(case)
    if asked is not None and asked.answered_at is None and asked.lapsed_on is None:
        return "clarifying"
    if fee is not None and fee.paid_on is None and fee.lapsed_on is None:
        return "charging"
    if reply is not None and reply.signed_at is not None:
        return "signed"
    if reply is not None and reply.proposed_at is not None:
        return "reviewing"
    if waits_for_opinion(case):
        return "consulting"
    return "registered" if case.accepted_at is None else "handling"
