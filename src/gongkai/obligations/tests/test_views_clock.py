"""The clock on the page: its sentence, its events, and recording what happens to it; refused in one sentence with everything typed kept."""

import re
import uuid
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from gongkai.agencies.models import Membership
from gongkai.clocks.calendar import add_working_days, working_days_between
from gongkai.clocks.limits import Limit, limit
from gongkai.obligations import clocking
from gongkai.obligations.models import ClockEvent
from gongkai.obligations.opening import NewObligation, open_obligation

TODAY = timezone.localdate()
BEGUN = add_working_days(TODAY, -5).on


@pytest.fixture
def case(cast):
    """A request to be answered: 20 working days from five working days ago, to be extended by 20 at most."""

    def make(rule=None, begun=BEGUN):
        rule = rule or limit("reply", TODAY)
        day = begun.date() if isinstance(begun, datetime) else begun
        new = NewObligation(
            cast.city, cast.reform, "statute", 7, "答复公开申请", "条例第三十三条", day, rule="reply", limit=rule, clock_from=begun
        )
        return open_obligation(new, None)

    return make


@pytest.fixture
def send(client, cast):
    def _send(row, kind, person="drafter", **fields):
        client.force_login(cast.user(person))
        data = {"key": str(uuid.uuid4()), "kind": kind, "on": f"{TODAY}", "reason": "征求第三方意见"} | fields
        page = client.post(f"/work/ledger/{row.pk}/clock/", data)
        return page, unescape(page.content.decode())

    return _send


def page_of(client, cast, row, person="drafter", path=""):
    client.force_login(cast.user(person))
    page = client.get(f"/work/ledger/{row.pk}/{path}")
    assert page.status_code == 200
    return unescape(page.content.decode())


def test_the_page_shows_how_the_day_came_about_and_what_may_happen(client, cast, case):
    row = case()
    html = page_of(client, cast, row)
    assert f"自 {BEGUN} 起 20 个工作日，当日不计" in html and f"期限 {row.due_on}" in html
    assert "政府信息公开条例（国令711号，2019修订）第三十三条" in html
    for kind in ("suspend", "extend", "restart"):
        assert f'id="clock-{kind}"' in html
    assert 'id="clock-resume"' not in html and "没有正在进行的中止，不能恢复" in html
    assert "最多延长 20 个工作日" in html


def test_a_duty_due_on_a_date_has_no_clock_to_keep(client, cast, make_obligation, send):
    row = make_obligation(due_on=add_working_days(TODAY, 3).on)
    html = page_of(client, cast, row)
    assert "还剩 3 个工作日" in html and "计时记录" not in html
    assert "没有可以中止或延长的计时" in page_of(client, cast, row, path="clock/")
    assert send(row, "suspend")[0].status_code == 404


def test_suspended_and_resumed(client, cast, case, send):
    row = case()
    page, _html = send(row, "suspend", on=f"{TODAY - timedelta(2)}", document="征求意见书〔2026〕3号")
    assert page.status_code == 302 and page["Location"].endswith("#clock")
    html = page_of(client, cast, row)
    assert "起中止（征求第三方意见）：期限待恢复后计算，剩余" in html and "征求意见书〔2026〕3号" in html
    assert 'id="clock-resume"' in html and "恢复之前不能再次中止" in html and "中止，剩" not in html.split("<title>")[0]
    assert send(row, "resume", reason="收到意见")[0].status_code == 302
    row.refresh_from_db()
    assert row.suspended_on is None and row.due_on > add_working_days(BEGUN, 20).on - timedelta(1)
    assert list(row.clock_events.values_list("kind", flat=True)) == ["start", "suspend", "resume"]


def test_sent_twice_it_is_recorded_once(case, send):
    row = case()
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(row, "suspend", key=key)[0].status_code == 302
    assert row.clock_events.count() == 2


def test_an_extension_names_a_head_and_the_head_is_it_himself(client, cast, case, send):
    row = case()
    html = page_of(client, cast, row, "drafter")
    form = html[html.index('id="clock-extend"') :]
    assert re.findall(r'<option value="(\d+)"', form) == [f"{cast.head.pk}", f"{cast.office_head.pk}"] or "周主任" in form
    page, html = send(row, "extend", n="5", approved_by="")
    assert page.status_code == 422 and "批准人" in html
    assert send(row, "extend", n="5", approved_by=cast.reviewer.pk)[0].status_code == 422
    assert send(row, "extend", n="5", approved_by=cast.head.pk, reason="涉及多家单位")[0].status_code == 302
    row.refresh_from_db()
    assert row.due_on == add_working_days(BEGUN, 25).on
    html = page_of(client, cast, row)
    assert "经周主任批准延长 5 个工作日（涉及多家单位）" in html and "周主任 批准" in html and "已延长 5 个工作日" in html
    own = page_of(client, cast, row, "head")
    options = re.findall(
        r'<option value="(\d+)"', own[own.index('name="approved_by"') : own.index("</select>", own.index('name="approved_by"'))]
    )
    assert options == [f"{cast.head.pk}"]


@pytest.mark.parametrize(("kind", "fields", "status", "words"), [
    ("extend", {"n": "21", "approved_by": "head"}, 409, "最多可以延长 20个工作日"),
    ("extend", {"n": "0", "approved_by": "head"}, 422, "延长几个工作日"),
    ("resume", {}, 409, "没有正在进行的中止，不能恢复"),
    ("suspend", {"on": f"{BEGUN - timedelta(1)}"}, 409, "早于起算日"),
    ("suspend", {"on": f"{TODAY + timedelta(1)}"}, 422, "日期不能晚于今天"),
    ("suspend", {"on": "昨天"}, 422, "中止日期"),
    ("suspend", {"reason": " "}, 422, "事由"),
    ("suspend", {"reason": "甲" * 501}, 422, "事由"),
    ("restart", {"on": f"{BEGUN - timedelta(1)}"}, 409, "早于起算日"),
])  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_nothing_changed(cast, case, send, kind, fields, status, words):
    row = case()
    fields = {name: cast.head.pk if value == "head" else value for name, value in fields.items()}
    page, html = send(row, kind, **fields)
    assert page.status_code == status
    summary = html[html.index('class="error-summary"') : html.index("没有丢")]
    assert summary.count("<li>") == 1 and words in summary
    assert row.clock_events.count() == 1
    assert f'id="clock-{kind}" open' in html
    if "reason" not in fields:
        assert "征求第三方意见" in html[html.index(f'id="clock-{kind}"') :]


@pytest.mark.parametrize(("person", "status"), [
    ("drafter", 302), ("reviewer", 302), ("head", 302), ("openness_officer", 302),
    ("secrecy_reviewer", 403), ("office_head", 403), ("other_officer", 404), ("county_officer", 404), ("stranger", 404),
])  # fmt: skip
def test_who_keeps_the_clock(cast, case, send, person, status):
    row = case()
    assert send(row, "suspend", person)[0].status_code == status
    assert row.clock_events.count() == (2 if status == 302 else 1)


def test_who_may_only_read_sees_the_events_without_forms(client, cast, case):
    html = page_of(client, cast, case(), "secrecy_reviewer")
    assert "计时记录" in html and 'id="clock-suspend"' not in html


@pytest.mark.parametrize("verb", ["start", "stop", "x", ""])
def test_clocks_are_not_started_or_stopped_by_hand(case, send, verb):
    row = case()
    assert send(row, verb)[0].status_code == 404
    assert ClockEvent.objects.count() == 1


def test_hours_ask_for_the_moment(client, cast, case, send):
    begun = timezone.now() - timedelta(hours=2)
    row = case(Limit("five", 5, "hours", name="权威信息", certainty="read"), begun)
    html = page_of(client, cast, row)
    assert "还剩 2 小时" in html and 'type="time"' in html
    page, html = send(row, "suspend")
    assert page.status_code == 422 and "时刻" in html
    now = timezone.localtime()
    assert send(row, "suspend", on=f"{now:%Y-%m-%d}", time=f"{now:%H:%M}")[0].status_code == 302
    assert "起中止（征求第三方意见）：期限待恢复后计算，剩余 3 小时" in page_of(client, cast, row)


def test_when_it_is_done_nothing_is_offered(client, cast, case):
    row = case()
    type(row).objects.filter(pk=row.pk).update(fulfilled_on=TODAY)
    html = page_of(client, cast, row)
    assert f"提前 {working_days_between(TODAY, row.due_on)} 个工作日" in html and 'id="clock-suspend"' not in html


def test_an_extension_beyond_the_law_is_offered_to_nobody(client, cast, case):
    html = page_of(client, cast, case(limit("interpret", TODAY)))
    assert 'id="clock-extend"' not in html and "政策解读的期限不能延长" in html


def test_the_head_of_the_place_may_approve_too(cast, case):
    from gongkai.obligations.clock_verbs import approvers

    Membership.objects.create(user=cast.other_officer, agency=cast.finance, role="head")
    row = case()
    assert set(approvers(row)) == {cast.head, cast.office_head}
    assert not clocking.may_extend(row, cast.office_head)
