"""工作建议 (S4-57): what requests reveal is put to the unit it concerns, without anything of any applicant, and that unit answers."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.access import require_reach
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, lock, no_role, perform, text_reasons
from gongkai.disclosure_requests.actions.duties import prove
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, WorkSuggestion
from gongkai.disclosure_requests.words import personal_reasons
from gongkai.obligations import triggers
from gongkai.obligations.triggers import Fact

FACT = "request_shows_problem"


def suggest(
    agency: Agency, actor: User, *, key: str, to: Agency, problem: str, advice: str, request: DisclosureRequest | None = None
) -> WorkSuggestion:
    """Sent at once: the unit finds it among what it received. Words that hold a personal number, or the applicant's name, are refused."""
    if request is not None:
        insist(no_role(actor, request), [])
        if request.agency_id != agency.pk:
            raise ActionRefused("这件申请不是本机关的")
    insist("" if access.acts_for(actor, agency) else NOT_YOURS, [])
    if not (problem.strip() and advice.strip()):
        raise ActionRefused("请写明发现的问题和建议")
    if reasons := [*text_reasons(problem, advice), *personal_reasons(f"{problem}\n{advice}", request)]:
        raise ActionRefused(reasons)
    require_reach(agency.jurisdiction_id, [to])

    def work() -> WorkSuggestion:
        now = timezone.now()
        made = WorkSuggestion.objects.create(
            request=request, agency=agency, to=to, problem=problem.strip(), advice=advice.strip(), sent_at=now
        )
        fact = Fact(FACT, agency.jurisdiction, agency, made.pk, f"致{to.display_name}", timezone.localdate(now))
        triggers.happened(fact, actor)
        prove(FACT, made.pk, "suggestion", made.pk)
        return made

    return perform(Deed.Kind.SUGGESTED, actor, key, None, work, request=request, agency_id=agency.pk, text=f"致{to.display_name}")


def answer_role(row: WorkSuggestion, actor: User) -> str:
    return "" if access.acts_for(actor, row.to) else f"工作建议由{row.to.display_name}回复"


def answer_reasons(row: WorkSuggestion) -> list[str]:
    return ["已经回复"] if row.answered_at else []


def answer(row: WorkSuggestion, actor: User, *, key: str, words: str) -> WorkSuggestion:
    """办理情况, by the unit it was sent to."""
    insist(answer_role(row, actor), answer_reasons(row))
    if not words.strip():
        raise ActionRefused("请写明办理情况")

    def work() -> WorkSuggestion:
        made = lock(row)
        insist("", answer_reasons(made))
        made.answer, made.answered_at = words.strip(), timezone.now()
        made.save(update_fields=["answer", "answered_at"])
        return made

    # Not in the timeline of the case: whoever answers may not know which case it was.
    return perform(Deed.Kind.SUGGESTED, actor, key, row, work, request=None, agency_id=row.to_id, text="回复工作建议")
