"""The pages as a person without JavaScript meets them: forms in the page, POST, redirect; mistakes come back with what was typed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gongkai.coordination.actions import checking, collecting, flow
from gongkai.coordination.models import Check, Collection, Filing, GroupMember, LeadingGroup, Opinion, Reminder, Submission
from gongkai.coordination.tests.conftest import PDF
from gongkai.plans.models import Plan, Task, TaskUnit

TODAY = timezone.localdate()
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)".*?</form>', re.S)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')


@pytest.fixture
def browse(client, cast):
    """Logs in, opens a page, fills a form of it and sends it: only what stands in the page is sent, besides what is typed."""

    class Browse:
        def login(self, who):
            client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
            return self

        def page(self, name, *args, query=""):
            response = client.get(reverse(f"coordination:{name}", args=args) + query)
            assert response.status_code == 200, response.status_code
            return response.content.decode()

        def send(self, page, address, **typed):
            form = next(m[0] for m in FORM.finditer(page) if m[1] == address)
            hidden = {name: value for name, value in HIDDEN.findall(form) if name != "csrfmiddlewaretoken"}
            self.sent = {**hidden, **typed}
            self.response = client.post(address, self.sent, follow=True)
            return self.response.content.decode()

        def again(self, address):
            return client.post(address, self.sent, follow=True)

    return Browse()


def test_a_collection_from_opening_to_the_printed_receipt(browse, cast, client):
    page = browse.login("openness_officer").page("open")
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    data = {
        "key": key,
        "jurisdiction": cast.city.pk,
        "title": "实施方案收集",
        "items": "实施方案\n公开目录",
        "due_on": str(TODAY + timedelta(3)),
        "reach": "departments",
    }
    for _ in range(2):
        response = client.post(reverse("coordination:open"), data, follow=True)
        assert response.status_code == 200
    made = Collection.objects.get()
    assert "清河市财政局" in response.content.decode() and made.submissions.count() == 6
    row = made.submissions.get(agency=cast.reform, item="实施方案")

    browse.login("drafter")
    assert "实施方案收集" in browse.page("home")
    page = browse.page("submission", row.pk)
    address = reverse("coordination:submission_verb", args=[row.pk, "submit"])
    browse.send(page, address, file=SimpleUploadedFile("我们的方案.pdf", PDF))
    assert "我们的方案.pdf" in browse.page("submission", row.pk)

    browse.login("openness_officer")
    page = browse.page("submission", row.pk)
    browse.send(page, reverse("coordination:submission_verb", args=[row.pk, "receive"]))
    row.refresh_from_db()
    assert row.receipt
    browse.again(reverse("coordination:submission_verb", args=[row.pk, "receive"]))
    assert Submission.objects.exclude(receipt="").count() == 1
    browse.login("drafter")
    receipt = browse.page("receipt", row.pk)
    assert row.receipt in receipt and cast.office.name in receipt and row.sha256 in receipt and "我们的方案.pdf" in receipt


def test_what_was_typed_wrong_comes_back(browse, cast, row, client):
    browse.login("openness_officer")
    bad = client.post(reverse("coordination:open"), {"title": "没有期限", "jurisdiction": cast.city.pk, "reach": "all", "items": "甲"})
    assert bad.status_code == 422 and "没有期限" in bad.content.decode() and "请先改正" in bad.content.decode()
    past = {"title": "过去", "jurisdiction": cast.city.pk, "reach": "all", "items": "甲", "due_on": "2020-01-01"}
    page = browse.page("open")
    past["key"] = re.search(r'name="key" value="([^"]+)"', page)[1]
    refused = client.post(reverse("coordination:open"), past)
    assert refused.status_code == 409 and "报送期限不能早于" in refused.content.decode()
    browse.login("drafter")
    answer = browse.send(
        browse.page("submission", row.pk), reverse("coordination:submission_verb", args=[row.pk, "submit"]), text="说明在这里"
    )
    assert browse.response.status_code == 422 and "说明在这里" in answer and "请先改正" in answer


def test_reminding_from_the_matrix(browse, cast, make_collection):
    made = make_collection(due_on=TODAY - timedelta(1))
    page = browse.login("openness_officer").page("collection", made.pk)
    address = reverse("coordination:remind", args=[made.pk])
    browse.send(page, address)
    browse.again(address)
    assert Reminder.objects.count() == 1, "the button of one unit reminds that unit, once"
    browse.login("drafter" if Reminder.objects.get().agency == cast.reform else "other_officer")
    assert "已催报 1 次" in browse.page("home")


def test_counts_open_their_rows(browse, make_collection):
    made = make_collection(due_on=TODAY - timedelta(1))
    page = browse.login("openness_officer").page("collection", made.pk)
    assert re.search(r'\?state=overdue"><b>8</b>', page)
    rows = browse.page("collection", made.pk, query="?state=overdue")
    assert rows.count('<th scope="row">') == 8
    assert "没有这种状态" in browse.page("collection", made.pk, query="?state=received")
    assert browse.page("collection", made.pk, query="?state=nonsense").count("matrix") >= 1


def test_the_words_of_the_receipt_are_set_from_the_list(browse, cast):
    page = browse.login("openness_officer").page("collections")
    told = browse.send(page, reverse("coordination:prefix"), jurisdiction=cast.city.pk, words="清公收")
    assert f"清公收〔{TODAY.year}〕1号" in told


def test_opinions_and_issue_with_what_is_still_to_come(browse, cast, draft_plan, client):
    plan = draft_plan()
    browse.login("openness_officer")
    page = browse.page("flow", plan.pk)
    browse.send(page, reverse("coordination:ask", args=[plan.pk]), bodies="省政府办公厅\n专家组", due_on=str(TODAY + timedelta(5)))
    opinion = Opinion.objects.get(asked="专家组")
    page = browse.page("flow", plan.pk)
    assert "还不能下达" in page and "还没有到" in page
    browse.send(page, reverse("coordination:opinion_verb", args=[opinion.pk, "record_answer"]), answered_on=str(TODAY), answer="加强解读")
    page = browse.page("flow", plan.pk)
    bad = browse.send(page, reverse("coordination:opinion_verb", args=[opinion.pk, "adopt"]), adoption="declined")
    assert browse.response.status_code == 409 and "说明理由" in bad
    browse.send(page, reverse("coordination:opinion_verb", args=[opinion.pk, "adopt"]), adoption="adopted")
    opinion.refresh_from_db()
    assert opinion.adoption == "adopted"

    TaskUnit.objects.filter(task__plan=plan, agency__isnull=True).delete()
    plan.tasks.filter(units__isnull=True).update(review=Task.Review.NOT_A_TASK, note="x")
    plan.tasks.exclude(review=Task.Review.NOT_A_TASK).update(review=Task.Review.CONFIRMED)
    page = browse.page("flow", plan.pk)
    address = reverse("coordination:issue", args=[plan.pk])
    assert "省政府办公厅还没有答复" in client.get(reverse("plans:issue", args=[plan.pk])).content.decode()
    browse.send(page, address)
    plan.refresh_from_db()
    assert browse.response.status_code == 422 and plan.state == Plan.State.DRAFT, "not without knowing"
    browse.send(page, address, sure="on")
    plan.refresh_from_db()
    assert plan.state == Plan.State.ISSUED
    page = browse.page("flow", plan.pk)
    browse.send(page, reverse("coordination:file_upward", args=[plan.pk]), to="省政府办公厅", method="exchange", sent_on=str(TODAY))
    filing = Filing.objects.get()
    page = browse.page("flow", plan.pk)
    address = reverse("coordination:filing_receipt", args=[filing.pk])
    browse.send(page, address, receipt="省公备1号", received_on=str(TODAY), file=SimpleUploadedFile("回执.pdf", PDF))
    assert "省公备1号" in browse.page("flow", plan.pk)


def test_only_the_office_issues_from_here(browse, cast, draft_plan, client):
    plan = draft_plan()
    for who in ("drafter", "county_officer", "stranger"):
        browse.login(who)
        assert client.post(reverse("coordination:issue", args=[plan.pk]), {"sure": "on"}).status_code == 404


def test_a_check_gone_through_point_by_point(browse, cast, client):
    page = browse.login("drafter").page("start_check", query="?kind=self_check")
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    data = {"key": key, "kind": "self_check", "agency": cast.reform.pk, "rules": "self_check", "title": "一季度自查"}
    for _ in range(2):
        assert client.post(reverse("coordination:start_check"), data, follow=True).status_code == 200
    check = Check.objects.get()
    first, second = check.points.all()[:2]
    page = browse.page("check", check.pk)
    assert page.count("data-point") == check.points.count(), "every point on one page"
    address = reverse("coordination:point_verb", args=[check.pk, first.pk, "record"])
    bad = browse.send(page, address, result="failed")
    assert browse.response.status_code == 409 and "发现了什么问题" in bad
    browse.send(page, address, result="failed", finding="没有名单")
    assert browse.response.redirect_chain[-1][0].endswith(f"#p{second.pk}"), "on to the next one"
    assert "没有名单" in browse.page("check", check.pk) and "没有名单" in browse.page("home")
    page = browse.page("check", check.pk)
    address = reverse("coordination:point_verb", args=[check.pk, first.pk, "rectify"])
    browse.send(page, address, text="已补名单", done_on=str(TODAY))
    assert reverse("coordination:point_verb", args=[check.pk, first.pk, "pass_recheck"]) not in browse.page("check", check.pk)
    page = browse.login("reviewer").page("check", check.pk)
    browse.send(page, reverse("coordination:point_verb", args=[check.pk, first.pk, "pass_recheck"]))
    first.refresh_from_db()
    assert first.rechecked_by == cast.reviewer
    for point in check.points.filter(result=""):
        page = browse.page("check", check.pk)
        browse.send(page, reverse("coordination:point_verb", args=[check.pk, point.pk, "record"]), result="passed")
    page = browse.page("check", check.pk)
    browse.send(page, reverse("coordination:finish", args=[check.pk]), summary="总体较好")
    assert "总体较好" in browse.page("check", check.pk)


def test_an_inspection_writes_its_own_points(browse, cast, inspection):
    page = browse.login("openness_officer").page("check", inspection.pk)
    browse.send(page, reverse("coordination:add_point", args=[inspection.pk]), text="抽查三个栏目")
    assert "抽查三个栏目" in browse.page("check", inspection.pk)
    assert reverse("coordination:add_point", args=[inspection.pk]) not in browse.login("drafter").page("check", inspection.pk)


def test_a_group_is_kept_from_its_page(browse, cast, client):
    page = browse.login("openness_officer").page("establish")
    data = {
        "key": re.search(r'name="key" value="([^"]+)"', page)[1],
        "agency": cast.office.pk,
        "name": "领导小组",
        "established_on": str(TODAY - timedelta(30)),
    }
    client.post(reverse("coordination:establish"), data)
    group = LeadingGroup.objects.get()
    page = browse.page("group", group.pk)
    address = reverse("coordination:add_member", args=[group.pk])
    browse.send(page, address, place="head", name="甲", since=str(TODAY - timedelta(30)))
    head = GroupMember.objects.get()
    page = browse.page("group", group.pk)
    browse.send(page, reverse("coordination:member_verb", args=[head.pk, "replace"]), name="乙", on=str(TODAY))
    assert ">乙<" in browse.page("group", group.pk)
    earlier = browse.page("group", group.pk, query=f"?on={TODAY - timedelta(1)}")
    assert '<th scope="row">甲</th>' in earlier
    assert browse.page("group", group.pk, query="?on=2026-13-45") and browse.page("group", group.pk, query="?on=x")
    page = browse.page("group", group.pk)
    assert "乙接替甲任组长" in page
    browse.send(page, reverse("coordination:dissolve", args=[group.pk]), on=str(TODAY))
    assert "撤销" in browse.page("group", group.pk) and address not in browse.page("group", group.pk)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("submission_verb", (1, "delete")),
        ("opinion_verb", (1, "delete")),
        ("member_verb", (1, "delete")),
        ("point_verb", (1, 1, "finish")),
    ],
)
def test_verbs_that_do_not_exist_are_404(browse, cast, client, row, inspection, group, draft_plan, key, name, args):
    flow.ask(draft_plan(), cast.user("openness_officer"), key=key(), bodies=["甲"])
    point = inspection.points.first()
    ids = {
        "submission_verb": (row.pk, args[-1]),
        "opinion_verb": (Opinion.objects.get().pk, args[-1]),
        "member_verb": (1, args[-1]),
        "point_verb": (inspection.pk, point.pk, args[-1]),
    }
    browse.login("openness_officer")
    assert client.post(reverse(f"coordination:{name}", args=ids[name])).status_code == 404


def test_somebody_elses_verb_is_403_and_get_is_405(browse, client, row, inspection):
    browse.login("openness_officer")
    address = reverse("coordination:submission_verb", args=[row.pk, "submit"])
    data = {"key": "4a1b0c06-0000-4000-8000-000000000000", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(address, data).status_code == 403
    assert client.get(address).status_code == 405
    assert client.get(reverse("coordination:start_check") + "?kind=nonsense").status_code == 404


def test_words_from_outside_are_shown_as_words(browse, cast, make_collection, key):
    made = make_collection(title="<script>alert(1)</script>", items=['"><img src=x onerror=alert(1)>'])
    page = browse.login("openness_officer").page("collection", made.pk)
    assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page
    check = checking.start(
        cast.reform, cast.user("openness_officer"), key=key(), kind="inspection", title="<b>督查</b>", rules="inspection"
    )
    assert "<b>督查</b>" not in browse.page("check", check.pk)


def test_tables_taken_away_never_hold_a_formula(browse, cast, make_collection, client):
    made = make_collection(items=["=HYPERLINK(1)"])
    browse.login("openness_officer")
    csv = client.get(reverse("coordination:collection_export", args=[made.pk, "csv"])).content.decode("utf-8-sig")
    assert not re.search(r'(^|,)"?=HYPERLINK', csv)
    assert client.get(reverse("coordination:collection_export", args=[made.pk, "exe"])).status_code == 404


def test_every_list_has_something_to_say_when_it_is_empty(browse, cast):
    for who in ("openness_officer", "drafter", "secrecy_reviewer"):
        browse.login(who)
        for name in ("home", "collections", "flows", "checks", "groups"):
            assert 'class="empty"' in browse.page(name), (who, name)


def test_the_list_pages_cost_the_same_whatever_their_size(browse, cast, make_collection, client, django_assert_max_num_queries, key):
    browse.login("openness_officer")
    for n in range(4):
        made = make_collection(title=f"收集{n}", due_on=TODAY - timedelta(1), reach="all", agencies=())
        collecting.remind(made, cast.user("openness_officer"), key=key())
        checking.start(cast.reform, cast.user("openness_officer"), key=key(), kind="acceptance", title="验收", rules="acceptance")
    for name, most in (("home", 22), ("collections", 14), ("checks", 20), ("flows", 10), ("groups", 12)):
        with django_assert_max_num_queries(most):
            browse.page(name)
    with django_assert_max_num_queries(16):
        browse.page("collection", made.pk)
