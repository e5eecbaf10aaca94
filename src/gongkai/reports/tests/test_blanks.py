"""What nobody filled in is blank and said to be; what did not happen is nought, with a reason, and stands so in what is published."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused
from gongkai.conftest import Cast
from gongkai.reports.actions import publishing, writing
from gongkai.reports.composing import checked, composed, live
from gongkai.reports.models import Addition, AnnualReport
from gongkai.reports.tests.making import YEAR, written

CELLS = [("licences", "decisions"), ("penalties", "decisions"), ("compulsion", "decisions"), ("charges", "fees")]


def test_blank_cells_are_warned_of_and_filled_with_nought(cast: Cast, client: Client) -> None:
    report = written(cast)
    assert writing.blanks(report) == CELLS
    assert [one.check for one in checked(report).warnings if one.table == "two"] == ["empty"]
    writing.add(report, cast.drafter, key="n", table="two", row="licences", column="decisions", amount=Decimal(12), reason="审批系统")
    client.force_login(cast.user("drafter"))
    page = client.get(reverse("reports:report", args=[report.pk]))
    assert "表二还有 3 格空白" in page.content.decode()
    form = page.context["blanks_form"]
    sent = client.post(reverse("reports:blanks", args=[report.pk]), {"key": form["key"].value(), "reason": "本年度没有发生"})
    assert sent.status_code == 302
    made = composed(AnnualReport.objects.get(pk=report.pk))
    assert [made.number("two", *place) for place in CELLS] == [12, 0, 0, 0]
    assert [one for one in checked(report).warnings if one.table == "two"] == []
    shown = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    assert shown.count("本年度没有发生") >= 3 and "格空白" not in shown


def test_each_nought_can_be_taken_back_by_itself(cast: Cast) -> None:
    report = writing.fill_blanks(written(cast), cast.drafter, key="z", reason="本年度没有发生")
    row = Addition.objects.get(row="penalties")
    writing.remove(row, cast.drafter, key="r", reason="发生过")
    made = composed(report)
    assert [made.number("two", *place) for place in CELLS] == [0, None, 0, 0]
    assert writing.blanks(report) == [CELLS[1]]


def test_what_records_count_takes_no_nought(cast: Cast) -> None:
    report = written(cast)
    for table, row, column in (("two", "normative", "made"), ("three", "3.1", "person"), ("four", "cases", "review.upheld")):
        with pytest.raises(ActionRefused, match="没有的就是 0"):
            writing.add(report, cast.drafter, key=row, table=table, row=row, column=column, amount=Decimal(0), reason="没有")
    writing.add(report, cast.drafter, key="o", table="two", row="charges", column="fees", amount=Decimal(0), reason="没有收费")
    with pytest.raises(ActionRefused, match="理由"):
        writing.fill_blanks(report, cast.drafter, key="x", reason=" ")
    writing.fill_blanks(report, cast.drafter, key="y", reason="没有")
    with pytest.raises(ActionRefused, match="没有空白"):
        writing.fill_blanks(report, cast.drafter, key="z", reason="没有")
    publishing.propose(report, cast.drafter, key="p")
    report.refresh_from_db()
    with pytest.raises(ActionRefused, match="退回以后"):
        writing.fill_blanks(report, cast.drafter, key="q", reason="没有")


def test_a_government_takes_the_noughts_of_its_departments(cast: Cast) -> None:
    writing.fill_blanks(written(cast), cast.drafter, key="z", reason="没有")
    government = AnnualReport(agency=cast.government, year=YEAR, covers_place=True)
    assert [live(government).number("two", *place) for place in CELLS] == [0, 0, 0, 0]
