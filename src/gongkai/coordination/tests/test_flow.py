"""Opinions on a draft, what is told before issuing, filing with a receipt, the five steps computed (S1-13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.coordination.actions import collecting, flow
from gongkai.coordination.models import Deed, Filing, Opinion
from gongkai.coordination.queries import flow as queries

TODAY = timezone.localdate()
OFFICE = {"openness_officer", "openness_colleague"}


@pytest.fixture
def draft(draft_plan):
    return draft_plan()


@pytest.fixture
def asked(cast, draft, key):
    flow.ask(
        draft,
        cast.user("openness_officer"),
        key=key(),
        agencies=[cast.reform, cast.finance],
        bodies=["省政府办公厅", " 专家  组 "],
        due_on=TODAY + timedelta(5),
    )
    return {o.asked: o for o in draft.opinions.all()}


def stages(plan):
    return {s.name: s for s in queries.stages(plan, queries.opinions_of(plan), queries.filings_of(plan), queries.submitted_upward(plan))}


def test_several_bodies_are_asked_at_once_and_none_twice(cast, draft, asked, key):
    assert set(asked) == {cast.reform.name, cast.finance.name, "省政府办公厅", "专家 组"}
    assert asked[cast.reform.name].agency == cast.reform and asked["省政府办公厅"].agency is None
    officer = cast.user("openness_officer")
    flow.ask(draft, officer, key=key(), bodies=["省政府办公厅", "市人大办公室"])
    assert draft.opinions.count() == 5
    with pytest.raises(ActionRefused, match="都已经征求过"):
        flow.ask(draft, officer, key=key(), bodies=["省政府办公厅"])


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_office_of_the_plan_records(cast, draft, key, who):
    if who in OFFICE:
        flow.ask(draft, cast.user(who), key=key(), bodies=["省政府办公厅"])
        return
    with pytest.raises(NotAllowed):
        flow.ask(draft, cast.user(who), key=key(), bodies=["省政府办公厅"])
    assert not Opinion.objects.exists() and not Deed.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"bodies": []}, "向谁"),
        ({"bodies": ["长" * 121]}, "120"),
        ({"bodies": ["零\x00"]}, "字符"),
        ({"bodies": ["甲"], "due_on": TODAY - timedelta(1)}, "期限"),
        ({"bodies": [str(n) for n in range(101)]}, "100"),
    ],
)
def test_senseless_questions_are_refused(cast, draft, key, wrong, says):
    with pytest.raises(ActionRefused, match=says):
        flow.ask(draft, cast.user("openness_officer"), key=key(), **wrong)


def test_answers_adoption_and_their_sum(cast, draft, asked, key):
    officer = cast.user("openness_officer")
    flow.record_answer(asked[cast.reform.name], officer, key=key(), answered_on=TODAY, answer="期限太紧")
    flow.record_answer(asked[cast.finance.name], officer, key=key(), answered_on=TODAY)
    flow.record_answer(asked["专家 组"], officer, key=key(), answered_on=TODAY, answer="增加解读")
    one = Opinion.objects.get(asked=cast.reform.name)
    with pytest.raises(ActionRefused, match="理由"):
        flow.adopt(one, officer, key=key(), adoption="declined")
    flow.adopt(one, officer, key=key(), adoption="declined", note="上级已定期限")
    with pytest.raises(ActionRefused, match="已经登记了采纳情况"):
        flow.adopt(one, officer, key=key(), adoption="adopted")
    summary = queries.adoption_summary(queries.opinions_of(draft))
    assert summary == {"采纳": 0, "部分采纳": 0, "未采纳": 1, "无意见": 1, "待研究": 1, "未答复": 1}


def test_an_answer_is_neither_before_the_question_nor_in_the_future_nor_twice(cast, asked, key):
    opinion, officer = asked["省政府办公厅"], cast.user("openness_officer")
    for day in (TODAY - timedelta(1), TODAY + timedelta(1)):
        with pytest.raises(ActionRefused, match="答复日期"):
            flow.record_answer(opinion, officer, key=key(), answered_on=day)
    with pytest.raises(ActionRefused, match="还没有收到答复"):
        flow.adopt(opinion, officer, key=key(), adoption="adopted")
    flow.record_answer(opinion, officer, key="once", answered_on=TODAY, answer="同意")
    assert flow.record_answer(opinion, officer, key="once", answered_on=TODAY, answer="同意").answer == "同意"
    with pytest.raises(ActionRefused, match="已经登记"):
        flow.record_answer(opinion, officer, key=key(), answered_on=TODAY)


def test_what_is_still_to_come_is_told_before_issuing_and_blocks_nothing(cast, draft, asked, key):
    notes = flow.issue_notes(draft)
    assert len(notes) == 4 and all("还没有到" in note for note in notes)
    assert not [n for n in flow.issue_notes(draft, TODAY + timedelta(6)) if "还没有到" in n]
    assert flow.must_confirm(draft) and not flow.must_confirm(draft, TODAY + timedelta(6)), "only while the day is to come"
    flow.record_answer(asked["专家 组"], cast.user("openness_officer"), key=key(), answered_on=TODAY, answer="增加解读")
    assert "专家 组的意见还没有登记采纳情况" in flow.issue_notes(draft)


def test_an_issued_plan_is_asked_about_no_more(cast, issued_plan, key):
    with pytest.raises(ActionRefused, match="下达之前"):
        flow.ask(issued_plan(), cast.user("openness_officer"), key=key(), bodies=["省政府办公厅"])


def test_the_five_steps_of_a_plan_are_computed_from_its_records(cast, draft_plan, issued_plan, asked, draft, key):
    before = stages(draft)
    assert [before[name].state for name in queries.STEPS] == ["done", "now", "waiting", "waiting", "waiting"]
    assert "征求 4 个单位，0 个已答复" in before["征求意见"].proof
    plan, officer = issued_plan(), cast.user("openness_officer")
    issued = stages(plan)
    assert [issued[name].state for name in queries.STEPS] == ["done", "skipped", "done", "done", "now"]
    filing = flow.file_upward(plan, officer, key=key(), to="省政府办公厅", method="exchange", sent_on=TODAY)
    assert stages(plan)["报送备案"].proof == "已报送，还没有回执"
    flow.record_receipt(filing, officer, key=key(), receipt="省公备〔2026〕7号", received_on=TODAY)
    done = stages(plan)["报送备案"]
    assert (done.state, done.on) == ("done", TODAY) and "省公备〔2026〕7号" in done.proof


def test_a_plan_handed_in_to_the_superior_here_is_its_filing(cast, issued_plan, make_collection, key):
    plan = issued_plan(jurisdiction=cast.east)
    row = make_collection().submissions.get(agency=cast.east_government, item="实施方案")
    collecting.submit(row, cast.user("county_officer"), key=key(), plan=plan)
    assert stages(plan)["报送备案"].state == "now"
    receipt = collecting.receive(row, cast.user("openness_officer"), key=key()).receipt
    assert stages(plan)["报送备案"].state == "done" and receipt in stages(plan)["报送备案"].proof


def test_filing_waits_for_the_issue_and_its_receipt_for_the_filing(cast, draft, issued_plan, key, paper):
    officer, plan = cast.user("openness_officer"), issued_plan()
    with pytest.raises(ActionRefused, match="还没有下达"):
        flow.file_upward(draft, officer, key=key(), to="省政府办公厅", method="post", sent_on=TODAY)
    for wrong, says in (
        ({"to": " "}, "报送对象"),
        ({"method": "鸽子"}, "方式"),
        ({"sent_on": TODAY + timedelta(1)}, "晚于今天"),
        ({"sent_on": TODAY - timedelta(400)}, "下达"),
    ):
        with pytest.raises(ActionRefused, match=says):
            flow.file_upward(plan, officer, key=key(), **({"to": "省政府办公厅", "method": "post", "sent_on": TODAY} | wrong))
    filing = flow.file_upward(plan, officer, key=key(), to="省政府办公厅", method="post", sent_on=TODAY)
    with pytest.raises(ActionRefused, match="已经登记过"):
        flow.file_upward(plan, officer, key=key(), to="省政府办公厅", method="post", sent_on=TODAY)
    with pytest.raises(ActionRefused, match="回执"):
        flow.record_receipt(filing, officer, key=key(), receipt="", received_on=TODAY)
    with pytest.raises(NotAllowed):
        flow.record_receipt(filing, cast.user("drafter"), key=key(), receipt="1", received_on=TODAY)
    made = flow.record_receipt(filing, officer, key=key(), receipt="1", received_on=TODAY, file=paper("回执.pdf"))
    assert made.name == "回执.pdf" and len(made.sha256) == 64
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(receipt="")


def test_the_list_costs_the_same_whatever_its_size(cast, draft_plan, issued_plan, key, django_assert_num_queries):
    officer = cast.user("openness_officer")
    for make in (draft_plan, issued_plan, draft_plan):
        make()
        officer = cast.user("openness_officer")
        list(queries.flow_rows(officer))
        with django_assert_num_queries(1):
            rows = list(queries.flow_rows(officer))
    assert len(rows) == 3
