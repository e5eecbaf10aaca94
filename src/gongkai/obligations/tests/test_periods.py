"""Series: the obligations of periods are made once, whoever asks, whenever, and however often."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused
from gongkai.clocks import calendar, periods
from gongkai.clocks.periods import DueRule
from gongkai.obligations.actions import acknowledge
from gongkai.obligations.models import Obligation, Series, Step
from gongkai.obligations.opening import Quota
from gongkai.obligations.periods import (
    AT_ONCE,
    BATCH,
    NewSeries,
    catch_up,
    close_series,
    goes_on,
    is_behind,
    open_series,
    words_of_period,
)

NOV = date(2026, 11, 22)
RULES = [DueRule(), DueRule("last_working_day"), DueRule("working_days_after", 5), DueRule("days_after", 9), DueRule("day_of_next", day=31)]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("gongkai.obligations.periods.timezone.localdate", lambda *_args: NOV)


@pytest.fixture
def new(cast):
    """A monthly duty of 市财政局 since 2026-03-18; any field may be given."""

    def make(**fields):
        values = {
            "jurisdiction": cast.city,
            "owner": cast.finance,
            "source": "plan_task",
            "subject_id": 700_001,
            "title": "公布财政收支情况",
            "basis": "清政办发〔2026〕9号 二（一）1.",
            "cadence": "monthly",
            "since": date(2026, 3, 18),
            "until": date(2026, 12, 31),
        }
        return NewSeries(**values | fields)

    return make


def rows_of(series):
    return list(Obligation.objects.filter(series=series).order_by("starts_on").values_list("period", "starts_on", "due_on", "provisional"))


def test_every_period_that_has_begun_is_an_obligation(cast, new):
    (series,) = open_series(
        [new(helpers=(cast.reform, cast.finance), quota=Quota(">=", 2, "次"), proof={"kinds": ["publication"]})], None, text="《要点》下达"
    )
    rows = rows_of(series)
    assert [row[0] for row in rows] == [f"2026-{month:02}" for month in range(3, 12)]
    assert rows[0][1:] == (date(2026, 3, 18), date(2026, 3, 31), False)  # not before the series
    assert rows[-1][1:3] == (date(2026, 11, 1), date(2026, 11, 30))
    first = Obligation.objects.get(period="2026-03")
    assert [h.agency for h in first.helpers.all()] == [cast.reform]  # the owner is nobody's helper
    assert (first.quota_op, first.quota_value, first.quota_unit, first.proof) == (">=", 2, "次", {"kinds": ["publication"]})
    assert (first.document_id, first.subject_id, first.source) == (None, 700_001, "plan_task")
    opened = Step.objects.get(obligation=first, kind="opened")
    assert (opened.text, opened.at.astimezone().date()) == ("《要点》下达", date(2026, 3, 18))
    assert series.pk in goes_on().values_list("pk", flat=True)


def test_opening_again_changes_nothing(new):
    (series,) = open_series([new()], None)
    Obligation.objects.filter(period="2026-04").update(fulfilled_on=date(2026, 4, 20))
    before = list(Obligation.objects.values())
    assert open_series([new(title="改了的名称"), new()], None) == [series]
    assert list(Obligation.objects.values()) == before
    assert Step.objects.count() == len(before)


def test_what_cannot_be_a_series_is_refused(new):
    with pytest.raises(ActionRefused, match="早于起始日期"):
        open_series([new(until=date(2026, 3, 17))], None)
    with pytest.raises(ActionRefused, match="没有“hourly”这种周期"):
        open_series([new(cadence="hourly")], None)
    assert not Series.objects.exists()
    assert open_series([], None) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cadence=st.sampled_from(["daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly"]),
    rule=st.sampled_from(
        [
            DueRule(),
            DueRule("last_working_day"),
            DueRule("working_days_after", 5),
            DueRule("days_after", 9),
            DueRule("day_of_next", 0, 1, 31),
        ]
    ),
    since=st.dates(date(2025, 1, 1), date(2026, 6, 30)),
    length=st.none() | st.integers(0, 500),
    calls=st.lists(st.integers(-20, 550), min_size=1, max_size=8),
)
def test_any_calls_in_any_order_give_the_rows_of_the_clock(new, cadence, rule, since, length, calls):
    """clocks.periods.series is the definition; what is called is how often, late, early or with a day that has passed before."""
    Step.objects.all()._raw_delete("default")
    Obligation.objects.all().delete()
    Series.objects.all().delete()
    until = None if length is None else since + timedelta(length)
    row = new(cadence=cadence, due_rule=rule, since=since, until=until).row()
    row.save()
    days = [since + timedelta(n) for n in calls]
    for day in days:
        catch_up(day)
    table = calendar.current()
    wanted = periods.series(cadence, rule, table, since=since, today=max(days), until=until)
    expected = [(r.period.id, max(r.period.first, since), r.due_on, r.provisional) for r in wanted]
    assert rows_of(row) == (expected if max(days) >= since else [])
    assert catch_up(max(days)) == 0
    assert not Series.objects.filter(closed_on__isnull=True, next_on__lte=max(days)).exists()
    assert Step.objects.count() == Obligation.objects.count()


def test_years_of_a_daily_duty_come_in_several_transactions(new, django_assert_max_num_queries):
    row = new(cadence="daily", since=date(2025, 1, 1), until=None).row()
    row.save()
    assert catch_up(batches=1) == AT_ONCE
    assert is_behind()
    assert catch_up() == (NOV - date(2025, 1, 1)).days + 1 - AT_ONCE
    assert not is_behind()
    row.refresh_from_db()
    assert row.next_on == NOV + timedelta(1)


def test_nothing_due_costs_one_query_of_its_index(new, django_assert_num_queries):
    open_series([new(subject_id=n) for n in range(700_001, 700_021)], None)
    with django_assert_num_queries(1) as seen:
        assert not is_behind()
    assert "next_on" in seen.captured_queries[0]["sql"]


def test_a_batch_costs_the_same_whatever_its_size(new, django_assert_max_num_queries):
    def cost(n, base):
        Series.objects.bulk_create(new(cadence="yearly", subject_id=base + k).row() for k in range(n))
        with django_assert_max_num_queries(40) as seen:
            catch_up()
        return len(seen.captured_queries)

    assert cost(2, 710_000) == cost(20, 720_000)  # SQLite takes so many rows in one statement
    assert BATCH > 20


def test_a_series_ends_with_its_last_period(new):
    (series,) = open_series([new(until=date(2026, 11, 10))], None)
    series.refresh_from_db()
    assert rows_of(series)[-1][0] == "2026-11"
    assert (series.closed_on, series.closed_reason) == (date(2026, 11, 10), "到截止日期")
    assert not goes_on().exists()
    assert catch_up(date(2027, 6, 1)) == 0


def test_closing_makes_what_had_begun_and_no_more(new):
    row = new(until=None).row()
    row.save()
    other = new(subject_id=700_002, until=None).row()
    other.save()
    with pytest.raises(ActionRefused):
        close_series("plan_task", subject_id=700_001, on=date(2026, 6, 10), reason=" ")
    assert close_series("plan_task", subject_id=700_001, on=date(2026, 6, 10), reason="方案已由新方案代替") == 1
    assert [r[0] for r in rows_of(row)] == ["2026-03", "2026-04", "2026-05", "2026-06"]
    assert catch_up() == 9  # of the other one
    row.refresh_from_db()
    assert (row.closed_on, row.closed_reason) == (date(2026, 6, 10), "方案已由新方案代替")
    assert close_series("plan_task", subject_id=700_001, on=NOV, reason="又一次") == 0


def test_who_dealt_with_the_last_period_deals_with_the_next(cast, new):
    (series,) = open_series([new(owner=cast.reform)], None)
    last = Obligation.objects.get(series=series, period="2026-11")
    Obligation.objects.filter(pk=last.pk).update(section=cast.section, person=cast.drafter)
    Step.objects.create(obligation=last, kind="acknowledged", actor=cast.drafter, at=last.created_at, key="seen")
    catch_up(date(2026, 12, 1))
    december = Obligation.objects.get(series=series, period="2026-12")
    assert (december.section, december.person, december.share) == (cast.section, cast.drafter, "")
    assert december.steps.filter(kind="acknowledged").count() == 1
    assert catch_up(date(2026, 12, 1)) == 0


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("", ""),
        ("2026", "2026年"),
        ("2026-H2", "2026年下半年"),
        ("2026-Q1", "2026年一季度"),
        ("2026-03", "2026年3月"),
        ("2026-W07", "2026年第7周"),
        ("2026-02-10", "2026年2月10日"),
        ("第3次", "第3次"),
    ],
)
def test_a_period_in_words(id, words):
    assert words_of_period(id) == words


def test_one_signature_acknowledges_all_periods_of_a_task(cast, new):
    (series,) = open_series([new()], None)
    april = Obligation.objects.get(series=series, period="2026-04")
    Obligation.objects.filter(period="2026-05").update(fulfilled_on=date(2026, 5, 6))
    acknowledge(april, cast.user("other_officer"), key="seen")
    acknowledge(april, cast.user("other_officer"), key="seen")
    steps = Step.objects.filter(kind="acknowledged")
    assert set(steps.values_list("obligation__period", flat=True)) == {f"2026-{n:02}" for n in (3, 4, 6, 7, 8, 9, 10, 11)}
    assert steps.count() == 8
    assert steps.get(obligation__period="2026-03").text == "与2026年4月的一并签收"
