"""A finding is an obligation: opened with its day, closed by the rechecked rectification, reported in one place."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import reorganising
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.clocks.calendar import add_working_days
from gongkai.coordination import findings
from gongkai.coordination.actions import checking
from gongkai.coordination.models import CheckPoint, Deed
from gongkai.coordination.queries import checking as queries
from gongkai.obligations import actions as work
from gongkai.obligations import proving
from gongkai.obligations.handing_over import hand_over
from gongkai.obligations.models import Obligation, Step

TODAY = timezone.localdate()


@pytest.fixture
def point(cast, inspection, key):
    point = inspection.points.get(position=1)
    return checking.record(point, cast.user("openness_officer"), key=key(), result="failed", finding="空白栏目")


def fresh(point):
    point.refresh_from_db()
    return Obligation.objects.get(source="finding", subject_id=point.pk)


def test_a_failed_point_is_owed_by_who_was_checked(cast, point):
    duty = fresh(point)
    assert (duty.owner, duty.jurisdiction, duty.title) == (cast.reform, cast.city, "整改：空白栏目")
    assert duty.due_on == add_working_days(TODAY, 10).on and "督查 第 1 项" in duty.basis
    assert duty.steps.get().kind == "opened"


def test_a_point_that_passed_owes_nothing(cast, inspection, key):
    checking.record(inspection.points.first(), cast.user("openness_officer"), key=key(), result="passed")
    assert not Obligation.objects.filter(source="finding").exists()


def test_rectified_and_rechecked_is_done_on_the_day_of_the_rectification(cast, point, key):
    checking.rectify(point, cast.user("drafter"), key=key(), text="已更新", done_on=TODAY)
    duty = fresh(point)
    proof = duty.evidence.get()
    assert (duty.fulfilled_on, proof.result) == (None, "failed") and "等复查通过" in proof.reason
    checking.pass_recheck(point, cast.user("openness_colleague"), key=key())
    assert fresh(point).fulfilled_on == TODAY
    assert duty.evidence.get().result == "passed"


def test_sent_back_it_stays_open_by_its_new_day(cast, point, key):
    officer, drafter = cast.user("openness_officer"), cast.user("drafter")
    checking.rectify(point, drafter, key=key(), text="已更新", done_on=TODAY)
    point.refresh_from_db()
    checking.send_back(point, officer, key=key(), reason="还有空白", due_on=TODAY + timedelta(30))
    duty = fresh(point)
    assert (duty.fulfilled_on, duty.due_on) == (None, TODAY + timedelta(30))
    assert duty.evidence.get().withdrawn_reason == "复查不通过：还有空白"
    checking.rectify(point, drafter, key=key(), text="都更新了", done_on=TODAY)
    point.refresh_from_db()
    checking.pass_recheck(point, officer, key=key())
    assert fresh(point).fulfilled_on == TODAY
    assert [e.result for e in duty.evidence.filter(withdrawn_at__isnull=True)] == ["passed"]


def test_a_corrected_result_is_followed_and_pressing_twice_is_once(cast, point, key):
    officer = cast.user("openness_officer")
    checking.record(point, officer, key="again", result="failed", finding="两个空白栏目", due_on=TODAY + timedelta(5))
    checking.record(point, officer, key="again", result="failed", finding="两个空白栏目", due_on=TODAY + timedelta(5))
    duty = fresh(point)
    assert (duty.title, duty.due_on) == ("整改：两个空白栏目", TODAY + timedelta(5))
    assert Step.objects.filter(obligation=duty, kind="changed").count() == 1
    checking.record(point, officer, key=key(), result="passed")
    assert fresh(point).waiver_reason == "检查结果改为“符合”"
    checking.record(point, officer, key=key(), result="failed", finding="还是空白")
    duty = fresh(point)
    assert duty.waived_at is None and duty.title == "整改：还是空白"
    assert Obligation.objects.filter(source="finding").count() == 1


def test_a_self_check_takes_the_same_road(cast, self_check, key):
    point = checking.record(self_check.points.first(), cast.user("drafter"), key=key(), result="failed", finding="名单没有更新")
    assert fresh(point).owner == cast.reform
    checking.rectify(point, cast.user("drafter"), key=key(), text="已更新", done_on=TODAY)
    point.refresh_from_db()
    checking.pass_recheck(point, cast.user("reviewer"), key=key())
    assert fresh(point).fulfilled_on == TODAY


def test_the_pages_lead_to_each_other(cast, client, point):
    duty = fresh(point)
    client.force_login(cast.user("drafter"))
    check_page = reverse("coordination:check", args=[point.check_record_id])
    assert reverse("obligations:detail", args=[duty.pk]) in client.get(check_page).content.decode()
    page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert f"{check_page}#p{point.pk}" in page and "在检查页面报整改" in page


def test_the_links_cost_one_query(cast, inspection, key, django_assert_num_queries):
    for point in inspection.points.all():
        checking.record(point, cast.user("openness_officer"), key=key(), result="failed", finding="问题")
    with django_assert_num_queries(1):
        assert len(findings.obligations_by_point(inspection)) == 2


def test_a_merged_agency_takes_its_open_checks_along(cast, point, key):
    on = TODAY - timedelta(1)
    order = reorganising.Order(cast.user("openness_officer"), key(), on, "机构改革方案")
    (new,) = reorganising.merge_agencies([cast.reform], reorganising.NewAgency("清河市发展改革局"), order).agencies
    assert fresh(point).owner == new
    point = CheckPoint.objects.get(pk=point.pk)
    checking.rectify(point, cast.user("drafter"), key=key(), text="已更新", done_on=TODAY)
    checking.pass_recheck(CheckPoint.objects.get(pk=point.pk), cast.user("openness_officer"), key=key())
    assert fresh(point).fulfilled_on == TODAY


def test_its_own_page_takes_no_completion_and_no_proof(cast, client, point):
    duty, drafter = fresh(point), cast.user("drafter")
    work.acknowledge(duty, drafter, key="seen")
    where = "请在检查页面报整改，复查通过后自动办结"
    client.force_login(drafter)
    page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert where in page and 'id="do-request_completion"' not in page
    form = {"key": str(uuid.uuid4()), "text": "已整改", "done_on": TODAY.isoformat()}
    answer = client.post(reverse("obligations:verb", args=[duty.pk, "request_completion"]), form)
    assert answer.status_code == 409 and where in answer.content.decode()
    with pytest.raises(ActionRefused, match=where):
        proving.hand_in(duty, drafter, key="proof", kind="address", url="https://example.gov.cn/a", proves="整改", on=TODAY)
    work.report_progress(duty, drafter, key="told", text="正在整改")
    assert not duty.evidence.exists()


@pytest.fixture
def handed(cast, point):
    """The finding at 市发改委 is handed over to 市财政局."""
    duty = fresh(point)
    hand_over(duty, cast.finance, cast.user("openness_officer"), key=str(uuid.uuid4()), reason="职责划转", on=TODAY)
    duty.refresh_from_db()
    assert duty.owner == cast.finance
    return CheckPoint.objects.select_related("check_record__agency").get(pk=point.pk)


def test_who_it_was_handed_to_mends_it(cast, handed, key):
    for person in (cast.user("drafter"), cast.user("county_officer")):
        with pytest.raises(NotAllowed, match="已移交清河市财政局"):
            checking.rectify(handed, person, key=key(), text="已更新", done_on=TODAY)
    checking.rectify(handed, cast.user("other_officer"), key=key(), text="已更新", done_on=TODAY)
    handed.refresh_from_db()
    checking.pass_recheck(handed, cast.user("openness_officer"), key=key())
    duty = fresh(handed)
    assert (duty.fulfilled_on, duty.owner) == (TODAY, cast.finance)
    assert duty.evidence.get().result == "passed"
    assert Deed.objects.get(kind="rectified").agency == cast.finance


def test_the_new_owner_sees_its_problem_and_not_the_check(cast, client, inspection, handed, key):
    officer = cast.user("openness_officer")
    other = checking.record(inspection.points.get(position=2), officer, key=key(), result="failed", finding="别的问题")
    page, report = reverse("coordination:check", args=[inspection.pk]), reverse("coordination:report", args=[inspection.pk])
    client.force_login(cast.user("other_officer"))
    text = client.get(page).content.decode()
    assert "空白栏目" in text and f"rectify-{handed.pk}" in text
    assert "别的问题" not in text and report not in text
    assert client.get(report).status_code == 404
    verb = "coordination:point_verb"
    form = {"key": str(uuid.uuid4()), "text": "已更新", "done_on": TODAY.isoformat()}
    assert client.post(reverse(verb, args=[inspection.pk, other.pk, "rectify"]), form).status_code == 404
    duty = client.get(reverse("obligations:detail", args=[fresh(handed).pk])).content.decode()
    assert f"{page}#p{handed.pk}" in duty
    assert [p.pk for p in queries.to_rectify(cast.user("other_officer"))] == [handed.pk]
    assert [p.pk for p in queries.to_rectify(cast.user("drafter"))] == [other.pk]
    assert client.post(reverse(verb, args=[inspection.pk, handed.pk, "rectify"]), form).status_code == 302
    client.force_login(cast.user("drafter"))
    text = client.get(page).content.decode()
    assert "由 清河市财政局 整改" in text and f"rectify-{other.pk}" in text and f"rectify-{handed.pk}" not in text
