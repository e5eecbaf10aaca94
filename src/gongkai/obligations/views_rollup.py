"""The roll-up page: a place with what lies below it and its agencies, each figure a link to the rows it counts; and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.formats.ledger import Column, LedgerRow, LedgerTable
from gongkai.obligations.choices import WIDE
from gongkai.obligations.exports import as_file
from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import document_titles
from gongkai.obligations.oversight import Place, Tree
from gongkai.obligations.rollup import Asked, Figures, figures_of, rows_of, summed
from gongkai.obligations.year import year_of

PER_PAGE = 50
NAMED = 5_000
"""Agencies whose keys a query may name."""
DRAWN = 100_000
"""Up to so many obligations the picture of the year stands on the page; above, it is drawn when asked for."""

FIGURES: tuple[tuple[str, str, str], ...] = (
    ("total", "全部", ""),
    ("open", "没有办结", "open"),
    ("due_soon", "临近期限", "due_soon"),
    ("overdue", "已逾期", "overdue"),
    ("suspended", "中止计时", "suspended"),
    ("done", "按期办结", "done"),
    ("done_late", "逾期办结", "done_late"),
    ("waived", "已免除", "waived"),
)
"""Figure, its heading, and the state or group of states the ledger shows for it."""


class RollUpFilter(forms.Form):
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    source = forms.ChoiceField(label="来源", choices=[("", "全部"), *Obligation.Source.choices], required=False)
    plan = forms.TypedChoiceField(label="方案", required=False, coerce=int, empty_value=None)
    place = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    agency = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, today: date, plans: list[tuple[int, str]]) -> None:
        given = data.copy()
        given.setdefault("year", str(today.year))  # an empty one says: all years
        super().__init__(given)
        years = [("", "全部年度"), *((str(y), f"{y} 年") for y in range(today.year + 1, today.year - 6, -1))]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self.fields["plan"].choices = [("", "全部"), *plans]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data.get("year"), data.get("source", ""), data.get("plan"))


@dataclass(slots=True)
class Line:
    """One row of the page. `query`: the ledger's filters that open what it counts; `url`: the page of a place below or of an agency."""

    name: str
    figures: Figures
    query: dict[str, str]
    url: str = ""
    sub: str = ""
    cells: list[dict[str, Any]] = field(default_factory=list)

    def link(self, **more: str) -> str:
        return f"{reverse('obligations:ledger')}?{urlencode(self.query | more)}"

    def fill(self) -> Line:
        f = self.figures
        self.cells = [
            {"label": label, "n": n, "url": self.link(**({"state": state} if state else {})) if n else "", "alarm": name == "overdue"}
            for name, label, state in FIGURES
            for n in (getattr(f, name),)
        ]
        return self

    @property
    def share(self) -> str:
        return "" if self.figures.share is None else f"{self.figures.share:.1%}"

    @property
    def delay(self) -> str:
        found = self.figures.median_delay
        return "" if found is None else f"{found:g}"

    @property
    def share_url(self) -> str:
        return self.link(state="reckoned")

    @property
    def late_url(self) -> str:
        return self.link(state="late")

    @property
    def oldest_url(self) -> str:
        day = f"{self.figures.oldest}"
        return self.link(state="overdue", due_from=day, due_to=day)


@dataclass(slots=True)
class RollUp:
    """Everything the page and the file show. `place` is None for those who answer for agencies alone."""

    form: RollUpFilter
    place: Place | None
    above: list[Place]
    whole: Line
    places: list[Line]
    agencies: list[Line]
    rows: Any
    """Of every year."""
    earlier: int = 0
    agency: Agency | None = None


def _agencies(place: Place | None, user: Any) -> dict[int, int]:
    """Agency → place, of the agencies of the place and of all below it, or of one's own, in the order of their codes. One query."""
    wanted = {"jurisdiction__in": place.below} if place else {"pk__in": scope_of(user).agency_ids}
    return dict(Agency.objects.filter(**wanted).order_by("code").values_list("pk", "jurisdiction"))


def _listed(place: Place | None, known: dict[int, int], chosen: int | None) -> list[Agency]:
    """The agencies that get a line: the one asked for, or those of the place itself; a subordinate one after its superior. One query."""
    keys = [chosen] if chosen else [pk for pk, where in known.items() if place is None or where == place.pk]
    return list(Agency.objects.filter(pk__in=keys).select_related("parent").order_by("code"))


def _plans(user: Any, place: Place | None, known: dict[int, int], asked: str) -> list[tuple[int, str]]:
    """The plans whose tasks the user oversees, newest first; for a wide scope those of the place's own agencies, and the one asked for."""
    rows = rows_of(user, Asked(source=Obligation.Source.PLAN_TASK)).filter(document_id__isnull=False)
    if place and len(scope_of(user).seen_ids) > WIDE:
        rows = rows.filter(owner__in=[pk for pk, where in known.items() if where == place.pk])
    ids = set(rows.order_by().values_list("source", "document_id").distinct())
    if asked.isdecimal() and len(asked) < 19:
        ids.add((Obligation.Source.PLAN_TASK.value, int(asked)))
    return sorted(document_titles(((source, pk) for source, pk in ids if pk), user).items(), key=lambda row: -row[0])


def _place(asked: str, tree: Tree) -> Place | None:
    """The place asked for, or the highest the user oversees. Http404 for a place that is not the user's to oversee."""
    if not asked:
        return tree.roots[0] if tree.roots else None
    place = tree.places.get(int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    if place is None:
        raise Http404("没有这个地区，或者不在您的范围内")
    return place


def roll_up(request: HttpRequest, today: date) -> RollUp:
    """Http404 for a place or an agency that is not the user's to oversee."""
    user, tree = request.user, Tree(request.user)
    place = _place(request.GET.get("place", ""), tree)
    known = _agencies(place, user)
    form = RollUpFilter(request.GET, today=today, plans=_plans(user, place, known, request.GET.get("plan", "")))
    form.is_valid()
    asked, data = form.asked, form.cleaned_data
    if data.get("agency") and data["agency"] not in known:
        raise Http404("没有这个单位，或者不在您的范围内")
    listed = _listed(place, known, data.get("agency"))
    agency = listed[0] if data.get("agency") else None
    rows = _within(rows_of(user, replace(asked, year=None)), user, tree, place, agency, known)
    found = figures_of(rows, asked.year, today)
    base = {k: str(v) for k, v in (("year", asked.year), ("source", asked.source), ("plan", asked.plan)) if v}
    page = {"year": "", **base}
    own = {pk: base | ({"place": str(pk)} if pk else {}) for pk in (place.below if place else [])}

    def line_of(a: Agency) -> Line:
        query = (own[a.jurisdiction_id] if place else base) | {"agency": str(a.pk)}
        here = {"place": str(place.pk)} if place else {}
        url = "?" + urlencode(page | here | {"agency": str(a.pk)})
        return Line(a.name, found.get(a.pk, Figures()), query, url, f"{a.parent.display_name}所属" if a.parent else "").fill()

    places: list[Line] = []
    if place and not agency:
        by_place: dict[int, list[Figures]] = {pk: [] for pk in place.below}
        for pk, where in known.items():
            if pk in found:
                by_place[where].append(found[pk])
        if place.children:
            places.append(Line(f"{place.name}本级", summed(by_place[place.pk]), own[place.pk] | {"lower": "no"}).fill())
        for child in (tree.places[pk] for pk in place.children):
            figures = summed(one for where in child.below for one in by_place[where])
            places.append(Line(child.name, figures, own[child.pk], "?" + urlencode(page | {"place": str(child.pk)})).fill())
    lines = [line_of(a) for a in listed if a.pk in found or a.valid_to is None]
    lines.sort(key=lambda line: (-line.figures.overdue, -line.figures.late))  # whom to call first; in the order of their codes otherwise
    together = summed(line.figures for line in places) if places else summed(found.values())
    whole = lines[0] if agency else Line("合计", together, own[place.pk] if place else base).fill()
    return RollUp(form, place, _above(tree, place), whole, places, lines, rows, _earlier(user, asked, tree, place, agency, known), agency)


def _within(
    rows: Any, user: Any, tree: Tree, place: Place | None, agency: Agency | None, known: dict[int, int], *, named: int = NAMED
) -> Any:
    """The rows of the agency, or of the agencies listed; no condition where these are all there are and more than are `named`."""
    if agency:
        return rows.filter(owner=agency)
    if len(known) > named and scope_of(user).sees_all and tree.roots == [place]:
        return rows
    return rows.filter(owner__in=list(known))


def _above(tree: Tree, place: Place | None) -> list[Place]:
    chain: list[Place] = []
    here = tree.places.get(place.parent) if place and place.parent else None
    while here:
        chain.insert(0, here)
        here = tree.places.get(here.parent) if here.parent else None
    return chain


def _earlier(user: Any, asked: Asked, tree: Tree, place: Place | None, agency: Agency | None, known: dict[int, int]) -> int:
    """What is overdue from the years before the one shown: a year must not hide it. One query of the index of open duties."""
    if asked.year is None:
        return 0
    rows = rows_of(user, Asked(None, asked.source, asked.plan))
    rows = rows.filter(fulfilled_on__isnull=True, waived_at__isnull=True, replaced_on__isnull=True, suspended_on__isnull=True).filter(
        due_on__lt=min(date(asked.year, 1, 1), timezone.localdate())
    )
    return _within(rows, user, tree, place, agency, known, named=0).count()


def _light(place: Place | None) -> str:
    """When the yellow light goes on, in words; a place below may have its own window, which its own page says."""
    own = Jurisdiction.objects.filter(pk=place.pk).values_list("due_soon_days", flat=True).first() if place else None
    days = settings.DUE_SOON_DAYS if own is None else own
    return f"黄灯（临近期限）：期限前 {days} 个工作日内；红灯：已逾期"


@staff_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    found = roll_up(request, today)
    asked = found.form.asked
    year = asked.year or today.year
    drawn = found.whole.figures.total <= DRAWN or request.GET.get("picture") == "1"
    whose = found.agency.name if found.agency else found.place.name if found.place else "本单位"
    query = request.GET.copy()
    query.pop("page", None)
    without = query.copy()
    without.pop("agency", None)
    earlier = dict(found.whole.query)
    earlier.pop("year", None)
    context = {
        "found": found,
        "form": found.form,
        "filtered": bool(set(request.GET) & {"year", "source", "plan"}),
        "page_obj": Paginator(found.agencies, PER_PAGE).get_page(request.GET.get("page")),
        "headings": [label for _name, label, _state in FIGURES],
        "year": year_of(found.rows, year, today, whose=whose) if drawn else None,
        "whose": whose,
        "query": query.urlencode(),
        "without_agency": without.urlencode(),
        "earlier_url": f"{reverse('obligations:ledger')}?"
        + urlencode(earlier | {"state": "overdue", "due_to": f"{(asked.year or today.year) - 1}-12-31"}),
        "week_query": urlencode(found.whole.query),
        "today": today,
        "light": _light(found.place),
        "sets_lights": bool(scope_of(request.user).office_ids | scope_of(request.user).competent_head_ids),
    }
    return render(request, "obligations/rollup.html", context)


COLUMNS = (
    Column("name", "单位或地区", 18),
    *(Column(name, label, 5, "center") for name, label, _state in FIGURES),
    Column("share", "按期率", 5, "center"),
    Column("delay", "逾期中位数（工作日）", 6, "center"),
    Column("oldest", "最早逾期的期限", 7, "center"),
)


def table_of(found: RollUp, today: date) -> LedgerTable:
    """The same lines as the page, all agencies: the place, its government, what lies below, its agencies."""
    lines = ([found.whole] if not found.agency else []) + found.places + found.agencies
    rows = [
        LedgerRow(
            {
                "name": line.name,
                **{name: getattr(line.figures, name) for name, _label, _state in FIGURES},
                "share": line.share,
                "delay": line.figures.median_delay,
                "oldest": line.figures.oldest,
            }
        )
        for line in lines
    ]
    whose = found.agency.name if found.agency else found.place.name if found.place else "本单位"
    asked = found.form.asked
    return LedgerTable(f"{whose}义务办理情况汇总", COLUMNS, rows, notes=[f"{today:%Y-%m-%d} 导出。{_scope_words(asked)}{RECKONED}"])


RECKONED = "按期率：按期办结的，占已办结和已逾期的比例。逾期中位数：逾期办结的算到办结日，还没办结的算到今天。"


def _scope_words(asked: Asked) -> str:
    words = [f"{asked.year} 年到期的（没有确定日期的，按开始的年度）" if asked.year else "全部年度"]
    if asked.source:
        words.append(f"来源：{Obligation.Source(asked.source).label}")
    return "，".join(words) + "。"


@staff_required
@require_GET
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    if fmt not in ("xlsx", "csv"):
        raise Http404("没有这种导出格式")
    today = timezone.localdate()
    return as_file(table_of(roll_up(request, today), today), fmt, f"汇总 {today:%Y-%m-%d}")
