"""ClockEvents and what they make of a due date; and a new holiday notice."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.clocks import calendar as clocks
from gongkai.clocks import layers
from gongkai.clocks.clock import run
from gongkai.clocks.errors import ClockError
from gongkai.clocks.events import extend, restart, resume, start, suspend
from gongkai.clocks.limits import limit
from gongkai.clocks.tables import read_file
from gongkai.obligations import clocking
from gongkai.obligations.models import ClockEvent, Obligation, Step
from gongkai.obligations.opening import NewObligation, open_obligation, open_obligations
from gongkai.obligations.queries import with_state
from gongkai.obligations.recomputing import outdated, recount

BEIJING = ZoneInfo("Asia/Shanghai")


def request_of(cast, received=date(2026, 2, 10), subject=1, id="reply", **more):
    return NewObligation(
        jurisdiction=cast.city,
        owner=cast.reform,
        source=Obligation.Source.STATUTE,
        rule=id,
        subject_id=subject,
        title="答复公开申请",
        basis="政府信息公开条例第三十三条",
        starts_on=received if not isinstance(received, datetime) else received.date(),
        limit=limit(id, date(2026, 2, 10)),
        clock_from=received,
        **more,
    )


@pytest.fixture
def case(cast):
    return open_obligation(request_of(cast), cast.drafter)


def add(obligation, kind, on, cast, **more):
    key = f"{kind}-{on}-{more.get('n', 0)}"
    return clocking.record(obligation, kind, on, cast.drafter, key=key, **more)


@pytest.mark.parametrize(
    ("received", "due", "provisional"),
    [
        (date(2022, 9, 30), date(2022, 11, 2), False),
        (date(2026, 2, 10), date(2026, 3, 16), False),
        (date(2026, 9, 18), date(2026, 10, 22), False),
        (date(2026, 11, 23), date(2026, 12, 21), False),
        (date(2026, 12, 10), date(2027, 1, 8), True),
    ],
)
def test_the_limit_gives_the_due_date_when_it_is_opened(cast, received, due, provisional):
    made = open_obligation(request_of(cast, received), cast.drafter)
    made.refresh_from_db()
    assert (made.due_on, made.provisional, made.calendar) == (due, provisional, clocks.current().version)
    assert [event.kind for event in made.clock_events.all()] == ["start"]


def test_opening_twice_leaves_one_clock(cast, case):
    again = open_obligation(request_of(cast), cast.drafter)
    assert again.pk == case.pk
    assert ClockEvent.objects.count() == 1


def test_opening_many_costs_the_same(cast):
    with CaptureQueriesContext(connection) as few:
        open_obligations([request_of(cast, subject=n) for n in range(2, 4)], cast.drafter)
    with CaptureQueriesContext(connection) as many:
        open_obligations([request_of(cast, subject=n) for n in range(10, 60)], cast.drafter)
    assert len(many) <= len(few) + 2  # SQLite takes so many values at a time


def test_the_whole_course_of_a_request(cast, case):
    add(case, "suspend", date(2026, 2, 25), cast, reason="征求第三方意见", document="征求意见书")
    assert (case.due_on, case.suspended_on) == (None, date(2026, 2, 25))
    assert with_state(Obligation.objects.all(), date(2026, 3, 1)).get().state == "suspended"
    add(case, "resume", date(2026, 3, 5), cast, reason="收到答复")
    assert case.suspended_on is None
    without = run(
        [start(date(2026, 2, 10)), suspend(date(2026, 2, 25), "x"), resume(date(2026, 3, 5))],
        limit("reply", date(2026, 2, 10)),
        clocks.current(),
    )
    assert case.due_on == without.on
    add(case, "extend", date(2026, 3, 6), cast, n=10, reason="检索量大", approved_by=cast.head)
    assert case.due_on == clocks.add_working_days(without.on, 10).on
    add(case, "restart", date(2026, 3, 10), cast, reason="收到补正材料")
    assert case.due_on == clocks.add_working_days(date(2026, 3, 10), 20).on
    words = [step.text for step in case.steps.filter(kind=Step.Kind.CLOCK)]
    assert len(words) == 4
    assert words[0].startswith("2026-02-25 中止：征求第三方意见。自 2026-02-25 中止计时")
    assert "延长 10个工作日，周主任批准：检索量大。期限 " in words[2]


def test_hours_run_through_the_night(cast):
    made = open_obligation(request_of(cast, datetime(2026, 2, 14, 22, 30, tzinfo=BEIJING), id="concern_authoritative"), None)
    assert made.due_at == datetime(2026, 2, 15, 3, 30, tzinfo=BEIJING)
    rows = Obligation.objects.all()
    assert with_state(rows, now=datetime(2026, 2, 15, 3, 30, tzinfo=BEIJING)).get().state == "due_soon"
    assert with_state(rows, now=datetime(2026, 2, 15, 3, 31, tzinfo=BEIJING)).get().state == "overdue"


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([("resume", date(2026, 2, 25), {})], "没有正在进行的中止"),
        ([("suspend", date(2026, 2, 9), {"reason": "征求意见"})], "早于起算日"),
        ([("suspend", date(2026, 2, 25), {})], "中止要写明事由"),
        ([("start", date(2026, 2, 25), {})], "已经起算"),
        ([("extend", date(2026, 2, 25), {"n": 21, "reason": "量大", "approved_by": "head"})], "最多可以延长 20个工作日"),
        ([("extend", date(2026, 2, 25), {"n": 5, "reason": "量大"})], "写明批准人"),
        ([("extend", date(2026, 3, 20), {"n": 5, "reason": "量大", "approved_by": "head"})], "不能再延长"),
        ([("vanish", date(2026, 2, 25), {})], "没有 vanish 这种计时事件"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(cast, case, events, words):
    due = case.due_on
    with pytest.raises(ActionRefused) as refused:
        for kind, on, more in events:
            named = {**more, "approved_by": getattr(cast, more["approved_by"])} if "approved_by" in more else more
            add(case, kind, on, cast, **named)
    assert words in str(refused.value)
    case.refresh_from_db()
    assert (case.due_on, ClockEvent.objects.count(), case.steps.filter(kind="clock").count()) == (due, 1, 0)


def test_twenty_days_in_two_extensions_and_not_one_more(cast, case):
    add(case, "extend", date(2026, 2, 25), cast, n=15, reason="量大", approved_by=cast.head)
    add(case, "extend", date(2026, 2, 26), cast, n=5, reason="量大", approved_by=cast.head)
    with pytest.raises(ActionRefused, match="已延长 20个工作日"):
        add(case, "extend", date(2026, 2, 27), cast, n=1, reason="量大", approved_by=cast.head)


def test_who_may(cast, case):
    with pytest.raises(NotAllowed):
        clocking.record(case, "suspend", date(2026, 2, 25), cast.other_officer, key="x", reason="x")
    with pytest.raises(NotAllowed, match="负责人批准"):
        add(case, "extend", date(2026, 2, 25), cast, n=5, reason="量大", approved_by=cast.drafter)
    clocking.record(case, "suspend", date(2026, 2, 25), cast.openness_officer, key="y", reason="征求意见")


def test_the_same_form_twice_is_one_event(cast, case):
    for _ in range(2):
        clocking.record(case, "suspend", date(2026, 2, 25), cast.drafter, key="once", reason="征求意见")
    assert ClockEvent.objects.filter(kind="suspend").count() == 1


def test_a_fixed_date_has_no_clock(make_obligation, cast):
    with pytest.raises(ActionRefused, match="确定的日期"):
        add(make_obligation(), "suspend", date(2026, 2, 25), cast, reason="征求意见")


def test_events_are_never_changed(case):
    event = case.clock_events.get()
    for deed in (event.save, event.delete, ClockEvent.objects.all().delete, lambda: ClockEvent.objects.update(n=3)):
        with pytest.raises(RuntimeError):
            deed()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["suspend", "resume", "extend", "restart"]), st.integers(0, 12)), max_size=6))
def test_the_row_is_always_what_the_clock_says(cast, deeds):
    """Any series of deeds: those the clock allows move the row to its answer, those it refuses move nothing."""
    with transaction.atomic():
        made = open_obligation(request_of(cast), cast.drafter)
        events, day = [start(date(2026, 2, 10))], date(2026, 2, 10)
        for n, (kind, days) in enumerate(deeds):
            day = clocks.add_working_days(day, days).on if days else day
            event = {
                "suspend": lambda on: suspend(on, "征求意见"),
                "resume": resume,
                "extend": lambda on: extend(on, 5, by=str(cast.head.pk), reason="量大"),
                "restart": restart,
            }[kind](day)
            try:
                run([*events, event], limit("reply", date(2026, 2, 10)), clocks.current())
                events.append(event)
            except ClockError:
                with pytest.raises(ActionRefused):
                    _deed(made, kind, day, cast, n)
            else:
                _deed(made, kind, day, cast, n)
        made.refresh_from_db()
        answer = run(events, limit("reply", date(2026, 2, 10)), clocks.current())
        assert made.due_on == answer.on
        assert (made.suspended_on is not None) == (answer.on is None)
        transaction.set_rollback(True)


def _deed(made, kind, day, cast, n):
    extra = {"extend": {"n": 5, "reason": "量大", "approved_by": cast.head}, "suspend": {"reason": "征求意见"}}.get(kind, {})
    clocking.record(made, kind, day, cast.drafter, key=f"{made.pk}-{n}", **extra)


@pytest.fixture
def folder(tmp_path):
    clocks.use(tmp_path)
    yield tmp_path
    clocks.use(None)


# Not the notice for 2027, which is not out: a made-up arrangement of the right form.
FILE_2027 = b"""
year = 2027
title = "\xe6\x94\xbe\xe5\x81\x87\xe5\xae\x89\xe6\x8e\x92"
number = "X-1"
dated = 2026-11-04
off = [[2027-01-01, 2027-01-03], [2027-02-05, 2027-02-11], [2027-04-03, 2027-04-05], [2027-05-01, 2027-05-05],
    [2027-06-09, 2027-06-09], [2027-09-15, 2027-09-15], [2027-10-01, 2027-10-07]]
work = [2027-01-09, 2027-02-13, 2027-05-08, 2027-10-09]
"""


def announce(folder):
    (notice,) = read_file(FILE_2027, "2027.toml")
    layers.write(folder, notice)
    clocks.reload()


def test_a_notice_moves_open_clocks_and_leaves_closed_ones(cast, folder):
    opened = [open_obligation(request_of(cast, date(2026, 12, 10), n), cast.drafter) for n in (1, 2)]
    before = open_obligation(request_of(cast, date(2026, 2, 10), 3), cast.drafter)
    Obligation.objects.filter(pk=opened[1].pk).update(fulfilled_on=date(2026, 12, 20))
    assert outdated().count() == 0
    announce(folder)
    seen = []
    counted = recount(lambda done, of: seen.append((done, of)))
    assert (counted.seen, counted.moved, counted.refused) == (2, 1, 0)  # the second of the open ones ends before 2027
    assert seen == [(2, 2)]
    for row in (*opened, before):
        row.refresh_from_db()
    assert (opened[0].due_on, opened[0].provisional) == (clocks.add_working_days(date(2026, 12, 10), 20).on, False)
    assert opened[1].provisional, "closed under the calendar of its time"
    assert before.due_on == date(2026, 3, 16)
    (step,) = opened[0].steps.filter(kind="clock")
    assert "不再是暂定" in step.text or "期限由" in step.text
    assert recount().seen == 0
    assert opened[0].steps.filter(kind="clock").count() == 1


def test_a_notice_moves_what_is_to_be_kept_fresh_in_working_days(cast, folder):
    def keep_fresh(number, unit):
        return NewObligation(
            jurisdiction=cast.city,
            owner=cast.reform,
            source="catalogue",
            subject_id=number,
            title="要闻动态",
            basis="",
            starts_on=date(2026, 12, 30),
            freshness={"n": 5, "unit": unit},
        )

    fresh, plain, hourly, shown = open_obligations(
        [keep_fresh(1, "working_days"), keep_fresh(2, "days"), keep_fresh(3, "hours"), keep_fresh(4, "working_days")], cast.drafter
    )
    Obligation.objects.filter(pk=shown.pk).update(shown_on=date(2027, 1, 6))  # its last deed
    assert (plain.calendar, hourly.calendar) == ("", ""), "no notice moves them"
    assert fresh.provisional
    announce(folder)
    assert set(outdated()) == {fresh, shown}
    with CaptureQueriesContext(connection) as queries:
        assert recount().seen == 2
    assert len(queries) < 20
    for row in (fresh, shown):
        row.refresh_from_db()
    assert (fresh.due_on, fresh.provisional) == (clocks.add_working_days(date(2026, 12, 30), 5).on, False)
    assert "不再是暂定" in fresh.steps.get(kind="clock").text
    assert shown.due_on == date(2027, 1, 12)  # Saturday the 9th is worked under that notice
    assert "期限由" in shown.steps.get(kind="clock").text
    assert recount().seen == 0


def test_counting_again_costs_batches_not_rows(cast, folder, monkeypatch):
    monkeypatch.setattr("gongkai.obligations.recomputing.BATCH", 50)

    def cost(first, n):
        open_obligations([request_of(cast, date(2026, 12, 1), first + k) for k in range(n)], cast.drafter)
        Obligation.objects.filter(limit__isnull=False).update(calendar="cn-old")
        with CaptureQueriesContext(connection) as queries:
            recount()
        return len(queries)

    few, many = cost(1, 10), cost(11, 40)
    assert few == many


def test_a_recount_stopped_half_way_goes_on(cast, folder, monkeypatch):
    open_obligations([request_of(cast, date(2026, 12, 1), n) for n in range(1, 21)], cast.drafter)
    Obligation.objects.update(calendar="cn-old")
    monkeypatch.setattr("gongkai.obligations.recomputing.BATCH", 5)

    class Stop(Exception):
        pass

    def stop(done, of):
        if done >= 10:
            raise Stop

    with pytest.raises(Stop):
        recount(stop)
    assert outdated().count() == 10
    assert recount().seen == 10
