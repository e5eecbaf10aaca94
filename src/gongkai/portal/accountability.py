"""What the public may hold the government to: every promise of an issued plan, and every duty under a rule of law the place has switched
on, with its date, its state and its proof. Nobody's name, no words of the work, no files, nothing from above or from an inspection.

A duty that one case brings about (a request for disclosure, a hearing) is left out whatever its rule: its title may tell of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.obligations.models import Obligation, RuleSwitch, Step
from gongkai.obligations.oversight import of_year
from gongkai.obligations.periods import period_words
from gongkai.obligations.proofs import PublicLink, public_links
from gongkai.obligations.queries import STATE_WORDS, working_days_late
from gongkai.obligations.rollup import Figures, add_delays, by_owner
from gongkai.plans.access import public_plans
from gongkai.plans.models import Plan

Source = Obligation.Source


def public_duties(year: int | None = None) -> QuerySet[Obligation]:
    """The obligations this page is about; of one year as the roll-up counts it."""
    plans = public_plans().order_by().values("pk")
    switched = RuleSwitch.objects.filter(jurisdiction=OuterRef("jurisdiction"), rule=OuterRef("rule"), on=True)
    law = Q(source=Source.STATUTE, subject_id=0) & Exists(switched)
    rows = Obligation.objects.filter(Q(source=Source.PLAN_TASK, document_id__in=plans) | law).order_by()
    return of_year(rows, year) if year else rows


@dataclass(slots=True)
class Promise:
    """One duty as the public reads it; `late` in working days, 0 where it is not; `waived_by` is an office, never a person."""

    duty: Any
    late: int = 0
    shown: Sequence[PublicLink] = ()
    waived_by: str = ""
    plan: Plan | None = None

    @property
    def links(self) -> list[PublicLink]:
        return [link for link in self.shown if link.url]

    @property
    def declarations(self) -> list[str]:
        """“本期没有新内容”, with the day and the words of the declaration."""
        return [link.name for link in self.shown if not link.url]

    @property
    def period(self) -> str:
        """2026年一季度; empty for what comes once."""
        return period_words(self.duty)

    @property
    def state_text(self) -> str:
        """Says more than the word where it can: by how many working days."""
        if not self.late:
            return STATE_WORDS[self.duty.state][0]
        return f"逾期 {self.late} 个工作日" + ("办结" if self.duty.fulfilled_on else "，还没有办结")


def promises(rows: Any, today: date) -> list[Promise]:
    """The duties of `rows` (a queryset with `state`, or a page of one) with all they show. Constant queries."""
    duties = list(rows)
    keys = [duty.pk for duty in duties]
    links = public_links(duties)
    waivers = Step.objects.filter(obligation__in=keys, kind=Step.Kind.WAIVED).order_by("at", "pk")
    offices = dict(waivers.values_list("obligation_id", "agency__name"))
    wanted = {duty.document_id for duty in duties if duty.source == Source.PLAN_TASK}
    plans = public_plans().filter(pk__in=wanted).defer("source_text").in_bulk() if wanted else {}
    return [
        Promise(
            duty,
            working_days_late(duty, today) if duty.state in ("overdue", "done_late") else 0,
            links.get(duty.pk, ()),
            (offices.get(duty.pk) or "") if duty.waived_at else "",
            plans.get(duty.document_id) if duty.source == Source.PLAN_TASK else None,
        )
        for duty in duties
    ]


@dataclass(slots=True)
class Account:
    """An agency or a plan with its figures."""

    subject: Any
    figures: Figures = field(default_factory=Figures)


def accounts_of_agencies(rows: QuerySet[Any], today: date) -> list[Account]:
    """Every agency that promised something, by place and code. Three queries."""
    figures = by_owner(rows, today)
    add_delays(figures, rows, today)
    agencies = Agency.objects.filter(pk__in=list(figures)).select_related("jurisdiction").order_by("jurisdiction__code", "code")
    return [Account(agency, figures[agency.pk]) for agency in agencies]


def accounts_of_plans(rows: QuerySet[Any], today: date) -> list[Account]:
    """Every issued plan, newest first. Two queries."""
    figures = by_owner(rows.filter(source=Source.PLAN_TASK), today, key="document_id")
    plans = public_plans().filter(pk__in=list(figures)).defer("source_text").order_by("-issued_on", "-pk")
    return [Account(plan, figures[plan.pk]) for plan in plans]


def totals(rows: QuerySet[Any], today: date) -> Figures:
    whole = Figures()
    for figures in by_owner(rows, today).values():
        whole.add(figures)
    return whole


HEADINGS = (
    "责任单位",
    "单位代码",
    "承诺",
    "依据",
    "周期",
    "开始",
    "期限",
    "时限说明",
    "状态",
    "完成日期",
    "逾期工作日",
    "声明",
    "免除日期",
    "免除理由",
    "批准免除的机关",
    "佐证",
)


def as_rows(found: Iterable[Promise]) -> list[tuple[Any, ...]]:
    """The table for a spreadsheet, in the order of HEADINGS."""
    return [
        (
            p.duty.owner.name,
            p.duty.owner.code,
            p.duty.title,
            p.duty.basis,
            p.period,
            p.duty.starts_on,
            p.duty.due_on,
            p.duty.standing,
            STATE_WORDS[p.duty.state][0],
            p.duty.fulfilled_on,
            p.late or None,
            "；".join(p.declarations),
            waived_on(p.duty),
            p.duty.waiver_reason,
            p.waived_by,
            " ".join(link.url for link in p.links),
        )
        for p in found
    ]


def waived_on(duty: Any) -> date | None:
    return timezone.localdate(duty.waived_at) if duty.waived_at else None


def as_json(found: Iterable[Promise]) -> list[dict[str, Any]]:
    return [
        {
            "agency": {"code": p.duty.owner.code, "name": p.duty.owner.name},
            "title": p.duty.title,
            "basis": p.duty.basis,
            "plan": p.plan.pk if p.plan else None,
            "period": p.duty.period or None,
            "starts_on": p.duty.starts_on,
            "due_on": p.duty.due_on,
            "standing": p.duty.standing or None,
            "state": p.duty.state,
            "state_word": STATE_WORDS[p.duty.state][0],
            "fulfilled_on": p.duty.fulfilled_on,
            "working_days_late": p.late or None,
            "declarations": p.declarations,
            "waived": {"on": waived_on(p.duty), "reason": p.duty.waiver_reason, "approved_by": p.waived_by} if p.duty.waived_at else None,
            "proof": [{"name": link.name, "url": link.url} for link in p.links],
        }
        for p in found
    ]
