"""不再要求: a waived duty that comes back does not come back, whoever asks for its periods later."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gongkai.agencies.errors import ActionRefused
from gongkai.journal.models import Entry
from gongkai.obligations import actions
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.periods import NewSeries, catch_up, close_series, open_series
from gongkai.obligations.series_again import open_again

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
LATER = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


@pytest.fixture
def new(cast):
    return NewSeries(
        jurisdiction=cast.city,
        owner=cast.finance,
        source="statute",
        rule="试验规则",
        subject_id=700_001,
        title="公布财政收支情况",
        basis="条例第一条",
        cadence="monthly",
        since=date(2026, 9, 1),
    )


@pytest.fixture
def duty(new):
    open_series([new], None)
    return Obligation.objects.get(period="2026-11")


def told(series: Series) -> list[tuple[str, str]]:
    rows = Entry.objects.filter(object_kind="obligations.series", object_id=str(series.pk)).order_by("pk")
    return list(rows.values_list("action", "note"))


def press(client, duty, **data):
    key = str(uuid.uuid4())
    return client.post(reverse("obligations:verb", args=[duty.pk, "waive"]), {"key": key, "reason": "系统已停用", **data})


def test_the_box_ends_the_series_and_nothing_opens_it_again(cast, client, duty, new):
    client.force_login(cast.office_head)
    assert 'name="for_good"' in client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert press(client, duty, for_good="on").status_code == 302
    series = Series.objects.get()
    assert (series.closed_on, series.until, series.closed_reason) == (TODAY, TODAY, "系统已停用")
    duty.refresh_from_db()
    assert duty.waived_by == cast.office_head
    assert catch_up(LATER) == 0
    open_again([new], None, text="法定规则")  # as the worker does for every rule in use
    assert catch_up(LATER) == 0
    assert set(Obligation.objects.values_list("period", flat=True)) == {"2026-09", "2026-10", "2026-11"}
    assert Obligation.objects.get(waived_at__isnull=False) == duty
    page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert "系统已停用（不再要求，后面各期也不再产生）" in page
    assert "每月，2026-11-22 终止：系统已停用" in page


def test_without_the_box_the_next_period_comes(cast, client, duty):
    client.force_login(cast.office_head)
    assert press(client, duty).status_code == 302
    assert Series.objects.get().closed_on is None
    assert catch_up(date(2026, 12, 1)) == 1


def test_what_does_not_come_back_has_no_box(cast, client, make_obligation, duty):
    once = make_obligation()
    client.force_login(cast.office_head)
    assert "for_good" not in client.get(reverse("obligations:detail", args=[once.pk])).content.decode()
    with pytest.raises(ActionRefused, match="没有后面各期"):
        actions.waive(once, cast.office_head, key="a", reason="取消", for_good=True)
    close_series("statute", on=TODAY, reason="规则停用")
    duty.refresh_from_db()
    with pytest.raises(ActionRefused, match="没有后面各期"):
        actions.waive(duty, cast.office_head, key="b", reason="取消", for_good=True)
    assert duty.waived_at is None


def test_pressed_twice_it_is_one_step_and_one_end(cast, duty):
    steps = {actions.waive(duty, cast.office_head, key="k", reason="取消", for_good=True).pk for _ in range(2)}
    assert len(steps) == 1
    assert [action for action, _ in told(Series.objects.get())] == ["series.opened", "series.closed"]


def test_opening_ending_and_going_on_are_in_the_journal(cast, new):
    (series,) = open_series([new], cast.office_head, text="法定规则")
    open_series([new], cast.office_head, text="又一次")
    close_series("statute", on=TODAY, reason="规则停用", actor=cast.office_head)
    close_series("statute", on=TODAY, reason="又一次")
    open_again([new], None, text="规则启用")
    assert told(series) == [("series.opened", "法定规则"), ("series.closed", "规则停用"), ("series.again", "规则启用")]
    first, ended, again = Entry.objects.filter(action__startswith="series.").order_by("pk")
    assert (first.actor_id, first.agency_id, first.place) == (cast.office_head.pk, cast.finance.pk, cast.city.pk)
    assert json.loads(first.new)["cadence"] == "monthly"
    assert json.loads(ended.old)["closed_on"] is None
    assert json.loads(ended.new)["closed_on"] == "2026-11-22"
    assert again.actor_id is None


def test_a_series_that_reaches_its_last_day_says_so_once(cast, new):
    (series,) = open_series([replace(new, until=date(2026, 12, 31))], None)
    assert catch_up(LATER) == 1
    assert catch_up(LATER) == 0
    assert told(series)[1:] == [("series.closed", "到截止日期")]


def test_a_waiver_for_good_is_taken_back(cast, client, duty, new, monkeypatch):
    client.force_login(cast.office_head)
    press(client, duty, for_good="on")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2027, 2, 3))
    page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    assert "取消免除" in page
    url = reverse("obligations:verb", args=[duty.pk, "reinstate"])
    assert client.post(url, {"key": str(uuid.uuid4()), "reason": ""}).status_code == 422
    assert client.post(url, {"key": str(uuid.uuid4()), "reason": "系统恢复使用"}).status_code == 302
    duty.refresh_from_db()
    series = Series.objects.get()
    assert (duty.waived_at, duty.waived_by, duty.waiver_reason) == (None, None, "")
    assert (series.closed_on, series.until, series.closed_reason) == (None, None, "")
    assert set(Obligation.objects.values_list("period", flat=True)) == {"2026-09", "2026-10", "2026-11", "2027-02"}, "the gap stays empty"
    assert [action for action, _ in told(series)] == ["series.opened", "series.closed", "series.again"]
    assert url not in client.get(reverse("obligations:detail", args=[duty.pk])).content.decode(), "what is not waived has no such button"


def test_a_last_day_of_its_own_comes_back_with_the_series(cast, new):
    open_series([replace(new, until=date(2027, 12, 31))], None)
    duty = Obligation.objects.get(period="2026-11")
    actions.waive(duty, cast.office_head, key="w", reason="停用", for_good=True)
    duty = Obligation.objects.get(pk=duty.pk)
    actions.reinstate(duty, cast.office_head, key="r", reason="恢复")
    assert Series.objects.get().until == date(2027, 12, 31)


def test_what_was_waived_alone_is_owed_again_and_its_series_is_left(cast, duty):
    close_series("statute", on=TODAY, reason="规则停用")
    duty.refresh_from_db()
    actions.waive(duty, cast.office_head, key="w", reason="取消")
    with pytest.raises(ActionRefused, match="理由"):
        actions.reinstate(duty, cast.office_head, key="r", reason=" ")
    actions.reinstate(duty, cast.office_head, key="r", reason="仍要办")
    assert duty.waived_at is None
    assert Series.objects.get().closed_on == TODAY
