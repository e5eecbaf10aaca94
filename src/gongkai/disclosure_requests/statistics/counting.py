"""The numbers of the office's work on requests, each as a condition that also lists the rows it counts (invariant 7).

Counts are made by the database in a fixed number of statements; the days of handling come from the events of the clocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet

from gongkai.agencies.models import Section
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, Reply, ReplyReview
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.clocking import calendar_of
from gongkai.obligations.models import ClockEvent

Kind = ClockEvent.Kind
SPANS = ((0, 5), (6, 10), (11, 15), (16, 20), (21, 40), (41, None))
"""Working days of handling, as the distribution shows them."""
OPENED = ("open", "partly_open")


def _passed(step: str) -> Exists:
    return Exists(ReplyReview.objects.filter(reply=OuterRef("pk"), step=step, conclusion="passed"))


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date
    today: date

    def received(self) -> Q:
        return Q(received_on__gte=self.first, received_on__lte=self.last)

    def closed(self) -> Q:
        return Q(closed_on__gte=self.first, closed_on__lte=self.last)


def refusals() -> list[str]:
    return [code for code, one in outcomes().items() if one.is_refusal]


def conditions(period: Period) -> dict[str, Q]:
    """Name → the requests it counts. What has a value of its own (an outcome, a section) is told by `valued`."""
    today = period.today
    is_open = Q(closed_on__isnull=True)
    due = {"closed_on__isnull": True, "obligation__due_on__isnull": False}
    signed = Reply.objects.filter(request=OuterRef("pk"), signed_at__isnull=False)
    return {
        "received": period.received(),
        "closed": period.closed(),
        "open": is_open,
        "on_time": period.closed() & Q(closed_on__lte=F("obligation__due_on")),
        "late": period.closed() & Q(closed_on__gt=F("obligation__due_on")),
        "overdue": Q(obligation__due_on__lt=today, **due),
        "due_3": Q(obligation__due_on__gte=today, obligation__due_on__lte=today + timedelta(3), **due),
        "due_7": Q(obligation__due_on__gt=today + timedelta(3), obligation__due_on__lte=today + timedelta(7), **due),
        "due_later": Q(obligation__due_on__gt=today + timedelta(7), **due),
        "paused": is_open & Q(obligation__suspended_on__isnull=False),
        "not_started": is_open & Q(obligation__due_on__isnull=True, obligation__suspended_on__isnull=True),
        "opened": period.closed() & Q(outcome="open"),
        "partly": period.closed() & Q(outcome="partly_open"),
        "refused": period.closed() & Q(outcome__in=refusals()),
        "refused_reviewed": period.closed() & Q(outcome__in=refusals()) & Q(Exists(signed.filter(_passed("second")))),
        "replied": period.closed() & Q(Exists(signed)),
        "secrecy": period.closed() & Q(Exists(signed.filter(_passed("secrecy")))),
        "templated": period.closed() & Q(Exists(signed.exclude(template=None, template_version=""))),
        "offered": period.received() & Q(offered__shown__gt=0),
        "clicked": period.received() & Q(offered__clicked__gt=0),
        "rated": period.closed() & Q(satisfaction__isnull=False),
        "pleased": period.closed() & Q(satisfaction__gte=4),
        "reopened": Q(reopened_on__isnull=False),
    }


def valued(period: Period, name: str, value: str) -> Q | None:
    """outcome, section, channel, kind, rating with a value; None for another name."""
    made: Mapping[str, Callable[[], Q]] = {
        "outcome": lambda: period.closed() & Q(outcome=value),
        "section": lambda: period.closed() & (Q(section=int(value)) if value.isascii() and value.isdigit() else Q(section__isnull=True)),
        "channel": lambda: period.received() & Q(channel=value),
        "kind": lambda: period.received() & Q(applicant__kind=value),
        "rating": lambda: period.closed() & Q(satisfaction=int(value) if value in ("1", "2", "3", "4", "5") else None),
    }
    return made[name]() if name in made else None


SPAN_WORDS = [f"{first}—{last} 日" if last is not None else f"{first} 日以上" for first, last in SPANS]
DAYS = "days"
"""Name of what is counted by days: its value is the number of a span, and after a point `outcome` or `section` with theirs."""


def span_of(days: int) -> int:
    return next(n for n, (_first, last) in enumerate(SPANS) if last is None or days <= last)


@dataclass(frozen=True, slots=True)
class Handled:
    """One closed request: working days in the office's own hands."""

    request: int
    days: int
    outcome: str
    section: int | None


@dataclass(slots=True)
class Days:
    """What was closed, each with its days. `group` is `outcome` or `section`, `code` its value as the page has it (none: no section)."""

    handled: list[Handled] = field(default_factory=list)

    def of(self, group: str = "", code: str = "") -> list[int]:
        return [one.days for one in self.handled if _is_of(one, group, code)]

    def middle(self, group: str = "", code: str = "") -> float | None:
        listed = self.of(group, code)
        return median(listed) if listed else None

    def spread(self, group: str = "", code: str = "") -> list[tuple[str, int]]:
        """Span in words → how many."""
        found = Counter(map(span_of, self.of(group, code)))
        return [(words, found[n]) for n, words in enumerate(SPAN_WORDS)]

    def requests(self, value: str) -> list[int] | None:
        """The requests one number of a spread counts; None for a value that is none."""
        span, _, rest = value.partition(".")
        group, _, code = rest.partition(".")
        if not (span.isascii() and span.isdigit() and int(span) < len(SPANS)) or group not in ("", "outcome", "section"):
            return None
        return [one.request for one in self.handled if span_of(one.days) == int(span) and _is_of(one, group, code)]


def _is_of(one: Handled, group: str, code: str) -> bool:
    return not group or code == (one.outcome if group == "outcome" else str(one.section or "none"))


@dataclass(slots=True)
class Figures:
    counts: dict[str, int]
    outcome: list[tuple[str, str, int]]
    section: list[tuple[str, str, int]]
    channel: list[tuple[str, str, int]]
    kind: list[tuple[str, str, int]]
    rating: list[tuple[str, str, int]]
    satisfaction: float | None
    days: Days

    @property
    def rate(self) -> float | None:
        """按期率: of what was closed and had a term."""
        return _rate(self.counts["on_time"], self.counts["late"])


def figures(rows: QuerySet[DisclosureRequest], period: Period) -> Figures:
    """Eight statements, whatever the number of requests; `rows` is what the reader may see."""
    plain = rows.select_related(None).order_by()
    asked = {f"n_{name}": Count("pk", filter=condition) for name, condition in conditions(period).items()}
    told = plain.aggregate(**asked, mean=Avg("satisfaction", filter=period.closed()))
    mean = told.pop("mean")
    counts = {name.removeprefix("n_"): n for name, n in told.items()}
    closed, received = plain.filter(period.closed()), plain.filter(period.received())
    sections = Counter(dict(closed.values_list("section").annotate(n=Count("pk"))))
    names = dict(Section.objects.filter(pk__in=[pk for pk in sections if pk]).values_list("pk", "name"))
    known = outcomes()
    ratings = sorted(closed.exclude(satisfaction=None).values_list("satisfaction").annotate(k=Count("pk")))
    found_outcomes = dict(closed.values_list("outcome").annotate(n=Count("pk")))
    return Figures(
        counts=counts,
        outcome=[(code, one.title, found_outcomes[code]) for code, one in known.items() if found_outcomes.get(code)],
        section=[(str(pk or "none"), names.get(pk, "没有分到科室"), n) for pk, n in sections.most_common()],
        channel=_named(received, "channel", DisclosureRequest.Channel.choices),
        kind=_named(received, "applicant__kind", Applicant.Kind.choices),
        rating=[(str(n), f"{n} 分", k) for n, k in ratings],
        satisfaction=mean,
        days=handling_days(closed),
    )


def _named(rows: QuerySet[Any], name: str, choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str, int]]:
    found = dict(rows.values_list(name).annotate(n=Count("pk")))
    return [(str(code), str(words), found[code]) for code, words in choices if found.get(code)]


def handling_days(closed: QuerySet[DisclosureRequest]) -> Days:
    """From the clock's events: the working days between receipt and reply in which the clock ran. What the office waited for (补正、缴费、
    第三方) is not among them; what it had used before a clock began anew is. Two statements."""
    rows = closed.values_list("obligation", "pk", "section", "outcome", "jurisdiction__code").exclude(obligation=None)
    about = {duty: (request, section, outcome, place) for duty, request, section, outcome, place in rows}
    events = ClockEvent.objects.filter(obligation__in=closed.values("obligation")).order_by("obligation", "pk")
    found = Days()
    runs: dict[int, _Run] = {}
    for duty, kind, on in events.values_list("obligation", "kind", "on").iterator(2000):
        if duty in about:
            runs.setdefault(duty, _Run(calendar_of(about[duty][3]))).event(kind, on)
    for duty, run in runs.items():
        request, section, outcome, _place = about[duty]
        found.handled.append(Handled(request, run.days, outcome, section))
    return found


def _rate(on_time: int, late: int) -> float | None:
    return 100 * on_time / (on_time + late) if on_time + late else None


class _Run:
    def __init__(self, calendar: Any) -> None:
        self.between = calendar.between
        self.days = 0
        self.since: date | None = None

    def event(self, kind: str, on: date) -> None:
        if kind in (Kind.SUSPEND, Kind.STOP, Kind.RESTART) and self.since is not None:
            self.days += max(0, self.between(self.since, on))
            self.since = None
        if kind in (Kind.START, Kind.RESUME, Kind.RESTART):
            self.since = on


def by_agency(rows: QuerySet[DisclosureRequest], period: Period) -> list[dict[str, Any]]:
    """One row for each agency: received, closed, on time, open, overdue. One statement."""
    wanted = ("received", "closed", "on_time", "late", "open", "overdue")
    known = conditions(period)
    asked = {f"n_{name}": Count("pk", filter=known[name]) for name in wanted}
    names = ("agency", "agency__name", "jurisdiction__name")
    listed = rows.select_related(None).order_by().values(*names).annotate(**asked).order_by("jurisdiction__name", "agency__name")
    found = []
    for row in listed:
        told = {name: row[f"n_{name}"] for name in wanted}
        if any(told.values()):
            rate = _rate(told["on_time"], told["late"])
            found.append({"pk": row["agency"], "name": row["agency__name"], "place": row["jurisdiction__name"], **told, "rate": rate})
    return found
