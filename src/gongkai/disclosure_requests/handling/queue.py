"""The queue: what is open where, soonest due first, in a constant number of queries whatever the size of the register.

Rows are plain values: nothing of an applicant but the kind is read, no sealed column is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.clocks.calendar import Calendar
from gongkai.clocks.remaining import until_day
from gongkai.disclosure_requests.access import requests_for
from gongkai.disclosure_requests.models import Applicant, Assignment, Deed, DisclosureRequest
from gongkai.disclosure_requests.models.requests import CLOSED, OPEN
from gongkai.disclosure_requests.queries import STATES, with_state
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.queries import due_soon_edge
from gongkai.twins.compiled import GIVEN, Compiled

PER_PAGE = 25
AHEAD = 5
"""Working days that count as soon on the counters."""
TABS = {"open": "未办结", "closed": "已办结", "all": "全部"}
FIELDS = (
    *("pk", "number", "subject", "channel", "state", "received_on", "closed_on", "reopened_on", "due_on", "suspended_on", "withdrawn_at"),
    *("applicant_kind", "agency_name", "agency_short", "section_name", "handler", "handler_section", "place", "asked_at"),
    *("agency_id", "jurisdiction_id", "agency_kind"),
)
DUE = Coalesce("answer_again_by", "obligation__due_on")
"""The day of the answer; of one that was set aside, the day set for the new one (docs/decisions/0031)."""
ORDER_WORDS = {"open": "按答复期限先后", "closed": "新办结的在前", "all": "新收到的在前"}
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "open": (DUE.asc(nulls_last=True), "-created_at", "-pk"),
    "closed": ("-closed_on", "-pk"),
    "all": ("-created_at", "-pk"),
}
KINDS = dict(Applicant.Kind.choices)
CHANNELS = dict(DisclosureRequest.Channel.choices)


def untouched(today: date) -> Q:
    """Nobody has done anything though a whole working day went by since it came: the day after arrival is over."""
    before = calendar_of("").add(today, -1).on
    edge = timezone.make_aware(datetime.combine(before, time.min))
    return Q(registered_at__isnull=True, untouched_since__lt=edge)


def with_touch(rows: QuerySet[DisclosureRequest]) -> QuerySet[DisclosureRequest]:
    """Adds `touched`, a deed of the staff after it was taken down, and `untouched_since`, the time it came."""
    deeds = Deed.objects.filter(request_id=OuterRef("pk"), actor__isnull=False).exclude(kind=Deed.Kind.FILED)
    return rows.annotate(touched=Exists(deeds), untouched_since=Coalesce("arrived_at", "submitted_at", "created_at"))


def open_rows(user: Any) -> QuerySet[DisclosureRequest]:
    return requests_for(user).filter(OPEN).order_by()


COUNTERS = {
    "untouched": "一个工作日没有人办",
    "soon": f"{AHEAD} 个工作日内到期",
    "overdue": "已逾期",
    "waiting": "等待他人",
}


def condition(name: str, today: date) -> Q:
    if name == "untouched":
        return untouched(today) & Q(touched=False)
    if name == "soon":
        return Q(GreaterThanOrEqual(DUE, today), LessThanOrEqual(DUE, due_soon_edge(today, AHEAD)))
    if name == "overdue":
        return Q(LessThan(DUE, today))
    return Q(obligation__suspended_on__isnull=False)


COUNT = """SELECT COUNT(*), COUNT(CASE WHEN registered_at IS NULL THEN 1 END), COUNT(CASE WHEN due BETWEEN %s AND %s THEN 1 END),
COUNT(CASE WHEN due < %s THEN 1 END), COUNT(suspended) FROM ({}) AS one"""
"""What `condition` says of each row, all at once: as five expressions it is longer in the making than in the asking."""


def counted(user: Any, today: date) -> dict[str, int]:
    """How many are open, and how many of them each of COUNTERS finds. Two queries at most."""
    open_ones = open_rows(user).values_list("registered_at").annotate(due=DUE, suspended=F("obligation__suspended_on"))
    sql, params = open_ones.query.sql_with_params()
    day = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(sql), [day(today), day(due_soon_edge(today, AHEAD)), day(today), *params])
        found = dict(zip(("open", "new", "soon", "overdue", "waiting"), cursor.fetchone(), strict=True))
    found["untouched"] = with_touch(open_rows(user)).filter(condition("untouched", today)).count() if found["new"] else 0
    return found


def counters(found: Mapping[str, int], current: str = "") -> list[dict[str, Any]]:
    """Figures that open the rows they count."""
    url = reverse("request_cases:queue")
    return [
        {
            "label": label,
            "n": found[name],
            "url": f"{url}?{urlencode({'due': name})}",
            "alarm": name in ("untouched", "overdue"),
            "current": current == name,
        }
        for name, label in COUNTERS.items()
    ]


def tab_of(chosen: Mapping[str, Any]) -> str:
    """The tab whose rows are listed: what is closed stands in no open one."""
    return "all" if chosen.get("state") in ("closed", "withdrawn") else chosen.get("tab") or "open"


def rows(user: Any, chosen: Mapping[str, Any], today: date) -> QuerySet[Any]:
    """What is open, soonest due first, what stands still and what has no clock yet after what runs; what is closed and the whole register
    newest first, so that a page of them is read off an index."""
    found = requests_for(user)
    tab = tab_of(chosen)
    if tab == "open":
        found = found.filter(OPEN)
    elif tab == "closed":
        found = found.filter(CLOSED)
    for name in ("agency", "section", "channel"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if chosen.get("due"):
        found = (with_touch(found) if chosen["due"] == "untouched" else found).filter(condition(chosen["due"], today))
    if words := (chosen.get("q") or "").strip():
        found = found.filter(Q(number__icontains=words) | Q(subject__icontains=words) | Q(wanted_number__icontains=words))
    if chosen.get("state"):
        found = with_state(found).filter(state=chosen["state"])  # type: ignore[misc]
    return found.order_by(*ORDERS[tab])


def shown(found: QuerySet[Any]) -> QuerySet[Any]:
    """The values of rows, for a list of requests that stands by itself."""
    waits = Assignment.objects.filter(request=OuterRef("pk"), ended_at__isnull=True).order_by("-assigned_at", "-pk")
    return (
        with_state(found)
        .annotate(
            due_on=DUE,
            suspended_on=F("obligation__suspended_on"),
            applicant_kind=F("applicant__kind"),
            agency_kind=F("agency__kind"),
            agency_name=F("agency__name"),
            agency_short=F("agency__short_name"),
            section_name=F("section__name"),
            place=F("jurisdiction__code"),
            asked_at=Coalesce("submitted_at", "arrived_at", "created_at"),
            handler=Subquery(waits.values("person__display_name")[:1]),
            handler_section=Subquery(waits.values("section__name")[:1]),
        )
        .values(*FIELDS)
    )


def page_of(keys: Sequence[int]) -> list[dict[str, Any]]:
    """What `shown` says of the rows of one page, at most PER_PAGE, in the order of their keys. Keys first: a list sorted with all its
    columns would ask for the state of every open request to show 25."""
    rows = {row["pk"]: row for row in _page()(*keys, *[NOBODY] * (PER_PAGE - len(keys)))}
    return [rows[key] for key in keys if key in rows]


NOBODY = 0
"""No request has this key."""


@cache
def _page() -> Compiled[dict[str, Any]]:
    return Compiled(shown(DisclosureRequest.objects.filter(pk__in=range(GIVEN, GIVEN + PER_PAGE)).order_by()))


def told(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A row with the words the list and the export show."""
    row["state_word"] = STATES[row["state"]]
    row["kind_word"] = KINDS.get(row["applicant_kind"] or "", "")
    row["channel_word"] = CHANNELS[row["channel"]]
    row["agency"] = row["agency_short"] or row["agency_name"]
    row["hands"] = row["handler"] or row["handler_section"] or row["section_name"] or ""
    row["clock"], row["css"] = _clock(row, today)
    return row


def is_open(row: Mapping[str, Any]) -> bool:
    """OPEN of a row of values."""
    return row["closed_on"] is None or row["reopened_on"] is not None


def _clock(row: Mapping[str, Any], today: date) -> tuple[str, str]:
    if not is_open(row):
        return f"{row['closed_on']} 办结", "ok"
    if row["suspended_on"]:
        return f"自 {row['suspended_on']} 中止", "wait"
    if row["due_on"] is None:
        return "未起算", "wait"
    words, late, n = left(row["due_on"], today, calendar_of(row["place"]))
    return words, "late" if late else "warn" if n <= AHEAD else ""


@lru_cache(maxsize=4096)
def left(due_on: date, today: date, calendar: Calendar) -> tuple[str, bool, int]:
    """Working days in words: many rows are due on few days."""
    found = until_day(due_on, today, calendar, explain=False)
    return found.short, found.late, found.n


def choices(user: Any) -> dict[str, list[tuple[int, str]]]:
    """Agencies and sections this person may filter by. Two queries at most."""
    from gongkai.agencies.models import Agency, Section

    scope = scope_of(user)
    agencies: list[tuple[int, str]] = []
    if scope.seen_ids or len(scope.agency_ids) > 1:
        seen = Agency.objects.filter(Q(pk__in=scope.agency_ids) | Q(jurisdiction__in=scope.seen_ids), valid_to__isnull=True)
        agencies = [(pk, short or name) for pk, short, name in seen.order_by("code").values_list("pk", "short_name", "name")]
    sections = Section.objects.filter(agency__in=scope.agency_ids).order_by("agency", "name")
    return {"agency": agencies if len(agencies) > 1 else [], "section": list(sections.values_list("pk", "name"))}
