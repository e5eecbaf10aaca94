"""State is one SQL expression; a plain Python definition, rows made by hand and Hypothesis hold it on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.obligations import queries
from gongkai.obligations.models import Helper, Obligation, Step

TODAY = date(2026, 2, 10)
EDGE = queries.due_soon_edge(TODAY, 3)
NOW = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)


def test_the_edge_counts_working_days_over_the_spring_festival():
    edge = queries.due_soon_edge(TODAY, 5)
    assert date(2026, 2, 13) < edge
    assert (edge - TODAY).days > 7  # the holiday and its make-up days lie between


CASES = [
    # expected, fields
    ("running", {"due_on": EDGE + timedelta(1)}),
    ("due_soon", {"due_on": EDGE}),
    ("due_soon", {"due_on": TODAY}),
    ("overdue", {"due_on": TODAY - timedelta(1)}),
    ("standing", {"due_on": None}),
    ("not_started", {"starts_on": TODAY + timedelta(1), "due_on": None}),
    ("not_started", {"starts_on": TODAY + timedelta(1), "due_on": TODAY - timedelta(1)}),
    ("running", {"starts_on": TODAY, "due_on": EDGE + timedelta(1)}),
    ("done", {"due_on": TODAY, "fulfilled_on": TODAY}),
    ("done", {"due_on": None, "fulfilled_on": TODAY}),
    ("done_late", {"due_on": TODAY, "fulfilled_on": TODAY + timedelta(1)}),
    ("done", {"due_on": TODAY, "fulfilled_on": TODAY, "replaced_on": TODAY}),
    ("replaced", {"due_on": TODAY - timedelta(9), "replaced_on": TODAY}),
    ("waived", {"due_on": TODAY - timedelta(9), "waived_at": NOW, "waiver_reason": "机构撤销"}),
    ("waived", {"starts_on": TODAY + timedelta(1), "waived_at": NOW, "waiver_reason": "机构撤销"}),
]


@pytest.mark.parametrize(("expected", "fields"), CASES)
def test_each_state(cast, make_obligation, expected, fields):
    if "waived_at" in fields:
        fields = fields | {"waived_by": cast.office_head}
    obligation = make_obligation(**fields)
    assert queries.with_state(Obligation.objects.all(), TODAY).get().state == expected
    assert queries.state_of(obligation, TODAY, EDGE) == expected
    assert expected in queries.STATE_WORDS


days = st.integers(-20, 20).map(lambda n: TODAY + timedelta(n))
rows = st.builds(
    dict,
    starts_on=days,
    due_on=st.none() | days,
    outcome=st.sampled_from(["", "fulfilled", "waived"]),
    on=days,
    replaced_on=st.none() | days,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, min_size=1, max_size=12), days, st.integers(0, 10))
def test_sql_and_python_agree(cast, given_rows, today, soon):
    Obligation.objects.all().delete()
    made = []
    for n, row in enumerate(given_rows, 1):
        outcome, on = row["outcome"], row["on"]
        made.append(
            Obligation(
                jurisdiction=cast.city,
                owner=cast.reform,
                source="plan_task",
                subject_id=n,
                title=f"第{n}项",
                starts_on=row["starts_on"],
                due_on=row["due_on"],
                standing="" if row["due_on"] else "长期",
                fulfilled_on=on if outcome == "fulfilled" else None,
                waived_at=datetime(on.year, on.month, on.day, tzinfo=UTC) if outcome == "waived" else None,
                waived_by=cast.office_head if outcome == "waived" else None,
                waiver_reason="理由" if outcome == "waived" else "",
                replaced_on=row["replaced_on"],
            )
        )
    Obligation.objects.bulk_create(made)
    edge = queries.due_soon_edge(today, soon)
    found = queries.with_state(Obligation.objects.all(), today, soon)
    assert {o.subject_id: o.state for o in found} == {o.subject_id: queries.state_of(o, today, edge) for o in made}
    counts = queries.counts(found)
    assert sum(counts.values()) == len(made)
    assert all(counts[state] == sum(o.state == state for o in found) for state in queries.STATE_WORDS)


def _step(obligation, kind, minute, **fields):
    return Step.objects.create(
        obligation=obligation, kind=kind, at=NOW + timedelta(minutes=minute), key=f"{obligation.pk}-{kind}-{minute}", **fields
    )


def test_acknowledged_and_awaiting_check(cast, make_obligation):
    obligation = make_obligation()

    def now():
        row = queries.with_state(Obligation.objects.all(), TODAY).get()
        return row.acknowledged, row.awaiting_check

    assert now() == (False, False)
    _step(obligation, "acknowledged", 1)
    assert now() == (True, False)
    _step(obligation, "completion", 2, done_on=TODAY)
    assert now() == (True, True)
    _step(obligation, "returned", 3, text="缺少链接")
    _step(obligation, "progress", 4, text="补充")
    assert now() == (True, False)
    _step(obligation, "completion", 5, done_on=TODAY)
    assert now() == (True, True)
    obligation.fulfilled_on = TODAY
    obligation.save()
    assert now() == (True, False)


@pytest.fixture
def ledger_rows(cast, make_obligation):
    return {
        "mine": make_obligation(title="公开重大建设项目", helpers=(cast.finance,)),
        "done": make_obligation(title="公开价格收费", fulfilled_on=date(2026, 2, 1), section=cast.section, document_id=7),
        "late": make_obligation(owner=cast.finance, role="responsible", title="公开预算", due_on=date(2026, 2, 1)),
        "county": make_obligation(owner=cast.east_finance, title="公开县级预算", due_on=None),
        "gone": make_obligation(title="旧方案的事", replaced_on=TODAY, document_id=6),
    }


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("drafter", {"mine", "done"}),
        ("secrecy_reviewer", {"mine", "done"}),
        ("other_officer", {"mine", "late"}),
        ("openness_officer", {"mine", "done", "late", "county"}),
        ("office_head", {"mine", "done", "late"}),
        ("office_drafter", set()),
        ("county_officer", {"county"}),
        ("county_drafter", {"county"}),
        ("stranger", set()),
        ("nobody", set()),
        ("citizen", set()),
    ],
)
def test_the_ledger_keeps_to_the_scope(cast, ledger_rows, who, expected):
    found = set(queries.ledger(cast.user(who), {}, today=TODAY))
    assert found == {ledger_rows[name] for name in expected}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"mine", "done", "late", "county"}),
        ({"agency": "finance"}, {"late"}),
        ({"agency": "finance", "role": "helper"}, {"mine"}),
        ({"role": "helper"}, set()),
        ({"role": "responsible"}, {"late"}),
        ({"role": "lead"}, {"mine", "done", "county"}),
        ({"state": "overdue"}, {"late"}),
        ({"state": "replaced"}, {"gone"}),
        ({"state": "nonsense"}, set()),
        ({"due_from": "2026-02-02"}, {"mine", "done"}),
        ({"due_to": date(2026, 2, 1)}, {"late"}),
        ({"section": "section"}, {"done"}),
        ({"plan": 7}, {"done"}),
        ({"plan": "6"}, {"gone"}),
        ({"q": "预算"}, {"late", "county"}),
        ({"q": "财政局 预算"}, {"late", "county"}),
        ({"q": "公开 重大"}, {"mine"}),
        ({"q": "%"}, set()),
        ({"jurisdiction": "east"}, {"county"}),
        ({"acknowledged": "1"}, set()),
        ({"acknowledged": "0", "state": "overdue"}, {"late"}),
        ({"agency": "", "state": None, "q": ""}, {"mine", "done", "late", "county"}),
        ({"agency": "x"}, set()),
        ({"agency": str(10**30)}, set()),
        ({"due_from": "not a date"}, set()),
        ({"q": "\x00"}, {"mine", "done", "late", "county"}),
    ],
)
def test_filters(cast, ledger_rows, filters, expected):
    named = {k: getattr(cast, v).pk if isinstance(v, str) and v in {"finance", "section", "east"} else v for k, v in filters.items()}
    found = list(queries.ledger(cast.user("openness_officer"), named, today=TODAY))
    assert sorted(o.title for o in found) == sorted(ledger_rows[name].title for name in expected)


def test_a_row_is_listed_once_however_many_helpers_match(cast, make_obligation):
    make_obligation(helpers=(cast.finance, cast.human))
    user = cast.user("openness_officer")
    assert queries.ledger(user, {"role": "lead"}).count() == 1
    assert sum(queries.counts(queries.ledger(user, {})).values()) == 1


def test_the_ledger_costs_the_same_for_many(cast, make_obligation, django_assert_num_queries):
    for n in range(60):
        make_obligation(title=f"第{n}项", helpers=(cast.finance,), section=cast.section, person=cast.drafter)
    user = cast.user("drafter")
    with django_assert_num_queries(5):  # scope, what is helped with, windows of the places, rows, helpers
        for row in queries.ledger(user, {}, today=TODAY):
            assert all([row.owner.name, row.section.name, row.person.username, row.jurisdiction.name, row.state])
            assert [h.agency.name for h in row.helpers.all()] == ["清河市财政局"]
    with django_assert_num_queries(2):
        queries.counts(queries.ledger(user, {}, today=TODAY))


def test_counts_open_the_rows_they_count(cast, ledger_rows):
    user = cast.user("openness_officer")
    counts = queries.counts(queries.ledger(user, {}, today=TODAY))
    assert list(counts) == list(queries.STATE_WORDS)
    for state, n in counts.items():
        if state != "replaced":
            assert queries.ledger(user, {"state": state}, today=TODAY).count() == n


def test_days_late_are_working_days(make_obligation):
    late = make_obligation(due_on=date(2026, 2, 13))
    assert queries.working_days_late(late, date(2026, 2, 13)) == 0
    assert queries.working_days_late(late, date(2026, 2, 14)) == 1  # a Saturday that is worked (调休)
    assert queries.working_days_late(late, date(2026, 2, 23)) == 1  # the holiday counts nothing
    assert queries.working_days_late(late, date(2026, 2, 24)) == 2
    late.fulfilled_on = date(2026, 2, 14)
    assert queries.working_days_late(late, date(2026, 12, 1)) == 1
    assert queries.working_days_late(make_obligation(due_on=None), TODAY) == 0
    assert queries.working_days_left(make_obligation(due_on=None), TODAY) is None
    assert queries.working_days_left(late, date(2026, 2, 12)) == 1


def test_nothing_of_another_place_leaks_through_a_filter(cast, ledger_rows):
    for user in (cast.user("stranger"), cast.user("nobody"), cast.citizen):
        for filters in ({"plan": 7}, {"agency": cast.finance.pk}, {"role": "helper", "agency": cast.finance.pk}, {"state": "replaced"}):
            assert not queries.ledger(user, filters).exists()


def test_helpers_see_but_are_not_counted_as_owners(cast, ledger_rows):
    assert Helper.objects.filter(agency=cast.finance).count() == 1
    user = cast.user("other_officer")
    assert {o.title for o in queries.ledger(user, {"agency": cast.finance.pk}, today=TODAY)} == {"公开预算"}
    assert {o.title for o in queries.ledger(user, {"role": "helper"}, today=TODAY)} == {"公开重大建设项目"}
