"""A copy of another agency's text is found, however many agencies the place has; the scores are shown (国办公开办函〔2021〕30号)."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.conftest import Cast
from gongkai.reports.actions import publishing
from gongkai.reports.composing import checked
from gongkai.reports.models import AnnualReport
from gongkai.reports.tests.making import YEAR, written
from gongkai.reports.views import ALIKE_SHOWN

COPIED = (
    "我局坚持以公开为常态、不公开为例外，围绕重大建设项目批准和实施、优化营商环境、民生保障等重点领域主动公开信息，"
    "完善信息发布审核制度，健全依申请公开办理流程，规范答复文书，加强政府网站和政务新媒体管理，组织业务培训，接受社会监督。"
)
AGENCIES = 30


def neighbours(cast: Cast) -> None:
    """Thirty agencies of the place with texts of their own; the one that was written first has COPIED."""
    for n in range(AGENCIES):
        agency = Agency.objects.create(jurisdiction=cast.city, code=f"N{n:03}", name=f"清河市第{n}局", kind=Agency.Kind.DEPARTMENT)
        own = "".join(chr(0x4E00 + (n * 977 + k * 131) % 20000) for k in range(120))
        sections = {str(k): "" for k in range(1, 7)} | {"1": COPIED if n == 0 else own}
        AnnualReport.objects.create(agency=agency, year=YEAR, sections=sections)


def test_a_copy_is_found_among_all_agencies_of_the_place(cast: Cast, client: Client) -> None:
    neighbours(cast)
    report = written(cast, s1=COPIED.replace("我局", "我单位"))
    found = checked(report)
    assert len(found.likenesses) == AGENCIES
    copies = [one for one in found.findings if one.check == "copy"]
    assert [one.severity for one in copies] == ["fail"] and "清河市第0局" in copies[0].message
    assert publishing.failures(report) == [copies[0].message]
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("reports:report", args=[report.pk]))
    shown = page.context["likenesses"]
    assert len(shown) == ALIKE_SHOWN and shown[0].name == "清河市第0局" and shown[0].whole.score > 0.8
    assert f"共比了 {AGENCIES} 份" in page.content.decode()


def test_last_years_text_is_compared_first(cast: Cast) -> None:
    neighbours(cast)
    AnnualReport.objects.create(agency=cast.reform, year=YEAR - 1, imported=True, printed=checked_text(COPIED), sections={}, layout="2021")
    found = checked(written(cast, s1=COPIED))
    assert found.likenesses[0].name == "上年报告" and found.likenesses[0].whole.score > 0.8
    assert {one.check for one in found.findings if "上年报告相同" in one.message} == {"copy"}


def checked_text(text: str) -> dict[str, object]:
    from gongkai.formats.annual_report.model import Report

    sections = {str(k): "" for k in range(1, 7)} | {"1": text}
    return Report(year=YEAR - 1, agency="清河市发展和改革委员会", layout="2021", sections=sections).to_dict()
