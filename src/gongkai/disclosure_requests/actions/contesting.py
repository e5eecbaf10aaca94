"""行政复议、行政诉讼: what was filed against a reply, or against silence, until its result as table four counts it (条例第五十一条)."""

from __future__ import annotations

from datetime import date

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.disclosure_requests import reopening
from gongkai.disclosure_requests.actions.base import insist, lock, masked, no_role, not_ahead, perform
from gongkai.disclosure_requests.actions.duties import prove
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, Remedy
from gongkai.obligations import triggers
from gongkai.obligations.triggers import Fact

Kind, Result = Remedy.Kind, Remedy.Result
PROCEDURES = ("ordinary", "simple")


def fact_of(kind: str) -> str:
    return "reconsideration_filed" if kind == Kind.RECONSIDERATION else "suit_served"


def file_reasons(request: DisclosureRequest) -> list[str]:
    found = []
    if request.registered_at is None and request.closed_on is None:
        found.append("请先登记")
    if request.anonymised_at is not None:
        found.append("保存期已满，申请人信息已经去标识化")
    return found


def file(
    request: DisclosureRequest,
    actor: User,
    *,
    key: str,
    kind: str,
    organ: str,
    filed_on: date,
    served_on: date | None = None,
    procedure: str = "ordinary",
    number: str = "",
    follows: Remedy | None = None,
) -> Remedy:
    """Notes a case before an organ or a court. With the day the copy of the application came (`served_on`) the days to answer run."""
    insist(no_role(actor, request), [*file_reasons(request), *not_ahead(filed_on, "提起日期"), *not_ahead(served_on, "收到副本的日期")])
    if kind not in Kind.values or procedure not in PROCEDURES:
        raise ActionRefused("请选择类别和程序")
    if not organ.strip():
        raise ActionRefused("请写明复议机关或者法院")
    if served_on is not None and served_on < filed_on:
        raise ActionRefused("收到副本的日期不能早于提起日期")
    if request.received_on is not None and filed_on < request.received_on:
        raise ActionRefused(f"提起日期不能早于收到申请的日期 {request.received_on}")
    if kind == Kind.SUIT_AFTER and (follows is None or follows.kind != Kind.RECONSIDERATION):
        raise ActionRefused("复议后起诉的，请选择前一程序的行政复议")
    if follows is not None and follows.request_id != request.pk:
        raise ActionRefused("前一程序不是这件申请的")

    def work() -> Remedy:
        row = lock(request)
        insist("", file_reasons(row))
        made = Remedy.objects.create(
            request=row,
            kind=kind,
            procedure=procedure,
            organ=organ.strip()[:120],
            number=number.strip()[:80],
            filed_on=filed_on,
            served_on=served_on,
            follows=follows,
        )
        _served(made, actor)
        return made

    return perform(Deed.Kind.CONTESTED, actor, key, request, work, request=request, text=Kind(kind).label)


def serve_reasons(remedy: Remedy) -> list[str]:
    found = [f"已于 {remedy.served_on} 收到副本"] if remedy.served_on else []
    return found + closed_reasons(remedy)


def closed_reasons(remedy: Remedy) -> list[str]:
    return [f"已于 {remedy.closed_on} 审结"] if remedy.closed_on else []


def served(remedy: Remedy, actor: User, *, key: str, on: date) -> Remedy:
    """The copy of the application or of the complaint came: from this day the days to answer run."""
    request = remedy.request
    insist(no_role(actor, request), [*serve_reasons(remedy), *not_ahead(on, "收到副本的日期")])
    if on < remedy.filed_on:
        raise ActionRefused(f"收到副本的日期不能早于提起日期 {remedy.filed_on}")

    def work() -> Remedy:
        row = lock(remedy)
        insist("", serve_reasons(row))
        row.served_on = on
        row.save(update_fields=["served_on"])
        _served(row, actor)
        return row

    return perform(Deed.Kind.CONTESTED, actor, key, remedy, work, request=request, text=f"收到副本 {on}")


def _served(remedy: Remedy, actor: User) -> None:
    if remedy.served_on is None:
        return
    request = remedy.request
    tags = {"procedure": remedy.procedure} if remedy.kind == Kind.RECONSIDERATION else {}
    title = f"{request.number} {remedy.number}".strip()
    fact = Fact(fact_of(remedy.kind), request.jurisdiction, request.agency, remedy.pk, title, remedy.served_on, tags=tags)
    triggers.happened(fact, actor)


def answer_reasons(remedy: Remedy) -> list[str]:
    found = [f"已于 {remedy.answered_on} 提出"] if remedy.answered_on else []
    if remedy.served_on is None:
        found.append("请先登记收到副本的日期")
    return found + closed_reasons(remedy)


def answered(remedy: Remedy, actor: User, *, key: str, on: date) -> Remedy:
    """答复书、答辩状 with its evidence was handed in: closes the duty of its days."""
    request = remedy.request
    insist(no_role(actor, request), [*answer_reasons(remedy), *not_ahead(on, "提出日期")])
    if remedy.served_on is not None and on < remedy.served_on:
        raise ActionRefused(f"提出日期不能早于收到副本的日期 {remedy.served_on}")

    def work() -> Remedy:
        row = lock(remedy)
        insist("", answer_reasons(row))
        row.answered_on = on
        row.save(update_fields=["answered_on"])
        prove(fact_of(row.kind), row.pk, "pleading", row.pk)
        return row

    return perform(Deed.Kind.CONTESTED, actor, key, remedy, work, request=request, text=f"提出答复、答辩 {on}")


def conclude(
    remedy: Remedy, actor: User, *, key: str, result: str, result_words: str, closed_on: date, answer_again_by: date | None = None
) -> Remedy:
    """The result, in the words of table four. With `answer_again_by` the reply is set aside and a new one is owed until that day; the
    case keeps its closing and its outcome (docs/decisions/0031)."""
    request = remedy.request
    insist(no_role(actor, request), [*closed_reasons(remedy), *not_ahead(closed_on, "审结日期")])
    if result not in Result.values:
        raise ActionRefused("请选择结果")
    if not result_words.strip():
        raise ActionRefused("请写明裁判、决定的内容")
    if closed_on < remedy.filed_on:
        raise ActionRefused(f"审结日期不能早于提起日期 {remedy.filed_on}")
    if answer_again_by is not None:
        if result != Result.CORRECTED:
            raise ActionRefused("只有结果纠正的才重新答复")
        if answer_again_by < closed_on:
            raise ActionRefused("重新答复的期限不能早于审结日期")
        if request.closed_on is None:
            raise ActionRefused("这件申请还没有答复，按原来的期限办理，不用另定重新答复的期限")
        if request.reopened_on is not None:
            raise ActionRefused("这件申请正在重新答复")

    def work() -> Remedy:
        case = lock(request)
        row = lock(remedy)
        insist("", closed_reasons(row))
        row.result, row.result_words, row.closed_on = result, masked(result_words.strip())[:500], closed_on
        row.save(update_fields=["result", "result_words", "closed_on"])
        if answer_again_by is not None:
            reopening.reopen(case, row, answer_again_by, actor)
        return row

    return perform(Deed.Kind.CONTESTED, actor, key, remedy, work, request=request, text=Result(result).label)
