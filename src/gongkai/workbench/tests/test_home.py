"""What must I do, by when: the right rows for each of the cast, in the right group, at a constant cost."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.agencies.models import AgencySuggestion
from gongkai.clocks.calendar import add_working_days
from gongkai.clocks.limits import limit
from gongkai.obligations.models import ClockEvent, Evidence, Step
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.workbench import queries

TODAY = date(2026, 3, 18)


def step(obligation, kind, actor, **more):
    return Step.objects.create(
        obligation=obligation, kind=kind, actor=actor, agency=obligation.owner, at=timezone.now(), key=str(uuid.uuid4()), **more
    )


@pytest.fixture
def rows(cast, make_obligation):
    """One of each: overdue, due in five working days, one working day further off, new, waiting for the check."""
    made = {
        "overdue": make_obligation(due_on=date(2026, 3, 13)),
        "soon": make_obligation(due_on=add_working_days(TODAY, 5).on),
        "later": make_obligation(due_on=add_working_days(TODAY, 6).on),
        "new": make_obligation(due_on=None),
        "waiting": make_obligation(due_on=date(2026, 3, 10)),
        "done": make_obligation(due_on=date(2026, 3, 10), fulfilled_on=date(2026, 3, 9)),
        "replaced": make_obligation(due_on=date(2026, 3, 10), replaced_on=date(2026, 3, 9)),
        "others": make_obligation(owner=cast.finance, due_on=date(2026, 3, 13)),
    }
    for name in ("overdue", "soon", "later", "waiting"):
        step(made[name], "acknowledged", cast.drafter)
    step(made["waiting"], "completion", cast.drafter, done_on=date(2026, 3, 9))
    return made


def groups(user):
    return {group.key: [row.pk for row in group.rows] for group in queries.todo(user, TODAY).groups}


def test_each_row_stands_in_one_group(cast, rows):
    assert groups(cast.user("drafter")) == {
        "overdue": [rows["overdue"].pk],
        "soon": [rows["soon"].pk],
        "new": [rows["new"].pk],
        "waiting": [rows["waiting"].pk],
    }
    assert queries.todo(cast.user("drafter"), TODAY).to_do == 3


def test_the_office_checks_and_sees_nobody_elses_daily_work(cast, rows):
    assert groups(cast.user("openness_officer")) == {"check": [rows["waiting"].pk]}


def test_nobody_is_asked_to_check_his_own_request(cast, make_obligation):
    own = make_obligation(owner=cast.office, due_on=date(2026, 3, 10))
    step(own, "acknowledged", cast.openness_officer)
    step(own, "completion", cast.openness_officer, done_on=date(2026, 3, 9))
    assert groups(cast.user("openness_officer")) == {"waiting": [own.pk]}
    assert groups(cast.user("openness_colleague")) == {"check": [own.pk]}


def test_returned_work_is_the_owners_again(cast, rows):
    step(rows["waiting"], "returned", cast.openness_officer, text="缺链接")
    assert rows["waiting"].pk in groups(cast.user("drafter"))["overdue"]
    assert groups(cast.user("openness_officer")) == {}


@pytest.mark.parametrize("person", ["secrecy_reviewer", "stranger", "county_officer", "nobody"])
def test_who_has_nothing_to_do_here_gets_nothing(cast, rows, person):
    assert groups(cast.user(person)) == {}


@pytest.mark.parametrize(("person", "expected"), [("other_officer", "others"), ("reviewer", "overdue"), ("head", "overdue")])
def test_everybody_who_acts_for_the_owner_sees_its_overdue_work(cast, rows, person, expected):
    assert groups(cast.user(person))["overdue"] == [rows[expected].pk]


def test_a_helper_is_not_asked(cast, make_obligation):
    make_obligation(owner=cast.reform, helpers=(cast.finance,), due_on=date(2026, 3, 13))
    assert groups(cast.user("other_officer")) == {}


def test_drafts_and_unknown_names_wait_for_their_own_office(cast, draft_plan):
    plan = draft_plan()
    AgencySuggestion.objects.create(jurisdiction=cast.city, text="市就业促进中心")
    AgencySuggestion.objects.create(jurisdiction=cast.city, text="市某中心")
    todo = queries.todo(cast.user("openness_officer"), TODAY)
    assert [(group.key, group.total, group.matters) for group in todo.groups] == [("drafts", 1, 1), ("names", 2, 1)]
    assert todo.groups[0].rows == [plan]
    assert groups(cast.user("county_officer")) == groups(cast.user("drafter")) == {}


def test_the_page_in_sentences(client, cast, make_obligation):
    row = make_obligation(due_on=timezone.localdate() - timedelta(days=30))
    client.force_login(cast.drafter)
    html = client.get("/work/").content.decode()
    assert "现在要办 1 件事" in html
    assert "逾期" in html
    assert f"/work/ledger/{row.pk}/acknowledge/" in html, "not acknowledged yet: that comes first"
    assert "日历依据" in html
    step(row, "acknowledged", cast.drafter)
    assert f"/work/ledger/{row.pk}/?do=request_completion#do-request_completion" in client.get("/work/").content.decode()


def test_one_button_acknowledges_and_pressing_twice_makes_one_record(client, cast, make_obligation):
    import re

    row = make_obligation()
    client.force_login(cast.drafter)
    key = re.search(r'name="key" value="([^"]+)"', client.get("/work/").content.decode()).group(1)
    for _ in range(2):
        assert client.post(f"/work/ledger/{row.pk}/acknowledge/", {"key": key}).status_code == 302
    assert Step.objects.filter(obligation=row, kind="acknowledged").count() == 1


def test_nothing_to_do_says_so_and_where_to_go(client, cast):
    client.force_login(cast.drafter)
    html = client.get("/work/").content.decode()
    assert "现在没有要办的事" in html
    assert "都办完了" in html
    assert 'href="/work/ledger/"' in html


def test_figures_of_the_office_open_exactly_their_rows(client, cast, rows):
    client.force_login(cast.openness_officer)
    figures = client.get("/work/").context["todo"].ledger
    assert sum(figure["n"] for figure in figures) == 7
    for figure in figures:
        page = client.get(figure["url"])
        assert page.context["table"].page.paginator.count == figure["n"], figure


def test_more_than_a_page_of_one_group_leads_to_the_ledger(client, cast, make_obligation):
    for _ in range(queries.SHOWN + 3):
        make_obligation(due_on=date(2026, 1, 9))
    client.force_login(cast.drafter)
    page = client.get("/work/")
    group = page.context["todo"].groups[0]
    assert (group.total, len(group.rows), group.hidden) == (queries.SHOWN + 3, queries.SHOWN, 3)
    assert "其余 3 件" in page.content.decode()
    assert client.get(group.more).context["table"].page.paginator.count == group.total
    assert len(page.content) < 120_000


def urge(row, actor, text="请尽快办理"):
    return step(row, "urged", actor, text=text, reply_by=TODAY)


def test_what_is_urged_waits_for_an_answer_and_what_is_late_too_stands_first_there(cast, rows):
    urge(rows["later"], cast.openness_officer)
    late = make_late(rows, cast)
    urge(late, cast.openness_officer)
    found = queries.todo(cast.user("drafter"), TODAY).groups
    by_key = {group.key: group for group in found}
    assert [row.pk for row in by_key["urged"].rows] == [rows["later"].pk]
    assert [row.pk for row in by_key["overdue"].rows] == [late.pk, rows["overdue"].pk]
    assert by_key["overdue"].rows[0].press == queries.Press("答复催办", f"/work/ledger/{late.pk}/#do-reply")
    step(rows["later"], "replied", cast.drafter, text="周五办结")
    assert "urged" not in groups(cast.user("drafter"))


def make_late(rows, cast):
    """A second overdue duty, due after the first."""
    late = rows["overdue"]
    late.pk, late.subject_id, late.due_on = None, 5, date(2026, 3, 16)
    late.save(force_insert=True)
    step(late, "acknowledged", cast.drafter)
    rows["overdue"] = type(late).objects.get(due_on=date(2026, 3, 13), owner=cast.reform)
    return late


def evidence(row, handed_by, **more):
    values = {
        "obligation": row,
        "kind": "address",
        "url": "https://example.gov.cn/1",
        "proves": "已公开",
        "on": TODAY,
        "result": "to_judge",
    }
    return Evidence.objects.create(handed_by=handed_by, handed_at=timezone.now(), key=str(uuid.uuid4()), **values | more)


def test_evidence_is_judged_by_the_office_and_waits_for_the_owner(cast, rows):
    proof = evidence(rows["soon"], cast.drafter)
    assert groups(cast.user("openness_officer"))["judge"] == [rows["soon"].pk]
    mine = groups(cast.user("drafter"))
    assert rows["soon"].pk in mine["waiting"] and "soon" not in mine
    proof.withdrawn_at, proof.withdrawn_reason = timezone.now(), "链接不对"
    proof.save()
    assert "judge" not in groups(cast.user("openness_officer"))
    assert groups(cast.user("drafter"))["soon"] == [rows["soon"].pk]


def test_nobody_judges_his_own_evidence_and_a_quota_goes_on(cast, make_obligation):
    row = make_obligation(owner=cast.office, due_on=add_working_days(TODAY, 2).on, quota_op=">=", quota_value=2, quota_unit="次")
    step(row, "acknowledged", cast.openness_officer)
    evidence(row, cast.openness_officer)
    assert groups(cast.user("openness_officer")) == {"soon": [row.pk]}, "one of two is looked at, the other is still to do"
    assert groups(cast.user("openness_colleague"))["judge"] == [row.pk]


def test_a_suspended_duty_waits_for_others(cast, make_obligation):
    row = make_obligation(due_on=None, suspended_on=date(2026, 3, 2))
    step(row, "acknowledged", cast.drafter)
    assert groups(cast.user("drafter")) == {"waiting": [row.pk]}


def test_what_is_dealt_with_under_another_is_named_there_and_not_twice(client, cast, make_obligation):
    main = make_obligation(due_on=timezone.localdate() - timedelta(days=30))
    make_obligation(title="公布重大项目清单", due_on=timezone.localdate() - timedelta(days=20), merged_into=main)
    client.force_login(cast.drafter)
    page = client.get("/work/")
    assert [row.pk for row in page.context["todo"].groups[0].rows] == [main.pk]
    assert "一并办理：公布重大项目清单" in page.content.decode()


def test_duties_of_every_source_with_their_clocks(client, cast):
    limit_of_law = limit("reply", TODAY)
    new = NewObligation(
        cast.city,
        cast.reform,
        "statute",
        1,
        "答复公开申请",
        "条例第三十三条",
        TODAY,
        rule="r",
        limit=limit_of_law,
        clock_from=date(2026, 2, 10),
    )
    row = open_obligation(new, None)
    client.force_login(cast.drafter)
    html = client.get("/work/").content.decode()
    assert f"/work/ledger/{row.pk}/" in html
    assert "自 2026-02-10 起 20 个工作日，当日不计，02-15 至 02-23 放假，02-14、02-28 上班：期限 2026-03-16。" in html


@pytest.mark.parametrize("person", ["drafter", "openness_officer"])
def test_it_costs_the_same_with_many_rows(client, cast, make_obligation, person):
    def fill(first, last):
        for n in range(first, last):
            row = make_obligation(due_on=[date(2026, 1, 9), timezone.localdate() + timedelta(days=2), None][n % 3])
            ClockEvent.objects.create(obligation=row, kind="start", on=date(2026, 1, 5), key=f"start:{row.pk}")
            if n % 4 == 0:
                step(row, "completion", cast.drafter, done_on=date(2026, 1, 8))
            if n % 4 == 1:
                evidence(row, cast.drafter)
            if n % 5 == 1:
                urge(row, cast.openness_officer)
                make_obligation(merged_into=row, due_on=None)

    client.force_login(getattr(cast, person))
    counts = []
    for first, last in ((0, 20), (20, 120)):
        fill(first, last)
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/work/").status_code == 200
        counts.append(len(queries_made))
    assert counts[0] == counts[1] <= 24, counts


def test_a_finding_is_not_shown_beside_its_own_check(cast, make_obligation):
    make_obligation(source="finding", due_on=date(2026, 3, 13))
    assert "overdue" not in groups(cast.user("drafter"))


def test_a_place_with_more_than_is_counted_shows_its_states_without_numbers(client, cast, rows, monkeypatch):
    monkeypatch.setattr("gongkai.obligations.queries.MOST", 3)
    client.force_login(cast.openness_officer)
    page = client.get("/work/")
    figures = page.context["todo"].ledger
    assert {figure["n"] for figure in figures} == {None}
    assert {figure["label"] for figure in figures} >= {"已逾期", "进行中", "已办结"}
    for figure in figures:
        assert client.get(figure["url"]).status_code == 200
