"""The responsibility matrix of a plan: true to the text of a draft and to the obligations of an issued plan."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.obligations.models import Obligation
from gongkai.plans.matrix import matrix_of
from gongkai.plans.models import TaskUnit


@pytest.fixture
def plan(read_plan):
    return read_plan


def grid(matrix):
    """Task → unit → mark."""
    return {row.text[:6]: {matrix.columns[n]: mark for n, mark in row.marks.items()} for row in matrix.rows}


def test_every_task_against_every_unit(plan):
    found = grid(matrix_of(plan))
    assert found["公开重大建设"] == {"市发改委": "牵头", "市财政局": "配合"}
    assert found["公布就业政策"] == {"市发改委": "负责", "市人社局": "负责"}
    assert found["公示补贴。1"] == {"市财政局": "牵头", "市人社局": "牵头"}
    everybody = {"市政府办公室", "市发改委", "市财政局", "市人社局"}
    assert found["带头解读政策"] == dict.fromkeys(everybody, "负责")
    assert found["更新机构职能"] == dict.fromkeys(everybody | {"东山县人民政府", "西河区人民政府"}, "负责")


def test_an_issued_plan_shows_who_was_bound_then(plan, cast):
    before = grid(matrix_of(plan))
    cast.human.valid_to = plan.issued_on
    cast.human.save()
    assert grid(matrix_of(plan)) == before


def test_a_draft_shows_unknown_wordings_last(draft_plan):
    draft = draft_plan()
    matrix = matrix_of(draft)
    assert matrix.columns == ["市发改委", "市财政局", "市人社局", "各县区人民政府", "市就业促进中心"]
    assert grid(matrix)["公开就业创业"] == {"市人社局": "负责", "市就业促进中心": "负责"}
    assert "还在核对" in matrix.notes[-1]


def test_a_department_s_own_plan_has_its_sections_across(cast, draft_plan):
    draft = draft_plan(issuer=cast.reform.name)
    TaskUnit.objects.filter(task__plan=draft).delete()
    for task, role in zip(draft.tasks.all(), ["lead", "responsible", "support"], strict=False):
        TaskUnit.objects.create(task=task, role=role, position=0, text="政策法规科", agency=cast.reform, section=cast.section)
    matrix = matrix_of(draft)
    assert matrix.columns == ["政策法规科"]
    assert [list(row.marks.values()) for row in matrix.rows] == [["牵头"], ["负责"], ["配合"], []]


def test_of_two_roles_the_heavier_counts(cast, draft_plan):
    draft = draft_plan()
    task = draft.tasks.first()
    TaskUnit.objects.create(task=task, role="support", position=5, text="市发展改革委", agency=cast.reform)
    assert grid(matrix_of(draft))["公开重大建设"]["市发改委"] == "牵头"


def test_it_costs_the_same_for_many(plan, draft_plan):
    def cost(which):
        with CaptureQueriesContext(connection) as seen:
            matrix_of(which)
        return len(seen)

    assert cost(plan) == 6
    draft = draft_plan()
    few = cost(draft)
    for task in list(draft.tasks.all()):
        units = list(task.units.all())
        for n in range(5):
            task.pk, task.position = None, task.position + n + 1
            task.save()
            for unit in units:
                unit.pk, unit.task = None, task
                unit.save()
    assert cost(draft) == few


@pytest.mark.parametrize(("who", "issued", "drafted"), [("openness_officer", 200, 200), ("drafter", 200, 404), ("citizen", 302, 302)])
def test_the_file_is_for_whoever_may_see_the_plan(client, cast, plan, draft_plan, who, issued, drafted):
    if who != "citizen":
        client.force_login(cast.user(who))
    draft = draft_plan()
    assert client.get(reverse("plans:matrix", args=[plan.pk])).status_code == issued
    assert client.get(reverse("plans:matrix", args=[draft.pk])).status_code == drafted


def test_the_sheet_counts_what_each_unit_has(client, cast, plan):
    client.force_login(cast.drafter)
    address = reverse("plans:matrix", args=[plan.pk])
    assert address in client.get(reverse("plans:detail", args=[plan.pk])).content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address).content)).active
    header = [cell.value for cell in sheet[3]]
    column = header.index("市财政局") + 1
    marks = [sheet.cell(row, column).value for row in range(4, sheet.max_row) if isinstance(sheet.cell(row, 1).value, int)]
    owned = Obligation.objects.filter(document_id=plan.pk, owner=cast.finance)
    assert marks.count("牵头") == owned.filter(role="lead").count() == 2
    assert marks.count("配合") == 1
    assert len(marks) == plan.tasks.count()
