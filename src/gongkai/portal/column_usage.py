"""How much the interactive columns are used (S2-20: 在线访谈、民意征集、电视问政，微信微博互动), computed from what people did and agencies
published; and these figures as proof of the task that asks for such a column. Visits are not counted: nobody is followed on this site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue import contents, interactive
from gongkai.catalogue.interactive import Figure
from gongkai.catalogue.models import Column, Suggestion
from gongkai.channels.models import Account, Post
from gongkai.channels.queries import last_readings
from gongkai.channels.vocabulary import medium_name
from gongkai.formats import ledger
from gongkai.obligations.models import Obligation
from gongkai.obligations.records import Candidate, Facts, register
from gongkai.plans.origins import asked_by
from gongkai.publications.models import Subscription
from gongkai.publications.visible import live_editions

KIND = "interactive_column"
PLATFORMS = ("wechat", "weibo")
ASKED = ("互动", "微信", "微博", *(label for _value, label in Column.Interactive.choices))
"""Words of a task for which an interactive column is proof; a person still judges."""


def usage(columns: Iterable[Column]) -> dict[int, list[Figure]]:
    """Column id → figures. A constant number of queries."""
    listed, today = list(columns), timezone.localdate()
    ids = [column.pk for column in listed]
    entries, subscribers = _entries(ids, today), _subscribers(ids)
    suggested, social = _suggestions(ids, today), _social({column.agency_id for column in listed})
    found = {}
    for column in listed:
        address = f"{reverse('documents:list')}?{urlencode({'column': column.pk, 'genre': column.interactive, 'year': today.year})}"
        received, answered = suggested.get(column.pk, (0, 0))
        found[column.pk] = [
            _figure(f"本年{column.get_interactive_display()}", entries.get((column.pk, column.interactive), 0), address),
            _figure("订阅", subscribers.get(column.pk, 0)),
            *([_figure("本年公众建议", received), _figure("其中已答复", answered)] if received else []),
            *social.get(column.agency_id, []),
        ]
    return found


def _figure(label: str, n: int, url: str = "") -> Figure:
    return {"label": label, "n": n, "url": url if n else ""}


def _entries(ids: list[int], today: date) -> dict[tuple[int, str], int]:
    """(column, genre) → what of it was published this year and stands."""
    rows = live_editions().filter(document__column__in=ids, published_at__year=today.year).exclude(revision__attribute="withheld")
    counted = rows.order_by().values_list("document__column", "revision__genre").annotate(n=Count("pk"))
    return {(column, genre): n for column, genre, n in counted}


def _subscribers(ids: list[int]) -> dict[int, int]:
    """Addresses that confirmed: to the list of a column, or to a document in it."""
    found: dict[int, int] = defaultdict(int)
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False).order_by()
    for column, n in confirmed.filter(chosen__column__in=[str(pk) for pk in ids]).values_list("chosen__column").annotate(n=Count("pk")):
        found[int(column)] += n
    for column, n in confirmed.filter(document__column__in=ids).values_list("document__column").annotate(n=Count("pk")):
        found[column] += n
    return found


def _suggestions(ids: list[int], today: date) -> dict[int, tuple[int, int]]:
    """Of this year to the items of a column: (received, answered)."""
    rows = Suggestion.objects.filter(item__column__in=ids, received_at__year=today.year).order_by().values_list("item__column")
    counted = rows.annotate(n=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    return {column: (n, answered) for column, n, answered in counted}


def _social(agencies: set[int]) -> dict[int, list[Figure]]:
    """The agency's accounts on wechat and weibo, as its ledger has them: followers, what the public wrote, what was posted this year."""
    rows = Account.objects.filter(agency__in=agencies, platform__in=PLATFORMS, state=Account.State.OPEN).order_by("platform", "pk")
    accounts = list(rows)
    readings = last_readings(row.pk for row in accounts)
    year = timezone.localdate().year
    posts = Post.objects.filter(account__in=[row.pk for row in accounts], withdrawn_at__isnull=True).order_by()
    posted = dict(posts.filter(at__year=year).values_list("account").annotate(n=Count("pk")))
    last = dict(posts.values_list("account").annotate(last=Max("at")))
    page = reverse("channels_public:accounts")
    found: dict[int, list[Figure]] = defaultdict(list)
    for row in accounts:
        name, reading = f"{medium_name(row.platform)}“{row.name}”", readings.get(row.pk)
        said = f"，最近 {timezone.localdate(last[row.pk])}" if row.pk in last else ""
        found[row.agency_id].append(_figure(f"{name}本年发布{said}", posted.get(row.pk, 0), page))
        if reading is not None:
            found[row.agency_id].append(_figure(f"{name}关注（{reading.on}）", reading.followers, page))
            if reading.on.year == year and reading.messages:
                found[row.agency_id].append(_figure(f"{name}本年留言", reading.messages, page))
                found[row.agency_id].append(_figure(f"{name}留言已答复", reading.answered, page))
    return found


def table(columns: Iterable[Column]) -> ledger.LedgerTable:
    """A line for each figure, so that figures of several columns can be added up."""
    listed = list(columns)
    figures = interactive.usage_of(listed)
    rows: list[dict[str, Any]] = [
        {
            "column": column.name,
            "kind": column.get_interactive_display(),
            "agency": column.agency.name,
            "entry": column.entry_url,
            "figure": one["label"],
            "n": one["n"],
        }
        for column in listed
        for one in figures.get(column.pk, [])
    ]
    heads = (("column", "栏目"), ("kind", "互动方式"), ("agency", "责任单位"), ("entry", "参与入口"), ("figure", "指标"), ("n", "数目"))
    return ledger.LedgerTable(
        title="互动栏目使用情况",
        columns=tuple(ledger.Column(key, label, 8) for key, label in heads),
        rows=[ledger.LedgerRow(row) for row in rows],
        notes=[f"统计时间 {timezone.localtime():%Y-%m-%d %H:%M}。不统计访问量：本站不跟踪读者。"],
    )


# -- as proof ---------------------------------------------------------------------------------------------------------


def facts(pk: int) -> Facts | None:
    """It stands while the column is open and something was put into it; the title says how much it is used on the day it is looked at."""
    column = Column.objects.select_related("jurisdiction").filter(pk=pk).exclude(interactive="").first()
    if column is None:
        return None
    figures = interactive.usage_of([column]).get(pk, [])
    last = contents.last_of_columns([pk]).get(pk) if column.closed_on is None else None
    said = "，".join(f"{one['label']} {one['n']}" for one in figures)
    return Facts(
        title=f"{column.name}：{said}"[:200],
        url=reverse("catalogue_public:column", args=[column.jurisdiction.code, column.slug]),
        published_on=last,
        agency_id=column.agency_id,
        column=column.name,
        public=column.closed_on is None,
        lacking="已经关停" if column.closed_on else "还是空白的",
    )


def candidates(obligation: Obligation) -> Iterable[Candidate]:
    """The owner's interactive columns that hold something, for a task that speaks of interaction."""
    if KIND not in (obligation.proof or {}).get("kinds", ()) and not _is_asked(obligation):
        return
    columns = list(Column.objects.filter(agency=obligation.owner_id, closed_on__isnull=True).exclude(interactive="").order_by("pk"))
    last = contents.last_of_columns(column.pk for column in columns)
    for column in columns:
        if column.pk in last:
            yield Candidate(KIND, column.pk, column.name, last[column.pk])


def _is_asked(obligation: Obligation) -> bool:
    text, channels = asked_by(obligation)
    return any(word in f"{text} {channels}" for word in ASKED)


def examine(obligation: Obligation, pk: int) -> tuple[str, str]:
    """What is told is kept with the evidence: the figures of the day it was handed in."""
    column = Column.objects.filter(pk=pk).first()
    if column is None:
        return "", ""
    figures = interactive.usage_of([column]).get(pk, [])
    said = "；".join(f"{one['label']} {one['n']}" for one in figures)
    return "", f"系统统计（{timezone.localdate()}）：{said}"[:400]


def register_all() -> None:
    for kind in Column.Interactive.values:
        interactive.register(kind, usage)
    register(KIND, facts, label="互动栏目使用情况", candidates=candidates, examine=examine, offered=True)
