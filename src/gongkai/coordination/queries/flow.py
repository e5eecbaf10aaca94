"""方案流程 of one plan, computed: 草稿 → 征求意见 → 下达 → 公布 → 报送备案, each with its day and its proof (S1-13). Constant queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.coordination.access import flows_for
from gongkai.coordination.models import Filing, Opinion, Submission
from gongkai.plans.models import Plan

STEPS = ("草稿", "征求意见", "下达", "公布", "报送备案")


@dataclass(slots=True)
class Stage:
    """One step of the way. `state`: done, now (something is under way), skipped (went on without it), waiting."""

    name: str
    state: str
    on: date | None = None
    proof: str = ""
    url: str = ""
    notes: list[str] = field(default_factory=list)


WORDS = {"done": ("已完成", "ok"), "now": ("正在办", "warn"), "skipped": ("没有办", "wait"), "waiting": ("还没到", "wait")}


def day_of(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None


def stages(plan: Plan, opinions: list[Opinion], filings: list[Filing], submissions: list[Submission]) -> list[Stage]:
    """What `opinions_of`, `filings_of` and `submitted_upward` found, as the five steps."""
    draft = plan.state == Plan.State.DRAFT
    start = Stage("草稿", "done", day_of(plan.imported_at), f"导入《{plan.source_name}》", reverse("plans:detail", args=[plan.pk]))

    answered = [o for o in opinions if o.answered_on]
    decided = [o for o in answered if o.adoption]
    asked = Stage("征求意见", "now" if draft else "skipped")
    if opinions:
        asked.on = max((o.answered_on for o in answered if o.answered_on), default=None) or day_of(opinions[0].asked_at)
        asked.proof = f"征求 {len(opinions)} 个单位，{len(answered)} 个已答复，{len(decided)} 个已登记采纳情况"
        whole = len(decided) == len(opinions)
        asked.state = "done" if whole or not draft else "now"
        if not whole and not draft:
            asked.notes.append(f"下达时还有 {len(opinions) - len(answered)} 个没有答复")
    elif not draft:
        asked.notes.append("没有征求意见的记录")

    issued = Stage("下达", "waiting" if draft else "done", day_of(plan.opened_at))
    public = Stage("公布", "waiting" if draft else "done", day_of(plan.opened_at))
    if not draft:
        issued.proof = f"{plan.doc_number or '无发文字号'}，{plan.opened_by or '系统管理员'}下达"
        public.proof, public.url = "公众网站上的方案页面", reverse("public_plans:detail", args=[plan.pk])

    filed = Stage("报送备案", "waiting")
    received = [f"{f.to} {f.receipt}" for f in filings if f.receipt] + [
        f"{s.collection.jurisdiction.name} {s.receipt}" for s in submissions if s.receipt
    ]
    if received:
        days = [d for d in (*(f.received_on for f in filings), *(day_of(s.received_at) for s in submissions)) if d]
        filed = Stage("报送备案", "done", min(days), "回执：" + "；".join(received))
    elif filings or submissions:
        sent = min([f.sent_on for f in filings] + [d for s in submissions if (d := day_of(s.submitted_at))])
        filed = Stage("报送备案", "now", sent, "已报送，还没有回执")
    elif not draft:
        filed.state = "now"
        filed.notes.append("还没有报送上级备案")
    return [start, asked, issued, public, filed]


def opinions_of(plan: Plan) -> list[Opinion]:
    return list(plan.opinions.select_related("agency", "asked_by"))


def filings_of(plan: Plan) -> list[Filing]:
    return list(plan.filings.all())


def submitted_upward(plan: Plan) -> list[Submission]:
    """Where the plan was handed in on this installation to another jurisdiction."""
    rows = Submission.objects.filter(plan=plan, submitted_at__isnull=False).exclude(collection__jurisdiction=plan.jurisdiction_id)
    return list(rows.select_related("collection__jurisdiction"))


def adoption_summary(opinions: list[Opinion]) -> dict[str, int]:
    """采纳情况 in figures: every outcome, and what still waits."""
    figures = {label: sum(o.adoption == value for o in opinions) for value, label in Opinion.Adoption.choices}
    figures["待研究"] = sum(bool(o.answered_on) and not o.adoption for o in opinions)
    figures["未答复"] = sum(o.answered_on is None for o in opinions)
    return figures


def flow_rows(user: Any) -> QuerySet[Plan]:
    """Plans whose way this person may follow, drafts first, with how many were asked and answered and how many filings have a receipt."""
    return (
        flows_for(user)
        .defer("source_text")
        .annotate(
            asked_count=Count("opinions", distinct=True),
            answered_count=Count("opinions", filter=Q(opinions__answered_on__isnull=False), distinct=True),
            filed_count=Count("filings", filter=~Q(filings__receipt=""), distinct=True)
            + Count("submitted_as", filter=~Q(submitted_as__receipt=""), distinct=True),
        )
        .order_by("state", "-year", "-pk")
    )
