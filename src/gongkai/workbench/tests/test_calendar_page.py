"""The month of what is due: whose, the right numbers on the right days, days off with their reason, one query for all days."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.workbench import month as months


@pytest.fixture
def look(client, cast):
    def _look(person="drafter", **query):
        client.force_login(getattr(cast, person))
        page = client.get("/work/calendar/", query)
        return page, unescape(page.content.decode())

    return _look


def cells(page):
    return {cell.on: cell for week in page.context["weeks"] for cell in week if cell.inside}


def test_what_is_due_stands_on_its_day_and_opens_exactly_its_rows(look, client, cast, make_obligation):
    for day in (date(2026, 2, 13), date(2026, 2, 13), date(2026, 2, 27)):
        make_obligation(due_on=day)
    make_obligation(due_on=date(2026, 2, 13), fulfilled_on=date(2026, 2, 12))
    make_obligation(due_on=date(2026, 2, 13), owner=cast.finance)
    make_obligation(due_on=date(2026, 3, 1))
    page, html = look(month="2026-02")
    found = cells(page)
    assert page.context["total"] == 4
    assert {day: cell.total for day, cell in found.items() if cell.total} == {date(2026, 2, 13): 3, date(2026, 2, 27): 1}
    assert [(word, n) for _state, word, n in found[date(2026, 2, 13)].figures] == [("已逾期", 2), ("已办结", 1)]
    for cell in found.values():
        if cell.total:
            assert client.get(cell.url).context["table"].page.paginator.count == cell.total
    assert "市发展和改革委员会，共 4 项" in html


def test_days_off_and_worked_say_why(look):
    page, html = look(month="2026-02")
    found = cells(page)
    assert (found[date(2026, 2, 14)].kind, found[date(2026, 2, 14)].why) == ("made", "调休上班")
    assert found[date(2026, 2, 17)].why == "春节 放假日"
    assert (found[date(2026, 2, 7)].kind, found[date(2026, 2, 7)].why) == ("rest", "")
    assert len(found) == 28 and "放假安排还没有公布" not in html
    page, html = look(month="2031-10")
    assert cells(page)[date(2031, 10, 1)].why == "国庆节 法定假日（暂定）" and "2031 年的放假安排还没有公布" in html


def test_a_table_for_those_who_hear_it(look):
    _page, html = look(month="2026-02")
    assert html.count('<th scope="col">') == 7 and "<caption" in html
    assert re.search(r'rel="prev" href="/work/calendar/\?month=2026-01"', html) and "?month=2026-03" in html
    assert "这个月没有到期的任务" in html


def test_this_month_without_asking(look):
    page, html = look()
    today = timezone.localdate()
    assert page.context["first"] == today.replace(day=1) and "今天" in html and "本月" not in html


def test_the_office_chooses_a_place_or_an_agency(look, client, cast, make_obligation):
    make_obligation(due_on=date(2026, 2, 13))
    make_obligation(due_on=date(2026, 2, 13), owner=cast.finance)
    make_obligation(due_on=date(2026, 2, 13), owner=cast.east_finance)
    assert look("openness_officer", month="2026-02")[0].context["total"] == 0
    page, html = look("openness_officer", month="2026-02", whose=f"p{cast.city.pk}")
    assert page.context["total"] == 2 and "清河市（全部单位）" in html
    assert client.get(cells(page)[date(2026, 2, 13)].url).context["table"].page.paginator.count == 2
    assert f"whose=p{cast.city.pk}" in page.context["after"]
    assert look("openness_officer", month="2026-02", whose=f"a{cast.finance.pk}")[0].context["total"] == 1


@pytest.mark.parametrize("whose", ["p{city}", "a{finance}", "a0", "x", "a" + "9" * 30])
def test_nobody_looks_into_what_is_not_his(look, cast, make_obligation, whose):
    make_obligation(due_on=date(2026, 2, 13), owner=cast.finance)
    page, html = look(month="2026-02", whose=whose.format(city=cast.city.pk, finance=cast.finance.pk))
    assert page.context["total"] == 0 and page.status_code in (200, 422)


@pytest.mark.parametrize("text", ["2026-13", "0000-01", "1999-12", "2100-01", "昨天", "2026-2-1"])
def test_a_month_that_makes_no_sense_is_one_sentence(look, text):
    page, html = look(month=text)
    assert page.status_code == 422 and "看不懂这个月份，请写成 2026-11" in html


def test_the_months_at_both_ends():
    assert months.neighbours(date(2026, 1, 1)) == (date(2025, 12, 1), date(2026, 2, 1))
    assert months.month_of("2000-1", date(2026, 1, 1)) == months.FIRST


def test_it_costs_the_same_with_many_rows(client, cast, make_obligation):
    client.force_login(cast.openness_officer)
    costs = []
    for n in (5, 60):
        for k in range(n):
            make_obligation(due_on=date(2026, 2, k % 27 + 1))
        with CaptureQueriesContext(connection) as made:
            client.get("/work/calendar/", {"month": "2026-02", "whose": f"p{cast.city.pk}"})
        costs.append([query["sql"] for query in made])
    assert len(costs[0]) == len(costs[1])
    assert sum("GROUP BY" in sql for sql in costs[1]) == 1, "all days by one query"
