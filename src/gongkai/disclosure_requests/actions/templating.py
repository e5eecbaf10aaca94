"""文书模板 of a place: the openness office drafts a new version, the head of the competent agency approves it; what was written by an
earlier one stays as it is."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Jurisdiction, User
from gongkai.disclosure_requests.actions.base import insist, lock, perform
from gongkai.disclosure_requests.letters.wording import name_of, template_reasons
from gongkai.disclosure_requests.models import Deed, LetterTemplate


def draft_role(actor: User, place_id: int) -> str:
    return "" if scope_of(actor).is_office_of(place_id) else "文书模板由本地区政务公开主管部门拟写"


def approve_role(actor: User, row: LetterTemplate) -> str:
    if not scope_of(actor).heads_competent_agency_of(row.jurisdiction_id):
        return "文书模板由本地区政府信息公开主管部门负责人批准"
    return "不能批准自己拟写的模板" if row.drafted_by_id == actor.pk else ""


def waiting(place_id: int, letter: str) -> LetterTemplate | None:
    """The draft that nobody approved yet."""
    return LetterTemplate.objects.filter(jurisdiction=place_id, letter=letter, approved_at__isnull=True).first()


def draft_template(
    place: Jurisdiction, actor: User, *, key: str, letter: str, title: str, body: str, effective_from: date
) -> LetterTemplate:
    """A new version, or new words of the one that waits for approval."""
    reasons = template_reasons(letter, title, body)
    if effective_from < timezone.localdate():
        reasons.append("启用日期不能早于今天，已经写好的文书不受影响")
    insist(draft_role(actor, place.pk), reasons)

    def work() -> LetterTemplate:
        lock(place)
        row = waiting(place.pk, letter)
        if row is None:
            last = LetterTemplate.objects.filter(jurisdiction=place, letter=letter).aggregate(last=Max("version"))["last"] or 0
            row = LetterTemplate(jurisdiction=place, letter=letter, version=last + 1)
        row.title, row.body, row.effective_from, row.drafted_by = title.strip(), body.strip(), effective_from, actor
        row.save()
        return row

    return perform(Deed.Kind.CONFIGURED, actor, key, None, work, request=None, text=f"拟写文书模板：{name_of(letter)}")


def approve_reasons(row: LetterTemplate) -> list[str]:
    if row.approved_at is not None:
        return [f"已于 {timezone.localdate(row.approved_at)} 批准"]
    return template_reasons(row.letter, row.title, row.body)


def approve_template(row: LetterTemplate, actor: User, *, key: str) -> LetterTemplate:
    """From its day on, and not before today, new letters are written by it."""
    insist(approve_role(actor, row), approve_reasons(row))

    def work() -> LetterTemplate:
        found = lock(row)
        insist(approve_role(actor, found), approve_reasons(found))
        found.approved_by, found.approved_at = actor, timezone.now()
        found.effective_from = max(found.effective_from, timezone.localdate())
        found.save(update_fields=["approved_by", "approved_at", "effective_from"])
        return found

    return perform(Deed.Kind.CONFIGURED, actor, key, row, work, request=None, text=f"批准文书模板：{name_of(row.letter)}")


def return_template(row: LetterTemplate, actor: User, *, key: str, reason: str) -> LetterTemplate:
    """The head does not agree: it stays a draft, and the timeline says why."""
    insist(approve_role(actor, row), ["已经批准"] if row.approved_at is not None else [])
    if not reason.strip():
        raise ActionRefused("请写明不同意的理由")
    return perform(Deed.Kind.CONFIGURED, actor, key, row, lambda: lock(row), request=None, text=f"退回文书模板：{reason}")
