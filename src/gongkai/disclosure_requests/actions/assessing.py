"""个人信息保护影响评估 is put on record (个人信息保护法第五十五条、第五十六条; S3-22)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.clocks.clock import add_months
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions.base import NOT_YOURS, insist, not_ahead, perform, text_reasons
from gongkai.disclosure_requests.models import Deed, PrivacyAssessment
from gongkai.obligations import triggers
from gongkai.obligations.triggers import Fact

KEEP = "pi_assessment_keep"
"""The limit of 个人信息保护法第五十六条第二款, in months."""


def record(
    agency: Agency, actor: User, *, key: str, subject: str, purpose: str, risks: str, measures: str, passed: bool, assessed_on: date
) -> PrivacyAssessment:
    insist("" if access.acts_for(actor, agency) else NOT_YOURS, not_ahead(assessed_on, "评估日期"))
    if not all(words.strip() for words in (subject, purpose, risks, measures)):
        raise ActionRefused("请写明处理活动和三项评估内容")
    if reasons := text_reasons(subject, purpose, risks, measures):
        raise ActionRefused(reasons)

    def work() -> PrivacyAssessment:
        made = PrivacyAssessment.objects.create(
            agency=agency,
            subject=" ".join(subject.split())[:200],
            purpose=purpose.strip(),
            risks=risks.strip(),
            measures=measures.strip(),
            passed=passed,
            assessed_on=assessed_on,
            assessed_by=actor,
            keep_until=add_months(assessed_on, limit(KEEP, timezone.localdate()).n),
        )
        triggers.happened(Fact("pi_assessed", agency.jurisdiction, agency, made.pk, made.subject, assessed_on), actor)
        return made

    text = f"个人信息保护影响评估 {timezone.localdate()}"
    return perform(Deed.Kind.CONFIGURED, actor, key, None, work, request=None, agency_id=agency.pk, text=text)
