"""What waits for events: recorded by the owner or the office, each with the clock of the plan's own words."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import time_machine
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations.models import Obligation, Step
from gongkai.plans import actions
from gongkai.plans.models import TaskDeadline
from gongkai.plans.strands import EVENTS


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-22 02:00:00+00:00", tick=False):
        yield


@pytest.fixture
def duty(cast, draft_plan):
    """市发改委's duty that waits for a document to be published; given other limits, for those."""

    def make(*limits):
        plan = draft_plan()
        task = plan.tasks.first()
        task.deadlines.all().delete()
        for kind, raw in limits or [("relative", "政策性文件公开后3个工作日内")]:
            TaskDeadline.objects.create(task=task, kind=kind, raw=raw, within=raw if kind == "relative" else "")
        plan.tasks.exclude(pk=task.pk).update(review="not_a_task", note="x")
        plan.tasks.filter(pk=task.pk).update(review="confirmed")
        actions.issue(plan, cast.user("openness_officer"))
        return Obligation.objects.get(subject_id=task.pk)

    return make


def test_every_event_opens_a_duty_with_its_own_clock(cast, duty):
    parent = duty()
    assert (parent.period, parent.due_on, parent.standing) == (EVENTS, None, "政策性文件公开后3个工作日内")
    limit = TaskDeadline.objects.get(task=parent.subject_id)
    first = actions.record_event(parent, cast.user("drafter"), key="a", event="公开《促进办法》", on=date(2026, 9, 30), deadline=limit)
    assert (first.starts_on, first.due_on, first.period) == (date(2026, 9, 30), date(2026, 10, 10), "第1次")  # 国庆 and a working Saturday
    assert (first.limit["n"], first.limit["unit"], first.clock_events.get().reason) == (3, "working_days", "公开《促进办法》")
    assert first.title == f"{parent.title}：公开《促进办法》"
    assert [h.agency for h in first.helpers.all()] == [cast.finance]
    again = actions.record_event(parent, cast.user("drafter"), key="a", event="公开《促进办法》", on=date(2026, 9, 30), deadline=limit)
    assert again == first
    second = actions.record_event(
        parent, cast.user("openness_officer"), key="b", event="公开《细则》", on=date(2026, 11, 20), deadline=limit
    )
    assert (second.period, second.due_on) == ("第2次", date(2026, 11, 25))
    assert Obligation.objects.filter(subject_id=parent.subject_id).count() == 3
    assert Step.objects.filter(obligation=parent, kind="changed").count() == 2
    assert list(Step.objects.filter(kind="acknowledged").values_list("obligation", flat=True)) == [first.pk]  # the office signs for nobody


def test_hours_run_from_the_moment(cast, duty):
    parent = duty(("relative", "突发事件发生后5小时内"), ("relative", "24小时内"))
    five, day = TaskDeadline.objects.filter(task=parent.subject_id).order_by("pk")
    user = cast.user("drafter")
    with pytest.raises(ActionRefused, match="时刻"):
        actions.record_event(parent, user, key="a", event="化工厂事故", on=date(2026, 11, 21), deadline=five)
    at = timezone.make_aware(timezone.datetime(2026, 11, 21, 21, 30))
    child = actions.record_event(parent, user, key="a", event="化工厂事故", on=date(2026, 11, 21), at=at, deadline=five)
    assert timezone.localtime(child.due_at).isoformat() == "2026-11-22T02:30:00+08:00"
    other = actions.record_event(parent, user, key="b", event="化工厂事故", on=date(2026, 11, 21), at=at, deadline=day)
    assert timezone.localtime(other.due_at).isoformat() == "2026-11-22T21:30:00+08:00"


def test_where_the_words_name_no_length_a_person_names_the_day(cast, duty):
    parent = duty(("on_event", "按牵头单位通知的时限"))
    user = cast.user("drafter")
    with pytest.raises(ActionRefused, match="请填写这一次的期限"):
        actions.record_event(parent, user, key="a", event="接到通知", on=date(2026, 11, 20))
    with pytest.raises(ActionRefused, match="不能早于"):
        actions.record_event(parent, user, key="a", event="接到通知", on=date(2026, 11, 20), due_on=date(2026, 11, 19))
    child = actions.record_event(parent, user, key="a", event="接到通知", on=date(2026, 11, 20), due_on=date(2026, 12, 31))
    assert (child.due_on, child.limit) == (date(2026, 12, 31), None)


def test_what_is_refused_changes_nothing(cast, duty, make_obligation):
    parent = duty()
    limit = TaskDeadline.objects.get(task=parent.subject_id)
    good = {"event": "公开文件", "on": date(2026, 11, 20), "deadline": limit}
    with pytest.raises(NotAllowed):
        actions.record_event(parent, cast.user("other_officer"), key="a", **good)
    for wrong, why in [({"event": " "}, "发生了什么事"), ({"event": "长" * 101}, "100 个字"), ({"on": date(2026, 11, 23)}, "晚于今天")]:
        with pytest.raises(ActionRefused, match=why):
            actions.record_event(parent, cast.user("drafter"), key="a", **good | wrong)
    dated = make_obligation()
    with pytest.raises(ActionRefused, match="没有这个时限"):
        actions.record_event(dated, cast.user("drafter"), key="a", **good)
    Obligation.objects.filter(pk=parent.pk).update(fulfilled_on=date(2026, 11, 1))
    with pytest.raises(ActionRefused, match="已经办结"):
        actions.record_event(parent, cast.user("drafter"), key="a", **good)
    assert Obligation.objects.filter(subject_id=parent.subject_id).count() == 1


def test_the_page(client, cast, duty):
    parent = duty()
    limit = TaskDeadline.objects.get(task=parent.subject_id)
    address = f"/work/plans/events/{parent.pk}/"
    client.force_login(cast.drafter)
    assert address in client.get(f"/work/ledger/{parent.pk}/").content.decode()
    assert "政策性文件公开后3个工作日内" in client.get(address).content.decode()
    form = {"key": str(uuid.uuid4()), "event": "公开《办法》", "on": "2026-11-20", "limit": limit.pk}
    assert client.post(address, {**form, "event": ""}).status_code == 422
    assert client.post(address, {**form, "on": "2026-12-20"}).status_code == 409
    done = client.post(address, form)
    child = Obligation.objects.get(period="第1次")
    assert done["Location"] == f"/work/ledger/{child.pk}/"
    assert client.post(address, form)["Location"] == done["Location"]
    assert "公开《办法》" in client.get(address).content.decode()
    client.force_login(cast.other_officer)  # helps, and sees it
    assert "现在不能登记" in client.get(address).content.decode()
    assert client.post(address, form).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404
    client.force_login(cast.drafter)
    assert client.get(f"/work/plans/events/{child.pk}/").status_code == 404
