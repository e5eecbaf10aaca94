"""Reading for the public pages: the latest plans, this year's promises, the first cut of the search. Only issued plans are ever read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from gongkai.agencies.models import Agency, AgencyAlias, Jurisdiction
from gongkai.agencies.queries import public_agencies
from gongkai.obligations.models import Obligation
from gongkai.obligations.queries import STATE_WORDS
from gongkai.plans.access import listed_plans, public_plans
from gongkai.plans.models import Plan
from gongkai.plans.queries import plan_totals
from gongkai.publications.models import Edition, Topic
from gongkai.publications.public import facets
from gongkai.publications.topics.queries import opened
from gongkai.twins import hosting
from gongkai.twins.compiled import Compiled

LATEST = 8
TOPICS = 6
PROMISES = 3
FRESH = 60
NEWS = 5
ROWS = 200  # read at most to fill the news; a task of more agencies than that is still one line
NEWS_OF = ("document_id", "subject_id", "title", "due_on", "fulfilled_on", "owner__name")
HOSTS = 64  # sites whose statements are kept at once
SOON_DAYS = 30
MAX_WORDS, MAX_QUERY = 8, 100
KINDS = {"plans": "方案", "tasks": "任务", "agencies": "机构"}
LEVELS = [Jurisdiction.Level.PROVINCE, Jurisdiction.Level.CITY, Jurisdiction.Level.COUNTY, Jurisdiction.Level.TOWNSHIP]


def latest_documents(kind: str = "") -> list[Edition]:
    """The government information made public last, newest first; of one kind where it is named."""
    return facets.listed({"kind": kind} if kind else {})[:LATEST]


def latest_topics() -> list[Topic]:
    """Topics that are still added to, the newest first."""
    return _topics(hosting.key())()


@lru_cache(maxsize=HOSTS)
def _topics(host: str) -> Compiled[Topic]:
    rows = hosting.narrowed(opened()).filter(closed_on__isnull=True).order_by("-opened_at", "-pk")
    return Compiled(rows.select_related(None).only("title")[:TOPICS])


def latest_plans() -> list[Plan]:
    """The plans issued last, newest first; those a newer plan replaced are left out."""
    return _plans(hosting.key())()


@lru_cache(maxsize=HOSTS)
def _plans(host: str) -> Compiled[Plan]:
    rows = listed_plans().filter(state=Plan.State.ISSUED).order_by("-opened_at", "-pk")
    shown = ("title", "doc_number", "opened_at", "jurisdiction__name")
    return Compiled(rows.select_related(None).select_related("jurisdiction").only(*shown)[:LATEST])


@dataclass(frozen=True, slots=True)
class Promise:
    """A plan in force with its tasks counted by state; each figure opens exactly the rows it counts."""

    plan: Plan
    total: int
    figures: list[dict[str, Any]]


def promises(today: date) -> list[Promise]:
    """This year's plans of the highest level first, at most PROMISES; counted every FRESH seconds."""
    key = f"home:promises:{today}:{hosting.key()}"
    kept: list[Promise] | None = cache.get(key)
    if kept is None:
        kept = _promises(today)
        cache.set(key, kept, FRESH)
    return kept


def _promises(today: date) -> list[Promise]:
    level = Case(*(When(jurisdiction__level=name, then=Value(n)) for n, name in enumerate(LEVELS)), output_field=IntegerField())
    plans = listed_plans().filter(state=Plan.State.ISSUED, year=today.year).defer("source_text").order_by(level, "-opened_at", "-pk")
    result = []
    for plan in plans[:PROMISES]:
        totals = plan_totals(plan, today)
        url = reverse("public_plans:detail", args=[plan.pk])
        figures = [
            {"label": STATE_WORDS[state][0], "css": " ".join(STATE_WORDS[state][1:]), "n": n, "url": f"{url}?{urlencode({'state': state})}"}
            for state, n in totals.items()
            if n
        ]
        result.append(Promise(plan, sum(totals.values()), figures))
    return result


def _public_duties() -> QuerySet[Obligation]:
    plans = public_plans().filter(state=Plan.State.ISSUED).values("pk")
    rows = Obligation.objects.filter(
        source=Obligation.Source.PLAN_TASK, document_id__in=plans, waived_at__isnull=True, replaced_on__isnull=True
    )
    return hosting.narrowed(rows, "owner").select_related("owner").only(*NEWS_OF)


@dataclass(slots=True)
class News:
    """One task with the day that makes it news and the agencies concerned; a task of forty agencies is one line."""

    plan: int
    task: int
    title: str
    on: date
    agencies: list[str]


def _news(rows: list[Obligation], day: str) -> list[News]:
    found: dict[tuple[int, int], News] = {}
    for row in rows:
        key = (row.document_id or 0, row.subject_id)
        if key not in found and len(found) == NEWS:
            break
        found.setdefault(key, News(*key, row.title, getattr(row, day), [])).agencies.append(row.owner.name)
    return list(found.values())


def just_done(today: date) -> list[News]:
    """What was fulfilled last, newest first."""
    return _news(_done(today, hosting.key())(), "fulfilled_on")


@lru_cache(maxsize=HOSTS)
def _done(today: date, host: str) -> Compiled[Obligation]:
    rows = _public_duties().filter(fulfilled_on__lte=today)
    return Compiled(rows.order_by("-fulfilled_on", "document_id", "subject_id", "pk")[:ROWS])


def due_next(today: date) -> list[News]:
    """What falls due within SOON_DAYS days and is not fulfilled, nearest first."""
    return _news(_due(today, hosting.key())(), "due_on")


@lru_cache(maxsize=HOSTS)
def _due(today: date, host: str) -> Compiled[Obligation]:
    last = today + timedelta(days=SOON_DAYS)
    rows = _public_duties().filter(fulfilled_on__isnull=True, due_on__range=(today, last))
    return Compiled(rows.order_by("due_on", "document_id", "subject_id", "pk")[:ROWS])


def words_of(text: str) -> list[str]:
    """What is searched: at most MAX_WORDS words of the first MAX_QUERY characters; NUL, which PostgreSQL refuses, is dropped."""
    return text.replace("\x00", "")[:MAX_QUERY].split()[:MAX_WORDS]


def find_agencies(words: list[str]) -> QuerySet[Agency]:
    if not words:
        return Agency.objects.none()
    rows = public_agencies().filter(hosting.here())
    for word in words:
        alias = AgencyAlias.objects.filter(agency=OuterRef("pk"), text__icontains=word)
        rows = rows.filter(Q(name__icontains=word) | Q(short_name__icontains=word) | Exists(alias))
    return rows


def directory(q: str, place: int | None) -> QuerySet[Agency]:
    """The public directory by jurisdiction, narrowed by words and place."""
    rows = find_agencies(words_of(q)) if q.strip() else public_agencies().filter(hosting.here())
    return (rows.filter(jurisdiction=place) if place else rows).order_by("jurisdiction__code", "code")


def places() -> QuerySet[Jurisdiction]:
    """Jurisdictions that have agencies to show."""
    return Jurisdiction.objects.filter(Exists(public_agencies().filter(hosting.here(), jurisdiction=OuterRef("pk")))).order_by("code")
