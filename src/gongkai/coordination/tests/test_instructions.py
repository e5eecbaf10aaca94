"""上级交办: one obligation for each recipient, passed on downward, seen upward, withdrawn with a reason."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.clocks.calendar import add_working_days
from gongkai.coordination.actions import instructing
from gongkai.coordination.models import Instruction
from gongkai.coordination.queries import instructions as queries
from gongkai.obligations import actions as work
from gongkai.obligations.models import Obligation

TODAY = timezone.localdate()
DUE = TODAY + timedelta(20)
OFFICE = {"openness_officer", "openness_colleague"}


@pytest.fixture
def give(cast, key):
    def make(who="openness_officer", place=None, **fields):
        values = {
            "key": key(),
            "title": "自查公开目录",
            "text": "请对照目录逐项自查，报送情况。",
            "number": "清政办函〔2026〕30号",
            "recipients": [cast.reform, cast.finance, cast.east_office],
            "due_on": DUE,
        }
        return instructing.issue(place or cast.city, cast.user(who), **(values | fields))

    return make


def duties(instruction):
    return {o.owner: o for o in Obligation.objects.filter(source="instruction", subject_id=instruction.pk)}


def test_each_recipient_owes_one(cast, give):
    made = give(helpers=[cast.human, cast.finance])
    found = duties(made)
    assert set(found) == {cast.reform, cast.finance, cast.east_office}
    duty = found[cast.east_office]
    assert (duty.jurisdiction, duty.due_on, duty.basis, duty.title) == (cast.city, DUE, "清政办函〔2026〕30号", "自查公开目录")
    assert {h.agency for h in found[cast.reform].helpers.all()} == {cast.human, cast.finance}
    assert {h.agency for h in found[cast.finance].helpers.all()} == {cast.human}, "nobody helps itself"


def test_a_limit_of_the_law_counts_the_day(cast, give):
    made = give(due_on=None, limit="reply")
    assert duties(made)[cast.reform].due_on == add_working_days(TODAY, 20).on


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_office_of_the_place_gives_out(cast, give, who):
    if who in OFFICE:
        assert give(who).pk
    else:
        with pytest.raises(NotAllowed):
            give(who)


def test_refusals(cast, give):
    cast.human.valid_to = TODAY - timedelta(1)
    cast.human.save()
    for fields, words in (
        ({"title": " "}, "事项"),
        ({"text": ""}, "交办内容"),
        ({"recipients": []}, "交办给谁"),
        ({"recipients": [cast.office]}, "不能交办给自己"),
        ({"recipients": [cast.east_finance]}, "主管部门转办"),
        ({"recipients": [cast.elsewhere_office]}, "不是本地区"),
        ({"recipients": [cast.human]}, "已经撤销"),
        ({"due_on": None}, "写一样"),
        ({"limit": "reply"}, "写一样"),
        ({"due_on": None, "limit": "没有"}, "没有编号"),
        ({"due_on": TODAY - timedelta(1)}, "早于交办"),
    ):
        with pytest.raises(ActionRefused, match=words):
            give(**fields)
    assert not Instruction.objects.exists() and not Obligation.objects.exists()


def test_the_same_form_is_one_instruction(give):
    assert give(key="k") == give(key="k")
    assert Instruction.objects.count() == 1 and Obligation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_instruction(give, together):
    results = together(lambda: give(key="k"), lambda: give(key="k"))
    assert Instruction.objects.count() == 1 and Obligation.objects.count() == 3, results


def test_passed_on_the_upper_one_sees_how_far_they_are(cast, give, key):
    made = give()
    child = instructing.pass_on(made, cast.user("county_officer"), key=key(), recipients=[cast.east_finance], text="请于下周报。")
    assert (child.jurisdiction, child.agency, child.parent, child.due_on) == (cast.east, cast.east_office, made, DUE)
    assert child.text.startswith(made.text) and child.text.endswith("请于下周报。"), "nobody types twice"
    lower = duties(child)[cast.east_finance]
    Obligation.objects.filter(pk=lower.pk).update(fulfilled_on=TODAY)
    officer = cast.user("openness_officer")
    row = next(r for r in queries.add_figures(officer, list(queries.instruction_rows(officer))) if r.pk == made.pk)
    assert [(f["word"], f["n"]) for f in row.figures] == [("进行中", 3)]
    assert [(f["word"], f["n"]) for f in row.passed_on] == [("已办结", 1)]
    seen = queries.recipients(officer, made, instructing.family(made))
    assert [(r.duty.owner, r.depth, r.visible) for r in seen] == [
        (cast.reform, 0, True),
        (cast.finance, 0, True),
        (cast.east_office, 0, True),
        (cast.east_finance, 1, True),
    ]
    mine = queries.recipients(cast.user("drafter"), made, instructing.family(made))
    assert [r.visible for r in mine] == [True, False, False, False]


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_received_it_passes_it_on(cast, give, key, who):
    made = give()
    act = lambda **more: instructing.pass_on(made, cast.user(who), key=key(), recipients=[cast.east_finance], **more)  # noqa: E731
    if who == "county_officer":
        with pytest.raises(ActionRefused, match="不能晚于上级"):
            act(due_on=DUE + timedelta(1))
        assert act(due_on=DUE - timedelta(1)).due_on == DUE - timedelta(1)
    else:
        with pytest.raises(NotAllowed):
            act()


def test_withdrawn_it_asks_no_more_and_what_is_done_stays(cast, give, key):
    made = give()
    child = instructing.pass_on(made, cast.user("county_officer"), key=key(), recipients=[cast.east_finance])
    Obligation.objects.filter(pk=duties(made)[cast.finance].pk).update(fulfilled_on=TODAY)
    with pytest.raises(ActionRefused, match="理由"):
        instructing.withdraw(made, cast.user("openness_officer"), key=key(), reason=" ")
    with pytest.raises(NotAllowed):
        instructing.withdraw(made, cast.user("county_officer"), key=key(), reason="不用办了")
    instructing.withdraw(made, cast.user("openness_officer"), key="w", reason="已另行部署")
    instructing.withdraw(made, cast.user("openness_officer"), key="w", reason="已另行部署")
    found = {**duties(made), **duties(child)}
    assert {o.owner: o.waiver_reason for o in found.values() if o.waived_at} == dict.fromkeys(
        (cast.reform, cast.east_office, cast.east_finance), "交办撤回：已另行部署"
    )
    assert found[cast.finance].fulfilled_on == TODAY
    child.refresh_from_db()
    assert child.withdrawn_reason == "已另行部署"
    with pytest.raises((ActionRefused, NotAllowed)):
        instructing.pass_on(made, cast.user("county_officer"), key=key(), recipients=[cast.east_finance])
    with pytest.raises(ActionRefused, match="撤回"):
        instructing.withdraw(made, cast.user("openness_officer"), key=key(), reason="再撤")


def test_the_ordinary_verbs_answer_it(cast, give):
    duty = duties(give())[cast.reform]
    work.acknowledge(duty, cast.drafter, key="a")
    work.request_completion(duty, cast.drafter, key="b", text="已自查", done_on=TODAY)
    work.pass_check(duty, cast.user("openness_officer"), key="c", text="看过自查表，属实")
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY


def test_lists_cost_the_same_whatever_their_size(cast, give, key):
    officer = cast.user("openness_officer")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            rows = queries.add_figures(officer, list(queries.instruction_rows(officer)))
            queries.recipients(officer, rows[-1], instructing.family(rows[-1]))
        return len(captured)

    made = give()
    cost()  # what is read once and kept
    few = cost()
    for n in range(6):
        give(title=f"交办 {n}")
        instructing.pass_on(made, cast.user("county_officer"), key=key(), recipients=[cast.east_finance], due_on=DUE - timedelta(n))
    assert cost() == few


def test_from_the_form_to_the_list(cast, client, key):
    client.force_login(cast.user("openness_officer"))
    assert client.get(reverse("instructions:issue")).status_code == 200
    form = {
        "key": "6a1f0f0e-58ee-4b6b-9a63-3f2f7f7d1a11",
        "jurisdiction": cast.city.pk,
        "title": "自查公开目录",
        "text": "逐项自查",
        "recipients": [cast.reform.pk, cast.east_office.pk],
        "due_on": DUE,
    }
    assert client.post(reverse("instructions:issue"), {**form, "due_on": ""}).status_code == 409
    page = client.post(reverse("instructions:issue"), form, follow=True).content.decode()
    assert "已交办" in page and "清河市发展和改革委员会" in page
    made = Instruction.objects.get()
    listed = client.get(reverse("instructions:list"), {"view": "issued", "q": "目录"}).content.decode()
    assert "自查公开目录" in listed and "进行中 2" in listed
    assert "自查公开目录" not in client.get(reverse("instructions:list"), {"view": "withdrawn"}).content.decode()
    duty = duties(made)[cast.reform]
    assert "逐项自查" in client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("instructions:export", args=["xlsx"])).content))
    assert any("自查公开目录" in str(c.value) for r in book.active.iter_rows() for c in r)
    csv = client.get(reverse("instructions:recipients_export", args=[made.pk, "csv"])).content.decode("utf-8-sig")
    assert "东山县人民政府办公室" in csv
    client.force_login(cast.user("county_officer"))
    assert "转办" in client.get(reverse("instructions:detail", args=[made.pk])).content.decode()
    sent = client.post(
        reverse("instructions:pass_on", args=[made.pk]),
        {"key": "6a1f0f0e-58ee-4b6b-9a63-3f2f7f7d1a12", "recipients": [cast.east_finance.pk]},
        follow=True,
    )
    assert "已转办" in sent.content.decode() and "东山县财政局" in sent.content.decode()
    client.force_login(cast.user("openness_officer"))
    gone = client.post(
        reverse("instructions:withdraw", args=[made.pk]), {"key": "6a1f0f0e-58ee-4b6b-9a63-3f2f7f7d1a13", "reason": "另行部署"}, follow=True
    )
    assert "交办已撤回" in gone.content.decode() and "东山县财政局" in gone.content.decode()


def test_the_file_goes_with_it(cast, client, give, key, paper):
    made = give(file=paper("通知.pdf"))
    child = instructing.pass_on(made, cast.user("county_officer"), key=key(), recipients=[cast.east_finance])
    client.force_login(cast.user("county_drafter"))
    assert client.get(reverse("instructions:file", args=[child.pk])).status_code == 200
    assert client.get(reverse("instructions:file", args=[made.pk])).status_code == 404, "the upper one is not for him"


SEES = OFFICE | {"drafter", "reviewer", "secrecy_reviewer", "head", "other_officer", "other_head", "county_officer", "office_head"}
"""Its recipients, the office that gave it out, and the head who may waive it."""


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_address_for_everybody(cast, client, give, who):
    made = give()
    if who != "citizen":
        client.force_login(cast.user(who))
    plain = {who: {"citizen": 302, "nobody": 403}.get(who, 200)}
    seen = 200 if who in SEES else 404
    one = [made.pk]
    offices = OFFICE | {"county_officer", "stranger"}
    reads = {
        reverse("instructions:list"): 200,
        reverse("instructions:export", args=["xlsx"]): 200,
        reverse("instructions:issue"): 200 if who in offices else 403,
        reverse("instructions:detail", args=one): seen,
        reverse("instructions:recipients_export", args=[made.pk, "xlsx"]): seen,
        reverse("instructions:file", args=one): 404,
    }
    for url, status in reads.items():
        assert client.get(url).status_code == (status if plain[who] == 200 else plain[who]), url
    writes = {
        reverse("instructions:issue"): 422 if who in offices else 403,
        reverse("instructions:pass_on", args=one): 422 if who == "county_officer" else 403 if who in SEES else 404,
        reverse("instructions:withdraw", args=one): 422 if who in OFFICE else 403 if who in SEES else 404,
    }
    for url, status in writes.items():
        assert client.post(url, {}).status_code == (status if plain[who] == 200 else plain[who]), url
