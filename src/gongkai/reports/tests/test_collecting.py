"""The openness office collects, reminds and sums; publishing in time fulfils the duty of Article 49; two begin at once and there is one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast, build_cast
from gongkai.formats.annual_report.layout import layouts
from gongkai.obligations import urging
from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install
from gongkai.reports import board, composing
from gongkai.reports.actions import publishing, writing
from gongkai.reports.models import AnnualReport
from gongkai.reports.sentences import reminders
from gongkai.reports.tests.making import TEXTS, YEAR, case, published, written

GOVERNMENT = TEXTS | {"1": "市政府组织考核和社会评议，没有发生责任追究。", "6": "本年度没有收取信息处理费。各单位都已公布报告。"}


@pytest.fixture
def duties(cast: Cast) -> dict[str, Obligation]:
    """The duties on the year before this one, as they stand once the rules were in use then."""
    install(cast.city, None, date(YEAR, 1, 1))
    rows = Obligation.objects.filter(rule__startswith="report.", period=str(YEAR))
    return {f"{row.rule} {row.owner.short_name}": row for row in rows.select_related("owner")}


def in_time(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    now = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_publishing_in_time_fulfils_the_duty_of_a_department(
    cast: Cast, duties: dict[str, Obligation], monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = duties["report.department 市发改委"]
    assert (duty.due_on, duty.period) == (date(YEAR + 1, 1, 31), str(YEAR))
    in_time(monkeypatch, date(YEAR + 1, 1, 20))
    report = published(cast)
    duty.refresh_from_db()
    evidence = duty.evidence.get()
    assert (evidence.record_kind, evidence.record_id, evidence.result) == ("annual_report", report.pk, "passed"), evidence.reason
    assert duty.fulfilled_on == date(YEAR + 1, 1, 20)
    assert not Obligation.objects.filter(rule="report.government", fulfilled_on__isnull=False).exists()


def test_the_governments_report_fulfils_the_duty_of_its_competent_agency(
    cast: Cast, duties: dict[str, Obligation], monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = duties["report.government 市政府办公室"]
    assert duty.due_on == date(YEAR + 1, 3, 31)
    in_time(monkeypatch, date(YEAR + 1, 3, 20))
    report = writing.begin(cast.government, cast.openness_officer, key="b", year=YEAR, covers_place=True)
    assert [one.missing for one in reminders(report)] == [True] * 4
    report = writing.write(report, cast.openness_officer, key="w", sections=GOVERNMENT, version=1)
    assert [one.missing for one in reminders(report)] == [False] * 4
    report = publishing.propose(report, cast.openness_officer, key="p")
    report = publishing.approve(report, cast.office_head, key="a")
    publishing.publish(report, cast.openness_officer, key="o")
    duty.refresh_from_db()
    assert duty.fulfilled_on == date(YEAR + 1, 3, 20), duty.evidence.get().reason


def test_the_board_says_who_is_late_who_is_wrong_and_whose_numbers_moved(cast: Cast, duties: dict[str, Obligation]) -> None:
    case(cast.reform, 1, closed=date(YEAR, 3, 20))
    published(cast)
    case(cast.reform, 2)
    case(cast.finance, 1)
    wrong = writing.begin(cast.finance, cast.other_officer, key="f", year=YEAR)
    writing.add(wrong, cast.other_officer, key="fa", table="three", row="1", column="person", amount=Decimal(2), reason="旧系统")
    urging.urge(duties["report.department 市人社局"], cast.openness_officer, key="u", text="请尽快报送")
    today = timezone.localdate()
    found = board.board(cast.city, YEAR)
    lines = {line.agency.short_name: line for line in found.lines}
    assert {name: line.words for name, line in lines.items()} == {
        "市政府": "不单独报告",
        "市政府办公室": "还没有开始",
        "市发改委": "已公布",
        "市财政局": "编制中",
        "市人社局": "还没有开始",
    }
    late = (today - date(YEAR + 1, 1, 31)).days
    assert (lines["市人社局"].late, lines["市人社局"].urged, lines["市发改委"].late) == (late, 1, late)
    assert lines["市财政局"].failures and not lines["市发改委"].failures
    assert any("印的是 1，现在是 2" in words for words in lines["市发改委"].differs)
    assert found.late == 2
    (government,) = found.government
    assert government.duty == duties["report.government 市政府办公室"]
    numbers = {words: (total, report) for words, total, report in found.sums}
    assert numbers["新收"] == (1 + 3, 2 + 3), "the printed one of 市发改委, and the live sum, which is flagged"
    client = Client()
    client.force_login(cast.openness_officer)
    html = client.get(reverse("reports:board"), {"year": YEAR}).content.decode()
    assert "不等于合计" in html and f"逾期 {late} 天" in html and "已催 1 次" in html
    assert reverse("obligations:urge", args=[duties["report.department 市人社局"].pk]) in html
    for fmt in ("xlsx", "csv"):
        assert client.get(reverse("reports:board_export", args=[fmt]), {"year": YEAR}).status_code == 200
    assert client.get(reverse("reports:board"), {"year": "x", "place": "y"}).status_code == 200


def test_the_governments_numbers_are_the_sum_of_its_agencies_cell_by_cell(cast: Cast) -> None:
    agencies = [cast.reform, cast.finance, cast.human, cast.office]
    for n, agency in enumerate(agencies * 5):
        case(
            agency,
            n,
            ["natural", "legal_service"][n % 2],
            closed=date(YEAR, 5, 1) if n % 3 else None,
            outcome=["open", "no_information"][0],
        )
    case(cast.east_finance, 99)
    report = written(cast)
    writing.add(report, cast.drafter, key="x", table="two", row="licences", column="decisions", amount=Decimal(7), reason="审批系统")
    found = board.board(cast.city, YEAR)
    made = found.government[0].made
    assert made is not None
    for name in ("two", "three", "four"):
        for place in layouts()["2021"].places[name]:  # type: ignore[index]
            parts = [line.made.number(name, *place) or 0 for line in found.lines if line.made]  # type: ignore[arg-type]
            assert sum(parts) == (made.number(name, *place) or 0), (name, place)  # type: ignore[arg-type]
    own = next(line for line in found.lines if line.agency == cast.reform)
    assert own.made == composing.live(report), "one by one or all at once, the same"
    columns = {column.key for column in board.table(found).columns}
    assert {"sum", "report", "difference"} <= columns


def test_a_county_sees_its_own_board_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.county_officer)
    html = client.get(reverse("reports:board"), {"place": cast.city.pk}).content.decode()
    assert "东山县" in html and "清河市发展和改革委员会" not in html


@pytest.mark.django_db(transaction=True)
def test_two_begin_at_once_and_both_have_the_one(together: Any) -> None:
    cast = build_cast()
    people = [cast.user("drafter"), cast.user("reviewer"), cast.user("head")]
    found = together(*(lambda n=n, who=who: writing.begin(cast.reform, who, key=f"b{n}", year=YEAR) for n, who in enumerate(people)))
    assert AnnualReport.objects.count() == 1, found
    assert {getattr(one, "pk", repr(one)) for one in found} == {AnnualReport.objects.get().pk}
