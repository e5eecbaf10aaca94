"""催办 and its reply: whose it is, what stands in the way, one by one and many at once."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.journal.models import Entry
from gongkai.obligations import actions, urging
from gongkai.obligations.models import Obligation, Step


def key():
    return str(uuid.uuid4())


@pytest.mark.parametrize(
    ("who", "may"),
    [("openness_officer", True), ("head", True), ("office_head", False), ("drafter", False), ("other_head", False), ("stranger", False)],
)
def test_the_office_or_the_owners_head_urges(cast, make_obligation, who, may):
    obligation = make_obligation()
    if may:
        step = urging.urge(obligation, cast.user(who), key=key(), text="请抓紧")
        assert step.kind == "urged"
        assert step.agency == (cast.office if who == "openness_officer" else cast.reform)
    else:
        with pytest.raises(NotAllowed):
            urging.urge(obligation, cast.user(who), key=key(), text="请抓紧")


def test_the_superior_urges_a_lower_place_not_the_other_way(cast, make_obligation):
    lower, upper = make_obligation(owner=cast.east_finance), make_obligation()
    assert urging.urge(lower, cast.user("openness_officer"), key=key(), text="请督促").agency == cast.office
    assert urging.urge(lower, cast.user("county_officer"), key=key(), text="请抓紧").agency == cast.east_office
    with pytest.raises(NotAllowed):
        urging.urge(upper, cast.user("county_officer"), key=key(), text="请抓紧")


def test_an_urging_is_open_until_the_reply(cast, make_obligation):
    obligation = make_obligation()
    with pytest.raises(ActionRefused, match="没有等待答复的催办"):
        urging.reply(obligation, cast.user("drafter"), key=key(), text="在办")
    today = timezone.localdate()
    urging.urge(obligation, cast.user("openness_officer"), key=key(), text="一催", reply_by=today)
    urging.urge(obligation, cast.user("openness_officer"), key=key(), text="二催", reply_by=today)
    now = urging.urging_of(obligation)
    assert (now.open.text, now.times, now.overdue) == ("二催", 2, False)
    assert urging.urging_of(obligation, today + timedelta(days=1)).overdue
    assert list(urging.with_open_urging(Obligation.objects.all()).values_list("urged", flat=True)) == [True]
    with pytest.raises(NotAllowed):
        urging.reply(obligation, cast.user("secrecy_reviewer"), key=key(), text="在办")
    urging.reply(obligation, cast.user("drafter"), key=key(), text="周五报")
    assert urging.urging_of(obligation).open is None
    assert list(urging.with_open_urging(Obligation.objects.all()).values_list("urged", flat=True)) == [False]


def test_what_stands_in_the_way(cast, make_obligation):
    officer = cast.user("openness_officer")
    for fields, words in (
        ({"fulfilled_on": "2026-02-01"}, "已经办结"),
        ({"replaced_on": "2026-02-01"}, "不用再办|新方案接续"),
        ({"waived_at": timezone.now(), "waived_by": cast.office_head, "waiver_reason": "x"}, "已经免除"),
    ):
        with pytest.raises(ActionRefused, match=words):
            urging.urge(make_obligation(**fields), officer, key=key(), text="请抓紧")
    obligation = make_obligation()
    for text, day, words in (
        (" ", None, "请写明催办什么"),
        ("请抓紧", timezone.localdate() - timedelta(days=1), "不能早于今天"),
        ("请\x00", None, "不能保存"),
        ("长" * 5001, None, "5000"),
    ):
        with pytest.raises(ActionRefused, match=words):
            urging.urge(obligation, officer, key=key(), text=text, reply_by=day)
    actions.acknowledge(obligation, cast.drafter, key=key())
    actions.request_completion(
        obligation, cast.drafter, key=key(), text="已公开", link="https://example.gov.cn", done_on=timezone.localdate()
    )
    with pytest.raises(ActionRefused, match="等待核查"):
        urging.urge(obligation, officer, key=key(), text="请抓紧")
    assert not Step.objects.filter(kind="urged").exists()


def test_the_same_form_twice_is_one_urging_and_another_duty_none(cast, make_obligation):
    one, two, same = make_obligation(), make_obligation(), key()
    officer = cast.user("openness_officer")
    assert urging.urge(one, officer, key=same, text="请抓紧") == urging.urge(one, officer, key=same, text="请抓紧")
    assert Entry.objects.filter(action="obligation.urge", object_id=str(one.pk), actor_id=officer.pk).count() == 1
    with pytest.raises(ActionRefused, match="另一条记录"):
        urging.urge(two, officer, key=same, text="请抓紧")
    with pytest.raises(ActionRefused, match="表单不完整"):
        urging.urge(two, officer, key="", text="请抓紧")


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_make_one_urging(cast, make_obligation, together):
    obligation, same = make_obligation(), key()
    results = together(*[lambda: urging.urge(obligation, cast.user("openness_officer"), key=same, text="请抓紧")] * 3)
    assert len({step.pk for step in results}) == 1
    assert Step.objects.filter(kind="urged").count() == 1


def test_many_at_once_each_by_itself(cast, make_obligation):
    good, done, strange = make_obligation(), make_obligation(fulfilled_on="2026-02-01"), make_obligation(owner=cast.elsewhere_office)
    form = key()
    summary = urging.urge_many([good, done, strange], cast.user("openness_officer"), key=form, text="请抓紧")
    assert summary.urged == 1
    assert [(row, words[:6]) for row, words in summary.refused] == [(done, "这项任务已经"), (strange, "催办由本地区")]
    assert urging.urge_many([good], cast.user("openness_officer"), key=form, text="请抓紧").urged == 1
    assert Step.objects.filter(kind="urged").count() == 1


def test_on_the_page_of_the_duty(client, cast, make_obligation):
    obligation = make_obligation()
    page = reverse("obligations:detail", args=[obligation.pk])
    client.force_login(cast.openness_officer)
    assert f'action="{reverse("obligations:urge", args=[obligation.pk])}"' in client.get(page).content.decode()
    answer = client.post(reverse("obligations:urge", args=[obligation.pk]), {"key": key(), "text": "请在本周报送"})
    assert answer.status_code == 302
    assert "请在本周报送" in client.get(page).content.decode()
    client.force_login(cast.drafter)
    shown = client.get(page).content.decode()
    assert "还没有答复" in shown
    assert f'action="{reverse("obligations:urge", args=[obligation.pk])}"' not in shown
    empty = client.post(reverse("obligations:reply", args=[obligation.pk]), {"key": key(), "text": ""})
    assert empty.status_code == 422
    assert client.post(reverse("obligations:reply", args=[obligation.pk]), {"key": key(), "text": "周五报"}).status_code == 302
    assert "还没有答复" not in client.get(page).content.decode()
    again = client.post(reverse("obligations:reply", args=[obligation.pk]), {"key": key(), "text": "周五报"})
    assert again.status_code == 409
    assert "没有等待答复的催办" in again.content.decode()


def rows_of(response):
    return {int(pk) for pk in re.findall(r'name="row" value="(\d+)"', response.content.decode())}


def test_the_overdue_rows_are_chosen_and_urged_with_one_form(client, cast, make_obligation):
    late = [make_obligation(due_on="2026-02-02"), make_obligation(due_on="2026-01-15", owner=cast.finance)]
    make_obligation(due_on="2030-01-15")
    asked = make_obligation(due_on="2026-01-15")
    actions.acknowledge(asked, cast.drafter, key=key())
    actions.request_completion(asked, cast.drafter, key=key(), text="已公开", link="https://a.gov.cn", done_on=timezone.localdate())
    client.force_login(cast.openness_officer)
    form = client.get(reverse("obligations:choose_many"))
    assert rows_of(form) == {row.pk for row in late}
    assert client.post(reverse("obligations:urge_many"), {"key": key(), "text": "请抓紧"}).status_code == 422
    answer = client.post(
        reverse("obligations:urge_many"), {"key": key(), "text": "请抓紧", "row": [late[0].pk, late[1].pk, asked.pk, 99999]}
    )
    assert "已催办 2 项" in answer.content.decode()
    assert "1 项没有催办" in answer.content.decode()
    assert "已催，未答复" in client.get(reverse("obligations:choose_many")).content.decode()


def test_a_head_is_offered_his_own_rows_alone(client, cast, make_obligation):
    mine = make_obligation(due_on="2026-01-15", helpers=(cast.finance,))
    make_obligation(due_on="2026-01-15", owner=cast.finance, helpers=(cast.reform,))
    client.force_login(cast.head)
    assert rows_of(client.get(reverse("obligations:choose_many"))) == {mine.pk}
    client.force_login(cast.drafter)
    assert client.get(reverse("obligations:choose_many")).status_code == 403


def test_the_list_costs_the_same_for_any_number(client, cast, make_obligation):
    client.force_login(cast.openness_officer)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("obligations:choose_many"))
        return len(seen)

    make_obligation(due_on="2026-01-15")
    asked()
    first = asked()
    for _ in range(20):
        urging.urge(make_obligation(due_on="2026-01-15"), cast.openness_officer, key=key(), text="请抓紧")
    assert asked() == first
