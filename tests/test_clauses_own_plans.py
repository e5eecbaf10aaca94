"""Clauses about a unit's own plan, its sections' shares and what a milestone leaves behind, on the source documents that say them."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.agencies.actions import register_agency
from gongkai.agencies.models import Agency, Jurisdiction, Membership, Section, User
from gongkai.formats import docx_official, xlsx_matrix
from gongkai.obligations import actions as work
from gongkai.obligations.actions import ActionRefused, Proof
from gongkai.obligations.deliverables import expected_of, missing
from gongkai.obligations.models import Obligation
from gongkai.plans import actions
from gongkai.plans.matrix import matrix_of
from gongkai.plans.models import Plan, Task
from gongkai.plans.own_document import document_of
from gongkai.plans.own_part import own_part
from gongkai.reading.model import Plan as ReadPlan
from gongkai.reading.reader import read_plans
from tests.test_clauses import read, seed


def issue_what_is_known(plan: Plan) -> Plan:
    """Confirms every task whose units the directory knows, leaves the others out, issues."""
    for task in plan.tasks.prefetch_related("units"):
        answering = [unit for unit in task.units.all() if unit.role != "support"]
        if answering and all(unit.resolved for unit in answering):
            actions.accept(task, None)
        else:
            actions.exclude(task, None, "这里没有登记所列的单位")
    return actions.issue(plan, None)


# ---- S4-1 ----


@pytest.fixture
def banner_city(db: None) -> Callable[[str], Agency]:
    """通辽市: one department that leads, one that leads nothing, and a county."""
    city = Jurisdiction.objects.create(code="990500", name="通辽市", short_name="通辽", level="city")
    county = Jurisdiction.objects.create(code="990501", name="科尔沁区", short_name="科尔沁", level="county", parent=city)
    register_agency(city, "通辽市人民政府办公厅", "市政府办公厅", "office", None)
    register_agency(city, "通辽市统计局", "市统计局", "department", None)
    register_agency(city, "通辽市地方志编纂办公室", "市地方志办", "department", None)
    register_agency(county, "科尔沁区人民政府", "区政府", "government", None)
    return lambda name: Agency.objects.get(name=name)


def test_a_unit_without_a_lead_task_plans_from_the_common_ones(banner_city: Callable[[str], Agency]) -> None:
    """S4-1: lead tasks refined; units without one make their plan from the unmarked, common tasks."""
    (plan,) = actions.import_plan(seed("seed_004"), "seed_004.txt", Jurisdiction.objects.get(code="990500"), None)
    issue_what_is_known(plan)
    leading = own_part(plan, banner_city("通辽市统计局"))
    assert [item.task.text[:6] for item in leading.lead] == ["积极组织召开"]
    common = [item.task.pk for item in leading.common]
    assert len(common) >= 10
    assert set(common) == set(Task.objects.filter(plan=plan, inherited=True, review=Task.Review.CONFIRMED).values_list("pk", flat=True))
    for name in ("通辽市地方志编纂办公室", "科尔沁区人民政府"):
        part = own_part(plan, banner_city(name))
        assert not part.lead + part.responsible + part.support
        assert [item.task.pk for item in part.common] == common
        assert part.basis == "没有牵头任务：按共性任务制定实施方案。"


@pytest.mark.parametrize("name", ["通辽市统计局", "通辽市地方志编纂办公室", "科尔沁区人民政府"])
def test_a_plan_per_unit_is_drafted_and_can_be_read_again(banner_city: Callable[[str], Agency], name: str) -> None:
    """S4-1, its evidence: one plan for each unit, as many tasks in it as the unit has."""
    (plan,) = actions.import_plan(seed("seed_004"), "seed_004.txt", Jurisdiction.objects.get(code="990500"), None)
    issue_what_is_known(plan)
    part = own_part(plan, banner_city(name))
    buffer = io.BytesIO()
    docx_official.write(document_of(part), buffer)
    (own,) = read_plans(buffer.getvalue(), "代拟稿.docx")
    assert isinstance(own, ReadPlan)
    assert len(own.tasks) == sum(len(tasks) for _key, _words, tasks in part.groups) >= 10
    assert own.title == f"{name}2017年政务公开工作要点实施方案（代拟稿）"
    assert (own.issuer, own.year) == (name, 2017)


# ---- S0-29 ----


def test_the_matrix_names_every_section_against_every_clause(db: None) -> None:
    """S0-29: rows the clauses, columns the sections, 牵头, 负责 or 配合 where they meet; what the document says and nothing else."""
    city = Jurisdiction.objects.create(code="990300", name="湘潭市", short_name="湘潭", level="city")
    bureau = register_agency(city, "湘潭市农业委员会", "市农委", "department", None)
    register_agency(city, "湘潭市扶贫开发办公室", "市扶贫办", "department", None)
    names = ["政策法规科", "执法支队", "财务科", "办公室", "综合科"]
    Section.objects.bulk_create(Section(agency=bureau, name=name) for name in names)
    (draft,) = actions.import_plan(seed("seed_000"), "seed_000.txt", city, None)
    for task in draft.tasks.all():
        actions.accept(task, None)
    plan = actions.issue(draft, None)
    matrix = matrix_of(plan)
    words = {"lead": "牵头", "responsible": "负责", "support": "配合"}
    for row, task in zip(matrix.rows, read(seed("seed_000"), "seed_000.txt").tasks, strict=True):
        said = {unit: word for role, word in reversed(words.items()) for unit in getattr(task, role)}
        shown = {matrix.columns[n].removeprefix("市农委 "): mark for n, mark in row.marks.items()}
        assert {unit: mark for unit, mark in shown.items() if unit in names} == {u: w for u, w in said.items() if u in names}
    buffer = io.BytesIO()
    xlsx_matrix.write(matrix, buffer)
    sheet = openpyxl.load_workbook(buffer).active
    header = [str(cell.value) for cell in sheet[3]]
    assert {f"市农委 {name}" for name in names} & set(header) >= {"市农委 政策法规科", "市农委 财务科"}
    marks = {cell.value for row in sheet.iter_rows(min_row=4, min_col=4) for cell in row if cell.data_type == "s"}
    assert marks <= {"牵头", "负责", "配合"}
    assert "牵头" in marks


# ---- S1-14, S1-15, S1-16 ----


@pytest.fixture
def pilot(db: None) -> tuple[Plan, User, User]:
    """The pilot's milestones issued to 区政府办, which reports; 区公开办 checks."""
    place = Jurisdiction.objects.create(code="990600", name="试点区", short_name="试点", level="county")
    office = register_agency(place, "试点区人民政府办公室", "区政府办", "office", None)
    openness = register_agency(place, "试点区政务公开办公室", "区公开办", "department", None)
    Agency.objects.filter(pk=openness.pk).update(is_competent=True)
    reporter = User.objects.create(username="reporter", display_name="经办人")
    checker = User.objects.create(username="checker", display_name="公开办")
    Membership.objects.create(user=reporter, agency=office, role="drafter")
    Membership.objects.create(user=checker, agency=openness, role="openness_office")
    (plan,) = actions.import_plan(seed("seed_001"), "seed_001.txt", place, None)
    for task in plan.tasks.all():
        if task.path and task.path[-1] == "五、实施步骤":
            actions.edit(task, None, units={"responsible": ["区政府办"]}, note="由区政府办统一报送")
            actions.accept(task, None)
        else:
            actions.exclude(task, None, "只下达实施步骤")
    return actions.issue(plan, None), reporter, checker


@pytest.mark.parametrize(
    ("start", "due", "names"),
    [
        ("梳理、编制政务公开事项目录", "2017-11-30", ["公开事项目录", "公开标准", "公开流程"]),
        ("健全基层政务公开工作机制", "2018-04-30", ["制度文本"]),
        ("根据县级政务公开网络平台技术规范", "2018-04-30", ["规范对照结果"]),
    ],
)
def test_a_milestone_is_passed_on_what_it_leaves_behind(pilot: tuple[Plan, User, User], start: str, due: str, names: list[str]) -> None:
    """S1-14 three documents, S1-15 the rules, S1-16 the conformance checklist: asked for by name, and missed when they are not there."""
    plan, reporter, checker = pilot
    task = Task.objects.get(plan=plan, text__startswith=start)
    duty = Obligation.objects.get(subject_id=task.pk)
    assert str(duty.due_on) == due
    assert [deliverable.name for deliverable in expected_of(duty)] == names
    work.acknowledge(duty, reporter, key=str(uuid.uuid4()))
    files = [Proof(name, SimpleUploadedFile(f"{name}.txt", name.encode())) for name in names]
    work.report_progress(duty, reporter, key=str(uuid.uuid4()), text="形成初稿", proofs=files[:-1])
    day = duty.starts_on
    work.request_completion(duty, reporter, key=str(uuid.uuid4()), text="已完成", done_on=day)
    assert missing(duty) == names[-1:]
    with pytest.raises(ActionRefused, match=f"还缺成果材料：{names[-1]}"):
        work.pass_check(duty, checker, key=str(uuid.uuid4()))
    work.return_work(duty, checker, key=str(uuid.uuid4()), reason=f"缺{names[-1]}")
    work.request_completion(duty, reporter, key=str(uuid.uuid4()), text="已补齐", done_on=day, proofs=files[-1:])
    work.pass_check(duty, checker, key=str(uuid.uuid4()))
    duty.refresh_from_db()
    assert duty.fulfilled_on == day
    assert missing(duty) == []
