"""负责人: appointed, given another post, leaving; a table taken whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import leaders
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.leaders import LeaderRow
from gongkai.agencies.models import Leader
from gongkai.agencies.people import RowsRefused
from gongkai.agencies.signals import leaders_changed
from gongkai.agencies.tests.test_access import EVERYBODY

TODAY = timezone.localdate()


def appoint(cast, name="周主任", post="主任", who="head", **more):
    return leaders.appoint(cast.reform, cast.user(who), name=name, post=post, **more)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_head_and_the_office_keep_the_leaders(cast, who):
    if who in {"head", "openness_officer", "openness_colleague"}:
        leader = appoint(cast, who=who)
        assert leaders.leave(leader, cast.user(who), on=TODAY).valid_to == TODAY
    else:
        with pytest.raises(NotAllowed):
            appoint(cast, who=who)
        with pytest.raises(NotAllowed):
            leaders.leave(Leader.objects.create(agency=cast.reform, name="甲", post="主任"), cast.user(who), on=TODAY)


def test_one_serves_once_and_may_change_the_post(cast):
    first = appoint(cast, is_chief=True, since=date(2025, 1, 5))
    second = appoint(cast, "吴副主任", "副主任")
    assert (first.position, second.position) == (1, 2)
    again = appoint(cast, " 吴副主任 ", "常务副主任", position=1)
    assert again.pk == second.pk and again.post == "常务副主任"
    with pytest.raises(ActionRefused, match="主要负责人现在是周主任"):
        appoint(cast, "郑主任", is_chief=True)
    leaders.leave(first, cast.user("head"), on=TODAY)
    assert leaders.leave(first, cast.user("head"), on=TODAY).valid_to == TODAY, "twice is once"
    with pytest.raises(ActionRefused, match="已于"):
        leaders.leave(first, cast.user("head"), on=TODAY - timedelta(1))
    assert appoint(cast, "郑主任", is_chief=True).is_chief
    back = appoint(cast, "周主任", "副主任")
    assert back.pk != first.pk, "a second term is a row of its own"
    assert [row.name for row in leaders.serving(cast.reform)] == ["吴副主任", "郑主任", "周主任"]


def test_refusals(cast):
    for more, words in (
        ({"name": " "}, "姓名"),
        ({"name": "长" * 41}, "姓名"),
        ({"post": ""}, "职务"),
        ({"since": TODAY + timedelta(1)}, "不能晚于今天"),
    ):
        with pytest.raises(ActionRefused, match=words):
            appoint(cast, **more)
    leader = appoint(cast, since=TODAY - timedelta(10))
    for on, words in ((TODAY + timedelta(1), "不能晚于今天"), (TODAY - timedelta(11), "早于任职")):
        with pytest.raises(ActionRefused, match=words):
            leaders.leave(leader, cast.user("head"), on=on)


def test_the_apps_above_are_told(cast):
    told = []

    def hear(leader, on, **kwargs):
        told.append((leader.name, on))

    leaders_changed.connect(hear)
    try:
        leaders.leave(appoint(cast), cast.user("head"), on=TODAY)
    finally:
        leaders_changed.disconnect(hear)
    assert told == [("周主任", TODAY), ("周主任", TODAY)]


def test_a_table_is_taken_whole_or_not_at_all(cast):
    rows = [
        LeaderRow(2, "市发改委", "周主任", "主任", "是", "1", "2025-01-05"),
        LeaderRow(3, "清河市财政局", "褚局长", "局长", "是"),
        LeaderRow(4, "市财政局", "卫副局长", "副局长"),
    ]
    assert leaders.import_leaders(rows, dry_run=True) == 3 and not Leader.objects.exists()
    bad = [
        *rows,
        LeaderRow(5, "市财政局", "褚局长", "局长"),
        LeaderRow(6, "市没有局", "甲", "乙"),
        LeaderRow(7, "市财政局", "丙", "", "对", "0", "明天"),
    ]
    with pytest.raises(RowsRefused) as refused:
        leaders.import_leaders(bad, unread=[(8, "公式")])
    assert [line for line, _sentence in refused.value.faults] == [5, 6, 7, 7, 7, 8]
    assert "第 3 行重复" in str(refused.value) and not Leader.objects.exists()
    assert leaders.import_leaders(rows) == 3
    assert leaders.import_leaders(rows) == 3 and Leader.objects.count() == 3, "a second time changes nothing"


def test_the_page_of_the_agency(client, cast):
    page = reverse("agencies:detail", args=[cast.reform.pk])
    client.force_login(cast.user("head"))
    sent = client.post(
        reverse("agencies:appoint_leader", args=[cast.reform.pk]), {"name": "周主任", "post": "主任", "is_chief": "on"}, follow=True
    )
    assert "已登记周主任" in sent.content.decode()
    wrong = client.post(reverse("agencies:appoint_leader", args=[cast.reform.pk]), {"name": "乙", "post": "主任", "is_chief": "on"})
    assert wrong.status_code == 409 and "请先登记离任" in wrong.content.decode()
    assert client.post(reverse("agencies:appoint_leader", args=[cast.reform.pk]), {"name": ""}).status_code == 422
    leader = Leader.objects.get()
    address = reverse("agencies:leader_leaves", args=[cast.reform.pk, leader.pk])
    assert client.post(reverse("agencies:leader_leaves", args=[cast.finance.pk, leader.pk]), {"on": TODAY}).status_code == 404
    client.force_login(cast.user("drafter"))
    assert "登记负责人" not in client.get(page).content.decode() and "周主任" in client.get(page).content.decode()
    assert client.post(address, {"on": TODAY}).status_code == 403
    client.force_login(cast.user("openness_officer"))
    assert "已登记周主任离任" in client.post(address, {"on": TODAY}, follow=True).content.decode()
    assert "以前的负责人（1）" in client.get(page).content.decode()
