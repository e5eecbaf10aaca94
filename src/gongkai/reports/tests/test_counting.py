"""Whatever happens to requests, the tables of the annual report add up, and every cell opens the records it counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast, build_cast
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, Remedy
from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.identities import with_last_year
from gongkai.formats.annual_report.layout import layouts
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.reports import composing, counting
from gongkai.reports.actions import publishing, writing
from gongkai.reports.counting import Span
from gongkai.reports.models import AnnualReport

WORDS = {str(n): f"第{n}部分。" for n in range(1, 7)}
DAYS = st.dates(date(2023, 6, 1), date(2026, 6, 30))


def case(cast: Cast, n: int, kind: str, received: date, closed: date | None, outcome: str) -> DisclosureRequest:
    row = DisclosureRequest.objects.create(
        jurisdiction=cast.city,
        agency=cast.reform,
        number=f"n{n}",
        check_digest="",
        key=f"k{n}",
        channel="counter",
        subject="事项",
        received_on=received,
        receipt_rule="当面提交",
        closed_on=closed,
        outcome=outcome if closed else "",
    )
    Applicant.objects.create(request=row, kind=kind, name="某", identity_kind="other")
    return row


CASES = st.lists(
    st.tuples(st.sampled_from(Applicant.Kind.values), DAYS, st.none() | st.integers(0, 400), st.sampled_from(sorted(outcomes()))),
    max_size=40,
)


class Balance(TestCase):
    @settings(max_examples=12, deadline=None)
    @given(CASES)
    def test_any_records_make_a_table_that_adds_up(self, drawn: list[Any]) -> None:
        cast = build_cast()
        for n, (kind, received, days, outcome) in enumerate(drawn):
            case(cast, n, kind, received, received + timedelta(days) if days is not None else None, outcome)
        today = date(2026, 12, 31)
        made = {}
        for year in (2024, 2025, 2026):
            report = AnnualReport(agency=cast.reform, year=year, sections=WORDS)
            report.save()
            made[year] = composing.composed(report, today)
            assert [f.message for f in check(made[year]).failures] == []
        for year in (2025, 2026):
            assert [f for f in with_last_year(made[year], made[year - 1]) if f.severity == "fail"] == []
            for row, column in layouts()["2021"].places["three"][year % 2 :: 5]:
                found = counting.rows_of([cast.reform.pk], Span.of(year, today), "three", row, column)
                assert found is not None
                assert found.count() == made[year].number("three", row, column), (row, column)


def test_remedies_are_counted_by_result_and_what_is_open_is_pending(cast: Cast) -> None:
    row = case(cast, 1, "natural", date(2025, 3, 1), date(2025, 3, 20), "state_secret")
    Remedy.objects.create(
        request=row, kind="reconsideration", organ="市政府", filed_on="2025-04-01", result="upheld", closed_on="2025-06-01"
    )
    Remedy.objects.create(request=row, kind="suit_after", organ="中院", filed_on="2025-07-01")
    report = AnnualReport.objects.create(agency=cast.reform, year=2025, sections=WORDS)
    made = composing.composed(report, date(2026, 1, 10))
    values = {column: made.number("four", "cases", column) for _row, column in layouts()["2021"].places["four"]}
    assert {k: v for k, v in values.items() if v} == {
        "review.upheld": 1,
        "review.total": 1,
        "after_review.pending": 1,
        "after_review.total": 1,
    }
    assert check(made).failures == ()
    assert counting.rows_of([cast.reform.pk], Span.of(2025, date(2026, 1, 10)), "four", "cases", "review.total").count() == 1  # type: ignore[union-attr]


def test_the_number_of_questions_does_not_grow(cast: Cast) -> None:
    report = AnnualReport.objects.create(agency=cast.reform, year=2025)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            composing.composed(report, date(2026, 1, 1))
        return len(found)

    before = asked()
    for n in range(30):
        case(cast, n, "natural", date(2025, 1, 1 + n % 28), date(2025, 3, 1), "open")
    assert asked() == before <= 20


def test_a_number_by_hand_has_a_reason_and_adds_to_its_totals(cast: Cast) -> None:
    report = writing.begin(cast.reform, cast.drafter, key="b", year=2025)
    with pytest.raises(ActionRefused, match="理由"):
        writing.add(report, cast.drafter, key="1", table="three", row="1", column="person", amount=Decimal(2), reason=" ")
    with pytest.raises(ActionRefused, match="总计"):
        writing.add(report, cast.drafter, key="1", table="three", row="1", column="total", amount=Decimal(2), reason="旧系统")
    writing.add(report, cast.drafter, key="1", table="three", row="1", column="person", amount=Decimal(2), reason="旧系统登记")
    made = writing.add(report, cast.drafter, key="2", table="three", row="3.1", column="person", amount=Decimal(2), reason="旧系统办结")
    writing.add(report, cast.drafter, key="3", table="two", row="charges", column="fees", amount=Decimal("1.25"), reason="财务决算")
    seen = composing.composed(report)
    assert (seen.number("three", "1", "total"), seen.number("three", "3.7", "total")) == (2, 2)
    assert seen.number("two", "charges", "fees") == Decimal("1.25")
    assert {f.check for f in check(seen).failures} == {"section"}, "the numbers add up; only the text is missing"
    writing.remove(made, cast.drafter, key="4", reason="重复")
    assert composing.composed(report).number("three", "3.7", "total") == 0


def test_the_road_of_a_report(cast: Cast) -> None:
    year = timezone.localdate().year - 1
    case(cast, 1, "natural", date(year, 3, 1), date(year, 3, 20), "open")
    report = writing.begin(cast.reform, cast.drafter, key="b", year=year)
    assert writing.begin(cast.reform, cast.drafter, key="b2", year=year) == report
    with pytest.raises(NotAllowed):
        writing.write(report, cast.other_officer, key="w", sections=WORDS, version=1)
    report = writing.write(report, cast.drafter, key="w", sections=WORDS, version=1)
    with pytest.raises(ActionRefused, match="别人刚刚保存"):
        writing.write(report, cast.reviewer, key="w2", sections=WORDS, version=1)
    report = publishing.propose(report, cast.drafter, key="p")
    with pytest.raises(NotAllowed):
        publishing.approve(report, cast.drafter, key="a")
    report = publishing.approve(report, cast.head, key="a")
    report = publishing.publish(report, cast.drafter, key="o")
    before = report.printed
    case(cast, 2, "natural", date(year, 5, 1), None, "")
    assert composing.composed(report).number("three", "1", "total") == 1, "what is printed does not change"
    assert before == AnnualReport.objects.get(pk=report.pk).printed
    with pytest.raises(ActionRefused, match="已经公布"):
        writing.write(report, cast.drafter, key="w3", sections=WORDS, version=2)


def test_a_report_that_does_not_add_up_is_not_proposed(cast: Cast) -> None:
    report = writing.begin(cast.reform, cast.drafter, key="b", year=2025)
    report = writing.write(report, cast.drafter, key="w", sections=WORDS, version=1)
    writing.add(report, cast.drafter, key="1", table="three", row="1", column="person", amount=Decimal(2), reason="旧系统登记")
    with pytest.raises(ActionRefused) as refused:
        publishing.propose(report, cast.drafter, key="p")
    assert any("一" in reason and "二" in reason for reason in refused.value.reasons)


def test_the_year_is_over_before_it_is_published(cast: Cast) -> None:
    report = writing.begin(cast.reform, cast.drafter, key="b", year=timezone.localdate().year)
    assert any("还没有结束" in reason for reason in publishing.publish_reasons(report))


def test_the_governments_report_sums_its_agencies(cast: Cast) -> None:
    case(cast, 1, "natural", date(2025, 3, 1), date(2025, 3, 20), "open")
    other = case(cast, 2, "commercial", date(2025, 3, 1), None, "")
    DisclosureRequest.objects.filter(pk=other.pk).update(agency=cast.finance)
    report = writing.begin(cast.government, cast.openness_officer, key="b", year=2025, covers_place=True)
    made = composing.composed(report, date(2026, 1, 1))
    assert (made.number("three", "1", "total"), made.number("three", "4", "company")) == (2, 1)
