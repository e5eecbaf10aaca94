"""Which rules are in use in a place: installing, deciding, and keeping up with agencies and leaders."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.actions import register_agency, rename_agency
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.leaders import appoint, leave
from gongkai.agencies.models import Agency, Leader
from gongkai.obligations import facts, records
from gongkai.obligations.models import Obligation, RuleSwitch, Series
from gongkai.obligations.statutes import current
from gongkai.obligations.switching import failure_reasons, install, keep_up, state_of, switch_off, switch_on

THIS_YEAR = date(2026, 1, 1)
SAMPLING = "field.sampling_weekly"
LEADERS = "interpret.leaders"


@pytest.fixture
def market(cast):
    return register_agency(cast.city, "清河市市场监督管理局", "市市场监管局", "department", None)


@pytest.fixture
def chiefs(cast):
    def make(agency, name, **fields):
        return Leader.objects.create(agency=agency, name=name, post="主任", **{"is_chief": True, **fields})

    return [make(cast.reform, "甲"), make(cast.finance, "乙"), make(cast.finance, "丙", is_chief=False)]


def mine(rule):
    return Series.objects.filter(rule=rule, closed_on__isnull=True).order_by("owner__code", "share")


def test_nothing_is_in_use_before_it_is_installed(cast):
    register_agency(cast.city, "清河市统计局", "市统计局", "department", cast.user("openness_officer"))
    assert not RuleSwitch.objects.exists() and not Series.objects.exists() and not Obligation.objects.exists()


def test_installing_takes_the_national_rules_read_whose_app_is_there(cast, chiefs):
    made = install(cast.city, cast.user("openness_officer"), THIS_YEAR)
    on = set(RuleSwitch.objects.filter(jurisdiction=cast.city, on=True).values_list("rule", flat=True))
    assert made == len(on)
    assert {
        "report.department",
        "report.government",
        "site.annual_table",
        LEADERS,
        "publish.plan",
        "publish.guide",
        "site.home_fresh",
    } <= on
    assert "request.reply" in on
    assert not {"training.twice", SAMPLING, "register.update", "random_check.results"} & on
    assert install(cast.city, None, THIS_YEAR) == 0, "a second time changes nothing"
    assert not RuleSwitch.objects.filter(jurisdiction=cast.east).exists()


def test_the_annual_reports_are_due_on_the_dates_of_article_49(cast):
    install(cast.city, None, THIS_YEAR)
    due = {(o.rule, o.owner.code): o.due_on for o in Obligation.objects.filter(rule__startswith="report.")}
    assert due == {
        ("report.department", cast.reform.code): date(2027, 1, 31),
        ("report.department", cast.finance.code): date(2027, 1, 31),
        ("report.department", cast.human.code): date(2027, 1, 31),
        ("report.government", cast.office.code): date(2027, 3, 31),
    }


def test_each_chief_has_a_counter_of_two_a_year(cast, chiefs):
    """S4-46."""
    switch_on(LEADERS, cast.city, cast.user("office_head"), since=THIS_YEAR)
    rows = Obligation.objects.filter(rule=LEADERS).order_by("owner__code")
    assert [(o.leader.name, o.owner, o.period) for o in rows] == [("甲", cast.reform, "2026"), ("乙", cast.finance, "2026")]
    assert {(o.quota_op, o.quota_value, o.quota_unit, o.due_on) for o in rows} == {(">=", 2, "次", date(2026, 12, 31))}
    assert rows[0].title == "甲解读重要政策" and "leader" in rows[0].proof["checks"]


def test_a_new_leader_is_counted_and_one_who_left_no_more(cast, chiefs):
    switch_on(LEADERS, cast.city, None, since=THIS_YEAR)
    leave(chiefs[0], cast.user("openness_officer"), on=timezone.localdate())
    appoint(cast.human, cast.user("openness_officer"), name="丁", post="局长", is_chief=True)
    Leader.objects.filter(pk=chiefs[0].pk).update(valid_to=date(2026, 1, 2))
    keep_up()
    assert [s.share for s in mine(LEADERS)] == ["乙", "丁"]
    assert Series.objects.get(share="甲").closed_reason == "不再承担这条规则的任务"
    assert Obligation.objects.get(rule=LEADERS, share="甲", period="2026").replaced_on is None, "what was due stays owed"


def test_weekly_sampling_has_a_row_for_every_week(cast, market):
    """S4-35: another city's plan, so a person decides; 52 rows a year, of whom nobody has to wait for the worker."""
    switch_on(SAMPLING, cast.city, cast.user("openness_officer"), since=date(2026, 11, 2))
    rows = Obligation.objects.filter(rule=SAMPLING).order_by("starts_on")
    assert {o.owner for o in rows} == {market}
    assert [(o.period, o.due_on) for o in rows][:3] == [
        ("2026-W45", date(2026, 11, 8)),
        ("2026-W46", date(2026, 11, 15)),
        ("2026-W47", date(2026, 11, 22)),
    ]
    assert rows[0].proof["no_change"] is True


def test_switching_off_says_why_and_what_is_due_stays_owed(cast, market):
    actor = cast.user("openness_officer")
    switch_on(SAMPLING, cast.city, actor, since=date(2026, 11, 2))
    owed = Obligation.objects.filter(rule=SAMPLING).count()
    with pytest.raises(ActionRefused, match="理由"):
        switch_off(SAMPLING, cast.city, actor, reason=" ")
    row = switch_off(SAMPLING, cast.city, actor, reason="改为按月公布")
    assert (row.on, row.reason) == (False, "改为按月公布") and not mine(SAMPLING)
    assert Obligation.objects.filter(rule=SAMPLING, replaced_on__isnull=True).count() == owed
    with pytest.raises(ActionRefused, match="没有启用"):
        switch_off(SAMPLING, cast.city, actor, reason="再停一次")
    switch_on(SAMPLING, cast.city, actor, since=timezone.localdate())
    assert mine(SAMPLING).count() == 1 and Obligation.objects.filter(rule=SAMPLING).count() == owed


def test_switching_on_twice_leaves_it_and_other_values_change_it(cast, chiefs):
    actor = cast.user("openness_officer")
    first = switch_on(LEADERS, cast.city, actor, since=THIS_YEAR)
    again = switch_on(LEADERS, cast.city, actor, since=THIS_YEAR)
    assert (again.pk, again.decided_at) == (first.pk, first.decided_at)
    switch_on(LEADERS, cast.city, actor, since=THIS_YEAR, values={"quota": 4, "agencies": [cast.reform.code]})
    (series,) = mine(LEADERS)
    assert (series.share, series.quota_value) == ("甲", 4)


def test_a_place_changes_only_what_the_rule_lets_it(cast):
    def reasons(values, rule="training.regular"):
        with pytest.raises(ActionRefused) as refused:
            switch_on(rule, cast.city, None, since=THIS_YEAR, values=values)
        return "；".join(refused.value.reasons)

    assert "不能自定期限或者更新时限的数目" in reasons({"n": 3})
    assert "1 到 1000 的整数" in reasons({"quota": 0})
    assert "请选择周期" in reasons({"cadence": "realtime"})
    assert "没有机构 nobody" in reasons({"agencies": ["nobody"]}, LEADERS)
    with pytest.raises(ActionRefused, match="起用日期不能更早"):
        switch_on("training.regular", cast.city, None, since=date(2019, 5, 14))
    with pytest.raises(ActionRefused, match="没有编号为 nonsense"):
        switch_on("nonsense", cast.city, None, since=THIS_YEAR)
    assert not RuleSwitch.objects.exists()


def test_who_decides(cast):
    for person in ("drafter", "head", "office_drafter", "county_officer", "stranger"):
        with pytest.raises(NotAllowed, match="清河市政务公开主管部门"):
            switch_on("training.regular", cast.city, cast.user(person), since=THIS_YEAR)
    with pytest.raises(NotAllowed):
        install(cast.city, cast.user("head"), THIS_YEAR)
    for person in ("openness_officer", "office_head"):
        switch_on("training.regular", cast.city, cast.user(person), since=THIS_YEAR)


def test_a_rule_waits_until_its_app_has_come_and_then_begins_by_itself(cast, monkeypatch):
    waiting = current("register.update", THIS_YEAR)
    assert state_of(waiting, None, THIS_YEAR) == "waiting"
    assert failure_reasons("switch_on", waiting, cast.city, cast.user("openness_officer"), None) == ["等待相应的功能上线，上线后再启用"]
    install(cast.city, None, THIS_YEAR)
    monkeypatch.setattr(facts, "_declared", {**facts._declared, "register_changed": "清单变动"})
    keep_up()
    row = RuleSwitch.objects.get(rule="register.update")
    assert row.on and row.since == timezone.localdate() and state_of(waiting, row, THIS_YEAR) == "on"


def test_an_agency_that_comes_later_owes_what_every_agency_owes(cast):
    install(cast.city, None, THIS_YEAR)
    new = register_agency(cast.city, "清河市统计局", "市统计局", "department", cast.user("openness_officer"))
    assert mine("report.department").filter(owner=new).exists()
    guide = Obligation.objects.get(rule="publish.guide", owner=new)
    assert guide.limit["n"] == 20 and guide.title == "公开机构职能信息，更新指南和目录：清河市统计局"
    Agency.objects.filter(pk=new.pk).update(valid_to=date(2026, 1, 2))
    keep_up()
    assert not mine("report.department").filter(owner=new).exists()


def test_a_new_name_must_be_published(cast):
    install(cast.city, None, THIS_YEAR)
    rename_agency(cast.reform, "清河市发展改革局", cast.user("openness_officer"), timezone.localdate())
    assert Obligation.objects.filter(rule="publish.guide", owner=cast.reform).count() == 1


def test_a_standing_rule_asks_from_each_owner_once_and_ends_when_switched_off(cast, monkeypatch):
    monkeypatch.setitem(records._checkers, "publication", lambda pk: None)
    actor = cast.user("openness_officer")
    switch_on("site.home_fresh", cast.city, actor, since=THIS_YEAR)
    keep_up()
    row = Obligation.objects.get(rule="site.home_fresh")
    assert row.owner == cast.office and row.freshness == {"n": 14, "unit": "days"}
    switch_off("site.home_fresh", cast.city, actor, reason="网站迁移")
    row.refresh_from_db()
    assert row.replaced_on and "规则停用：网站迁移" in row.steps.get(kind="changed").text
    switch_on("site.home_fresh", cast.city, actor, since=THIS_YEAR)
    row.refresh_from_db()
    assert row.replaced_on is None


def test_keeping_a_place_costs_the_same_for_many_agencies(cast):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            keep_up()
        return len(queries)

    install(cast.city, None, THIS_YEAR)
    few = cost()
    Agency.objects.bulk_create(
        Agency(jurisdiction=cast.city, code=f"990100-{n}", name=f"清河市第{n}局", kind="department") for n in range(100, 130)
    )
    keep_up()
    assert mine("report.department").count() == 33 and cost() == few
