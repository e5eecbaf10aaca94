"""条块: lead departments by areas; every number opens exactly the rows it counts; leads see their own line (S4-61)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.coordination.actions import checking
from gongkai.coordination.queries import lines
from gongkai.obligations.models import Obligation
from gongkai.plans.models import Counterpart

TODAY = timezone.localdate()


@pytest.fixture
def plan(cast, issued_plan, make_obligation):
    """发改委 leads a task in which both counties have a duty; a common task binds 财政局, 人社局 and the counties."""
    made = issued_plan()
    first, second, third = list(made.tasks.all())[:3]

    def duty(task, owner, role="responsible", **more):
        return make_obligation(document_id=made.pk, subject_id=task.pk, owner=owner, jurisdiction=cast.city, role=role, **more)

    duty(first, cast.east_government, due_on=TODAY - timedelta(3))
    duty(first, cast.west_government, fulfilled_on=TODAY, due_on=TODAY + timedelta(30))
    for owner in (cast.finance, cast.east_government):
        duty(third, owner, due_on=TODAY + timedelta(30))
    return made


def table(axes):
    return {
        (line.lead.short_name if line.lead else "共性"): {
            area.short_name: tuple(cell.n.values()) for cell, area in line.pairs if cell.total
        }
        for line in axes.lines
    }


def test_rows_are_leads_and_columns_are_areas(cast, plan):
    Obligation.objects.filter(owner=cast.reform, document_id=plan.pk).update(due_on=TODAY + timedelta(30))
    found = lines.axes(cast.user("openness_officer"), plan)
    assert table(found) == {
        "市发改委": {"清河": (0, 1, 0), "东山": (0, 0, 1), "西河": (1, 0, 0)},
        "市财政局": {"清河": (0, 1, 0)},
        "共性": {"清河": (0, 2, 0), "东山": (0, 1, 0)},
    }
    assert [a.short_name for a in found.areas] == ["清河", "西河", "东山"]


def test_every_number_opens_exactly_its_rows(cast, plan):
    user = cast.user("openness_officer")
    for line in lines.axes(user, plan).lines:
        for cell, area in line.pairs:
            for group, n in cell.n.items():
                assert lines.rows_behind(user, plan, line.key, area.pk, group).count() == n
        for group, n in line.total.n.items():
            assert lines.rows_behind(user, plan, line.key, None, group).count() == n
    whole = lines.rows_behind(user, plan, None, None, "")
    assert whole.count() == lines.obligations_of(plan).count()


def test_a_lead_follows_its_own_line_and_nobody_elses(cast, plan):
    drafter = cast.user("drafter")
    assert set(table(lines.axes(drafter, plan))) == {"市发改委"}
    rows = list(lines.rows_behind(drafter, plan, cast.reform.pk, None, ""))
    assert {r.owner for r in rows} == {cast.reform, cast.east_government, cast.west_government}
    assert {r.owner for r in rows if r.visible} == {cast.reform}, "others' pages stay closed"
    assert not lines.rows_behind(drafter, plan, cast.finance.pk, None, "").exists()
    assert not lines.rows_behind(drafter, plan, lines.COMMON, None, "").exists()
    for who in ("county_drafter", "secrecy_reviewer", "stranger", "citizen"):
        assert lines.axes(cast.user(who), plan).lines == []


def test_a_task_below_counts_in_the_line_of_its_counterpart(cast, plan, issued_plan):
    below = issued_plan(jurisdiction=cast.east, title="东山县要点")
    Obligation.objects.filter(document_id=below.pk).update(jurisdiction=cast.east, owner=cast.east_finance)
    upper, lower = plan.tasks.first(), below.tasks.first()
    before = table(lines.axes(cast.user("openness_officer"), plan))["市发改委"]["东山"]
    pair = Counterpart.objects.create(upper=upper, lower=lower, decision="rejected", similarity=0.9, decided_by=cast.openness_officer)
    assert table(lines.axes(cast.user("openness_officer"), plan))["市发改委"]["东山"] == before
    pair.decision = "confirmed"
    pair.save()
    after = table(lines.axes(cast.user("openness_officer"), plan))["市发改委"]["东山"]
    assert sum(after) == sum(before) + 1


def test_the_table_costs_the_same_whatever_its_size(cast, plan, make_obligation, django_assert_num_queries):
    for n in range(3):
        for _ in range(n * 10):
            make_obligation(document_id=plan.pk, subject_id=plan.tasks.last().pk, owner=cast.east_finance, period=str(_) + str(n))
        user = cast.user("openness_officer")
        lines.lines_seen(user, plan)
        with django_assert_num_queries(7):
            assert lines.axes(user, plan).lines


def test_a_lead_inspects_whoever_is_in_its_line_and_it_is_noted_there(cast, plan, key):
    drafter = cast.user("drafter")
    args = {"kind": "inspection", "title": "督导", "rules": "inspection", "plan": plan}
    check = checking.start(cast.east_government, drafter, key=key(), **args)
    assert check.checker == cast.reform
    checking.add_point(check, drafter, key=key(), text="项目信息公开")
    (line,) = [x for x in lines.axes(cast.user("openness_officer"), plan).lines if x.lead == cast.reform]
    assert line.checks == [check]
    for agency, who in ((cast.human, "drafter"), (cast.east_government, "other_officer")):
        with pytest.raises(Exception, match="自查由本单位"):
            checking.start(agency, cast.user(who), key=key(), **args)


@pytest.mark.parametrize("query", ["", "lead=x&area=-1&group=nonsense", "lead=99999999999999999999&area=٣", "group=done", "lead=0&area=0"])
def test_the_rows_answer_whatever_is_asked(cast, plan, client, query):
    client.force_login(cast.user("openness_officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("coordination:line_rows", args=[plan.pk]) + "?" + query).status_code == 200
    assert client.get(reverse("coordination:lines", args=[plan.pk])).status_code == 200
