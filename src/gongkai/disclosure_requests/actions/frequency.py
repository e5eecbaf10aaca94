"""申请数量、频次明显超过合理范围 (条例第三十五条): reasons are asked for and judged.

Then either the request is not processed or a later day is set. No number of requests is too many by law: the place sets from which one
the page offers to ask (PlaceSettings.frequent_items), a person decides.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.clocks.clock import add_months
from gongkai.disclosure_requests import clock, likeness, loaded, numbers, services
from gongkai.disclosure_requests.actions.base import insist, lock, locked, no_role, open_reasons, perform, text_reasons
from gongkai.disclosure_requests.actions.charging import items_before
from gongkai.disclosure_requests.models import Applicant, Deed, DisclosureRequest, FrequencyCheck
from gongkai.obligations.clocking import calendar_of

MONTHS = 12
"""How far back it is counted how often somebody asked."""
LONGEST = 5000
FARTHEST = 366
"""Days a delayed reply may lie ahead; more is a slip of the pen."""


def is_frequent(request: DisclosureRequest) -> int:
    """Which request of the applicant's in its calendar month this is, where that is more than the place's number; 0 otherwise."""
    n = items_before(request) + 1
    return n if n > numbers.settings_of(request.jurisdiction).frequent_items else 0


def ask_reasons(request: DisclosureRequest) -> list[str]:
    found = open_reasons(request)
    if request.registered_at is None:
        found.append("请先登记")
    if loaded.has(request, "frequency"):
        found.append("已经要求申请人说明理由")
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """How often the applicant asked this agency, this request among them: in its calendar month, in the twelve months before it, and of
    these in nearly the same words. Counted for whoever judges; no number decides."""

    month: int
    year: int
    alike: int

    @property
    def words(self) -> str:
        return f"当月第 {self.month} 件，近十二个月 {self.year} 件，其中与本件内容相近的 {self.alike} 件"


def measured(request: DisclosureRequest) -> Measured:
    """Three queries, however many there are; the words themselves are not read (likeness.py)."""
    applicant = Applicant.objects.filter(request=request).values_list("digest", flat=True).first()
    if not applicant or request.received_on is None:
        return Measured(1, 1, 0)
    same = DisclosureRequest.objects.filter(agency=request.agency_id, applicant__digest=applicant, withdrawn_at__isnull=True)
    since = add_months(request.received_on, -MONTHS)
    earlier = same.filter(received_on__gt=since, received_on__lte=request.received_on, pk__lt=request.pk)
    near = [likeness.share(request.likeness, row) for row in earlier.order_by().values_list("likeness", flat=True)]
    return Measured(items_before(request) + 1, len(near) + 1, sum(share >= likeness.ALIKE for share in near))


def ask(request: DisclosureRequest, actor: User, *, key: str, facts: str) -> FrequencyCheck:
    """说明理由通知书, with what was counted beside what the handler says of it. The clock goes on: the law gives no time for it."""
    insist(no_role(actor, request), ask_reasons(request))
    if not facts.strip():
        raise ActionRefused("请写明申请的数量和频次")

    def work() -> FrequencyCheck:
        row = locked(request)
        insist("", ask_reasons(row))
        today, counted = timezone.localdate(), measured(row)
        told = f"{facts.strip().rstrip('。；')[:440]}；{counted.words}"
        made = FrequencyCheck.objects.create(request=row, facts=told, measured=asdict(counted), asked_on=today)
        services.send(row, "frequency", today)
        return made

    return perform(Deed.Kind.ASKED_REASONS, actor, key, request, work, request=request, text=facts)


def give_reasons(check: FrequencyCheck) -> list[str]:
    found = open_reasons(check.request)
    if check.judged_on is not None:
        found.append(f"理由已于 {check.judged_on} 认定，需要补充的请与受理机关联系")
    elif check.given:
        found.append("理由已经收到，需要补充的请与受理机关联系")
    return found


def give(check: FrequencyCheck, *, key: str, words: str) -> FrequencyCheck:
    """The applicant says why, on the net; what came by letter or telephone is written down by who judges it."""
    request = check.request
    insist("", give_reasons(check))
    if not words.strip():
        raise ActionRefused("请写明申请较多的理由")
    insist("", text_reasons(words, most=LONGEST))

    def work() -> FrequencyCheck:
        locked(request)
        row = lock(check)
        insist("", give_reasons(row))
        row.given = words.strip()
        row.save(update_fields=["given"])
        return row

    return perform(Deed.Kind.REASONED, None, key, check, work, request=request)


def judge_reasons(check: FrequencyCheck) -> list[str]:
    return open_reasons(check.request) + (["已经认定过"] if check.judged_on else [])


def judge(
    check: FrequencyCheck, actor: User, *, key: str, reasonable: bool, words: str, given: str = "", delayed_to: date | None = None
) -> FrequencyCheck:
    """Not reasonable: the reply says that it is not processed (3.5.4 of the annual table). Reasonable, and not to be done within the days
    of Article 33: a reasonable later day is set, 延迟答复告知书 goes to the applicant, and the clock explains it. Reasonable without a day:
    the clock is left alone."""
    request = check.request
    insist(no_role(actor, request), judge_reasons(check))
    if not words.strip():
        raise ActionRefused("请写明怎样认定的")
    if delayed_to is not None and not reasonable:
        raise ActionRefused("理由不合理的，不确定延迟答复的日期")

    def work() -> FrequencyCheck:
        case = locked(request)
        row = lock(check)
        insist("", judge_reasons(row))
        today = timezone.localdate()
        row.given, row.reasonable, row.words, row.judged_on = given.strip() or row.given, reasonable, words.strip()[:500], today
        if delayed_to is not None:
            _delay(case, today, delayed_to, key)
            row.delayed_to = delayed_to
        row.save(update_fields=["given", "reasonable", "words", "judged_on", "delayed_to"])
        if delayed_to is not None:
            services.send(case, "delay", today)
        return row

    kind = Deed.Kind.DELAYED if delayed_to is not None else Deed.Kind.JUDGED
    later = f"，延迟至 {delayed_to} 答复" if delayed_to else ""
    text = f"理由{'合理' if reasonable else '不合理'}{later}：{words}"
    return perform(kind, actor, key, check, work, request=request, text=text)


def _delay(case: DisclosureRequest, today: date, to: date, key: str) -> None:
    """As many working days are added as lie between the day on which the answer was due and `to`; the clock says why. The days run on, so
    that the answer may come before."""
    duty = case.obligation
    if duty is None or clock.is_paused(case) or duty.due_on is None:
        raise ActionRefused("期限没有在计算，不能确定延迟答复的日期")
    calendar = calendar_of(case.jurisdiction.code)
    if to <= duty.due_on or (to - today).days > FARTHEST:
        raise ActionRefused(f"延迟答复的日期要晚于现在的期限 {duty.due_on}，并且在一年以内")
    if not calendar.is_working_day(to):
        raise ActionRefused(f"{to} 不是工作日，请另选一天")
    if today > duty.due_on:
        raise ActionRefused(f"期限已于 {duty.due_on} 届满，延迟要在届满之前决定")
    reason = f"申请人的理由合理，确定延迟至 {to} 答复（条例第三十五条）"
    clock.record(case, "delay", today, key, n=calendar.between(duty.due_on, to), reason=reason, document="延迟答复告知书")
