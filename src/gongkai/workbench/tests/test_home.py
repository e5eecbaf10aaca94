"""What must I do, by when: the right rows for each of the cast, in the right group, at a constant cost."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.agencies.models import AgencySuggestion
from gongkai.clocks.calendar import add_working_days
from gongkai.obligations.models import Step
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


@pytest.mark.parametrize("person", ["drafter", "openness_officer"])
def test_it_costs_the_same_with_many_rows(client, cast, make_obligation, person, django_assert_max_num_queries):
    for n in range(60):
        row = make_obligation(due_on=[date(2026, 1, 9), timezone.localdate() + timedelta(days=2), None][n % 3])
        if n % 4 == 0:
            step(row, "completion", cast.drafter, done_on=date(2026, 1, 8))
    client.force_login(getattr(cast, person))
    with django_assert_max_num_queries(21):
        client.get("/work/")
