"""Cases and reports for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.conftest import Cast
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.reports.actions import publishing, writing
from gongkai.reports.models import AnnualReport

YEAR = timezone.localdate().year - 1
TEXTS = {
    "1": "我单位认真落实政府信息公开条例，主动公开重大建设项目信息，按时办理群众的申请。",
    "2": "",
    "3": "",
    "4": "",
    "5": "政策解读形式单一，下一年增加图解和问答。",
    "6": "本年度没有收取信息处理费。",
}


def case(
    agency: Agency, n: int, kind: str = "natural", received: date | None = None, closed: date | None = None, outcome: str = "open"
) -> Any:
    row = DisclosureRequest.objects.create(
        jurisdiction=agency.jurisdiction,
        agency=agency,
        number=f"{agency.code}-{n}",
        check_digest="",
        key=f"{agency.pk}-k{n}",
        channel="counter",
        subject=f"事项{n}",
        received_on=received or date(YEAR, 3, 1),
        receipt_rule="当面提交",
        closed_on=closed,
        outcome=outcome if closed else "",
    )
    Applicant.objects.create(request=row, kind=kind, name="赵秘密", identity_kind="other")
    return row


def written(cast: Cast, year: int = YEAR, **texts: str) -> AnnualReport:
    """Of 市发改委, with text in every section that needs some."""
    report = writing.begin(cast.reform, cast.drafter, key=f"begin{year}", year=year)
    sections = TEXTS | {name.removeprefix("s"): text for name, text in texts.items()}
    return writing.write(report, cast.drafter, key=f"write{year}", sections=sections, version=report.version)


def published(cast: Cast, year: int = YEAR, **texts: str) -> AnnualReport:
    report = publishing.propose(written(cast, year, **texts), cast.drafter, key=f"p{year}")
    report = publishing.approve(report, cast.head, key=f"a{year}")
    return publishing.publish(report, cast.drafter, key=f"o{year}")
