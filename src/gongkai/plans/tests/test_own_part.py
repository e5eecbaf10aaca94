"""A unit's own part of a plan: what belongs to it and under which heading, its own plan drafted, and that draft read back."""

from __future__ import annotations

import io
import uuid
from datetime import date

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies.models import Agency, Section
from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation
from gongkai.plans import actions, own_document
from gongkai.plans.models import Task
from gongkai.plans.own_part import own_part, own_parts
from gongkai.reading.reader import read_plans

TODAY = date(2026, 3, 2)


@pytest.fixture
def plan(read_plan):
    return read_plan


def starts(tasks):
    return [item.task.text[:6] for item in tasks]


def written(part):
    buffer = io.BytesIO()
    own_document.docx_official.write(own_document.document_of(part), buffer)
    return buffer.getvalue()


def read_back(part):
    (plan,) = read_plans(written(part), "代拟稿.docx")
    return plan


# ---- what belongs to whom ----


def test_tasks_stand_under_the_unit_s_role(plan, cast):
    part = own_part(plan, cast.reform, TODAY)
    assert starts(part.lead) == ["公开重大建设"]
    assert starts(part.responsible) == ["公布就业政策"]
    assert starts(part.support) == []
    assert starts(part.common) == ["带头解读政策", "更新机构职能", "公布年度报告"]
    assert part.lead[0].others == []
    assert part.responsible[0].others == ["市人社局"]
    finance = own_part(plan, cast.finance, TODAY)
    assert starts(finance.lead) == ["公布财政收支", "公示补贴。1"]
    assert starts(finance.support) == ["公开重大建设"]
    assert finance.support[0].others == ["市发改委"]
    assert finance.support[0].duties == []


def test_a_unit_without_a_lead_task_has_the_common_ones(plan, cast):
    part = own_part(plan, cast.east_government, TODAY)
    assert not part.lead + part.responsible + part.support
    assert starts(part.common) == ["更新机构职能", "公布年度报告"]
    assert part.basis == "没有牵头任务：按共性任务制定实施方案。"
    assert part.common[0].others == []
    assert "1 项牵头任务" in own_part(plan, cast.reform, TODAY).basis


def test_everybody_bound_has_a_part_and_nobody_else(plan, cast):
    parts = {part.agency for part in own_parts(plan)}
    assert parts == {cast.office, cast.reform, cast.finance, cast.human, cast.east_government, cast.west_government}
    nothing = own_part(plan, cast.elsewhere_office)
    assert nothing.groups == []
    assert nothing.basis == "这个方案没有给本单位的任务。"
    assert starts(own_parts(plan, [cast.reform.pk])[0].lead) == ["公开重大建设"]


def test_one_part_and_all_parts_say_the_same(plan, cast):
    for part in own_parts(plan, today=TODAY):
        alone = own_part(plan, part.agency, TODAY)
        assert [(key, starts(tasks), [t.state for t in tasks]) for key, _w, tasks in part.groups] == [
            (key, starts(tasks), [t.state for t in tasks]) for key, _w, tasks in alone.groups
        ]


def test_the_state_is_of_the_unit_s_own_share(plan, cast):
    duty = Obligation.objects.get(owner=cast.human, title__startswith="公示补贴")
    Obligation.objects.filter(pk=duty.pk).update(fulfilled_on=TODAY)
    day = date(2026, 12, 20)
    assert {t.task.text[:4]: t.state for t in own_part(plan, cast.human, day).lead} == {"公示补贴": "done"}
    assert {t.task.text[:4]: t.state for t in own_part(plan, cast.finance, day).lead} == {"公布财政": "overdue", "公示补贴": "overdue"}
    assert own_part(plan, cast.finance, day).support[0].state == "overdue"


def test_it_costs_the_same_for_many(plan, cast):
    def cost(deed):
        with CaptureQueriesContext(connection) as seen:
            deed()
        return len(seen)

    assert cost(lambda: own_part(plan, cast.reform)) == cost(lambda: own_parts(plan)) == 7
    for task in list(plan.tasks.all()):
        for n in range(4):
            copy = Task.objects.get(pk=task.pk)
            copy.pk, copy.position = None, copy.position + n + 1
            copy.save()
            row = Obligation.objects.filter(subject_id=task.pk).first()
            row.pk, row.subject_id = None, copy.pk
            row.save()
    assert cost(lambda: own_parts(plan)) == 7


# ---- the unit's own plan ----


@pytest.mark.parametrize("who", ["office", "reform", "finance", "human", "east_government"])
def test_the_draft_is_read_back_with_the_same_tasks(plan, cast, who):
    part = own_part(plan, getattr(cast, who), TODAY)
    read = read_back(part)
    expected = [t.task for _key, _words, tasks in part.groups for t in tasks]
    assert len(read.tasks) == len(expected) > 1
    assert read.title == f"{part.agency.name}2026年政务公开工作要点实施方案（代拟稿）"
    assert read.issuer == part.agency.name
    assert read.year == 2026
    for task, origin in zip(read.tasks, expected, strict=True):
        assert task.text.startswith(origin.text.rstrip("。")[:10])
        assert max((d.due for d in task.deadlines if d.due), default=None) == origin.due_on
        assert task.lead + task.responsible == [part.agency.display_name]
    assert {t.path[0].partition("、")[2] for t in read.tasks} == {words for _key, words, _tasks in part.groups}


def test_imported_in_the_unit_s_own_name_it_gives_the_tasks_to_its_sections(plan, cast):
    budget = Section.objects.create(agency=cast.finance, name="预算科")
    for duty in Obligation.objects.filter(owner=cast.finance):
        work.assign(duty, cast.other_head, key=str(uuid.uuid4()), section=budget)
    part = own_part(plan, cast.finance, TODAY)
    (own,) = actions.import_plan(written(part), "市财政局实施方案.docx", cast.city, cast.user("openness_officer"))
    tasks = list(own.tasks.all())
    assert len(tasks) == sum(len(tasks) for _key, _words, tasks in part.groups)
    sections = [[(unit.agency, unit.section) for unit in task.units.all()] for task in tasks]
    assert sections.count([(cast.finance, budget)]) == len(part.owned) == 5
    assert sections.count([(cast.finance, None)]) == len(part.support) == 1
    assert own.issuer == cast.finance.name


def test_the_unit_s_own_date_is_the_limit_of_its_plan(plan, cast):
    duty = Obligation.objects.get(owner=cast.reform, title__startswith="公开重大建设")
    work.assign(duty, cast.head, key=str(uuid.uuid4()), section=cast.section, inner_due_on=date(2026, 10, 15))
    document = own_document.document_of(own_part(plan, cast.reform, TODAY))
    (line,) = [p.text for p in document.paragraphs if "重大建设项目" in p.text + p.lead and p.kind == "item"]
    assert "责任科室：政策法规科；完成时限：2026年10月15日前；信息发布及渠道：市政府门户网站" in line


def test_what_was_excused_is_no_part_of_the_own_plan(plan, cast):
    duty = Obligation.objects.get(owner=cast.reform, title__startswith="公开重大建设")
    work.waive(duty, cast.office_head, key=str(uuid.uuid4()), reason="项目取消")
    part = own_part(plan, cast.reform, TODAY)
    assert part.lead[0].state == "waived"
    words = "".join(p.text + p.lead for p in own_document.document_of(part).paragraphs)
    assert "重大建设项目" not in words
    assert "牵头任务" not in words
    assert "一、负责任务" in words


def test_where_it_helps_the_draft_says_whom(plan, cast):
    document = own_document.document_of(own_part(plan, cast.finance, TODAY))
    (line,) = [p.text for p in document.paragraphs if "市发改委" in p.text]
    assert "配合市发改委办理。（责任单位：市财政局；" in line


def test_the_document_has_its_parts_in_order(plan, cast):
    document = docx.Document(io.BytesIO(written(own_part(plan, cast.finance, TODAY))))
    texts = [p.text for p in document.paragraphs if p.text]
    assert texts[:3] == [
        "清河市财政局2026年政务公开工作要点实施方案（代拟稿）",
        "各科室、所属各单位：",
        "为落实《清河市人民政府办公室关于印发清河市2026年政务公开工作要点的通知》（清政办发〔2026〕7号），结合本单位职责，制定本方案。",
    ]
    assert [t for t in texts if t[1] == "、"] == ["一、牵头任务", "二、配合任务", "三、共性任务"]
    assert texts[-2:] == ["清河市财政局", own_document.DATE_BLANK]
    government = own_document.document_of(own_part(plan, Agency.objects.get(pk=cast.east_government.pk), TODAY))
    assert government.addressees == "各有关单位："


def test_the_table_names_section_person_and_dates(plan, cast):
    duty = Obligation.objects.get(owner=cast.reform, title__startswith="公开重大建设")
    work.assign(duty, cast.head, key=str(uuid.uuid4()), section=cast.section, person=cast.drafter, inner_due_on=date(2026, 10, 15))
    response = own_document.download(own_part(plan, cast.reform, TODAY), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    header = [cell.value for cell in sheet[3]]
    row = dict(zip(header, [cell.value for cell in sheet[4]], strict=True))
    assert (row["类别"], row["责任科室"], row["承办人"]) == ("牵头", "政策法规科", "钱经办")
    assert row["内部期限"].date() == date(2026, 10, 15)
    assert (row["时限"], row["公开渠道"], row["状态"]) == ("2026-11-30", "市政府门户网站", "进行中")
    assert sheet.max_row - 3 >= 5


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (99, "九十九"), (100, "100")]
)
def test_numerals(number, words):
    assert own_document.numeral(number) == words
