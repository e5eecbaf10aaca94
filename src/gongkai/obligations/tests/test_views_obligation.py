"""One obligation through the web: the verbs of each person, files, the same form twice, and nothing out of scope."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gongkai.obligations import actions, verbs
from gongkai.obligations.models import Obligation, Step, StepFile


def key():
    return str(uuid.uuid4())


def page_of(client, obligation):
    return client.get(reverse("obligations:detail", args=[obligation.pk])).content.decode()


def post(client, obligation, verb, **data):
    return client.post(reverse("obligations:verb", args=[obligation.pk, verb]), {"key": key()} | data)


@pytest.fixture
def taken(cast, make_obligation):
    obligation = make_obligation(helpers=(cast.finance,))
    actions.acknowledge(obligation, cast.drafter, key=key())
    return obligation


@pytest.mark.parametrize("who", ["county_drafter", "stranger", "other_head"])
def test_outside_the_scope_nothing_exists(client, cast, make_obligation, who):
    obligation = make_obligation()
    client.force_login(cast.user(who))
    assert client.get(reverse("obligations:detail", args=[obligation.pk])).status_code == 404
    for verb in ("acknowledge", "report_progress", "request_completion", "pass_check", "return_work", "assign", "waive", "reinstate"):
        assert post(client, obligation, verb, text="x", reason="x").status_code == 404
    assert not obligation.steps.exists()


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        ("drafter", "acknowledge", 302),
        ("head", "acknowledge", 302),
        ("secrecy_reviewer", "acknowledge", 403),
        ("other_officer", "acknowledge", 403),
        ("openness_officer", "acknowledge", 403),
        ("drafter", "pass_check", 403),
        ("drafter", "assign", 403),
        ("openness_officer", "waive", 403),
        ("office_head", "waive", 302),
        ("drafter", "explode", 404),
    ],
)
def test_each_verb_is_somebodys(client, cast, make_obligation, who, verb, status):
    obligation = make_obligation(helpers=(cast.finance,))
    client.force_login(cast.user(who))
    data = {"reason": "任务并入上级方案"} if verb == "waive" else {"section": cast.section.pk} if verb == "assign" else {}
    assert post(client, obligation, verb, **data).status_code == status


def test_buttons_that_cannot_be_pressed_say_why(client, cast, make_obligation):
    obligation = make_obligation()
    client.force_login(cast.drafter)
    page = page_of(client, obligation)
    assert ">签收</button>" in page
    assert "请先签收" in page
    assert ">报送进展</button>" not in page


def test_the_whole_course_of_one_obligation(client, cast, taken):
    client.force_login(cast.drafter)
    report = SimpleUploadedFile("进展.txt", "已公布三批".encode())
    assert post(client, taken, "report_progress", text="公布了三批", files=[report]).status_code == 302
    today = timezone.localdate()
    done = today - timedelta(days=2)
    assert post(client, taken, "request_completion", text="全部公布", link="https://www.example.cn/a", done_on=done).status_code == 302
    assert "待核查" in page_of(client, taken)
    client.force_login(cast.openness_officer)
    assert post(client, taken, "return_work", reason="缺第四批").status_code == 302
    assert "缺第四批" in page_of(client, taken)
    client.force_login(cast.drafter)
    assert post(client, taken, "request_completion", text="补齐", link="https://www.example.cn/b", done_on=today).status_code == 302
    client.force_login(cast.openness_colleague)
    assert post(client, taken, "pass_check", text="属实").status_code == 302
    taken.refresh_from_db()
    assert taken.fulfilled_on == today
    page = page_of(client, taken)
    assert "已办结" in page and "核查通过" in page
    assert post(client, taken, "return_work", reason="再看").status_code == 409


def test_the_same_form_twice_makes_one_record(client, cast, taken):
    client.force_login(cast.drafter)
    same = key()
    for _ in range(2):
        data = {"key": same, "text": "进展一", "files": [SimpleUploadedFile("a.txt", b"abc")]}
        assert client.post(reverse("obligations:verb", args=[taken.pk, "report_progress"]), data).status_code == 302
    assert Step.objects.filter(kind="progress").count() == 1
    assert StepFile.objects.count() == 1


def test_a_form_without_its_key_is_not_taken(client, cast, taken):
    client.force_login(cast.drafter)
    response = client.post(reverse("obligations:verb", args=[taken.pk, "report_progress"]), {"text": "x", "key": "not-a-key"})
    assert response.status_code == 422
    assert not Step.objects.filter(kind="progress").exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"text": "做完了", "done_on": "2999-01-01", "link": "https://a.cn"}, "不能晚于今天"),
        ({"text": "", "done_on": "2026-01-10", "link": "https://a.cn"}, "必填"),
        ({"text": "写好的话", "done_on": "昨天", "link": "https://a.cn"}, "有效"),
        ({"text": "写好的话", "done_on": "2026-01-10", "link": "javascript:alert(1)"}, "有效"),
    ],
)
def test_a_mistake_brings_back_the_form_with_what_was_typed(client, cast, taken, data, says):
    client.force_login(cast.drafter)
    response = post(client, taken, "request_completion", **data)
    page = response.content.decode()
    assert response.status_code in (409, 422)
    assert says in page
    assert data["text"] in page
    assert not Step.objects.filter(kind="completion").exists()


def test_an_empty_report_is_refused_in_words(client, cast, taken):
    client.force_login(cast.drafter)
    response = post(client, taken, "report_progress", text=" ")
    assert response.status_code == 409
    assert "请填写进展情况" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content"), [("程序.exe", b"MZ\x90"), ("假.pdf", b"not a pdf"), ("页.html", b"<script>alert(1)</script>"), ("空.txt", b"")]
)
def test_files_that_are_not_taken_say_why(client, cast, taken, name, content):
    client.force_login(cast.drafter)
    response = post(client, taken, "report_progress", text="见附件", files=[SimpleUploadedFile(name, content)])
    assert response.status_code in (409, 422)
    assert name in response.content.decode()
    assert not StepFile.objects.exists()


def test_files_are_downloads_for_those_who_may_see_the_obligation(client, cast, taken):
    client.force_login(cast.drafter)
    post(client, taken, "report_progress", text="见附件", files=[SimpleUploadedFile("证明 材料.txt", b"<script>alert(1)</script>")])
    stored = StepFile.objects.get()
    address = reverse("obligations:file", args=[stored.pk])
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    for who, status in [("other_officer", 200), ("openness_officer", 200), ("county_drafter", 404), ("stranger", 404), ("nobody", 403)]:
        client.force_login(cast.user(who))
        assert client.get(address).status_code == status, who
    client.logout()
    assert client.get(address).status_code == 302
    stored.file.delete(save=False)
    client.force_login(cast.drafter)
    assert client.get(address).status_code == 404


def test_assign_offers_the_owners_own_sections_and_people(client, cast, taken):
    client.force_login(cast.head)
    page = page_of(client, taken)
    assert "政策法规科" in page
    assert post(client, taken, "assign", section=cast.section.pk, person=cast.drafter.pk, text="请办").status_code == 302
    taken.refresh_from_db()
    assert (taken.section, taken.person) == (cast.section, cast.drafter)
    assert post(client, taken, "assign", person=cast.other_officer.pk).status_code == 422
    assert post(client, taken, "assign", section="999999999999999999999").status_code == 422


def test_the_page_quotes_the_document_and_names_the_others(client, cast, issued_plan):
    plan = issued_plan()
    Obligation.objects.update(document_id=plan.pk)
    obligation = Obligation.objects.get(owner=cast.reform)
    client.force_login(cast.drafter)
    page = page_of(client, obligation)
    assert "<mark>公开重大建设项目批准和实施信息。2026年11月底前完成。</mark>" in page
    assert f"{reverse('public_plans:document', args=[plan.pk])}#s{obligation.subject_id}" in page
    assert "市财政局" in page
    assert "2026-11-30" in page


def test_queries_do_not_grow_with_the_course(client, cast, taken, django_assert_max_num_queries):
    for n in range(12):
        actions.report_progress(taken, cast.drafter, key=key(), text=f"第 {n} 次", files=[SimpleUploadedFile(f"{n}.txt", b"x")])
    client.force_login(cast.drafter)
    with django_assert_max_num_queries(21):
        assert client.get(reverse("obligations:detail", args=[taken.pk])).status_code == 200


def test_script_in_what_people_write_is_text(client, cast, taken):
    client.force_login(cast.drafter)
    post(client, taken, "report_progress", text="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(client, taken)


@pytest.mark.parametrize(
    ("query", "opened"),
    [
        ("", "report_progress"),
        ("?do=request_completion", "request_completion"),
        ("?do=waive", "report_progress"),
        ("?do=x", "report_progress"),
    ],
)
def test_the_form_asked_for_stands_open(client, cast, make_obligation, query, opened):
    obligation = make_obligation()
    client.force_login(cast.drafter)
    post(client, obligation, "acknowledge")
    page = client.get(f"/work/ledger/{obligation.pk}/{query}").content.decode()
    assert re.findall(r'<details class="verb fold" id="do-(\w+)" open>', page) == [opened]


def test_what_is_asked_no_more_says_what_took_its_place(client, cast, make_obligation):
    client.force_login(cast.openness_officer)
    taken = make_obligation(owner=cast.finance, title="公开年度预算")
    rows = {
        "这项任务已由新方案接续，请在新方案的任务下办理": make_obligation(replaced_on=date(2026, 3, 1)),
        "法定规则不再要求这项任务，不用再办": make_obligation(replaced_on=date(2026, 3, 1), source="statute"),
        "已并入清河市财政局的同一任务": make_obligation(replaced_on=date(2026, 3, 1), merged_into=taken),
    }
    for words, duty in rows.items():
        page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
        assert "不再办理" in page and words in page
        assert [other for other in rows if other in page] == [words]
        assert "并案办理" not in page
    merged = rows["已并入清河市财政局的同一任务"]
    assert verbs.state_reasons("waive", merged, []) == ["这项任务已并入市财政局的“公开年度预算”，请在那一项办理"]
