"""常见问题: an answer many need, drafted from a reply without anything personal, reviewed by another, published, taken down."""

from __future__ import annotations

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, lock, no_role, perform, text_reasons
from gongkai.disclosure_requests.models import Deed, DisclosureRequest, FrequentAnswer
from gongkai.disclosure_requests.words import personal_reasons

MOST = 5_000


def draft(
    agency: Agency,
    actor: User,
    *,
    key: str,
    question: str,
    answer: str,
    row: FrequentAnswer | None = None,
    request: DisclosureRequest | None = None,
) -> FrequentAnswer:
    """Begins one, or saves it again until it is public. `request`: the case it was made from, whose applicant must not be found in it."""
    insist("" if access.acts_for(actor, agency) else NOT_YOURS, draft_reasons(row))
    if request is not None:
        insist(no_role(actor, request), [])
    if not (question.strip() and answer.strip()):
        raise ActionRefused("请写明问题和回答")
    if len(question.strip()) > 200 or len(answer) > MOST:
        raise ActionRefused(f"问题不能超过 200 个字，回答不能超过 {MOST} 个字")
    if reasons := [*text_reasons(question, answer), *personal_reasons(f"{question}\n{answer}", request)]:
        raise ActionRefused(reasons)

    def work() -> FrequentAnswer:
        made = lock(row) if row is not None else FrequentAnswer(agency=agency)
        insist("", draft_reasons(made))
        made.question, made.answer = " ".join(question.split()), answer.strip()
        made.save()
        return made

    return perform(Deed.Kind.FREQUENT, actor, key, row, work, request=request, agency_id=agency.pk, text="拟写")


def draft_reasons(row: FrequentAnswer | None) -> list[str]:
    return ["已经公开，撤下后另写一条"] if row is not None and row.published_at is not None else []


def publish_role(row: FrequentAnswer, actor: User) -> str:
    """Another than whoever wrote on it: a reviewer or the head."""
    scope = scope_of(actor)
    government = row.agency.kind == Agency.Kind.GOVERNMENT and scope.is_office_of(row.agency.jurisdiction_id)
    if not (scope.directs(row.agency_id) or government):
        return "常见问题由审核人或者负责人审核公开"
    wrote = Deed.objects.filter(kind=Deed.Kind.FREQUENT, subject="frequentanswer", subject_id=row.pk, actor=actor.pk)
    return "不能审核自己拟写的内容" if wrote.exists() else ""


def publish_reasons(row: FrequentAnswer) -> list[str]:
    return [*draft_reasons(row), *personal_reasons(f"{row.question}\n{row.answer}")]


def publish(row: FrequentAnswer, actor: User, *, key: str) -> FrequentAnswer:
    """审核公开: from now on under /requests/answers/."""
    insist(publish_role(row, actor), publish_reasons(row))

    def work() -> FrequentAnswer:
        made = lock(row)
        insist(publish_role(made, actor), publish_reasons(made))
        made.published_at, made.reviewed_by = timezone.now(), actor
        made.save(update_fields=["published_at", "reviewed_by"])
        return made

    return perform(Deed.Kind.FREQUENT, actor, key, row, work, request=None, agency_id=row.agency_id, text="审核公开")


def withdraw_reasons(row: FrequentAnswer) -> list[str]:
    if row.published_at is None:
        return ["还没有公开"]
    return ["已经撤下"] if row.withdrawn_at else []


def withdraw(row: FrequentAnswer, actor: User, *, key: str, reason: str) -> FrequentAnswer:
    insist("" if access.acts_for(actor, row.agency) else NOT_YOURS, withdraw_reasons(row))
    if not reason.strip():
        raise ActionRefused("请写明撤下的理由")

    def work() -> FrequentAnswer:
        made = lock(row)
        insist("", withdraw_reasons(made))
        made.withdrawn_at = timezone.now()
        made.save(update_fields=["withdrawn_at"])
        return made

    return perform(Deed.Kind.FREQUENT, actor, key, row, work, request=None, agency_id=row.agency_id, text=f"撤下：{reason}")
