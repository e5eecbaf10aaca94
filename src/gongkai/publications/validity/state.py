"""有效性 on any day, from the document's own dates, its term and what was decided of it. The same in SQL and in Python (S0-25, S4-16).

The state is computed, never kept: 尚未生效 until 实施日期; 失效 when the document's own last day or its term is over; 废止, 失效 or
宣布停止执行 from the day a decision says so; 继续有效 takes an earlier decision back and sets a new last day; 已修改 stays in force. A
decision wins over the document's own dates, the later decision over the earlier. Terms are dated data (rules/validity.toml), which a
place may set otherwise.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.clocks.clock import add_months
from gongkai.publications.models import Document, Edition, Revision, ValidityChange, ValidityTerm
from gongkai.twins.compiled import Compiled

Effect, State, Kind = ValidityChange.Effect, Edition.State, Document.Kind

IN_FORCE, AMENDED, REPEALED, LAPSED, NOT_YET, SUSPENDED, NONE = "in_force", "amended", "repealed", "lapsed", "not_yet", "suspended", "none"
WORDS = {
    IN_FORCE: "有效",
    AMENDED: "已修改",
    REPEALED: "废止",
    LAPSED: "失效",
    NOT_YET: "尚未生效",
    SUSPENDED: "宣布停止执行",
    NONE: "",
}
VALID = (IN_FORCE, AMENDED)
"""States in which a document may be the basis of administration."""
ENDED = (REPEALED, LAPSED)
FORCED = (Kind.RULE, Kind.NORMATIVE, Kind.POLICY)
"""Kinds that are in force by themselves; any other has a state only where somebody decided one."""
REGISTERED = (Kind.RULE, Kind.NORMATIVE)
"""Kinds the register counts (年度报告表二)."""
OPENED = (State.LIVE, State.PAST, State.WITHDRAWN)
DECISIVE = (Effect.REPEALED, Effect.LAPSED, Effect.SUSPENDED, Effect.CONTINUED)


@dataclass(frozen=True, slots=True)
class TermRule:
    term: str
    months: int
    effective_from: date
    basis: str
    certainty: str


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("gongkai.publications").joinpath("rules/validity.toml").read_text("utf-8"))


@cache
def term_rules() -> tuple[TermRule, ...]:
    """Every version, the latest first."""
    rows = (TermRule(**row) for row in _rules()["term"])
    return tuple(sorted(rows, key=lambda row: (row.term, row.effective_from), reverse=True))


def assessment_months() -> int:
    """How long before its last day a document is to be assessed."""
    return int(_rules()["assessment"]["months"])


def withheld_months() -> int:
    """How long after an evaluation of something withheld the next is due, where nobody set a day (条例第十八条 names no period)."""
    return int(_rules()["withheld"]["months"])


@dataclass(frozen=True, slots=True)
class Terms:
    """Months by place and kind of term: the places' own, else the rule in force when the document began."""

    own: dict[tuple[int, str], int]

    def months(self, place: int, term: str, start: date) -> int | None:
        """None: no end."""
        if term == Revision.Term.NONE:
            return None
        if (place, term) in self.own:
            return self.own[place, term]
        return next((rule.months for rule in term_rules() if rule.term == term and rule.effective_from <= start), None)


def terms(places: Iterable[int] | None = None) -> Terms:
    """One query."""
    rows = _all_terms()() if places is None else ValidityTerm.objects.filter(jurisdiction__in=places).values_list(*TERM)
    return Terms({(place, term): months for place, term, months in rows})


TERM = ("jurisdiction", "term", "months")


@cache
def _all_terms() -> Compiled[tuple[int, str, int]]:
    return Compiled(ValidityTerm.objects.order_by().values_list(*TERM))


def _latest_begin(day: date, months: int) -> date:
    """The latest day from which `months` are over on `day`: the sum is done here, so that SQL only compares."""
    try:
        begin = add_months(day, -months)
        while add_months(begin + timedelta(1), months) <= day:
            begin += timedelta(1)
    except OverflowError:
        return date.min
    return begin


def _term_over(day: date, known: Terms, text: str) -> Q:
    """Rows (with `begins` and `place`) whose `text` has a term that is over on `day`."""
    over = Q(pk__in=[])
    by_months: dict[tuple[str, int], list[int]] = defaultdict(list)
    for (place, term), months in known.own.items():
        by_months[term, months].append(place)
    for (term, months), places in by_months.items():
        over |= Q(place__in=places, begins__lte=_latest_begin(day, months), **{f"{text}term": term})
    until: dict[str, date] = {}
    for rule in term_rules():
        here = Q(begins__gte=rule.effective_from, begins__lte=_latest_begin(day, rule.months), **{f"{text}term": rule.term})
        if rule.term in until:
            here &= Q(begins__lt=until[rule.term])
        until[rule.term] = rule.effective_from
        over |= here & ~Q(place__in=[place for place, term in known.own if term == rule.term])
    return over


def standing_revision(document: str = "pk") -> QuerySet[Revision]:
    """The text that speaks for a document, for a subquery: of the last edition the public saw, else of the one being worked on."""
    rows = Revision.objects.filter(current_of__document=OuterRef(document)).exclude(current_of__state=State.DISCARDED)
    opened = Case(When(current_of__state__in=OPENED, then=Value(0)), default=Value(1))
    return rows.annotate(opened=opened).order_by("opened", "-current_of__number")


def _own(day: date, known: Terms, text: str = "") -> Case:
    """What a text says of itself on `day`; needs `begins` and `place`."""
    return Case(
        When(begins__gt=day, then=Value(NOT_YET)),
        When(**{f"{text}repealed_on__lt": day}, then=Value(LAPSED)),
        When(Q(**{f"{text}repealed_on__isnull": True}) & _term_over(day, known, text), then=Value(LAPSED)),
        default=Value(IN_FORCE),
        output_field=CharField(),
    )


def _own_of_document(day: date, known: Terms) -> Subquery:
    rows = standing_revision().annotate(begins=Coalesce("effective_on", "issued_on"), place=F("edition__document__jurisdiction"))
    return Subquery(rows.annotate(code=_own(day, known)).values("code")[:1])


def _decided(day: date, document: str) -> Subquery:
    """The last decision that stands on `day`; a continuation whose last day is over is 失效."""
    rows = ValidityChange.objects.filter(document=OuterRef(document), on__lte=day, effect__in=DECISIVE).order_by("-on", "-pk")
    code = Case(When(effect=Effect.CONTINUED, until__lt=day, then=Value(LAPSED)), default=F("effect"), output_field=CharField())
    return Subquery(rows.annotate(code=code).values("code")[:1])


def with_validity(rows: QuerySet[Any], day: date | None = None, *, known: Terms | None = None, name: str = "validity") -> QuerySet[Any]:
    """Documents with `.validity` (a key of WORDS) on `day`, today by default; the same expression on both databases. One query for the
    places' own terms, unless they are handed in as `known`. Another `name` for a second day.
    """
    on = day or timezone.localdate()
    given = rows.alias(**{f"{name}_own": _own_of_document(on, known or terms())})
    return _stated(given, on, name).annotate(**{name: F(name)})


def with_validity_live(rows: QuerySet[Any], day: date | None = None, *, known: Terms | None = None) -> QuerySet[Any]:
    """The same of live editions, as an alias to filter by: their own text speaks for their documents, so that each row is told by itself
    and a list that wants twenty looks at few more."""
    on = day or timezone.localdate()
    begins, place = Coalesce("revision__effective_on", "revision__issued_on"), F("document__jurisdiction")
    given = rows.alias(begins=begins, place=place).alias(validity_own=_own(on, known or terms(), "revision__"))
    return _stated(given, on, "validity", "document", "document__kind")


def may_be(code: str, day: date | None = None) -> Q:
    """What live editions of a rare state have in common: cheap to ask, so that a list that holds few does not work out all states."""
    on, changes = day or timezone.localdate(), ValidityChange.objects.values("document")
    if code in (REPEALED, SUSPENDED, AMENDED):
        return Q(document__in=changes.filter(effect=code))
    if code == NOT_YET:
        return Q(revision__effective_on__gt=on) | Q(revision__issued_on__gt=on)
    if code == LAPSED:
        by_itself = Q(revision__repealed_on__lt=on) | ~Q(revision__term=Revision.Term.NONE)
        return by_itself | Q(document__in=changes.filter(effect__in=(Effect.LAPSED, Effect.CONTINUED)))
    return Q()


def _stated(rows: QuerySet[Any], on: date, name: str, document: str = "pk", kind: str = "kind") -> QuerySet[Any]:
    own, decided, changed = f"{name}_own", f"{name}_decided", f"{name}_amended"
    amended = Exists(ValidityChange.objects.filter(document=OuterRef(document), on__lte=on, effect=Effect.AMENDED))
    state = Case(
        When(**{f"{decided}__in": [Effect.REPEALED, Effect.LAPSED, Effect.SUSPENDED]}, then=F(decided)),
        When(~Q(**{f"{kind}__in": FORCED}) & Q(**{f"{decided}__isnull": True, changed: False}), then=Value(NONE)),
        When(**{own: NOT_YET}, then=Value(NOT_YET)),
        When(**{f"{decided}__isnull": True, own: LAPSED}, then=Value(LAPSED)),
        When(**{changed: True}, then=Value(AMENDED)),
        default=Value(IN_FORCE),
        output_field=CharField(),
    )
    flag = Case(When(amended, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.alias(**{decided: _decided(on, document), changed: flag}).alias(**{name: state})


def with_standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Documents with `.standing_id`: the revision that speaks for each (standing_revision), to filter by and to read at once (`attach`)."""
    return rows.annotate(standing_id=Subquery(standing_revision().values("pk")[:1]))


def attach(documents: Iterable[Any], day: date | None = None, *, known: Terms | None = None) -> list[Any]:
    """Gives each document of `with_standing` its `.standing` (Revision or None) and `.state` (ValidityState on `day`). Three queries."""
    listed, on = list(documents), day or timezone.localdate()
    known = known or terms({row.jurisdiction_id for row in listed})
    revisions = Revision.objects.defer("body", "rows").in_bulk([row.standing_id for row in listed if row.standing_id])
    changes: dict[int, list[ValidityChange]] = defaultdict(list)
    for change in ValidityChange.objects.filter(document__in=[row.pk for row in listed]).select_related("cause", "cleanup__notice"):
        changes[change.document_id].append(change)
    for row in listed:
        row.standing = revisions.get(row.standing_id)
        row.state = compute(row, row.standing, changes[row.pk], on, known)
    return listed


@dataclass(frozen=True, slots=True)
class ValidityState:
    """State of a day in words. `change` decided it, if any, with `cause` the deciding document; `since` from when; `until` its last day."""

    code: str
    words: str
    since: date | None = None
    until: date | None = None
    change: ValidityChange | None = None
    why: str = ""

    @property
    def cause(self) -> Document | None:
        """What decided it, to link to: the deciding document, or the notice of the clean-up it was part of."""
        if self.change is None:
            return None
        return self.change.cause or (self.change.cleanup.notice if self.change.cleanup else None)

    @property
    def is_valid(self) -> bool:
        return self.code in VALID

    @property
    def is_marked(self) -> bool:
        """Whether the page has to say so above its text."""
        return self.code not in (IN_FORCE, NONE)

    @property
    def css(self) -> str:
        """Class of the state's badge."""
        return {IN_FORCE: "ok", AMENDED: "warn", NOT_YET: "wait", NONE: ""}.get(self.code, "late")


def revision_of(document: Document) -> Revision | None:
    """The text that speaks for the document, as standing_revision."""
    editions = [row for row in document.editions.select_related("revision") if row.state != State.DISCARDED and row.revision]
    best = min(editions, key=lambda row: (row.state not in OPENED, -row.number), default=None)
    return best.revision if best else None


def last_day(begins: date | None, repealed_on: date | None, months: int | None) -> date | None:
    """The last day on which a document is in force by its own words or its term; None: no end."""
    if repealed_on is not None:
        return repealed_on
    if begins is None or months is None:
        return None
    return add_months(begins, months) - timedelta(1)


def state_of(document: Document, day: date | None = None, *, known: Terms | None = None) -> ValidityState:
    """State and its reason on `day` (today). Three queries."""
    changes = list(document.validity_changes.select_related("cause", "cleanup__notice"))
    return compute(document, revision_of(document), changes, day or timezone.localdate(), known or terms([document.jurisdiction_id]))


def compute(document: Document, revision: Revision | None, changes: Iterable[ValidityChange], day: date, known: Terms) -> ValidityState:
    """The rule itself. `changes` are all of the document's, in any order."""
    standing = sorted((row for row in changes if row.on <= day), key=lambda row: (row.on, row.pk))
    decided = next((row for row in reversed(standing) if row.effect in DECISIVE), None)
    amended = next((row for row in reversed(standing) if row.effect == Effect.AMENDED), None)
    if decided is not None and decided.effect != Effect.CONTINUED:
        return _said(decided.effect, decided, decided.on)
    if decided is not None and decided.until is not None and decided.until < day:
        return _said(LAPSED, decided, decided.until + timedelta(1), f"延续的有效期到{decided.until}为止")
    if document.kind not in FORCED and decided is None and amended is None:
        return ValidityState(NONE, "")
    begins = (revision.effective_on or revision.issued_on) if revision else None
    if begins is not None and begins > day:
        return ValidityState(NOT_YET, WORDS[NOT_YET], why=f"自{begins}起施行")
    end = decided.until if decided else None
    if decided is None and revision is not None:
        end = ends_by_itself(document, revision, known)
        if end is not None and end < day:
            months = known.months(document.jurisdiction_id, revision.term, begins) if begins else None
            why = f"文件写明有效期到{end}为止" if revision.repealed_on else f"有效期{_long(months)}，到{end}为止"
            return ValidityState(LAPSED, WORDS[LAPSED], end + timedelta(1), why=why)
    if amended is not None:
        return _said(AMENDED, amended, amended.on, until=end)
    return ValidityState(IN_FORCE, WORDS[IN_FORCE], begins, end, decided, f"根据{decided.cause_words}继续有效" if decided else "")


def _said(code: str, change: ValidityChange, since: date, why: str = "", until: date | None = None) -> ValidityState:
    return ValidityState(code, WORDS[code], since, until, change, why or f"根据{change.cause_words}，自{since}起{_verb(code)}")


def _verb(code: str) -> str:
    return {AMENDED: "修改", SUSPENDED: "停止执行"}.get(code, WORDS[code])


def _long(months: int | None) -> str:
    if months is None:
        return ""
    return f"{months // 12}年" if months % 12 == 0 else f"{months}个月"


def caused_by(document: Document) -> list[ValidityChange]:
    """What this document did to others (修改、废止…), for its own page: the way back of `ValidityState.cause`. One query."""
    rows = ValidityChange.objects.filter(Q(cause=document) | Q(cause__isnull=True, cleanup__notice=document))
    return list(rows.select_related("document").order_by("document_id", "on", "pk"))


def ends_by_itself(document: Document, revision: Revision | None, known: Terms) -> date | None:
    """The last day by the document's own words or its term, whatever was decided of it; None: no end."""
    if revision is None:
        return None
    begins = revision.effective_on or revision.issued_on
    months = known.months(document.jurisdiction_id, revision.term, begins) if begins else None
    return last_day(begins, revision.repealed_on, months)
