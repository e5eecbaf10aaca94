"""/feeds/<name>.atom and .json: the public lists that are no list of documents, each as the same two twins (gongkai.twins).

A list says when it was last another one by a state that is cheap to read, so that a reader that never stops costs that and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.catalogue import expansion, negative
from gongkai.catalogue.models import Expansion, NegativeClass, Suggestion
from gongkai.journal import queries as journal
from gongkai.journal.models import Head, Waiting
from gongkai.obligations.models import Obligation
from gongkai.plans.access import listed_plans
from gongkai.portal.accountability import public_duties
from gongkai.publications.models import Cleanup, Document, Topic
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public.listing import entry as document_entry
from gongkai.publications.topics import queries as topics
from gongkai.publications.topics.queries import readable
from gongkai.publications.validity import register
from gongkai.publications.visible import live_editions
from gongkai.reports.access import listed_reports
from gongkai.reports.models import AnnualReport
from gongkai.reports.queries import title_of
from gongkai.twins import Entry, Twin, hosting, of_rows, respond

Rows = Any


@dataclass(frozen=True, slots=True)
class Listed:
    """`rows` in their order, newest first; `entry` of one row; `state`: what changes whenever the rows do; `page` shows them."""

    title: str
    page: str
    rows: Callable[[HttpRequest], Rows]
    entry: Callable[[Any], Entry]
    state: Callable[[HttpRequest], Any]


def _at(day: date) -> datetime:
    """The beginning of a day, for facts that know no hour."""
    return timezone.make_aware(datetime.combine(day, time()))


def _newest(model: Any, *names: str) -> Callable[[HttpRequest], Any]:
    """How many rows there are, and the latest of some columns. One query."""

    def state(request: HttpRequest) -> Any:
        return model.objects.aggregate(n=Count("pk"), last=Max("pk"), **{f"last_{name}": Max(name) for name in names})

    return state


def _deed(request: HttpRequest) -> tuple[int, ...]:
    return public_cache.last_deeds()


def _any_deed(request: HttpRequest) -> Any:
    """The newest sealed deed; while one waits for its seal, that one. Two queries."""
    return journal.newest_change() or ("waiting", Waiting.objects.aggregate(last=Max("pk"))["last"])


def _plan(row: Any) -> Entry:
    more = {"doc_number": row.doc_number or None, "issuer": row.issuer, "year": row.year, "state": row.state, "issued_on": row.issued_on}
    path = reverse("public_plans:detail", args=[row.pk])
    return Entry(path, row.title, row.opened_at, f"{row.jurisdiction.name}　{row.doc_number}", row.issuer, row.opened_at, more=more)


def _topic(row: Topic) -> Entry:
    assert row.opened_at is not None
    path = reverse("documents:topic", args=[row.pk])
    more = {"kind": row.kind, "closed_on": row.closed_on}
    return Entry(path, row.title, row.opened_at, row.introduction, row.agency.name, row.opened_at, [row.get_kind_display()], more)


def _entries_of_topic(request: HttpRequest) -> Rows:
    record = topics.opened().filter(pk=_topic_asked(request)).first()
    if record is None:
        raise Http404("没有这个专题，或者还没有公开")
    rows = live_editions().filter(document__in=record.entries.values("document")).exclude(revision__attribute="withheld")
    return rows.select_related("document__agency", "revision").defer("revision__body", "revision__rows").order_by("-published_at", "-pk")


def _topic_asked(request: HttpRequest) -> int:
    given = request.GET.get("topic", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0


def _list(row: Any) -> Entry:
    found = document_entry(row)
    path = reverse("documents:list_table", args=[row.document_id])
    more = {**found.more, "list": row.document.list_kind or None, "rows": reverse("documents:list_rows", args=[row.document_id, "json"])}
    return Entry(path, found.title, found.updated, found.summary, found.author, found.published, found.tags, more)


def _lists(request: HttpRequest) -> Rows:
    rows = (
        hosting.narrowed(readable(), "document__agency", "document__jurisdiction")
        .filter(document__kind=Document.Kind.LIST)
        .select_related("document__agency", "revision")
    )
    return rows.defer("revision__body", "revision__rows").order_by("-published_at", "-pk")


def _valid(request: HttpRequest) -> Rows:
    ids = register.library().order_by().values("pk")
    rows = live_editions().filter(document__in=ids).select_related("document__agency", "revision")
    return rows.defer("revision__body", "revision__rows").order_by("-published_at", "-pk")


def _cleanups(request: HttpRequest) -> Rows:
    return hosting.narrowed(Cleanup.objects.filter(decided_at__isnull=False)).select_related("agency").order_by("-decided_at", "-pk")


def _cleanup(row: Cleanup) -> Entry:
    assert row.decided_at is not None
    return Entry(reverse("documents:cleanup", args=[row.pk]), row.title, row.decided_at, f"依据：{row.basis}", row.agency.name)


def _head(row: Head) -> Entry:
    path = f"{reverse('journal:heads')}#{row.day}"
    return Entry(path, f"{row.day} 变更记录校验值", _at(row.day), f"{row.algorithm} {row.hash}", more=journal.head_json(row))


def _duties(request: HttpRequest) -> Rows:
    """What was fulfilled, the last first."""
    today = timezone.localdate()
    return (
        hosting.narrowed(public_duties(), "owner").filter(fulfilled_on__lte=today).select_related("owner").order_by("-fulfilled_on", "-pk")
    )


def _duty(row: Obligation) -> Entry:
    assert row.fulfilled_on is not None
    path = reverse("portal:accountability_agency", args=[row.owner.code]) + f"?year={row.fulfilled_on.year}#duty-{row.pk}"
    due = f"，期限 {row.due_on}" if row.due_on else ""
    more = {"due_on": row.due_on, "fulfilled_on": row.fulfilled_on}
    return Entry(path, row.title, _at(row.fulfilled_on), f"{row.owner.name} {row.fulfilled_on} 办结{due}", row.owner.name, more=more)


def _expansions(request: HttpRequest) -> Rows:
    rows = (
        hosting.narrowed(Expansion.objects.all(), "catalogue__agency")
        .select_related("catalogue__agency", "origin")
        .order_by("-proposed_at", "-pk")
    )
    return _Named(rows, lambda some: expansion.names_of(row.origin_id for row in some), lambda row: row.origin_id)


def _expansion(row: Expansion) -> Entry:
    name = getattr(row, "name", "") or row.origin.code
    path = f"{reverse('catalogue_kept:expansions')}#expansion-{row.pk}"
    said = f"{row.catalogue.title}：{row.get_state_display()}" + (f"，{row.reason}" if row.reason else "")
    return Entry(path, name, row.decided_at or row.proposed_at, said, row.catalogue.agency.name, row.proposed_at, more={"state": row.state})


def _suggestions(request: HttpRequest) -> Rows:
    """Answered ones, with personal data masked as they are kept; no advertisements."""
    rows = Suggestion.objects.filter(answered_at__isnull=False).exclude(outcome=Suggestion.Outcome.NOT_HANDLED)
    rows = hosting.narrowed(rows).select_related("agency", "item").order_by("-answered_at", "-pk")
    return _Named(rows, lambda some: expansion.names_of(row.item_id for row in some), lambda row: row.item_id)


def _suggestion(row: Suggestion) -> Entry:
    assert row.answered_at is not None
    name = getattr(row, "name", "") or row.item.code
    path = f"{reverse('catalogue_public:item', args=[row.item_id])}#suggestion-{row.pk}"
    said = f"{row.text}\n答复：{row.answer}"
    title = f"对“{name}”的建议：{row.get_outcome_display()}"
    return Entry(path, title, row.answered_at, said, row.agency.name, row.received_at, more={"outcome": row.outcome})


def _negative(request: HttpRequest) -> Rows:
    return hosting.narrowed(negative.listed(timezone.localdate())).order_by("-effective_on", "-pk")


def _class(row: NegativeClass) -> Entry:
    assert row.effective_on is not None
    path = f"{reverse('catalogue_kept:negative')}#class-{row.pk}"
    return Entry(path, str(row), _at(row.effective_on), f"{row.agency.name}，{row.effective_on} 起适用", row.agency.name)


def _reports(request: HttpRequest) -> Rows:
    return listed_reports().defer("printed", "sections").order_by("-published_at", "-pk")


def _report(row: AnnualReport) -> Entry:
    assert row.published_at is not None
    path = reverse("reports_public:report", args=[row.pk])
    more = {"year": row.year, "agency": row.agency.code, "covers_place": row.covers_place, "data": path + "report.json"}
    return Entry(path, title_of(row), row.published_at, "", row.agency.name, row.published_at, more=more)


class _Named:
    """A query set whose pages get the names of what their rows are about: one query more for a page, not one for a row."""

    def __init__(self, rows: Any, names: Callable[[list[Any]], dict[int, str]], key: Callable[[Any], int]) -> None:
        self.query, self._rows, self._names, self._key = rows.query, rows, names, key

    def count(self) -> int:
        return int(self._rows.count())

    def __getitem__(self, some: slice) -> list[Any]:
        found = list(self._rows[some])
        names = self._names(found)
        for row in found:
            row.name = names.get(self._key(row), "")
        return found


LISTS: dict[str, Listed] = {
    "plans": Listed(
        "承诺与进展：方案",
        "public_plans:list",
        lambda request: listed_plans().defer("source_text").order_by("-opened_at", "-pk"),
        _plan,
        lambda request: listed_plans().order_by().aggregate(n=Count("pk"), last=Max("opened_at"), replaced=Count("superseded_by")),
    ),
    "topics": Listed(
        "专题专栏", "documents:topics", lambda request: hosting.narrowed(topics.opened()).order_by("-opened_at", "-pk"), _topic, _deed
    ),
    "topic": Listed("专题", "documents:topics", _entries_of_topic, document_entry, _deed),
    "lists": Listed("清单", "documents:lists", _lists, _list, _deed),
    "valid": Listed("现行有效的规章和规范性文件", "documents:valid", _valid, document_entry, _deed),
    "cleanups": Listed("文件清理结果", "documents:valid", _cleanups, _cleanup, _deed),
    "journal": Listed("变更记录的每日校验值", "journal:heads", lambda request: journal.heads(), _head, _newest(Head, "day")),
    "accountability": Listed("承诺兑现：最近办结", "portal:accountability", _duties, _duty, _any_deed),
    "expansions": Listed(
        "上级扩展的公开事项", "catalogue_kept:expansions", _expansions, _expansion, _newest(Expansion, "proposed_at", "decided_at")
    ),
    "suggestions": Listed("公众建议和答复", "catalogue_public:list", _suggestions, _suggestion, _newest(Suggestion, "answered_at")),
    "reports": Listed("政府信息公开年报", "reports_public:list", _reports, _report, _newest(AnnualReport, "published_at")),
    "negative": Listed("负面清单", "catalogue_kept:negative", _negative, _class, _any_deed),
}


@require_safe
def feed(request: HttpRequest, name: str, fmt: str) -> HttpResponse:
    listed = LISTS.get(name)
    if listed is None:
        raise Http404("没有这个列表")

    def make() -> Twin:
        path = reverse(listed.page)
        title = listed.title
        if name == "topic":
            path = reverse("documents:topic", args=[_topic_asked(request)]) if _topic_asked(request) else path
            title = topics.opened().filter(pk=_topic_asked(request)).values_list("title", flat=True).first() or title
        return of_rows(request, title, path, listed.rows(request), listed.entry)

    return respond(request, fmt, [name, listed.state(request)], make)
