"""A unit's own part through the web: who sees whose, handing over without scripts, the files."""

from __future__ import annotations

import io
import uuid
from datetime import date

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.agencies.models import Membership, Section
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.conftest import lasting
from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation, Step
from gongkai.plans.access import access_own_part
from gongkai.plans.models import Plan
from gongkai.plans.tests.conftest import read_and_issued

ALL_PARTS = {"openness_officer", "openness_colleague", "office_head"}
OF_REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
STAFF = set(EVERYBODY) - {"nobody", "citizen"}


_lasting, _copy, cast, plan = lasting(read_and_issued)


def address(name, plan, agency, *more):
    return reverse(f"plans:{name}", args=[plan.pk, agency.pk, *more])


@pytest.fixture
def duty(plan, cast):
    return Obligation.objects.get(owner=cast.reform, title__startswith="公开重大建设")


def hand_over(client, cast, plan, duty, **data):
    return client.post(address("own_assign", plan, cast.reform, duty.pk), {"key": str(uuid.uuid4()), **data})


# ---- who sees whose ----


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_part_is_for_its_own_staff_and_the_office(client, cast, plan, who):
    if who != "citizen":
        client.force_login(cast.user(who))
    seen = who in OF_REFORM | ALL_PARTS
    expected = 200 if seen else 302 if who == "citizen" else 403 if who == "nobody" else 404
    assert client.get(address("own", plan, cast.reform)).status_code == expected
    for fmt in ("docx", "xlsx"):
        assert client.get(address("own_export", plan, cast.reform, fmt)).status_code == expected


def test_a_superior_s_office_sees_the_parts_below_and_not_the_other_way(client, cast, plan):
    Plan.objects.filter(pk=plan.pk).update(jurisdiction=cast.east)
    client.force_login(cast.user("openness_officer"))
    assert client.get(address("own", plan, cast.east_government)).status_code == 200
    Plan.objects.filter(pk=plan.pk).update(jurisdiction=cast.city)
    client.force_login(cast.user("county_officer"))
    assert client.get(address("own", plan, cast.reform)).status_code == 404


def test_a_draft_has_no_parts(client, cast, plan, draft_plan):
    client.force_login(cast.user("openness_officer"))
    draft = draft_plan()
    assert client.get(reverse("plans:own_list", args=[draft.pk])).status_code == 404
    assert client.get(address("own", draft, cast.reform)).status_code == 404
    assert client.get(address("own", plan, cast.reform)).status_code == 200


def test_an_agency_that_is_none(client, cast, plan):
    client.force_login(cast.user("openness_officer"))
    assert client.get(reverse("plans:own", args=[plan.pk, 999_999])).status_code == 404
    assert access_own_part(cast.user("drafter"), plan.pk, cast.reform.pk)[1] == cast.reform


@pytest.mark.parametrize("who", sorted(STAFF))
def test_the_list_shows_what_one_may_see(client, cast, plan, who):
    client.force_login(cast.user(who))
    response = client.get(reverse("plans:own_list", args=[plan.pk]))
    if who in ALL_PARTS:
        html = response.content.decode()
        assert all(agency.name in html for agency in (cast.office, cast.reform, cast.finance, cast.east_government))
    elif who in OF_REFORM:
        assert response["Location"] == address("own", plan, cast.reform)
    elif who in {"other_officer", "other_head"}:
        assert response["Location"] == address("own", plan, cast.finance)
    elif who == "office_drafter":
        assert response["Location"] == address("own", plan, cast.office)
    else:
        assert "没有给本单位的任务" in response.content.decode()


# ---- the page ----


def test_the_page_groups_and_quotes(client, cast, plan):
    client.force_login(cast.user("drafter"))
    html = client.get(address("own", plan, cast.reform)).content.decode()
    places = [html.index(f'id="{key}"') for key in ("lead", "responsible", "common")]
    assert places == sorted(places)
    assert 'id="support"' not in html
    task = plan.tasks.get(text__startswith="公开重大建设")
    assert f"{reverse('public_plans:document', args=[plan.pk])}#s{task.pk}" in html
    assert "2026-11-30" in html
    assert "市政府门户网站" in html
    assert "/assign/" not in html  # handing over is for those who direct the agency


def test_a_unit_without_a_lead_is_told_so(client, cast, plan):
    Membership.objects.create(user=cast.county_drafter, agency=cast.east_government, role="drafter")
    client.force_login(cast.user("county_drafter"))
    html = client.get(address("own", plan, cast.east_government)).content.decode()
    assert "没有牵头任务：按共性任务制定实施方案。" in html


def test_a_replaced_plan_points_to_the_new_one(client, cast, plan, draft_plan):
    newer = draft_plan(supersedes=plan, state="issued", opened_at=plan.opened_at)
    Plan.objects.filter(pk=plan.pk).update(state="superseded")
    client.force_login(cast.user("head"))
    assert address("own", newer, cast.reform) in client.get(address("own", plan, cast.reform)).content.decode()


def test_the_page_costs_the_same_whoever_it_was_handed_to(client, cast, plan):
    client.force_login(cast.user("head"))

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address("own", plan, cast.reform)).status_code == 200
        return len(seen)

    few = cost()
    Section.objects.bulk_create(Section(agency=cast.reform, name=f"科室{n}") for n in range(20))
    for duty in Obligation.objects.filter(owner=cast.reform):
        work.assign(duty, cast.head, key=str(uuid.uuid4()), section=cast.section, person=cast.drafter)
    assert cost() == few


# ---- handing over ----


@pytest.mark.parametrize("who", ["reviewer", "head"])
def test_head_and_reviewer_hand_a_task_over(client, cast, plan, duty, who):
    client.force_login(cast.user(who))
    assert f"/assign/{duty.pk}/" in client.get(address("own", plan, cast.reform)).content.decode()
    data = {"section": cast.section.pk, "person": cast.drafter.pk, "inner_due_on": "2026-10-15", "text": "抓紧"}
    response = hand_over(client, cast, plan, duty, **data)
    assert response["Location"] == address("own", plan, cast.reform) + f"#duty-{duty.pk}"
    duty.refresh_from_db()
    assert (duty.section, duty.person, duty.inner_due_on) == (cast.section, cast.drafter, date(2026, 10, 15))
    html = client.get(address("own", plan, cast.reform)).content.decode()
    assert "政策法规科 钱经办" in html
    assert "改交办" in html


@pytest.mark.parametrize("who", ["drafter", "secrecy_reviewer", "openness_officer", "office_head", "other_head", "county_officer"])
def test_nobody_else_does(client, cast, plan, duty, who):
    client.force_login(cast.user(who))
    expected = 403 if who in OF_REFORM | ALL_PARTS else 404
    assert hand_over(client, cast, plan, duty, section=cast.section.pk).status_code == expected
    assert not Step.objects.filter(kind="assigned").exists()


def test_the_same_form_twice_hands_over_once(client, cast, plan, duty):
    client.force_login(cast.user("head"))
    form = str(uuid.uuid4())
    for _ in range(2):
        assert hand_over(client, cast, plan, duty, section=cast.section.pk, key=form).status_code == 302
    assert Step.objects.filter(kind="assigned").count() == 1


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({}, 409, "请选择承办科室或承办人"),
        ({"inner_due_on": "2026-12-31"}, 409, "不能晚于任务的期限 2026-11-30"),
        ({"inner_due_on": "明天"}, 422, "内部期限"),
        ({"section": "999999"}, 422, "承办科室"),
        ({"person": "x"}, 422, "承办人"),
        ({"key": ""}, 422, "error-summary"),
    ],
)
def test_a_mistake_brings_the_row_back_open_with_what_was_typed(client, cast, plan, duty, data, status, sentence):
    client.force_login(cast.user("head"))
    response = hand_over(client, cast, plan, duty, **{"text": "请政策科办", **data})
    assert response.status_code == status
    html = response.content.decode()
    assert sentence in html
    assert "请政策科办" in html
    assert not Step.objects.filter(kind="assigned").exists()


def test_another_unit_s_section_is_no_choice(client, cast, plan, duty):
    strange = Section.objects.create(agency=cast.finance, name="预算科")
    client.force_login(cast.user("head"))
    assert hand_over(client, cast, plan, duty, section=strange.pk).status_code == 422
    assert hand_over(client, cast, plan, duty, person=cast.other_officer.pk).status_code == 422


def test_a_duty_of_another_plan_or_unit_is_not_handed_over_here(client, cast, plan, duty, make_obligation):
    client.force_login(cast.user("head"))
    elsewhere = make_obligation(document_id=plan.pk + 1)
    assert hand_over(client, cast, plan, elsewhere, section=cast.section.pk).status_code == 404
    helped = Obligation.objects.get(owner=cast.finance, title__startswith="公布财政收支")
    assert hand_over(client, cast, plan, helped, section=cast.section.pk).status_code == 404


def test_what_is_done_is_not_handed_over_any_more(client, cast, plan, duty):
    Obligation.objects.filter(pk=duty.pk).update(fulfilled_on=date(2026, 3, 2))
    client.force_login(cast.user("head"))
    assert f"/assign/{duty.pk}/" not in client.get(address("own", plan, cast.reform)).content.decode()
    response = hand_over(client, cast, plan, duty, section=cast.section.pk)
    assert response.status_code == 409


def test_only_by_post(client, cast, plan, duty):
    client.force_login(cast.user("head"))
    assert client.get(address("own_assign", plan, cast.reform, duty.pk)).status_code == 405


# ---- the files and the ways here ----


def test_the_files_open(client, cast, plan):
    client.force_login(cast.user("drafter"))
    response = client.get(address("own_export", plan, cast.reform, "docx"))
    assert "filename*=utf-8''" in response["Content-Disposition"]
    texts = [p.text for p in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert texts[0] == "清河市发展和改革委员会2026年政务公开工作要点实施方案（代拟稿）"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address("own_export", plan, cast.reform, "xlsx")).content))
    assert "公开重大建设项目批准和实施信息" in str(book.active["C4"].value)
    assert client.get(address("own_export", plan, cast.reform, "pdf")).status_code == 404


def test_the_plan_and_the_ledger_lead_here(client, cast, plan):
    client.force_login(cast.user("head"))
    here = reverse("plans:own_list", args=[plan.pk])
    assert here in client.get(reverse("plans:detail", args=[plan.pk])).content.decode()
    ledger = reverse("obligations:ledger")
    assert here in client.get(ledger, {"plan": plan.pk}).content.decode()
    assert here not in client.get(ledger).content.decode()


def test_a_done_task_shows_the_public_where_its_proof_is(client, cast, plan, duty):
    page = reverse("public_plans:detail", args=[plan.pk])
    link = "https://qinghe.example/zdxm"
    work.acknowledge(duty, cast.drafter, key=str(uuid.uuid4()))
    work.request_completion(duty, cast.drafter, key=str(uuid.uuid4()), text="内部说明", link=link, done_on=date(2026, 3, 2))
    assert link not in client.get(page).content.decode()
    work.pass_check(duty, cast.openness_officer, key=str(uuid.uuid4()), text="属实")
    html = client.get(page).content.decode()
    assert f'<a href="{link}" rel="noopener nofollow">公开结果</a>' in html
    assert "内部说明" not in html
    tasks = client.get(page, {"format": "json"}).json()["tasks"]
    assert {"name": "公开结果", "url": link} in [row for task in tasks for ob in task["obligations"] for row in ob["links"]]
