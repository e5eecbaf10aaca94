"""The reminders of the engine: each asks "due by now and not yet told", never "due today", so that downtime loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from gongkai.agencies.models import Jurisdiction
from gongkai.clocks import calendar, limits
from gongkai.obligations.models import Evidence, Step
from gongkai.reminders import rulebook
from gongkai.reminders.audience import heads, helpers, office, open_duties, text, untold, workers
from gongkai.reminders.kinds import Kind, Moment, Row, register
from gongkai.reminders.models import Preference

Rows = Iterable[QuerySet[Any, Row]]


def ahead(today: date, n: int) -> date:
    """The n-th working day after today, today itself for 0."""
    return calendar.add_working_days(today, n).on if n else today


def behind(today: date, n: int) -> date:
    """The last day since which at least n working days have passed by today, today counted: what was due then is n days late."""
    last = today if calendar.is_working_day(today) else calendar.add_working_days(today, -1).on
    return (calendar.add_working_days(last, 1 - n).on if n > 1 else last) - timedelta(days=1)


def _day(row: Row) -> date:
    on = row["on"]
    return timezone.localdate(on) if hasattr(on, "hour") else on


def _due(row: Row) -> str:
    if row["due_on"] is None:
        return row["standing"] or "中止计时"
    words = f"{timezone.localtime(row['due_at']):%Y-%m-%d %H:%M}" if row["due_at"] else f"{row['due_on']}"
    return f"期限 {words}{'（暂定）' if row['provisional'] else ''}"


def _left(row: Row, moment: Moment) -> str:
    n = calendar.working_days_between(moment.today, row["due_on"])
    return f"{_due(row)}，还剩 {n} 个工作日" if n > 0 else f"{_due(row)}，今天到期" if row["due_on"] == moment.today else _due(row)


def _late(row: Row, moment: Moment) -> str:
    n = calendar.working_days_between(row["due_on"], moment.today)
    return f"{_due(row)}，已逾期{f' {n} 个工作日' if n else ''}"


def _running(moment: Moment) -> QuerySet[Any]:
    """Begun, dated and not past its date."""
    past = Q(due_at__lt=moment.now) | Q(due_at__isnull=True, due_on__lt=moment.today)
    return open_duties().filter(~past, due_on__isnull=False, starts_on__lte=moment.today)


def _past(moment: Moment) -> QuerySet[Any]:
    past = Q(due_at__lt=moment.now) | Q(due_at__isnull=True, due_on__lt=moment.today)
    return open_duties().filter(past, starts_on__lte=moment.today)


def _by_number(numbers: Iterable[int | None], of: Any, default: int, day: Any) -> Any:
    """`day(n)` as an expression, for the n that the expression `of` has in each row: one date, or one for each number in use."""
    known = {n for n in numbers if n is not None} | {default}
    if len(known) == 1:
        return Value(day(default), output_field=DateField())
    cases = [When(window=n, then=Value(day(n), output_field=DateField())) for n in sorted(known)]
    return Case(*cases, default=Value(day(default), output_field=DateField()), output_field=DateField())


def _soon(rows: QuerySet[Any], moment: Moment, field: str) -> QuerySet[Any]:
    """Only where `field` lies within the reader's own lead, otherwise the place's, otherwise the setting's."""
    own = Preference.objects.filter(lead_days__isnull=False).values_list("lead_days", flat=True).distinct()
    places = Jurisdiction.objects.order_by().filter(due_soon_days__isnull=False).values_list("due_soon_days", flat=True).distinct()
    lead = Coalesce(F("own_lead"), F("jurisdiction__due_soon_days"), Value(settings.DUE_SOON_DAYS))
    edge = _by_number([*own, *places], lead, settings.DUE_SOON_DAYS, lambda n: ahead(moment.today, n))
    return rows.annotate(window=lead).filter(**{f"{field}__lte": edge})


def opened(moment: Moment) -> Rows:
    since = moment.now - timedelta(days=rulebook.window("opened", "calendar_days"))
    fresh = open_duties().filter(created_at__gt=since, created_at__lte=moment.now)
    signed = Exists(Step.objects.filter(obligation=OuterRef("pk"), kind=Step.Kind.ACKNOWLEDGED))
    yield untold(workers(fresh.filter(~signed)), "opened", mark=Value("owner"), on=F("created_at"))
    yield untold(helpers(fresh), "opened", mark=Value("helper"), on=F("created_at"))


def due_soon(moment: Moment) -> Rows:
    yield untold(_soon(workers(_running(moment)), moment, "due_on"), "due_soon", mark=text("due_on"), on=F("due_on"))


def inner_due(moment: Moment) -> Rows:
    rows = workers(_running(moment).filter(inner_due_on__isnull=False))
    yield untold(_soon(rows, moment, "inner_due_on"), "inner", mark=text("inner_due_on"), on=F("inner_due_on"))


def overdue(moment: Moment) -> Rows:
    for people in (workers, heads):
        yield untold(people(_past(moment)), "overdue", mark=text("due_on"), on=F("due_on"))


def quota_gap(moment: Moment) -> Rows:
    edge = ahead(moment.today, rulebook.window("quota_gap", "working_days"))
    rows = _running(moment).filter(quota_value__isnull=False, due_on__lte=edge)
    yield untold(workers(rows), "quota", mark=text("due_on"), on=F("due_on"))


def suspended(moment: Moment) -> Rows:
    n = limits.limit("third_party", moment.today).n
    rows = open_duties().filter(suspended_on__lte=behind(moment.today, n + 1))
    yield untold(workers(rows), "suspended", mark=text("suspended_on"), on=F("suspended_on"))


def _last(kinds: Iterable[str], name: str) -> Subquery:
    steps = Step.objects.filter(obligation=OuterRef("pk"), kind__in=list(kinds)).order_by("-at", "-pk")
    return Subquery(steps.values(name)[:1])


def _where_last(kind: str, among: tuple[str, ...]) -> QuerySet[Any]:
    """Open duties whose last step among some kinds is of one; `step` and `step_at` are that step's."""
    some = Exists(Step.objects.filter(obligation=OuterRef("pk"), kind=kind))
    rows = open_duties().filter(some).annotate(last_kind=_last(among, "kind"))
    return rows.filter(last_kind=kind).annotate(step=_last(among, "pk"), step_at=_last(among, "at"), step_by=_last(among, "actor"))


URGINGS = ("urged", "replied")
CHECKS = ("completion", "passed", "returned")


def urged(moment: Moment) -> Rows:
    for people in (workers, heads):
        rows = people(_where_last("urged", URGINGS)).exclude(to=F("step_by"))
        yield untold(rows, "urged", mark=text("step"), on=F("step_at"))


def replied(moment: Moment) -> Rows:
    """To whoever urged, through the office or as the owner's head."""
    rows = _where_last("replied", URGINGS).annotate(urger=_last(["urged"], "actor"))
    for people in (office, heads):
        yield untold(people(rows).filter(to=F("urger")), "replied", mark=text("step"), on=F("step_at"))
    yield untold(office(rows, above=True).filter(to=F("urger")), "replied", mark=text("step"), on=F("step_at"))


def to_check(moment: Moment) -> Rows:
    """Whoever asked for the check does not check it."""
    rows = office(_where_last("completion", CHECKS)).exclude(to=F("step_by"))
    yield untold(rows, "check", mark=text("step"), on=F("step_at"))


def returned(moment: Moment) -> Rows:
    yield untold(workers(_where_last("returned", CHECKS)), "returned", mark=text("step"), on=F("step_at"))


def to_judge(moment: Moment) -> Rows:
    waiting = {"evidence__result": Evidence.Result.TO_JUDGE, "evidence__withdrawn_at__isnull": True}
    rows = office(open_duties().filter(**waiting)).exclude(to=F("evidence__handed_by"), evidence__handed_by__isnull=False)
    yield untold(rows, "judge", mark=text("evidence__pk"), on=F("evidence__handed_at"))


def moved(moment: Moment) -> Rows:
    """A new holiday notice moved the date or made it certain; recomputing.py leaves a step that says so."""
    steps = Step.objects.filter(obligation=OuterRef("pk"), kind=Step.Kind.CLOCK, key__startswith="calendar:").order_by("-at", "-pk")
    rows = open_duties().filter(due_on__isnull=False).exclude(calendar="").annotate(step=Subquery(steps.values("pk")[:1]))
    rows = rows.filter(step__isnull=False).annotate(step_at=Subquery(steps.values("at")[:1]))
    yield untold(workers(rows), "moved", mark=text("step"), on=F("step_at"))


def escalated(moment: Moment) -> Rows:
    steps = rulebook.escalations()
    special = rulebook.places_of(steps)
    days = Jurisdiction.objects.order_by().filter(escalate_days__isnull=False).values_list("escalate_days", flat=True).distinct()
    numbers = list(days)
    for step in steps:
        here = Q(jurisdiction__code__startswith=step.place) if step.place else Q()
        for place in special if not step.place else ():
            here &= ~Q(jurisdiction__code__startswith=place)
        after = Coalesce(F("jurisdiction__escalate_days"), Value(settings.ESCALATE_DAYS))
        edge = _by_number(numbers, after, settings.ESCALATE_DAYS, lambda n, times=step.times: behind(moment.today, max(1, n * times)))
        rows = _past(moment).filter(here).annotate(window=after).filter(due_on__lte=edge)
        audiences = {"owner_heads": heads(rows), "place_office": office(rows), "superior_office": office(rows, above=True)}
        for who in step.to:
            yield untold(audiences[who], "escalated", mark=Concat(Value(f"{step.id}:"), text("due_on")), on=F("due_on"))


def _escalation_words(row: Row, moment: Moment) -> str:
    step = row["mark"].partition(":")[0]
    words = next((one.words for one in rulebook.escalations() if one.id == step), "")
    return f"{_late(row, moment)}，{words}"


for _kind in (
    Kind(
        "opened",
        "新任务",
        "下达给本单位，或者请本单位配合",
        opened,
        lambda row, _m: f"{'请签收' if row['mark'] == 'owner' else '请配合'}，{_due(row)}",
    ),
    Kind("due_soon", "临近期限", "期限前几个工作日，见下面的“期限前几个工作日提醒”", due_soon, _left, None),
    Kind("inner", "内部期限", "本单位交办时自己定的日期", inner_due, lambda row, _m: f"内部期限 {row['on']}，{_due(row)}", 0),
    Kind("overdue", "已逾期", "同时告诉本单位负责人", overdue, _late),
    Kind(
        "quota",
        "数量未达到",
        f"有数量要求的任务，期限前 {rulebook.window('quota_gap', 'working_days')} 个工作日还没有做够",
        quota_gap,
        lambda row, m: f"数量要求还没有达到，{_left(row, m)}",
        None,
    ),
    Kind(
        "suspended",
        "中止过久",
        "中止计时超过第三方提出意见的期限",
        suspended,
        lambda row, _m: f"{row['on']} 起中止计时，第三方提出意见的期限已过，请恢复计时或者说明",
        None,
    ),
    Kind("urged", "催办", "主管部门或者本单位负责人催办", urged, lambda row, _m: f"{_day(row)} 催办，请答复。{_due(row)}"),
    Kind("replied", "催办有答复", "您催办的任务，责任单位答复了", replied, lambda row, _m: f"{_day(row)} 答复。{_due(row)}"),
    Kind("check", "待核查", "责任单位申请办结，等政务公开办核查", to_check, lambda row, _m: f"{_day(row)} 申请办结，请核查。{_due(row)}"),
    Kind("returned", "退回", "核查没有通过，要补办", returned, lambda row, _m: f"{_day(row)} 退回，请补办。{_due(row)}"),
    Kind(
        "judge",
        "佐证待认定",
        "自动核查不了的佐证，等政务公开办认定",
        to_judge,
        lambda row, _m: f"{_day(row)} 提交的佐证请认定。{_due(row)}",
    ),
    Kind("moved", "期限变动", "新的放假安排公布，期限改了或者不再是暂定", moved, lambda row, _m: f"放假安排公布，{_due(row)}"),
    Kind("escalated", "逾期报告", "逾期多日，报告责任单位负责人、主管部门和上级主管部门", escalated, _escalation_words, None),
):
    register(_kind)
