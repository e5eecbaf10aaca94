"""收件核对: requests nobody touched, addresses of the guide that are missing or do not answer, and counts that differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests.access import agencies_of, opens, requests_for
from gongkai.disclosure_requests.handling.queue import condition, with_touch
from gongkai.disclosure_requests.models import ContactTest, DisclosureRequest
from gongkai.obligations.clocking import calendar_of
from gongkai.reminders.models import Message

MONTHS = 12
SHOWN = 50


@dataclass(slots=True)
class Contact:
    """What the guide tells the public of one agency, and what is wrong with it; `css` as .state."""

    agency: Agency
    email: str
    problems: list[str] = field(default_factory=list)
    test: ContactTest | None = None
    words: str = ""
    css: str = "ok"
    mine: bool = False


def untouched(user: Any, today: date) -> list[dict[str, Any]]:
    rows = with_touch(requests_for(user).filter(closed_on__isnull=True)).filter(condition("untouched", today))
    wanted = ("pk", "number", "subject", "untouched_since", "agency__short_name", "agency__name", "channel")
    whose = ("agency", "agency__kind", "jurisdiction")
    found = list(rows.order_by("untouched_since").values(*wanted, *whose)[:SHOWN])  # type: ignore[misc]
    return [row | {"opens": opens(user, *(row[name] for name in whose))} for row in found]


def watched(user: Any) -> QuerySet[Agency]:
    """One's own agencies, and as openness office those of the place."""
    scope = scope_of(user)
    rows = Agency.objects.filter(Q(pk__in=scope.agency_ids) | Q(jurisdiction__in=scope.office_ids), valid_to__isnull=True)
    return rows.select_related("profile", "jurisdiction").order_by("jurisdiction__code", "code")


def contacts(user: Any, today: date) -> list[Contact]:
    """Worst first. Four queries however many agencies."""
    latest = ContactTest.objects.filter(agency=OuterRef("agency")).order_by("-sent_at", "-pk").values("pk")[:1]
    tests = {test.agency_id: test for test in ContactTest.objects.filter(pk=Subquery(latest))}
    failed = dict(
        Message.objects.filter(key__in=[f"contact:{test.pk}" for test in tests.values()], state=Message.State.FAILED).values_list(
            "key", "error"
        )
    )
    mine = set(agencies_of(user).values_list("pk", flat=True))
    found = [_contact(agency, tests.get(agency.pk), failed, today) for agency in watched(user)]
    for row in found:
        row.mine = row.agency.pk in mine
    return sorted(found, key=lambda row: (row.css == "ok", not row.problems))


def _contact(agency: Agency, test: ContactTest | None, failed: dict[str, str], today: date) -> Contact:
    profile = getattr(agency, "profile", None)
    email = (profile.intake_email or profile.email) if profile else ""
    row = Contact(agency, email, test=test)
    if not ((profile and profile.intake_phone) or agency.phone):
        row.problems.append("没有联系电话")
    if not ((profile and profile.intake_address) or agency.address):
        row.problems.append("没有办公地址")
    if not email:
        row.problems.append("没有电子邮箱")
    row.words, row.css = _tested(test, email, failed, today)
    if row.problems and row.css == "ok":
        row.css = "warn"
    return row


def _tested(test: ContactTest | None, email: str, failed: dict[str, str], today: date) -> tuple[str, str]:
    if not email:
        return "不能试", "warn"
    if test is None or test.address != email:
        return "没有试过", "warn"
    sent = timezone.localdate(test.sent_at)
    if bounced := test.bounced or failed.get(f"contact:{test.pk}", ""):
        return f"{sent} 的试信被退回：{bounced}", "late"
    if test.answered_at:
        return f"{timezone.localdate(test.answered_at)} 收到", "ok"
    if calendar_of(test.agency.jurisdiction.code).add(sent, 1).on < today:
        return f"{sent} 发出，一个工作日没有回音", "late"
    return f"{sent} 发出，等候回音", "wait"


@dataclass(frozen=True, slots=True)
class Month:
    agency: str
    agency_id: int
    month: date
    online: int
    registered: int

    @property
    def missing(self) -> int:
        return self.online - self.registered


def counts(user: Any, today: date) -> list[Month]:
    """网上提交 and of them in the register, by agency and month of the last twelve. One query; those that differ first."""
    since = add_months(today.replace(day=1), -MONTHS + 1)
    rows = requests_for(user).filter(channel=DisclosureRequest.Channel.ONLINE, created_at__date__gte=since).order_by()
    registered = Count("pk", filter=Q(registered_at__isnull=False) | Q(withdrawn_at__isnull=False))
    found = rows.annotate(month=TruncMonth("created_at")).values("agency", "agency__name", "agency__short_name", "month")
    months = [
        Month(row["agency__short_name"] or row["agency__name"], row["agency"], row["month"].date(), row["n"], row["registered"])
        for row in found.annotate(n=Count("pk"), registered=registered)
    ]
    return sorted(months, key=lambda row: (not row.missing, -row.month.toordinal(), row.agency))
