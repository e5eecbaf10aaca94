"""Something happened: which obligations the rules of law make of it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Leader
from gongkai.obligations import facts, triggers
from gongkai.obligations.facts import StatuteError
from gongkai.obligations.models import Obligation, RuleSwitch, Series, Step
from gongkai.obligations.origins import origin_of
from gongkai.obligations.switching import switch_on
from gongkai.obligations.triggers import Fact, happened, happened_all, withdrawn

BEIJING = ZoneInfo("Asia/Shanghai")
LONG_AGO = date(2008, 5, 1)


@pytest.fixture(autouse=True)
def every_app(monkeypatch):
    """As if the apps to come were there; what is declared is forgotten after the test."""
    monkeypatch.setattr(facts, "_declared", {**facts._declared, **{k: v.words for k, v in facts.vocabulary().facts.items()}})


@pytest.fixture
def in_use(cast):
    """Puts rules into use in the city."""

    def use(*rules, since=LONG_AGO, values=None):
        for rule in rules:
            RuleSwitch.objects.create(
                jurisdiction=cast.city,
                rule=rule,
                on=True,
                since=since,
                values=values or {},
                decided_at=datetime(2026, 1, 1, tzinfo=BEIJING),
            )

    return use


@pytest.fixture
def fact(cast):
    def make(kind, on, subject=7, agency=None, **fields):
        return Fact(kind, cast.city, agency or cast.reform, subject, fields.pop("title", "某件事"), on, **fields)

    return make


def rows():
    return {row.rule: row for row in Obligation.objects.filter(source="statute")}


def test_a_request_of_today_runs_20_working_days_and_one_of_2019_15(cast, in_use, fact):
    """The golden case 2026-02-10 → 2026-03-16, and the version of the law in force on the day (S2-13, trap 5 of clauses.md)."""
    in_use("request.reply")
    new, old = happened(fact("request_received", date(2026, 2, 10)), cast.user("drafter")) + happened(
        fact("request_received", date(2019, 5, 13), subject=8), cast.user("drafter")
    )
    assert (new.due_on, new.limit["n"], new.limit["cap"]) == (date(2026, 3, 16), 20, 20)
    assert (old.limit["n"], old.due_on) == (15, date(2019, 6, 3)) and "第二十四条" in old.basis
    assert new.owner == cast.reform and new.title == "答复公开申请：某件事" and new.clock_events.get().on == date(2026, 2, 10)
    assert new.proof["kinds"] == ["reply"] and new.steps.get().kind == Step.Kind.OPENED


def test_telling_it_twice_makes_it_once_and_costs_the_same_for_many(cast, in_use, fact):
    in_use("joint_never", "request.joint_maker")
    makers = (cast.finance, cast.human)
    one = fact("joint_makers_asked", date(2026, 2, 10), agencies=makers)
    first = happened(one, None)
    assert {row.owner for row in first} == set(makers) and {row.pk for row in happened(one, None)} == {row.pk for row in first}
    assert [h.agency for h in first[0].helpers.all()] == [cast.reform]
    costs = []
    for makers in ((cast.finance,), (cast.finance, cast.human, cast.government, cast.office)):
        with CaptureQueriesContext(connection) as queries:
            happened(fact("joint_makers_asked", date(2026, 2, 10), subject=len(makers), agencies=makers), None)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_nothing_happens_where_the_rule_is_not_in_use(cast, in_use, fact):
    assert happened(fact("request_received", date(2026, 2, 10)), None) == []
    in_use("request.reply", since=date(2026, 3, 1))
    assert happened(fact("request_received", date(2026, 2, 10)), None) == []
    other = Fact("request_received", cast.east, cast.east_finance, 1, "县里的申请", date(2026, 3, 2))
    assert happened(other, None) == []
    assert not Obligation.objects.filter(source="statute").exists()


def test_a_filter_that_does_not_fit_asks_nothing_and_costs_nothing(cast, in_use, fact, django_assert_num_queries):
    in_use("interpret.publish")
    with django_assert_num_queries(2):  # the savepoint
        assert happened(fact("document_published", date(2026, 2, 10), tags={"interpret": "no"}), None) == []
    (row,) = happened(fact("document_published", date(2026, 2, 10), tags={"interpret": "yes"}, agencies=(cast.finance,)), None)
    assert row.owner == cast.finance and row.due_on == date(2026, 2, 13)  # S0-20, S2-15: 3 working days


def test_hours_run_from_the_moment_through_the_night(cast, in_use, fact):
    """S4-49: three obligations on one grave concern would be 5, 24 and 48 hours; the grave one has two, the other one its own."""
    in_use("concern.authoritative", "concern.press", "concern.other")
    at = datetime(2026, 2, 14, 22, 30, tzinfo=BEIJING)
    with pytest.raises(ActionRefused, match="请写明发生的时刻"):
        happened(fact("concern_raised", at.date(), tags={"grade": "grave"}), None)
    assert not rows()
    happened(fact("concern_raised", at.date(), at=at, tags={"grade": "grave"}), None)
    happened(fact("concern_raised", at.date(), subject=9, at=at, tags={"grade": "other"}), None)
    due = {rule: row.due_at.astimezone(BEIJING) for rule, row in rows().items()}
    assert due == {
        "concern.authoritative": datetime(2026, 2, 15, 3, 30, tzinfo=BEIJING),
        "concern.press": datetime(2026, 2, 15, 22, 30, tzinfo=BEIJING),
        "concern.other": datetime(2026, 2, 16, 22, 30, tzinfo=BEIJING),
    }


def test_both_clocks_of_permits_and_penalties_run_and_the_page_warns_of_the_shorter(cast, in_use, fact):
    """S2-26: 7 working days by law, the month by the plan; two obligations on one decision."""
    in_use("credit.seven_days", "credit.monthly")
    happened(fact("credit_decision", date(2026, 2, 2), tags={"kind": "permit"}), None)
    short, long = rows()["credit.seven_days"], rows()["credit.monthly"]
    assert (short.due_on, long.due_on) == (date(2026, 2, 11), date(2026, 2, 28))
    words = dict(origin_of(long, cast.user("drafter")).facts)["同一事项的其他期限"]
    assert "还有更早的期限，先到的先办" in words and "2026-02-11" in words
    assert "本项的期限最早" in dict(origin_of(short, cast.user("drafter")).facts)["同一事项的其他期限"]


def test_at_the_end_of_a_month_the_month_is_the_shorter_clock(cast, in_use, fact):
    in_use("credit.seven_days", "credit.monthly")
    happened(fact("credit_decision", date(2026, 3, 30), tags={"kind": "penalty"}), None)
    assert rows()["credit.monthly"].due_on < rows()["credit.seven_days"].due_on
    assert "还有更早的期限" in dict(origin_of(rows()["credit.seven_days"], cast.user("drafter")).facts)["同一事项的其他期限"]


def test_a_shortest_period_is_never_overdue(cast, in_use, fact):
    in_use("decision.consult")
    (row,) = happened(fact("consultation_opened", date(2026, 2, 10), tags={"kind": "decision"}), None)
    assert row.due_on is None and row.standing == "不少于 30 日，最早 2026-03-12 期满"


def test_a_limit_before_its_anchor_is_due_before_it(cast, in_use, fact):
    in_use("decision.hearing_materials")
    (row,) = happened(fact("hearing_set", date(2027, 3, 20), tags={"kind": "decision"}), None)
    assert row.due_on == date(2027, 3, 13) and row.starts_on < row.due_on


def test_a_review_at_the_end_of_five_years_begins_half_a_year_before(cast, in_use, fact):
    in_use("document.validity", "document.validity_trial")
    (row,) = happened(fact("document_in_force", date(2026, 3, 1), tags={"kind": "normative", "term": "plain"}), None)
    assert (row.starts_on, row.due_on) == (date(2030, 9, 1), date(2031, 3, 1))


def test_freshness_and_standing_words(cast, in_use, fact):
    in_use("site.column_fresh", values={"n": 30})
    in_use("request.correct")
    fresh = happened(fact("site_column", date(2026, 2, 10), tags={"type": "other"}), None)[0]
    assert fresh.freshness == {"n": 30, "unit": "days"} and fresh.due_on == date(2026, 3, 12)
    (row,) = happened(fact("correction_requested", date(2026, 2, 10)), None)
    assert row.due_on is None and row.standing == "条例没有规定期限，及时办理"


def test_what_is_withheld_is_reviewed_every_year_and_the_period_is_the_places_own(cast, in_use, fact):
    """条例第十八条 fixes no period."""
    in_use("publish.withheld_review", values={"cadence": "half_yearly"})
    made = happened(fact("information_withheld", date(2026, 2, 10)), None)
    series = Series.objects.get()
    assert (series.cadence, series.subject_id, series.owner) == ("half_yearly", 7, cast.reform)
    assert [row.period for row in made] == ["2026-H1", "2026-H2"] and made[0].due_on == date(2026, 6, 30)


def test_a_withdrawn_fact_ends_what_it_made_and_may_happen_again(cast, in_use, fact):
    in_use("request.reply", "publish.withheld_review")
    (row,) = happened(fact("request_received", date(2026, 2, 10)), cast.user("drafter"))
    done = happened(fact("request_received", date(2026, 2, 10), subject=8), None)[0]
    Obligation.objects.filter(pk=done.pk).update(fulfilled_on=date(2026, 2, 11))
    with pytest.raises(ActionRefused, match="理由"):
        withdrawn("request_received", 7, cast.user("drafter"), " ")
    assert withdrawn("request_received", 7, cast.user("drafter"), "登记错了") == 1
    assert withdrawn("request_received", 8, None, "已经办结的不动") == 0
    row.refresh_from_db()
    assert row.replaced_on and row.steps.get(kind="changed").text == "触发这项任务的事实已撤销：登记错了"
    (again,) = happened(fact("request_received", date(2026, 2, 10)), None)
    assert again.pk == row.pk and Obligation.objects.get(pk=row.pk).replaced_on is None


def test_a_withdrawn_fact_ends_its_series_too(cast, in_use, fact):
    in_use("publish.withheld_review")
    happened(fact("information_withheld", date(2026, 2, 10)), None)
    assert withdrawn("information_withheld", 7, None, "改为公开") == 1
    assert Series.objects.get().closed_on is not None
    happened(fact("information_withheld", date(2026, 2, 10)), None)
    assert Series.objects.get().closed_on is None


def test_the_named_department_and_its_helpers(cast, in_use, fact):
    in_use("budget.government", "budget.department")
    (row,) = happened(fact("budget_approved", date(2026, 1, 20), tags={"level": "government"}, agency=cast.government), None)
    assert row.owner == cast.finance and row.due_on == date(2026, 2, 9)
    (row,) = happened(fact("budget_approved", date(2026, 1, 20), tags={"level": "department"}), None)
    assert row.owner == cast.reform and [h.agency for h in row.helpers.all()] == [cast.finance]


def test_a_kind_nobody_declared_is_a_mistake_of_the_program(cast, fact, monkeypatch):
    monkeypatch.setattr(facts, "_declared", {})
    with pytest.raises(StatuteError, match="没有功能声明过"):
        happened(fact("request_received", date(2026, 2, 10)), None)
    with pytest.raises(StatuteError, match="先在那里列明"):
        triggers.declare("no_such_thing")


def test_many_facts_of_one_import_cost_as_much_as_one(cast, in_use, fact):
    in_use("publish.guide")
    costs = []
    for size in (1, 5):
        listed = [fact("agency_changed", date(2026, 2, 10), subject=100 * size + n, tags={"change": "registered"}) for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert len(happened_all(listed, None)) == size
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_switch_with_agencies_of_its_own_asks_those(cast):
    Leader.objects.create(agency=cast.reform, name="甲", post="主任", is_chief=True)
    Leader.objects.create(agency=cast.finance, name="乙", post="局长", is_chief=True)
    switch_on("interpret.leaders", cast.city, None, since=date(2026, 1, 1), values={"agencies": [cast.finance.code]})
    assert [s.leader.name for s in Series.objects.all()] == ["乙"]
