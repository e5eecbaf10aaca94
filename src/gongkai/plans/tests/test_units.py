"""What a wording means: decided once for a plan, remembered, and told to the drafts that wait."""

from __future__ import annotations

import pytest

from gongkai.agencies import actions as directory
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import AgencyAlias, AgencySuggestion, CollectiveName, Section
from gongkai.plans import actions
from gongkai.plans.actions import ActionRefused
from gongkai.plans.models import PlanStep, TaskUnit

UNKNOWN = "市就业促进中心"


@pytest.fixture
def plan(draft_plan):
    return draft_plan()


@pytest.fixture
def suggestion(cast):
    return AgencySuggestion.objects.create(jurisdiction=cast.city, text=UNKNOWN)


def unit(plan, text=UNKNOWN):
    return TaskUnit.objects.get(task__plan=plan, text=text)


def test_a_resolved_wording_holds_everywhere_in_the_plan_and_next_time(cast, plan, suggestion):
    actions.reassign(plan.tasks.first(), cast.openness_officer, {"lead": [UNKNOWN], "support": [UNKNOWN]})
    assert actions.resolve_unit(plan, UNKNOWN, cast.openness_officer, agency=cast.human) == 3
    assert set(TaskUnit.objects.filter(text=UNKNOWN).values_list("agency", flat=True)) == {cast.human.pk}
    assert Directory(cast.city).resolve(UNKNOWN).agency == cast.human
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.agency) == ("matched", cast.human)
    step = PlanStep.objects.get(kind="resolved")
    assert UNKNOWN in step.text


def test_without_a_suggestion_the_alias_is_made_all_the_same(cast, plan):
    actions.resolve_unit(plan, UNKNOWN, cast.openness_officer, agency=cast.human)
    assert AgencyAlias.objects.get().text == UNKNOWN


def test_a_wording_that_means_another_gives_no_alias_and_says_so(cast, plan):
    actions.reassign(plan.tasks.first(), cast.openness_officer, {"lead": ["清河市财政局"]})
    actions.resolve_unit(plan, "清河市财政局", cast.openness_officer, agency=cast.human)
    assert not AgencyAlias.objects.exists()
    assert unit(plan, "清河市财政局").agency == cast.human
    assert "没有登记为别名" in PlanStep.objects.get(kind="resolved").text


def test_vague_wordings_hold_for_this_plan_only(cast, plan):
    task = plan.tasks.first()
    actions.reassign(task, cast.openness_officer, {"lead": ["相关部门"]})
    task.refresh_from_db()
    assert task.doubts == ["“相关部门”没有说明是哪些单位，请指定"]
    actions.resolve_unit(plan, "相关部门", cast.openness_officer, agency=cast.finance)
    task.refresh_from_db()
    assert task.doubts == []
    assert not Directory(cast.city).resolve("相关部门").resolved
    assert not AgencyAlias.objects.exists()


def test_reassigning_drops_the_doubt_about_a_wording_that_is_gone(cast, plan):
    task = plan.tasks.first()
    actions.reassign(task, cast.openness_officer, {"lead": ["相关部门"]})
    actions.reassign(task, cast.openness_officer, {"lead": ["市发改委"]})
    task.refresh_from_db()
    assert task.doubts == []


def test_a_collective_and_a_section(cast, plan):
    everyone = CollectiveName.objects.create(jurisdiction=cast.city, text="各县区人民政府", rule="lower_governments")
    actions.resolve_unit(plan, "各县区人民政府", cast.openness_officer, collective=everyone)
    assert unit(plan, "各县区人民政府").collective == everyone
    actions.resolve_unit(plan, UNKNOWN, cast.openness_officer, section=cast.section)
    assert (unit(plan).agency, unit(plan).section) == (cast.reform, cast.section)
    assert not AgencyAlias.objects.exists()


def test_refusals(cast, plan):
    foreign = CollectiveName.objects.create(jurisdiction=cast.elsewhere, text="各部门", rule="departments")
    other = Section.objects.create(agency=cast.finance, name="预算科")
    for given, sentence in (
        ({}, "请选择"),
        ({"agency": cast.human, "collective": foreign}, "请选择"),
        ({"collective": foreign}, "别的地区"),
        ({"agency": cast.elsewhere_office}, "不属于本地区"),
        ({"agency": cast.human, "section": other}, "内设机构"),
    ):
        with pytest.raises(ActionRefused, match=sentence):
            actions.resolve_unit(plan, UNKNOWN, cast.openness_officer, **given)
    with pytest.raises(ActionRefused, match="没有“外太空局”"):
        actions.resolve_unit(plan, "外太空局", cast.openness_officer, agency=cast.human)
    assert not unit(plan).resolved


def test_deciding_a_suggestion_reaches_the_waiting_drafts(cast, draft_plan, suggestion):
    one, two, county = draft_plan(), draft_plan(), draft_plan(jurisdiction=cast.east)
    directory.match_suggestion(suggestion, cast.human, cast.openness_officer)
    assert unit(one).agency == unit(two).agency == cast.human
    assert unit(county).agency is None  # another government's wording


def test_creating_an_agency_from_a_suggestion_reaches_them_too(cast, plan, suggestion):
    directory.create_from_suggestion(suggestion, cast.openness_officer, "清河市公共就业服务中心", "", "public")
    assert unit(plan).agency.name == "清河市公共就业服务中心"


def test_a_collective_decision_and_a_section_decision(cast, draft_plan, suggestion):
    plan = draft_plan()
    directory.suggestion_is_collective(suggestion, cast.openness_officer, "explicit", [cast.human, cast.finance])
    assert unit(plan).collective.text == UNKNOWN
    again = draft_plan()
    other = AgencySuggestion.objects.create(jurisdiction=cast.city, text="各县区人民政府")
    directory.match_suggestion(other, cast.human, cast.openness_officer, as_section=True)
    assert unit(again, "各县区人民政府").section.name == "各县区人民政府"


def test_dismissing_leaves_the_unit_to_the_review(cast, plan, suggestion):
    directory.dismiss_suggestion(suggestion, cast.openness_officer)
    assert not unit(plan).resolved


def test_a_new_agency_or_alias_is_found_by_the_waiting_drafts(cast, draft_plan):
    plan = draft_plan()
    directory.add_alias(cast.human, UNKNOWN, cast.openness_officer)
    assert unit(plan).agency == cast.human
    actions.reassign(plan.tasks.first(), cast.openness_officer, {"lead": ["市审计局"]})
    directory.register_agency(cast.city, "清河市审计局", "", "department", cast.openness_officer)
    assert unit(plan, "市审计局").agency.name == "清河市审计局"


def test_an_issued_plan_is_not_touched(cast, issued_plan, suggestion):
    plan = issued_plan()
    directory.match_suggestion(suggestion, cast.human, cast.openness_officer)
    assert unit(plan).agency is None
