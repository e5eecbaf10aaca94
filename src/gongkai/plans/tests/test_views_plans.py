"""Plans through the web: who may list, import, review, issue, export; bad input comes back as one sentence with the form intact."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.agencies.models import Jurisdiction
from gongkai.obligations.models import Obligation
from gongkai.plans.forms import ImportForm
from gongkai.plans.models import Plan, PlanStep, Task

TEXT = """清河市人民政府办公室关于印发2026年政务公开工作要点的通知
清政办发〔2026〕3号
各县区人民政府，市政府各部门：
一、围绕重点领域加强公开
（一）公开重大建设项目批准和实施信息。2026年11月底前完成。（市发改委牵头，市财政局配合）
（二）按月公开全市财政收支情况。（市财政局牵头）
清河市人民政府办公室
2026年1月4日
"""

DRAFT_PAGES = ["plans:detail", "plans:review", "plans:issue"]
OUTSIDE = ["drafter", "head", "office_drafter", "office_head", "other_officer", "county_officer", "stranger"]


@pytest.mark.parametrize("page", [*DRAFT_PAGES, "plans:list", "plans:import", "plans:compare"])
def test_citizens_are_sent_to_the_login(client, draft_plan, page):
    plan = draft_plan()
    address = reverse(page, args=[plan.pk] if page in DRAFT_PAGES else [])
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("workbench:login"))


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_draft_does_not_exist_for_anybody_but_its_office(client, cast, draft_plan, who):
    plan = draft_plan()
    client.force_login(cast.user(who))
    for page in DRAFT_PAGES:
        assert client.get(reverse(page, args=[plan.pk])).status_code == 404
    for fmt in ("xlsx", "csv", "docx", "json"):
        assert client.get(reverse("plans:export", args=[plan.pk, fmt])).status_code == 404
    task = plan.tasks.first()
    for verb in ("accept", "edit", "split", "merge", "reassign", "exclude", "restore"):
        assert client.post(reverse("plans:task_verb", args=[plan.pk, task.pk, verb])).status_code == 404
    for page in ("plans:resolve", "plans:add_task", "plans:accept_all", "plans:issue", "plans:discard"):
        assert client.post(reverse(page, args=[plan.pk])).status_code == 404
    assert plan.title not in client.get(reverse("plans:list")).content.decode()
    plan.refresh_from_db()
    assert plan.state == Plan.State.DRAFT
    assert not plan.tasks.filter(review=Task.Review.CONFIRMED).exists()


def test_a_user_without_a_post_stays_outside(client, cast):
    client.force_login(cast.nobody)
    assert client.get(reverse("plans:list")).status_code == 403


def test_only_an_openness_office_imports(client, cast):
    client.force_login(cast.drafter)
    assert client.get(reverse("plans:import")).status_code == 403
    data = {"jurisdiction": cast.city.pk, "file": SimpleUploadedFile("要点.txt", TEXT.encode())}
    assert client.post(reverse("plans:import"), data).status_code == 403
    assert not Plan.objects.exists()


def test_import_makes_a_draft_and_leads_to_the_review(client, cast):
    client.force_login(cast.openness_officer)
    data = {"jurisdiction": cast.city.pk, "file": SimpleUploadedFile("要点.txt", TEXT.encode())}
    response = client.post(reverse("plans:import"), data)
    plan = Plan.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("plans:review", args=[plan.pk])
    assert plan.tasks.count() == 2
    page = client.get(response["Location"]).content.decode()
    assert "公开重大建设项目批准和实施信息" in page

    again = client.post(reverse("plans:import"), data | {"file": SimpleUploadedFile("另一个名字.txt", TEXT.encode())})
    assert again.status_code == 422
    assert "已经导入过" in again.content.decode()
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.txt", b"", "空"),
        ("坏.docx", b"PK\x03\x04 not a zip", "坏.docx"),
        ("程序.exe", bytes(range(256)) * 8, "程序.exe"),
    ],
)
def test_bad_files_come_back_as_one_sentence_and_the_form_keeps_its_state(client, cast, issued_plan, name, content, says):
    old = issued_plan()
    client.force_login(cast.openness_officer)
    data = {"jurisdiction": cast.city.pk, "supersedes": old.pk, "file": SimpleUploadedFile(name, content)}
    response = client.post(reverse("plans:import"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert f'<option value="{old.pk}" selected>' in page
    assert Plan.objects.count() == 1


def test_import_offers_only_ones_own_place(client, cast):
    client.force_login(cast.openness_officer)
    data = {"jurisdiction": cast.east.pk, "file": SimpleUploadedFile("要点.txt", TEXT.encode())}
    assert client.post(reverse("plans:import"), data).status_code == 422
    assert not Plan.objects.exists()


def test_what_stands_in_the_way_of_issue_is_listed_before_the_button(client, cast, draft_plan):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    for page in ("plans:detail", "plans:issue"):
        words = client.get(reverse(page, args=[plan.pk])).content.decode()
        assert "还有 4 项任务没有核对" in words
    response = client.post(reverse("plans:issue", args=[plan.pk]))
    assert response.status_code == 409
    assert not Obligation.objects.exists()


def ready(plan, cast):
    """The draft with every row decided: two tasks that can be issued, two left out."""
    tasks = list(plan.tasks.all())
    plan.tasks.filter(pk__in=[t.pk for t in tasks[:2]]).update(review="confirmed")
    plan.tasks.filter(pk__in=[t.pk for t in tasks[2:]]).update(review="not_a_task", note="不是任务")
    return plan


def test_issue_says_what_it_will_do_and_then_does_just_that(client, cast, draft_plan):
    plan = ready(draft_plan(), cast)
    client.force_login(cast.openness_officer)
    page = client.get(reverse("plans:issue", args=[plan.pk])).content.decode()
    assert "<b>2</b> 个单位" in page
    assert "<b>2</b> 项义务，其中定期任务 <b>1</b> 项，现在立刻产生 <b>1</b> 期" in page
    assert "下达后台账里有 <b>2</b> 项" in page
    assert "清河市发展和改革委员会" in page
    assert not Obligation.objects.exists()
    response = client.post(reverse("plans:issue", args=[plan.pk]), follow=True)
    assert response.status_code == 200
    assert Obligation.objects.count() == 2
    client.post(reverse("plans:issue", args=[plan.pk]))
    assert Obligation.objects.count() == 2
    assert client.get(reverse("plans:review", args=[plan.pk])).status_code == 302


@pytest.mark.parametrize("fmt", ["xlsx", "csv", "docx", "json"])
def test_exports_are_downloads(client, cast, draft_plan, fmt):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    response = client.get(reverse("plans:export", args=[plan.pk, fmt]))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    if fmt == "json":
        assert [t["lead"] for t in json.loads(response.content)["tasks"]][:2] == [["市发改委"], ["市财政局"]]
    if fmt == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        assert any("公开重大建设项目" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_a_formula_in_a_task_is_guarded_in_csv(client, cast, draft_plan):
    plan = draft_plan()
    plan.tasks.filter(position=100).update(text='=HYPERLINK("http://x","点")')
    client.force_login(cast.openness_officer)
    content = client.get(reverse("plans:export", args=[plan.pk, "csv"])).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in content


def test_unknown_formats_ids_and_verbs_are_not_found(client, cast, draft_plan):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    task = plan.tasks.first()
    for address in (
        f"/work/plans/{plan.pk}/export.exe",
        "/work/plans/99999999999999999999999999/",
        "/work/plans/999999999999999999/",
        "/work/plans/0/",
        "/plans/99999999999999999999999999/",
        "/plans/999999999999999999/",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/work/plans/{plan.pk}/tasks/{task.pk}/explode/").status_code == 404
    assert client.get(reverse("plans:task_verb", args=[plan.pk, task.pk, "accept"])).status_code == 405
    assert task.review == Task.Review.PENDING


def test_a_draft_is_discarded_only_by_its_office(client, cast, draft_plan):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    response = client.post(reverse("plans:discard", args=[plan.pk]), follow=True)
    assert "已删除" in response.content.decode()
    assert not Plan.objects.exists()


def test_the_list_costs_the_same_whatever_its_length(client, cast, draft_plan, issued_plan, django_assert_max_num_queries):
    for _ in range(3):
        draft_plan()
        issued_plan()
    client.force_login(cast.openness_officer)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("plans:list")).status_code == 200


def test_confirmations_are_one_line_in_the_record(client, cast, draft_plan):
    plan = draft_plan()
    client.force_login(cast.openness_officer)
    for task in plan.tasks.all():
        client.post(reverse("plans:task_verb", args=[plan.pk, task.pk, "accept"]))
    assert PlanStep.objects.filter(kind="accepted").count() == 4
    page = client.get(reverse("plans:detail", args=[plan.pk])).content.decode()
    assert page.count("<b>确认</b>") == 1
    assert "4 项" in page


def test_changes_of_an_amended_plan(client, cast, issued_plan, draft_plan):
    old = issued_plan()
    new = draft_plan(supersedes=old, title="修订后的要点")
    new.tasks.filter(position=200).update(text="按季度公开全市财政收支和债务情况。")
    new.tasks.get(position=300).delete()
    client.force_login(cast.openness_officer)
    page = client.get(reverse("plans:diff", args=[new.pk])).content.decode()
    assert "按季度公开全市财政收支和债务情况" in page
    assert "diff-old" in page
    assert "不再有" in page
    same = client.get(reverse("plans:diff", args=[new.pk]) + "?kind=same").content.decode()
    assert "公开重大建设项目批准和实施信息" in same
    assert client.get(reverse("plans:diff", args=[old.pk])).status_code == 404
    client.force_login(cast.drafter)
    assert client.get(reverse("plans:diff", args=[new.pk])).status_code == 404


def test_compare_names_pairs_and_a_person_decides(client, cast, issued_plan):
    upper, lower = issued_plan(), issued_plan(jurisdiction=cast.east, title="东山县2026年政务公开工作要点")
    client.force_login(cast.county_officer)
    assert client.get(reverse("plans:compare")).status_code == 200
    address = f"{reverse('plans:compare')}?upper={upper.pk}&lower={lower.pk}"
    page = client.get(address).content.decode()
    assert "几乎相同（相似度 100%）" in page
    above, below = upper.tasks.first(), lower.tasks.first()
    data = {"upper": above.pk, "lower": below.pk, "decision": "rejected"}
    assert client.post(reverse("plans:counterpart"), data).status_code == 302
    assert "不对应" in client.get(address).content.decode()
    client.post(reverse("plans:counterpart"), data | {"decision": "confirmed"})
    assert above.answered_by.get().decision == "confirmed"
    for bad in ({"upper": 10**30}, {"decision": "maybe"}, {"lower": 0}):
        assert client.post(reverse("plans:counterpart"), data | bad).status_code == 404
    client.force_login(cast.drafter)
    assert client.post(reverse("plans:counterpart"), data).status_code == 403


def test_compare_with_senseless_choices_says_so(client, cast, issued_plan):
    plan = issued_plan()
    client.force_login(cast.openness_officer)
    for query in (f"upper={plan.pk}&lower={plan.pk}", "upper=abc&lower=999999999999999999999999"):
        assert client.get(f"{reverse('plans:compare')}?{query}").status_code == 422


def test_a_file_too_large_by_a_little_is_not_said_to_be_as_large_as_allowed(cast):

    big = SimpleUploadedFile("big.txt", b"x")
    big.size = 50 * 1024 * 1024 + 300_000
    form = ImportForm({"jurisdiction": cast.city.pk}, {"file": big}, jurisdictions=Jurisdiction.objects.all(), plans=Plan.objects.none())
    assert "“big.txt”有 50.3 MB，超过 50 MB" in form.errors["file"][0]
