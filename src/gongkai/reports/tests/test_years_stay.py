"""A year that was counted stays as it was counted: when the cases of it are emptied after their term, and when a reply is set aside."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import archiving, contesting, replying, serving
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest, FeeNotice, Remedy
from gongkai.disclosure_requests.statistics import counting as statistics
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.disclosure_requests.tests.test_replying import drafted, reviewed
from gongkai.formats.annual_report.checking import check
from gongkai.formats.annual_report.identities import with_last_year
from gongkai.formats.annual_report.layout import layouts
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.reports import composing, counting
from gongkai.reports.counting import Span
from gongkai.reports.models import AnnualReport
from gongkai.reports.tests.making import TEXTS, case

TODAY = date(2027, 3, 1)


def on(day: date) -> Any:
    return time_machine.travel(timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10), tick=False)


def report(cast: Cast, year: int) -> AnnualReport:
    found, _ = AnnualReport.objects.get_or_create(agency=cast.reform, year=year, defaults={"sections": TEXTS})
    return found


def told(cast: Cast) -> dict[str, Any]:
    """All that is counted of two years: the tables, what each cell of tables three and four opens, the fees, the figures of the office."""
    mine = [cast.reform.pk]
    found: dict[str, Any] = {}
    for year in (2025, 2026):
        span = Span.of(year, TODAY)
        found[f"tables {year}"] = composing.live(report(cast, year), TODAY).to_dict()
        found[f"fees {year}"] = counting.fees(mine, span)
        for name in ("three", "four"):
            for row, column in layouts()["2021"].places[name]:
                opened = counting.rows_of(mine, span, name, row, column)
                assert opened is not None
                found[f"{year} {name} {row} {column}"] = sorted(opened.values_list("pk", flat=True))
    rows = DisclosureRequest.objects.filter(agency=cast.reform)
    found["figures"] = statistics.figures(rows, statistics.Period(date(2025, 1, 1), date(2026, 12, 31), TODAY))
    return found


def many(cast: Cast) -> None:
    """Every outcome, every kind of applicant, over two years; remedies, a fee, ratings; one that came by all its verbs."""
    kinds = Applicant.Kind.values
    for n, outcome in enumerate(sorted(outcomes())):
        closed = date(2025, 11, 20) + timedelta(days=7 * n)
        row = case(cast.reform, n, kinds[n % len(kinds)], date(2025, 10, 9) + timedelta(days=5 * n), closed, outcome)
        DisclosureRequest.objects.filter(pk=row.pk).update(satisfaction=n % 5 + 1, satisfaction_words="谢谢")
        if n % 4 == 0:
            done = {"result": Remedy.Result.values[n % 3], "closed_on": closed + timedelta(40)}
            Remedy.objects.create(request=row, kind=Remedy.Kind.values[n % 3], organ="某机关", filed_on=closed + timedelta(9), **done)
        if n == 5:
            FeeNotice.objects.create(
                request=row, by="volume", quantity=250, lines=[], amount=4700, issued_on=closed, paid_on=closed, receipt_number="1"
            )
    with on(date(2026, 5, 11)):
        whole = accepted(cast)
        serving.send_reply(replying.sign(reviewed(cast, whole), cast.head, key="sign"), cast.drafter, key="send")


def test_the_tables_are_the_same_after_the_cases_are_emptied(cast: Cast) -> None:
    many(cast)
    n = DisclosureRequest.objects.update(retention_until=date(2027, 2, 1))
    with on(TODAY):
        before = told(cast)
        assert before["tables 2026"] != before["tables 2025"]
        emptied = sum(iter(archiving.tick, 0))
        assert emptied == n == len(outcomes()) + 1
        assert not Applicant.objects.exclude(digest="").exists()
        assert told(cast) == before
    for year in (2025, 2026):
        assert check(composing.live(report(cast, year), TODAY)).failures == ()


def test_a_reply_set_aside_is_told_in_table_four_and_counted_once_in_table_three(cast: Cast) -> None:
    with on(date(2025, 11, 3)):
        row = accepted(cast)
        serving.send_reply(replying.sign(reviewed(cast, row), cast.head, key="sign"), cast.drafter, key="send")
        row.refresh_from_db()
        remedy = contesting.file(row, cast.drafter, key="f", kind="reconsideration", organ="清河市人民政府", filed_on=date(2025, 11, 3))
    year = composing.live(report(cast, 2025), TODAY)
    with on(date(2026, 2, 9)):
        found = {"result": "corrected", "result_words": "撤销，责令重新答复", "closed_on": date(2026, 2, 9)}
        contesting.conclude(remedy, cast.drafter, key="c", answer_again_by=date(2026, 3, 9), **found)
    _counted_once(cast, row, year)
    with on(date(2026, 3, 5)):
        row.refresh_from_db()
        reply = replying.propose(drafted(cast, row, key="d2", outcome="not_made"), cast.drafter, key="p2")
        say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
        replying.review(reply, cast.reviewer, key="r21", step="content", **say)
        replying.review(reply, cast.secrecy_reviewer, key="r22", step="secrecy", **say)
        serving.send_reply(replying.sign(reply, cast.head, key="s2"), cast.drafter, key="send2")
    _counted_once(cast, row, year)


def _counted_once(cast: Cast, row: DisclosureRequest, year: Any) -> None:
    """In 2025 as 2025 counted it, in 2026 in no row of table three; 结果纠正 of 2026."""
    assert composing.live(report(cast, 2025), TODAY).three == year.three
    assert (year.number("three", "1", "person"), year.number("three", "3.4.1", "person")) == (1, 1)
    after = composing.live(report(cast, 2026), TODAY)
    assert not any(cell.number for cell in after.three.values())
    assert after.number("four", "cases", "review.corrected") == 1
    opened = counting.rows_of([cast.reform.pk], Span.of(2026, TODAY), "four", "cases", "review.corrected")
    assert opened is not None
    assert [one.request_id for one in opened] == [row.pk]
    assert check(after).failures == ()
    assert [one for one in with_last_year(after, composing.live(report(cast, 2025), TODAY)) if one.severity == "fail"] == []
