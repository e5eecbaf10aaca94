"""The review screen: every verb as a plain form, the same verbs as fragments, hostile input, and a fixed number of queries."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.agencies.models import AgencyAlias
from gongkai.plans.models import Plan, Task, TaskDeadline, TaskUnit


@pytest.fixture
def plan(client, cast, draft_plan) -> Plan:
    client.force_login(cast.openness_officer)
    return draft_plan()


def verb(plan, task, name):
    return reverse("plans:task_verb", args=[plan.pk, task.pk, name])


def page_of(client, plan, **query):
    return client.get(reverse("plans:review", args=[plan.pk]), query).content.decode()


def order(page):
    return [int(pk) for pk in re.findall(r'<li id="task-(\d+)"', page)]


def edit_data(task, **changes):
    """The edit form as the browser would send it back."""
    units = list(task.units.all())
    data = {
        "t-text": task.text,
        "t-path": "\n".join(task.path),
        **{f"t-{role}": "、".join(u.text for u in units if u.role == role) for role in ("lead", "responsible", "support")},
        "t-channels": "、".join(task.channels),
        "t-note": task.note,
        "d-TOTAL_FORMS": "1",
        "d-INITIAL_FORMS": "0",
        "d-0-kind": "absolute",
        "q-TOTAL_FORMS": "1",
        "q-INITIAL_FORMS": "0",
        "q-0-op": ">=",
    }
    return data | changes


def test_rows_to_look_at_come_first_with_the_reason(client, plan):
    tasks = list(plan.tasks.all())
    page = page_of(client, plan)
    assert order(page) == [tasks[2].pk, tasks[3].pk, tasks[0].pk, tasks[1].pk]
    assert "“市就业促进中心”不在机构名录里" in page
    assert "<b>“市就业促进中心”不在机构名录里。</b>" in page
    assert "已核对 0/4" in page


def test_the_original_is_marked_and_numbered(client, plan):
    task = plan.tasks.first()
    start = plan.source_text.index("市发改委牵头")
    task.marks = [{"kind": "lead", "text": "市发改委", "span": [start, start + 4]}, {"kind": "nonsense", "span": [0, 3]}, {"kind": "lead"}]
    task.save()
    page = page_of(client, plan)
    assert f'<mark class="lead" data-t="{task.pk}" data-o="{start}">市发改委</mark>' in page
    assert f'id="s{task.pk}"' in page
    assert f'href="#task-{task.pk}"' in page


def test_accept_and_take_it_back(client, plan):
    task = plan.tasks.first()
    response = client.post(verb(plan, task, "accept"))
    assert response["Location"] == reverse("plans:review", args=[plan.pk]) + f"#task-{task.pk}"
    assert "已核对 1/4" in page_of(client, plan)
    client.post(verb(plan, task, "accept"))
    task.refresh_from_db()
    assert task.review == Task.Review.CONFIRMED
    client.post(verb(plan, task, "restore"))
    assert "已核对 0/4" in page_of(client, plan)


def test_with_the_script_a_verb_answers_with_its_row_alone(client, plan):
    task = plan.tasks.first()
    response = client.post(verb(plan, task, "accept"), headers={"X-Fragment": "row"})
    page = response.content.decode()
    assert response.status_code == 200
    assert order(page) == [task.pk]
    assert "已核对 1/4" in page
    assert "2 项需要您看一眼" in page
    assert "确认全部无疑问的（1 项）" in page
    assert plan.source_text[:20] not in page


def test_tasks_without_units_are_assigned_by_one_form(client, plan):
    TaskUnit.objects.filter(task__plan=plan).delete()
    page = page_of(client, plan)
    assert "4 项任务没有写明单位，一并指派" in page
    address = reverse("plans:assign_unnamed", args=[plan.pk])
    assert address in page
    refused = client.post(address, {"lead": "", "responsible": "", "support": ""}, follow=True).content.decode()
    assert "请写明牵头单位或负责单位" in refused
    done = client.post(address, {"lead": "", "responsible": "市财政局、市发改委", "support": ""}, follow=True).content.decode()
    assert "给 4 项任务指派了单位" in done and "一并指派</summary>" not in done
    assert TaskUnit.objects.filter(task__plan=plan, role="responsible").count() == 8


def test_accept_all_clear_leaves_what_needs_a_look(client, plan):
    response = client.post(reverse("plans:accept_all", args=[plan.pk]), follow=True)
    assert "确认了 2 项" in response.content.decode()
    assert sorted(plan.tasks.filter(review="confirmed").values_list("position", flat=True)) == [100, 200]


@pytest.mark.parametrize("do", ["edit", "split", "reassign", "exclude"])
def test_every_form_opens_in_its_row_without_a_script(client, plan, do):
    task = plan.tasks.first()
    page = page_of(client, plan, task=task.pk, do=do)
    assert f'action="{verb(plan, task, do)}"' in page
    assert page.count('class="row-form"') >= 2  # this one and the form to add a task


@pytest.mark.parametrize("query", [{"task": "x", "do": "edit"}, {"task": "9" * 40, "do": "edit"}, {"do": "explode"}])
def test_senseless_addresses_show_the_plain_screen(client, plan, query):
    response = client.get(reverse("plans:review", args=[plan.pk]), query)
    assert response.status_code == 200


def test_a_task_of_another_plan_is_not_found(client, plan, draft_plan):
    other = draft_plan().tasks.first()
    assert client.get(reverse("plans:review", args=[plan.pk]), {"task": other.pk, "do": "edit"}).status_code == 404
    assert client.post(verb(plan, other, "accept")).status_code == 404


def test_edit_keeps_what_was_typed_when_something_is_wrong(client, plan):
    task = plan.tasks.first()
    data = edit_data(task, **{"t-text": "改过的任务", "d-0-raw": "年底前", "d-0-kind": "absolute"})
    response = client.post(verb(plan, task, "edit"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "确定日期的时限要填日期" in page
    assert "改过的任务" in page
    task.refresh_from_db()
    assert task.text != "改过的任务"


def test_edit_changes_everything_on_the_row(client, cast, plan):
    task = plan.tasks.first()
    changes = {
        "t-text": "公开重大项目信息",
        "t-lead": "市财政局，市发改委",
        "t-support": "",
        "t-joint": "on",
        "t-channels": "门户网站、公报",
        "d-0-raw": "每季度",
        "d-0-kind": "recurring",
        "d-0-every": "P3M",
        "q-0-raw": "不少于2次",
        "q-0-value": "2",
        "q-0-unit": "次",
    }
    assert client.post(verb(plan, task, "edit"), edit_data(task, **changes)).status_code == 302
    task.refresh_from_db()
    assert (task.text, task.joint, task.channels) == ("公开重大项目信息", True, ["门户网站", "公报"])
    assert [(u.role, u.agency) for u in task.units.order_by("role", "position")] == [("lead", cast.finance), ("lead", cast.reform)]
    assert [(d.kind, d.every) for d in task.deadlines.all()] == [("recurring", "P3M")]
    assert task.quotas[0]["value"] == 2
    page = page_of(client, plan)
    assert "每季度" in page and "不少于 2 次" in page


def test_edit_strikes_out_a_deadline(client, plan):
    task = plan.tasks.first()
    data = edit_data(task, **{"d-INITIAL_FORMS": "1", "d-0-raw": "2026年11月底前", "d-0-due": "2026-11-30", "d-0-DELETE": "on"})
    assert client.post(verb(plan, task, "edit"), data).status_code == 302
    assert not TaskDeadline.objects.filter(task=task).exists()


def test_split_by_place_or_by_words_and_only_once(client, plan):
    task = plan.tasks.first()
    key = str(uuid.uuid4())
    assert client.post(verb(plan, task, "split"), {"words": "没有的字", "key": key}).status_code == 422
    assert client.post(verb(plan, task, "split"), {"key": key}).status_code == 422
    assert client.post(verb(plan, task, "split"), {"at": "99999", "key": key}).status_code == 422
    for _ in range(2):
        assert client.post(verb(plan, task, "split"), {"words": "2026年11月底前", "key": key}).status_code in (302, 422)
    assert [t.text for t in plan.tasks.all()][:2] == ["公开重大建设项目批准和实施信息。", "2026年11月底前完成。"]
    assert plan.tasks.count() == 5


def test_merge_takes_the_row_it_named_and_only_once(client, plan):
    first, second = plan.tasks.all()[:2]
    for status in (302, 409):
        assert client.post(verb(plan, first, "merge"), {"with": second.pk}).status_code == status
    assert plan.tasks.count() == 3
    last = plan.tasks.last()
    assert client.post(verb(plan, last, "merge")).status_code == 409


def test_reassign(client, cast, plan):
    task = plan.tasks.first()
    client.post(verb(plan, task, "reassign"), {"lead": "市人社局", "responsible": "", "support": "市发改委"})
    assert {(u.role, u.agency_id) for u in task.units.all()} == {("lead", cast.human.pk), ("support", cast.reform.pk)}


def test_not_a_task_needs_a_reason(client, plan):
    task = plan.tasks.first()
    assert client.post(verb(plan, task, "exclude"), {"reason": " "}).status_code == 422
    client.post(verb(plan, task, "exclude"), {"reason": "这是总体要求"})
    page = page_of(client, plan)
    assert "这是总体要求" in page
    assert "已核对 1/4" in page


def test_add_by_words_without_a_script(client, plan):
    data = {"first": "清河市人民政府办公室关于", "last": "通知", "lead": "市财政局", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(reverse("plans:add_task", args=[plan.pk]), data).status_code == 302
    task = plan.tasks.get(origin="added")
    assert plan.source_text[task.span_start : task.span_end] == "清河市人民政府办公室关于印发2026年政务公开工作要点的通知"
    assert task.units.get().text == "市财政局"


def test_add_by_selection(client, plan):
    start = plan.source_text.index("按月公开")
    data = {"first": "按月公开", "last": "", "start": start, "end": start + 6, "key": str(uuid.uuid4())}
    client.post(reverse("plans:add_task", args=[plan.pk]), data)
    assert plan.tasks.get(origin="added").text == "按月公开全市"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"first": "原文没有这句"}, "原文里没有"),
        ({"first": "公开"}, "次，请多写几个字"),
        ({"first": "按月公开", "last": "不在后面"}, "之后没有"),
        ({"first": ""}, "必填"),
        ({"first": "按月公开", "start": "5", "end": "999999999999999"}, "100000000"),
    ],
)
def test_add_says_what_is_wrong_and_keeps_the_words(client, plan, data, says):
    response = client.post(reverse("plans:add_task", args=[plan.pk]), {"key": str(uuid.uuid4()), "lead": "市财政局"} | data)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert 'value="市财政局"' in page
    assert plan.tasks.count() == 4


def test_resolving_a_unit_by_button_by_name_and_as_a_collective(client, cast, plan):
    address = reverse("plans:resolve", args=[plan.pk])
    client.post(address, {"choice": f"{cast.human.pk}|市就业促进中心"})
    assert TaskUnit.objects.get(text="市就业促进中心").agency == cast.human
    assert AgencyAlias.objects.filter(text="市就业促进中心", agency=cast.human).exists()
    unit = TaskUnit.objects.get(text="各县区人民政府")
    client.post(address, {"text": "各县区人民政府", "name": "东山县人民政府"})
    unit.refresh_from_db()
    assert unit.agency == cast.east_government


@pytest.mark.parametrize(
    "data",
    [
        {"text": "市就业促进中心"},
        {"text": "市就业促进中心", "name": "不存在的局"},
        {"choice": "999999999999999999999|市就业促进中心"},
        {"choice": "x"},
        {"text": "没有这个称谓", "name": "清河市财政局"},
        {"text": "市就业促进中心", "collective": "77"},
    ],
)
def test_a_resolution_that_makes_no_sense_changes_nothing_and_says_why(client, plan, data):
    response = client.post(reverse("plans:resolve", args=[plan.pk]), data, follow=True)
    assert response.status_code == 200
    assert "没有办成" in response.content.decode()
    assert not TaskUnit.objects.get(text="市就业促进中心").resolved


def test_script_in_the_document_is_text(client, plan):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    Plan.objects.filter(pk=plan.pk).update(source_text=hostile * 3, title=hostile)
    task = plan.tasks.first()
    Task.objects.filter(pk=task.pk).update(text=hostile, path=[hostile], doubts=[hostile], channels=[hostile], span_start=0, span_end=40)
    TaskUnit.objects.filter(task=task).update(agency=None)
    TaskUnit.objects.filter(task=task, role="lead").update(text=hostile)
    for query in ({}, {"task": task.pk, "do": "edit"}, {"task": task.pk, "do": "split"}):
        page = page_of(client, plan, **query)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


KINDS = ["lead", "deadline", "channel", "quota", "support"]


def grow(plan, count):
    """Many tasks with marks, units and a deadline each."""
    line = "（一）加强重点领域信息公开，建立评价制度，按季度在门户网站公布结果，不少于2次。（市发改委牵头，市财政局配合）"
    text = "\n".join(line + "补充说明" * 35 for _ in range(count))
    Plan.objects.filter(pk=plan.pk).update(source_text=text)
    plan.tasks.all().delete()
    reform, finance = plan.jurisdiction.agencies.get(short_name="市发改委"), plan.jurisdiction.agencies.get(short_name="市财政局")
    size = len(text) // count
    tasks = Task.objects.bulk_create(
        Task(
            plan=plan,
            position=n * 100,
            path=["一、重点领域", "（一）信息公开"],
            text=line,
            span_start=n * size,
            span_end=n * size + size - 2,
            marks=[{"kind": kind, "text": "", "span": [n * size + at, n * size + at + 4]} for at, kind in enumerate(KINDS, 5)],
            channels=["门户网站"],
            quotas=[{"raw": "不少于2次", "value": 2, "unit": "次", "op": ">="}],
            doubts=["单位在句中"] if n % 3 == 0 else [],
        )
        for n in range(count)
    )
    TaskUnit.objects.bulk_create(
        TaskUnit(task=t, role=role, position=0, text=name, agency=agency)
        for t in tasks
        for role, name, agency in [
            ("lead", "市发改委", reform),
            ("support", "市财政局", finance),
            ("support", f"未知单位{t.pk % 20}", None),
        ]
    )
    TaskDeadline.objects.bulk_create(TaskDeadline(task=t, kind="recurring", raw="按季度", every="P3M") for t in tasks)


def test_queries_do_not_grow_with_the_plan(client, plan, django_assert_num_queries):
    address = reverse("plans:review", args=[plan.pk])
    grow(plan, 5)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    grow(plan, 60)
    with django_assert_num_queries(len(few)):
        assert client.get(address).status_code == 200
    assert len(few) <= 16
